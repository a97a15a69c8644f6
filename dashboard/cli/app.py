"""The command line as a whole: its groups of commands, its language, its entry."""

import contextvars
import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import typer

from dashboard.cli import (
    checking,
    deadlines,
    displays,
    exporting,
    figuring,
    founding,
    importing,
    linking,
    messages,
    serving,
    users,
)
from dashboard.i18n import _, normal_locale, set_locale
from dashboard.settings import Settings

PROGRAM: Final = "gridguard"
SHARED: Final = {"--home": True, "--lang": True, "--json": False}
"""Options of every command, and whether a value follows."""

app = typer.Typer(
    name=PROGRAM,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Grid management of environmental problems: who guards which zone, what is unresolved, who must act next.",
    epilog="Example:  gridguard init --demo && gridguard serve --open",
)
for _part in (founding, serving, linking, figuring, exporting, checking):
    _part.add_to(app)
app.add_typer(importing.group, name="import")
app.add_typer(users.group, name="user")
app.add_typer(displays.group, name="display")
app.add_typer(messages.group, name="messages")
app.add_typer(deadlines.group, name="deadlines")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit status: 0 done, 1 refused, 2 wrong usage.

    Parameters
    ----------
    arguments : sequence of str, optional
        Instead of the process's own.

    Raises
    ------
    SystemExit
        Always.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    contextvars.copy_context().run(_run, words)


def _shared_last(words: list[str]) -> list[str]:
    """Options that every command shares may stand before the command as well; help needs none of them."""
    taken: list[str] = []
    rest = list(words)
    while rest and rest[0].partition("=")[0] in SHARED:
        has_value = SHARED[rest[0].partition("=")[0]] and "=" not in rest[0]
        taken += rest[: 2 if has_value else 1]
        rest = rest[2 if has_value else 1 :]
    return [*rest, *taken] if rest else words


def _for_help(words: list[str]) -> list[str]:
    """The words without shared options: groups of commands do not know them."""
    kept: list[str] = []
    for word, before in zip(words, ["", *words], strict=False):
        if word.partition("=")[0] not in SHARED and not SHARED.get(before, False):
            kept.append(word)
    return kept


def _run(words: list[str]) -> None:
    set_locale(_language(words))
    whole: Any = typer.main.get_command(app)
    _translate(whole)
    wants_help = not {"--help", "-h"}.isdisjoint(words)
    whole(_for_help(words) if wants_help else _shared_last(words), prog_name=PROGRAM)


def _language(words: list[str]) -> str:
    """The language that the words ask for, before anything else of them is read; else that of the settings."""
    asked = next((following for word, following in pairwise([*words, ""]) if word == "--lang"), None)
    joined = next((word.partition("=")[2] for word in words if word.startswith("--lang=")), None)
    default = Settings.model_fields["locale"].default
    return normal_locale(asked or joined or os.environ.get("GRIDGUARD_LOCALE")) or str(default)


def _translate(part: Any) -> None:
    """Put help texts in the language: paragraph by paragraph, options one by one."""
    part.help = "\n\n".join(_shown(paragraph) for paragraph in (part.help or "").split("\n\n")) or None
    if part.epilog:
        part.epilog = part.epilog.replace("Example:", _("Example:"))
    for option in part.params:
        if getattr(option, "help", None):
            option.help = _shown(option.help)
    for inner in getattr(part, "commands", {}).values():
        _translate(inner)


def _shown(paragraph: str) -> str:
    return _(" ".join(paragraph.split())) if paragraph.strip() else paragraph
