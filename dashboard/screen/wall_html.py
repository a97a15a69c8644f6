"""The wall's pieces of HTML: panels, numbers and rows whose figures open their lists; every text is escaped."""

from collections.abc import Iterable
from html import escape
from urllib.parse import urlencode

from dashboard.i18n import _, shown_number
from dashboard.maps import LIGHT_LOOKS
from governance.playlist import Step
from governance.vocabulary import Light
from governance.wall_figures import WallFigure

DASH = "—"


def panel(title: str, body: str, *, aside: str = "", kind: str = "") -> str:
    """A panel; ``body`` and ``aside`` are HTML made by these modules, ``title`` is plain text."""
    return (
        f'<section class="gg-panel {escape(kind)}"><div class="gg-head"><h2>{escape(title)}</h2>'
        f"<span>{aside}</span></div>{body}</section>"
    )


def opening(step: Step, figure: WallFigure, shown: str, *, zone: str = "", name: str = "", kind: str = "") -> str:
    """A figure that opens its list within the wall; the address does so without the wall's hand.

    Parameters
    ----------
    step : Step
    figure : WallFigure
    shown : str
        Plain text.
    zone : str
        Public name of the one zone that the number is about.
    name : str
        What the number is, for those who hear the wall.
    kind : str
        Further classes.
    """
    listed = f"{figure.value}.{zone}" if zone else figure.value
    spoken = f' aria-label="{escape(f"{name} {shown}")}"' if name else ""
    return (
        f'<a class="gg-open {escape(kind)}" data-gg-go="list:{escape(listed)}" data-gg-count target="_self"'
        f' href="{escape(address(step, listed))}"{spoken}>{escape(shown)}</a>'
    )


def address(step: Step, listed: str = "", page: int = 1) -> str:
    """Address of a state of the wall: its step, the list that is open, and the list's page."""
    said = {"show": step.name, "list": listed, "page": str(page) if page > 1 else ""}
    return f"/wall?{urlencode({name: value for name, value in said.items() if value})}"


def key_number(name: str, value: str, note: str = "", *, light: Light | None = None) -> str:
    """A key number: its name with the light's shape, the number (HTML of `opening`), and what it is compared with."""
    shape = f'<i class="gg-{light.value}" aria-hidden="true">{LIGHT_LOOKS[light].shape}</i> ' if light else ""
    colour = f" gg-{light.value}" if light else ""
    return (
        f'<div class="gg-figure"><h3>{shape}{escape(name)}</h3><strong class="gg-key{colour}">{value}</strong>'
        f"<small>{escape(note)}</small></div>"
    )


def light_mark(light: Light, word: str) -> str:
    """Shape and word of a light."""
    shape = LIGHT_LOOKS[light].shape
    return f'<span class="gg-light gg-{light.value}"><i aria-hidden="true">{shape}</i> {escape(word)}</span>'


def table(heads: Iterable[str], rows: Iterable[str], *, kind: str = "") -> str:
    """A table of rows that are HTML already; heads are plain text."""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    return f'<table class="{escape(kind)}"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def row(*cells: str, mark: str = "") -> str:
    """A row of cells that are HTML already."""
    return f'<tr class="{escape(mark)}">{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def why(reason: str) -> str:
    """A dash and why there is no figure."""
    return f'<p class="gg-why">{DASH} {escape(reason)}</p>'


def change(now: int, before: int | None) -> str:
    """The change on last week in words; a dash and why where no record tells."""
    if before is None:
        return _("since last week — (not recorded)")
    step = now - before
    return _("{change} since last week", change=f"{step:+d}".replace("-", "\N{MINUS SIGN}") if step else "±0")


def number(value: int | None) -> str:
    """A number as shown, or a dash."""
    return DASH if value is None else shown_number(value)
