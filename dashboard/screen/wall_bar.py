"""What the wall says of itself: how fresh it is, where the playlist stands, that the server is away, what is urgent."""

from datetime import date
from html import escape

from dashboard.i18n import _, label, shown_number
from dashboard.maps import LIGHT_LOOKS
from dashboard.screen.names import either
from dashboard.screen.panels import days_text
from dashboard.screen.visit import Visit
from dashboard.screen.wall_live import current_view
from db.repositories.issues import IssueLine
from governance.lights import days_late
from governance.vocabulary import Light


def freshness_mark(here: Visit) -> str:
    """Dot, word and time of the data; the wall's hand keeps all three true between two drawings."""
    words = {"fresh": _("Fresh"), "refreshing": _("Refreshing"), "stale": _("Stale")}
    said = "".join(f' data-{state}="{escape(word)}"' for state, word in words.items())
    return (
        f'<span class="gg-freshness"><span class="gg-dot" data-gg-state="fresh" data-gg-version="{here.version}"{said}>'
        f'<i class="gg-dot-shape">●</i> <span class="gg-dot-word">{escape(words["fresh"])}</span></span> '
        f"{escape(_('Data as of'))} <b data-gg-as-of>{here.now.astimezone(here.zone):%H:%M:%S}</b></span>"
    )


def clock(here: Visit) -> str:
    """The time in the district, which the wall's hand lets tick."""
    return f"<b data-gg-clock>{here.now.astimezone(here.zone):%H:%M:%S}</b>"


def controls() -> str:
    """Where the playlist stands, with back, pause or resume, and next; the way to start it where it does not play."""
    view = current_view()
    if not view.is_playing:
        start = _button("resume", "▶", _("Start the playlist"))
        return f'<span class="gg-playlist" data-gg-step="{escape(view.step.name)}">{start}</span>'
    middle = _button("resume", "▶", _("Resume")) if view.is_paused else _button("pause", "❚❚", _("Pause"))
    held = f" {escape(_('paused'))}" if view.is_paused else ""
    return (
        f'<span class="gg-playlist" role="group" aria-label="{escape(_("Playlist"))}"'
        f' data-gg-step="{escape(view.step.name)}">{_button("back", "‹", _("Previous step"))}'
        f"<span>{escape(_('Playlist'))} <b>{shown_number(view.position)} / {shown_number(view.steps)}</b>{held}</span>"
        f"{middle}{_button('next', '›', _('Next step'))}</span>"
    )


def lost_band() -> str:
    """The band that appears when the server is away; its words wait for that in the page."""
    text = _("Connection lost since {since} · data as of {as_of} · reconnecting", since="{since}", as_of="{as_of}")
    return f'<div class="gg-band" role="alert" data-gg-band="{escape(text)}" hidden></div>'


def alert_card(line: IssueLine, *, today: date) -> str:
    """A severe issue that became overdue: number, place, unit and days late; nothing that names a person."""
    place = " · ".join(
        name for name in (either(line.zone, line.zone_en), either(line.enterprise, line.enterprise_en)) if name
    )
    late = days_text(days_late(line.issue.due_on, today=today))
    return (
        f'<section class="gg-alert" role="alert"><h2>{LIGHT_LOOKS[Light.RED].shape} {escape(_("Newly overdue"))} · '
        f"{escape(label(line.issue.severity))}</h2><p><b>{escape(line.issue.number)}</b>"
        f"<span>{escape(place or '—')}</span><span>{escape(either(line.unit, line.unit_en) or '—')}</span>"
        f"<strong>{escape(late)}</strong></p></section>"
    )


def _button(word: str, sign: str, name: str) -> str:
    return (
        f'<button type="button" class="gg-go" data-gg-go="{word}" aria-label="{escape(name)}" title="{escape(name)}">'
        f"{sign}</button>"
    )
