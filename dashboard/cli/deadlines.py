"""``gridguard deadlines``: deadlines that were counted before the holidays of their year were published."""

from typing import Annotated

import typer

from dashboard.cli.call import Call, command
from dashboard.i18n import _
from dashboard.services.recounting import recount_deadlines
from db.unit_of_work import rehearsal, unit_of_work

group = typer.Typer(
    name="deadlines", no_args_is_help=True, help="Deadlines that were counted before their year's holidays were known."
)


def _recount(
    call: Call,
    *,
    is_dry: Annotated[bool, typer.Option("--dry-run", help="Go the whole way and store nothing.")] = False,
) -> None:
    """Count provisional deadlines anew by the holidays that the installed library knows.

    Run it after the library of holidays was updated. Each changed deadline is an event; days that people set stay.
    """
    opened = rehearsal if is_dry else unit_of_work
    with opened(call.engine(), actor=call.actor, now=call.now) as work:
        found = recount_deadlines(work)
    answer = {
        "looked_at": found.looked_at,
        "recounted": len(found.recounted),
        "issues": list(found.recounted),
        "provisional": found.provisional,
        "published_to": found.published_to,
    }
    call.answer(answer, list(found.recounted))
    call.say(
        _(
            "{looked_at} deadlines looked at, {recounted} counted anew; {provisional} lie after {year} and stay "
            "provisional",
            looked_at=found.looked_at,
            recounted=len(found.recounted),
            provisional=found.provisional,
            year=found.published_to,
        )
    )
    if is_dry:
        call.say(_("This was a rehearsal; nothing was stored."))


command(group, "recount", example="gridguard deadlines recount --dry-run", path="deadlines recount")(_recount)
