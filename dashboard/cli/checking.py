"""``gridguard check``: whether this installation is fit to work, and fit to be put on a network."""

from typing import Annotated, Final

import typer

from dashboard.cli.call import REFUSED, Call, command
from dashboard.cli.findings import Finding, district_findings, installation_findings, network_findings
from dashboard.i18n import _, pgettext

_MARKS: Final = {"error": "✗", "warning": "!", "note": "·"}


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    command(app, "check", example="gridguard check --deploy --json")(check)


def check(
    call: Call,
    *,
    is_deploying: Annotated[
        bool, typer.Option("--deploy", help="Also ask what matters where others reach the server.")
    ] = False,
) -> None:
    """Look for what is wrong or missing, and say how to mend it.

    Exit status 1 if there is an error; warnings and notes leave it 0.
    """
    found = [*installation_findings(call.settings), *district_findings(call.settings, call.now)]
    found += network_findings(call.settings) if is_deploying else []
    is_ok = all(finding.level != "error" for finding in found)
    call.answer({"ok": is_ok, "findings": [finding.as_dict() for finding in found]}, [_line(one) for one in found])
    call.say(_("Everything needed is there.") if is_ok else _("Something must be mended first."))
    if not is_ok:
        raise typer.Exit(REFUSED)


def _line(finding: Finding) -> str:
    level = pgettext("level", finding.level)
    return f"{_MARKS[finding.level]} {level}: {finding.what}\n    {finding.mend}"
