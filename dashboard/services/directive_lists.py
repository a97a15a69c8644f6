"""Instructions and supervision orders as a person sees them: the list with its filters, one with its steps."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session

from dashboard.services.directives import parties
from db import records
from db.repositories import directives
from db.repositories.directives import DirectiveFilter, DirectiveLine, directives_within, waiting_for
from db.tables.history import Event
from governance.directive_rules import actions_for, light_of_directive
from governance.directives import DirectiveAction
from governance.errors import NotFound
from governance.permissions import Actor
from governance.vocabulary import Light

PAGE_LINES = 50


@dataclass(frozen=True, kw_only=True)
class DirectivePage:
    """One page of directives.

    Attributes
    ----------
    total, late, waiting
        How many the filter finds within the person's scope; of these past their deadline; of these the person's turn.
    lines
        Of this page: open ones first by deadline, then the newest that are done.
    """

    total: int
    late: int
    waiting: int
    lines: list[DirectiveLine]

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(-(-self.total // PAGE_LINES), 1)


@dataclass(frozen=True, kw_only=True)
class DirectiveFile:
    """One directive: its line, its events with who acted and for whom, and what the person may do next."""

    line: DirectiveLine
    events: list[tuple[Event, str | None, str | None]]
    actions: tuple[DirectiveAction, ...]


def directive_page(
    session: Session,
    actor: Actor,
    wanted: DirectiveFilter,
    *,
    today: date,
    yellow_days: int,
    page: int = 1,
    is_mine: bool = False,
) -> DirectivePage:
    """A page of the directives that somebody may see, from page 1; a page past the last one is empty.

    Parameters
    ----------
    session : Session
    actor : Actor
    wanted : DirectiveFilter
    today : date
        Local day.
    yellow_days : int
        Days of the yellow light.
    page : int
    is_mine : bool
        Only those for which it is the person's turn.
    """
    condition = _condition(actor, wanted, today=today, yellow_days=yellow_days)
    mine = and_(condition, waiting_for(actor))
    late = and_(condition, directives.condition_of(DirectiveFilter(light=Light.RED), today=today, yellow_until=today))
    shown = mine if is_mine else condition
    offset = (page - 1) * PAGE_LINES
    return DirectivePage(
        total=directives.count(session, shown),
        late=directives.count(session, late),
        waiting=directives.count(session, mine),
        lines=directives.lines(session, shown, limit=PAGE_LINES, offset=offset),
    )


def directive_file(session: Session, actor: Actor, number: str) -> DirectiveFile:
    """One directive within the person's scope.

    Raises
    ------
    NotFound
        There is no such directive, or not for this person.
    """
    line = directives.line_by_number(session, number, directives_within(actor))
    if line is None:
        raise NotFound("no_directive", "There is no directive with the number {number} for you", number=number)
    sides = parties(session, actor, line.directive)
    return DirectiveFile(
        line=line,
        events=directives.events_of(session, line.directive.key),
        actions=actions_for(records.fields_of(line.directive), sides, person_id=actor.person_id),
    )


def directives_about(session: Session, actor: Actor, issue_id: int) -> list[DirectiveLine]:
    """Directives about an issue as far as the person may see them; open ones first by deadline."""
    wanted = directives.condition_of(DirectiveFilter(issue_id=issue_id), today=date.max, yellow_until=date.max)
    return directives.lines(session, and_(wanted, directives_within(actor)))


def light_of_line(line: DirectiveLine, *, today: date, yellow_days: int) -> Light | None:
    """Light of a directive; None once it was reported."""
    return light_of_directive(records.fields_of(line.directive), today=today, yellow_days=yellow_days)


def _condition(actor: Actor, wanted: DirectiveFilter, *, today: date, yellow_days: int) -> ColumnElement[bool]:
    until = today + timedelta(days=yellow_days)
    return and_(directives_within(actor), directives.condition_of(wanted, today=today, yellow_until=until))
