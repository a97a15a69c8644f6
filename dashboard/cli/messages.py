"""``gridguard messages``: write and send messages without the server, for cron at large sites."""

from datetime import UTC, datetime, time
from typing import Annotated

import typer

from dashboard.cli.call import Call, command
from dashboard.i18n import _
from dashboard.messenger.rounds import Messenger, Round, messenger_of

group = typer.Typer(no_args_is_help=True, help="Write and send messages without the server.")


def send(call: Call) -> None:
    """Write messages for what happened since the last time, and send all that are due.

    The server does this by itself unless GRIDGUARD_MESSAGES is false. Several processes may do it at once.
    """
    _tell(call, _messenger(call).go_round())


def daily(
    call: Call,
    *,
    at: Annotated[
        datetime | None,
        typer.Option(
            "--at", formats=["%H:%M"], metavar="HH:MM", help="Local time up to which hours have come; else now."
        ),
    ] = None,
) -> None:
    """Write the daily messages whose hour has come today, each once, and send all that are due."""
    _tell(call, _messenger(call).go_daily_round(time(at.hour, at.minute) if at else None))


command(group, "send", path="messages send", example="gridguard messages send --json")(send)
command(group, "daily", path="messages daily", example="gridguard messages daily --at 08:00")(daily)


def _messenger(call: Call) -> Messenger:
    return messenger_of(call.settings, call.engine(), lambda: datetime.now(UTC))


def _tell(call: Call, done: Round) -> None:
    line = _(
        "{written} messages written, {sent} sent, {failed} to be tried again",
        written=done.written,
        sent=done.sent,
        failed=done.failed,
    )
    call.answer({"written": done.written, "sent": done.sent, "failed": done.failed}, [line])
