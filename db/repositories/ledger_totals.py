"""How many issues a filter finds for somebody, added up from the summaries wherever those can tell."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, true
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from db.repositories.ledger_filter import LedgerFilter
from db.tables.history import Flow, FlowTally, IssueTally, TallyScope
from db.tables.territory import Zone
from db.tally_keys import NO_DEADLINE
from governance.counting import RECTIFIED, UNRESOLVED
from governance.permissions import Actor, Right, Scope, scope_of
from governance.vocabulary import Light, Stage, ZoneKind

_EVERYTHING: Final = LedgerFilter()
_OF_ISSUES: Final = ("stages", "severities", "is_unresolved", "is_overdue", "light", "due_from", "due_to")
_OF_CLOSINGS: Final = ("stages", "on_time", "closed_from", "closed_to")
_OF_JUDGED: Final = ("is_judged", "closed_from", "closed_to")
_WHERE: Final = ("zone_ids", "industry_ids")


@dataclass(frozen=True, kw_only=True)
class _Reach:
    """Which summary rows: of a kind of scope, all or some."""

    scope: TallyScope
    ids: frozenset[int] | None


def tallied_total(
    session: Session, actor: Actor, wanted: LedgerFilter, *, today: date, yellow_until: date
) -> int | None:
    """How many issues a filter finds within what somebody may see, without a look at any issue.

    Parameters
    ----------
    session : Session
    actor : Actor
    wanted : LedgerFilter
    today : date
        Local day.
    yellow_until : date
        Last day of the yellow light.

    Returns
    -------
    int or None
        The very number that counting gives; None where the summaries cannot tell.
    """
    reach = _reach_of(session, actor, wanted)
    if reach is None:
        return None
    where = {name: getattr(_EVERYTHING, name) for name in _WHERE}
    plain = replace(wanted, **where)
    if _says_only(plain, _OF_ISSUES):
        return _standing(session, reach, plain, today, yellow_until)
    has_closings = plain.closed_from is not None or plain.closed_to is not None
    if has_closings and plain.stages == RECTIFIED and _says_only(plain, _OF_CLOSINGS):
        return _closings(session, reach, plain)
    if has_closings and plain.is_judged and _says_only(plain, _OF_JUDGED):
        overdue = _standing(session, reach, LedgerFilter(is_overdue=True), today, yellow_until)
        return overdue + _closings(session, reach, plain)
    return None


def _says_only(wanted: LedgerFilter, names: tuple[str, ...]) -> bool:
    return replace(wanted, **{name: getattr(_EVERYTHING, name) for name in names}) == _EVERYTHING


def _reach_of(session: Session, actor: Actor, wanted: LedgerFilter) -> _Reach | None:
    reaching = [grant for grant in actor.grants if scope_of(Right.SEE, grant.role) is not None]
    scopes = {scope_of(Right.SEE, grant.role) for grant in reaching}
    if actor.is_operator or Scope.ALL in scopes:
        if wanted.industry_ids:
            return None if wanted.zone_ids else _Reach(scope=TallyScope.INDUSTRY, ids=wanted.industry_ids)
        return _zones(session, wanted.zone_ids) if wanted.zone_ids else _Reach(scope=TallyScope.TOWNSHIP, ids=None)
    if len(reaching) != 1 or not scopes <= {Scope.GUARDED, Scope.TOWNSHIP} or wanted.zone_ids or wanted.industry_ids:
        return None
    return _zones(session, reaching[0].zone_ids)


def _zones(session: Session, zone_ids: frozenset[int]) -> _Reach | None:
    """Townships share no issue, so that they add up; of key zones only one by itself."""
    kinds = set(session.exec(select(Zone.kind).where(col(Zone.id).in_(sorted(zone_ids)))))
    if kinds == {ZoneKind.TOWNSHIP}:
        return _Reach(scope=TallyScope.TOWNSHIP, ids=zone_ids)
    if len(zone_ids) == 1 and kinds:
        return _Reach(scope=TallyScope.KEY_ZONE, ids=zone_ids)
    return None


def _standing(session: Session, reach: _Reach, wanted: LedgerFilter, today: date, yellow_until: date) -> int:
    stages = set(wanted.stages or Stage)
    if wanted.is_unresolved or wanted.is_overdue or wanted.light:
        stages &= UNRESOLVED
    first, last = _deadlines(wanted, today, yellow_until)
    conditions = [col(IssueTally.stage).in_(sorted(stages)), col(IssueTally.due_on) >= first]
    conditions += [col(IssueTally.due_on) <= last] if last else []
    conditions += [col(IssueTally.severity).in_(sorted(wanted.severities))] if wanted.severities else []
    return _sum(session, IssueTally, reach, conditions)


def _deadlines(wanted: LedgerFilter, today: date, yellow_until: date) -> tuple[date, date | None]:
    """First and last deadline; no last one where also issues without a deadline count."""
    late = today - timedelta(days=1)
    lights = {
        Light.RED: (date.min, late),
        Light.YELLOW: (today, yellow_until),
        Light.GREEN: (yellow_until + timedelta(days=1), None),
    }
    spans = [lights[wanted.light]] if wanted.light else []
    spans += [(date.min, late)] if wanted.is_overdue else []
    has_dates = wanted.due_from or wanted.due_to
    spans += [(wanted.due_from or date.min, wanted.due_to or NO_DEADLINE - timedelta(days=1))] if has_dates else []
    lasts = [last for _, last in spans if last is not None]
    return max((first for first, _ in spans), default=date.min), min(lasts, default=None)


def _closings(session: Session, reach: _Reach, wanted: LedgerFilter) -> int:
    days = [col(FlowTally.day) >= wanted.closed_from] if wanted.closed_from else []
    days += [col(FlowTally.day) <= wanted.closed_to] if wanted.closed_to else []

    def counted(flow: Flow) -> int:
        return _sum(session, FlowTally, reach, [col(FlowTally.flow) == flow, *days])

    if wanted.on_time:
        return counted(Flow.CLOSED_ON_TIME)
    return counted(Flow.CLOSED) - (counted(Flow.CLOSED_ON_TIME) if wanted.on_time is False else 0)


def _sum(
    session: Session, model: type[IssueTally] | type[FlowTally], reach: _Reach, conditions: list[ColumnElement[bool]]
) -> int:
    some = col(model.scope_id).in_(sorted(reach.ids)) if reach.ids is not None else true()
    query = columns(func.coalesce(func.sum(model.n), 0)).where(col(model.scope) == reach.scope, some, *conditions)
    return int(session.connection().execute(query).scalar_one())
