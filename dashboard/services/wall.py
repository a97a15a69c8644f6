"""What the wall shows of one data version on one day, read in one transaction."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine
from sqlmodel import Session, col

from dashboard.services import overview
from dashboard.services.overview import Month, Standing, Week
from db.repositories.issues import IssueLine, lines
from db.repositories.people import leads_on
from db.repositories.tallies import district_groups
from db.repositories.territory import zones
from db.tables.issues import Issue
from db.tables.territory import Zone
from db.unit_of_work import reading
from governance.counting import UNRESOLVED
from governance.vocabulary import Severity, Source, ZoneKind

URGENT = 3


@dataclass(frozen=True, kw_only=True)
class WallPicture:
    """Everything that the wall's panels draw.

    Attributes
    ----------
    townships, key_zones
        Worst first: by light, overdue, unresolved, then code.
    leads
        Zone number → name of the leader who guards it as lead.
    """

    district: Standing
    month: Month
    weeks: list[Week]
    above: dict[tuple[Source, ...], Standing]
    by_severity: dict[Severity, int]
    urgent: list[IssueLine]
    townships: list[tuple[Zone, Standing]]
    key_zones: list[tuple[Zone, Standing]]
    leads: dict[int, str]


def wall_picture(engine: Engine, *, today: date, yellow_days: int) -> WallPicture:
    """The wall's picture of the whole district on a local day."""
    with reading(engine) as session:
        groups = district_groups(session)
        district = overview.standing_of(groups, today=today, yellow_days=yellow_days)
        ranked = _ranked(session, today=today, yellow_days=yellow_days)
        return WallPicture(
            district=district,
            month=overview.month(session, today=today, overdue=district.overdue),
            weeks=overview.weeks(session, today=today, still_open=district.unresolved),
            above=overview.from_above(session, today=today, yellow_days=yellow_days),
            by_severity={
                severity: sum(group.n for group in groups if group.severity == severity and group.stage in UNRESOLVED)
                for severity in reversed(Severity)
            },
            urgent=_urgent(session, today),
            townships=[pair for pair in ranked if pair[0].kind == ZoneKind.TOWNSHIP],
            key_zones=[pair for pair in ranked if pair[0].kind != ZoneKind.TOWNSHIP],
            leads={zone: person.name for zone, person in leads_on(session, today).items()},
        )


def _urgent(session: Session, today: date) -> list[IssueLine]:
    late = col(Issue.stage).in_(UNRESOLVED) & (col(Issue.due_on) < today)
    return lines(session, late, limit=URGENT, by_deadline=True)


def _ranked(session: Session, *, today: date, yellow_days: int) -> list[tuple[Zone, Standing]]:
    known = overview.standings(session, today=today, yellow_days=yellow_days)
    return overview.worst_first((zone, known.get(zone.key, overview.nothing())) for zone in zones(session))
