"""``gridguard display``: screens that show the wall by a link of their own, from the command line."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from sqlmodel import Session

from dashboard.cli.call import Call, command
from dashboard.display_links import link_of
from dashboard.i18n import _, shown_time
from dashboard.server_address import address_of
from dashboard.services.displays import DisplayLine, add_display, displays, renew_display, withdraw_display
from db.unit_of_work import current_district, reading, unit_of_work

group = typer.Typer(no_args_is_help=True, help="Let screens show the wall by a link of their own, and end that.")

Number = Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="Number of the display, as the list shows it.")]


def add(
    call: Call,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Where the screen hangs; shown in lists.")],
    start: Annotated[
        str, typer.Option(metavar="PARAMETERS", help="What the wall opens with: play=1, show=STEP or both.")
    ] = "play=1",
) -> None:
    """Let a screen show the wall; its link is shown once."""
    with unit_of_work(call.engine(), actor=call.actor, now=call.now) as work:
        display, secret = add_display(work, name=name, start=start)
        answer = _shown(work.session, display.key)
    _tell_link(call, answer, secret)


def renew(call: Call, number: Number) -> None:
    """Give a display a new link; the old one ends at once. The new link is shown once."""
    with unit_of_work(call.engine(), actor=call.actor, now=call.now) as work:
        display, secret = renew_display(work, number)
        answer = _shown(work.session, display.key)
    _tell_link(call, answer, secret)


def withdraw(
    call: Call,
    number: Number,
    reason: Annotated[str, typer.Option(help="Why; kept in the history.")] = "",
) -> None:
    """End a display: its link and every wall that it opened."""
    with unit_of_work(call.engine(), actor=call.actor, now=call.now) as work:
        display = withdraw_display(work, number, reason=reason)
        answer = _shown(work.session, display.key)
    call.answer(answer, [_line(call, answer)])


def list_displays(call: Call) -> None:
    """List all displays and when they were last seen; never a link."""
    with reading(call.engine()) as session:
        zone = ZoneInfo(current_district(session).time_zone)
        rows = [_row(line, zone) for line in displays(session)]
    call.answer({"displays": rows}, [_line(call, row) for row in rows])


command(group, "add", path="display add", example='gridguard display add "Hall 1" --start play=1 --json')(add)
command(group, "renew", path="display renew", example="gridguard display renew 3")(renew)
command(group, "withdraw", path="display withdraw", example="gridguard display withdraw 3 --reason moved")(withdraw)
command(group, "list", path="display list", example="gridguard display list --json")(list_displays)


def _shown(session: Session, number: int) -> dict[str, Any]:
    session.flush()
    zone = ZoneInfo(current_district(session).time_zone)
    return next(_row(line, zone) for line in displays(session) if line.display.key == number)


def _row(line: DisplayLine, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "display": line.display.key,
        "name": line.display.name,
        "login": line.login,
        "start": line.display.start,
        "sessions": line.sessions,
        "last_seen": line.last_seen.astimezone(zone) if line.last_seen else None,
        "withdrawn_on": line.display.withdrawn_on,
    }


def _tell_link(call: Call, answer: dict[str, Any], secret: str) -> None:
    base = call.settings.public_url or address_of(call.settings.host, call.settings.port)
    link = link_of(base, secret)
    call.answer({**answer, "link": link}, [_line(call, answer), link])
    call.say(_("The link is shown only here and only now."))


def _line(call: Call, row: dict[str, Any]) -> str:
    seen = shown_time(row["last_seen"], zone=str(row["last_seen"].tzinfo)) if row["last_seen"] else _("never")
    mark = _("withdrawn") if row["withdrawn_on"] else ""
    return "\t".join(filter(None, (str(row["display"]), row["name"], row["start"] or "-", seen, mark)))
