"""``gridguard figures`` and ``gridguard verify``: what the records say, and whether they can be believed."""

from functools import partial
from zoneinfo import ZoneInfo

import typer

from dashboard.cli.call import REFUSED, AsOf, Call, command, day_of
from dashboard.evidence.store import FolderStore
from dashboard.i18n import _
from dashboard.services.evidence_files import evidence_count, evidence_faults
from dashboard.services.figures import figures as figures_of
from db.history import data_version, head_hash
from db.unit_of_work import current_district, reading
from db.verification import differences, tally_differences, verify_chain, witness_faults

_CHECKS = (verify_chain, witness_faults, differences, tally_differences)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    command(app, "figures", example="gridguard figures --as-of 2026-06-30 --json")(figures)
    command(app, "verify", example="gridguard verify --json")(verify)


def figures(call: Call, as_of: AsOf = None) -> None:
    """Count the figures of the model from the raw records, none of them typed in.

    A figure whose records do not exist in this version is absent.
    """
    day = day_of(as_of)
    with reading(call.engine()) as session:
        today = call.now.astimezone(ZoneInfo(current_district(session).time_zone)).date()
        found = figures_of(session, as_of=day or today)
    width = max(map(len, found), default=0)
    call.answer(found, [f"{key:{width}}  {value:>8}" for key, value in found.items()])


def verify(call: Call) -> None:
    """Recompute the hash chain, replay every record, recount the summaries and read every file of evidence.

    The chain is also compared with its heads as they were written outside the database, to heads.log in the data
    folder.

    Exit status 1 if anything is not as the events say.
    """
    checks = (*_CHECKS, partial(evidence_faults, store=FolderStore(call.settings.home)))
    with reading(call.engine()) as session, call.progress(_("Verifying"), len(checks)) as advance:
        faults = []
        for check in checks:
            faults += check(session)
            advance(1, len(checks))
        answer = {
            "events": data_version(session),
            "evidence": evidence_count(session),
            "head": head_hash(session),
            "faults": [{"kind": fault.kind, "id": fault.id, "what": fault.what} for fault in faults],
        }
    lines = [f"{fault.kind} {fault.id}: {fault.what}" for fault in faults]
    call.answer(answer, lines)
    call.say(_("{events} events checked, {faults} faults", events=answer["events"], faults=len(faults)))
    if faults:
        raise typer.Exit(REFUSED)
