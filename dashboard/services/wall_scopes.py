"""What a step of the wall is about: the whole district, the zones that a leader guards together, or a township."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, true
from sqlmodel import Session

from db.repositories.ledger_filter import LedgerFilter
from db.repositories.people import guarded_zones, person_by_code
from db.repositories.scopes import enterprises_in_zones, issues_in_zones
from db.repositories.territory import zone_by_code
from db.repositories.unions import overlap
from db.tables.people import Person
from db.tables.territory import Zone
from governance.errors import NotFound
from governance.playlist import Step, StepKind
from governance.vocabulary import ZoneKind


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The zones of a step.

    Attributes
    ----------
    zones
        Key zones first, by code; empty for the whole district, never empty for another step.
    leader
        Whose zones they are, at a leader's step.
    overlaps
        Whether an issue lies in two of the zones: then their numbers add up to more than the whole.
    """

    step: Step
    zones: tuple[Zone, ...] = ()
    leader: Person | None = None
    overlaps: bool = False

    @property
    def zone_ids(self) -> frozenset[int]:
        """Numbers of the zones."""
        return frozenset(zone.key for zone in self.zones)

    @property
    def within(self) -> LedgerFilter:
        """The ledger's filter for the issues of the step."""
        return LedgerFilter(zone_ids=self.zone_ids)

    @property
    def issues(self) -> ColumnElement[bool]:
        """Condition on `Issue`."""
        return issues_in_zones(self.zone_ids) if self.zones else true()

    @property
    def enterprises(self) -> ColumnElement[bool]:
        """Condition on `Enterprise`."""
        return enterprises_in_zones(self.zone_ids) if self.zones else true()


def scope_of(session: Session, step: Step, *, today: date) -> Scope:
    """The scope of a step on a local day.

    Raises
    ------
    NotFound
        There is no such leader or township, or the leader guards no zone today.
    """
    match step.kind:
        case StepKind.DISTRICT:
            return Scope(step=step)
        case StepKind.TOWNSHIP:
            zone = zone_by_code(session, ZoneKind.TOWNSHIP, step.code)
            if zone is None:
                raise _nothing(step)
            return Scope(step=step, zones=(zone,))
        case StepKind.LEADER:
            return _guarded(session, step, today)


def _guarded(session: Session, step: Step, today: date) -> Scope:
    leader = person_by_code(session, step.code)
    zones = tuple(guarded_zones(session, leader.key, day=today)) if leader else ()
    if not zones:
        raise _nothing(step)
    ids = frozenset(zone.key for zone in zones)
    return Scope(step=step, zones=zones, leader=leader, overlaps=overlap(session, ids))


def _nothing(step: Step) -> NotFound:
    return NotFound("no_wall_scope", "The wall has nothing to show for {step} today", step=step.name)
