"""From a figure to the rows that it counts: the ledger's filter, its address, and for whom it is the whole figure."""

from dataclasses import replace
from datetime import date
from typing import Final
from urllib.parse import urlencode

from sqlmodel import Session

from dashboard.services.ledger_address import parameters_of
from db.repositories.ledger_filter import LedgerFilter
from governance.counting import DEFINITIONS, UNRESOLVED, Counted, Figure, period_of
from governance.permissions import Actor, Right, Scope, may, scope_of

EVERYWHERE: Final = LedgerFilter()


def rows_behind(figure: Figure, *, today: date, within: LedgerFilter = EVERYWHERE) -> LedgerFilter:
    """What the ledger is asked for to show the very issues that a figure counts.

    Parameters
    ----------
    figure : Figure
    today : date
        Local day on which the figure was counted.
    within : LedgerFilter
        What the figure is about, for example a zone; everything without it.

    Returns
    -------
    LedgerFilter
        For a rate: what it judges.
    """
    definition = DEFINITIONS[figure]
    period = period_of(definition.period, today=today)
    return _asked(definition.rows, period, within)


def is_whole_for(actor: Actor, within: LedgerFilter = EVERYWHERE) -> bool:
    """Whether the ledger of a person reaches everything that a figure counts which the person is shown.

    Leaders and liaisons see the district in summary, and in the ledger only the zones that they guard.
    """
    if not may(actor, Right.SEE):
        return False
    scopes = {scope_of(Right.SEE, grant.role) for grant in actor.grants}
    if actor.is_operator or Scope.ALL in scopes or not may(actor, Right.SEE_DISTRICT):
        return True
    guarding = (grant.zone_ids for grant in actor.grants if scope_of(Right.SEE, grant.role) == Scope.GUARDED)
    guarded = frozenset[int]().union(*guarding)
    return within.enterprise_id is not None or (bool(within.zone_ids) and within.zone_ids <= guarded)


def address_of_rows(
    session: Session, actor: Actor, figure: Figure, *, today: date, within: LedgerFilter = EVERYWHERE
) -> str | None:
    """Address of the ledger with the rows that a figure counts; None where they are not all open to the person."""
    if not is_whole_for(actor, within):
        return None
    parameters = parameters_of(session, rows_behind(figure, today=today, within=within))
    return f"/ledger?{urlencode(parameters)}" if parameters else "/ledger"


def _asked(counted: Counted, period: tuple[date, date] | None, within: LedgerFilter) -> LedgerFilter:
    is_unresolved = counted.stages == UNRESOLVED
    wanted = replace(
        within,
        is_unresolved=is_unresolved and counted.light is None,
        stages=frozenset() if is_unresolved else counted.stages,
        light=counted.light,
        on_time=counted.on_time,
        is_judged=counted.is_judged,
    )
    if not counted.is_within_period or period is None:
        return wanted
    return replace(wanted, closed_from=period[0], closed_to=period[1])
