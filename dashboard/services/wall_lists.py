"""The lists that the wall's figures open: what each counts, six to a page, without personal data."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from dashboard.services.wall import condition_behind
from dashboard.services.wall_scopes import Scope, scope_of
from db.repositories.coverage import count_enterprises, enterprises_page, not_covered
from db.repositories.issues import count, lines
from db.repositories.scopes import issues_within
from db.repositories.territory import zone_by_code
from db.tables.issues import Issue
from db.tables.territory import Zone
from db.unit_of_work import reading
from governance.coverage import COVERINGS, Coverage, coverage_period
from governance.errors import InvalidInput
from governance.lights import days_late, light_of
from governance.permissions import Actor
from governance.playlist import Step
from governance.vocabulary import Light, ZoneKind
from governance.wall_figures import WALL_FIGURES, WallFigure

PAGE: Final = 6


@dataclass(frozen=True, slots=True)
class ListName:
    """Which list an address names: a figure of the step, or of one zone, ``overdue`` or ``overdue.port.P01``."""

    figure: WallFigure
    zone: str = ""

    @property
    def text(self) -> str:
        """The name in addresses."""
        return f"{self.figure.value}.{self.zone}" if self.zone else self.figure.value


@dataclass(frozen=True, kw_only=True)
class ListRow:
    """One line of an opened list.

    Attributes
    ----------
    number
        Of an issue; empty for an enterprise.
    what, place, unit
        With their English names, where there are any. The unit of an enterprise is its industry.
    light
        Of an unresolved issue.
    late
        Days past the deadline; 0 when in time or when no clock runs.
    """

    number: str
    what: tuple[str, str | None]
    place: tuple[str | None, str | None]
    unit: tuple[str | None, str | None]
    light: Light | None = None
    late: int = 0


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A page of a list.

    Attributes
    ----------
    page
        From 1; a page past the end is the last one.
    zone
        The one zone that it is about, if it is not about the whole step.
    """

    name: ListName
    rows: list[ListRow]
    page: int
    pages: int
    total: int
    zone: Zone | None = None

    @property
    def coverage(self) -> Coverage | None:
        """Which coverage the enterprises of the list lack; None for a list of issues."""
        return WALL_FIGURES[self.name.figure].coverage


def list_name(text: str) -> ListName:
    """The list that an address names.

    Raises
    ------
    InvalidInput
        ``no_wall_list``: it names no figure of the wall.
    """
    figure, _dot, zone = text.partition(".")
    if figure not in set(WallFigure):
        raise InvalidInput(
            "no_wall_list",
            "{name} names no list of the wall; allowed: {allowed}",
            name=text,
            allowed=sorted(WallFigure),
        )
    return ListName(WallFigure(figure), zone)


def opened_list(engine: Engine, step: Step, name: ListName, *, page: int, today: date, yellow_days: int) -> Opened:
    """A page of a list of the wall.

    Parameters
    ----------
    engine : Engine
    step : Step
    name : ListName
    page : int
        From 1; what lies outside is brought inside.
    today : date
    yellow_days : int

    Returns
    -------
    Opened
        Issues by their running deadline, the latest first; enterprises by township and name.

    Raises
    ------
    NotFound
        There is nothing to show for the step.
    InvalidInput
        ``no_wall_list``: the zone does not exist.
    """
    with reading(engine) as session:
        scope = scope_of(session, step, today=today)
        zone = _zone(session, name)
        if zone is not None:
            scope = replace(scope, zones=(zone,))
        if WALL_FIGURES[name.figure].coverage is not None:
            return _enterprises(session, scope, name, page=page, today=today, zone=zone)
        yellow_until = today + timedelta(days=yellow_days)
        condition = condition_behind(name.figure, scope.within, today=today, yellow_until=yellow_until)
        total = count(session, condition)
        shown, pages = _page(page, total)
        found = lines(session, condition, limit=PAGE, offset=(shown - 1) * PAGE, by_deadline=True)
        rows = [
            ListRow(
                number=line.issue.number,
                what=(line.issue.title, None),
                place=(line.enterprise or line.zone or line.issue.place, line.enterprise_en or line.zone_en),
                unit=(line.unit, line.unit_en),
                light=light_of(line.issue.due_on, today=today, yellow_days=yellow_days),
                late=days_late(line.issue.due_on, today=today),
            )
            for line in found
        ]
        return Opened(name=name, rows=rows, page=shown, pages=pages, total=total, zone=zone)


def open_to(session: Session, actor: Actor, numbers: list[str]) -> frozenset[str]:
    """Which of some issues the rights of a person reach."""
    return frozenset(session.exec(select(Issue.number).where(col(Issue.number).in_(numbers), issues_within(actor))))


def _enterprises(
    session: Session, scope: Scope, name: ListName, *, page: int, today: date, zone: Zone | None
) -> Opened:
    coverage = WALL_FIGURES[name.figure].coverage
    assert coverage is not None
    since, until = coverage_period(today)
    conditions = (scope.enterprises, not_covered(COVERINGS[coverage], since=since, until=until))
    total = count_enterprises(session, *conditions)
    shown, pages = _page(page, total)
    found = enterprises_page(session, *conditions, limit=PAGE, offset=(shown - 1) * PAGE)
    rows = [
        ListRow(
            number="",
            what=(one.name, one.name_en),
            place=(township.name, township.name_en) if township else (None, None),
            unit=(industry.name, industry.name_en) if industry else (None, None),
        )
        for one, township, industry in found
    ]
    return Opened(name=name, rows=rows, page=shown, pages=pages, total=total, zone=zone)


def _page(page: int, total: int) -> tuple[int, int]:
    pages = max(-(-total // PAGE), 1)
    return min(max(page, 1), pages), pages


def _zone(session: Session, name: ListName) -> Zone | None:
    if not name.zone:
        return None
    kind, _dot, code = name.zone.partition(".")
    zone = zone_by_code(session, ZoneKind(kind), code) if kind in set(ZoneKind) else None
    if zone is None:
        raise InvalidInput(
            "no_wall_list",
            "{name} names no list of the wall; allowed: {allowed}",
            name=name.text,
            allowed=sorted(WallFigure),
        )
    return zone
