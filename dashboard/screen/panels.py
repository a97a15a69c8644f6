"""Panels of numbers and lists as escaped HTML; a light always comes with its word and its shape."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from dashboard.i18n import _, label, ngettext
from dashboard.maps import LIGHT_LOOKS
from governance.vocabulary import Light, Pace


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its name, a light that colours it, and a line of explanation.

    Attributes
    ----------
    address
        Page of this server that shows what the number counts; empty for none.
    how
        How it is counted, shown when asked for.
    """

    name: str
    value: str
    light: Light | None = None
    note: str = ""
    address: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """A text of a table that leads to a page of this server."""

    text: str
    address: str


Cell = str | Linked


def light_word(light: Light, pace: Pace | None = None) -> str:
    """Shape and word of a light as one HTML text; what follows a plan is worded by its pace."""
    return f'<span class="gg-light gg-{light.value}">{escape(light_text(light, pace))}</span>'


def light_text(light: Light, pace: Pace | None = None) -> str:
    """Shape and word of a light as plain text, for tables; what follows a plan is worded by its pace."""
    return f"{LIGHT_LOOKS[light].shape} {label(pace or light)}"


def panel(title: str, body: str, *, aside: str = "", aside_html: str = "", kind: str = "") -> str:
    """A panel with a title; ``body`` and ``aside_html`` are HTML made by this module, the rest plain text."""
    head = f'<div class="gg-head"><h2>{escape(title)}</h2><span>{aside_html or escape(aside)}</span></div>'
    return f'<section class="gg-panel {escape(kind)}">{head}{body}</section>'


def figures(items: Iterable[Figure]) -> str:
    """Key numbers side by side, two in a row."""
    return f'<div class="gg-figures">{"".join(_figure(item) for item in items)}</div>'


def rows(lines: Iterable[Sequence[Cell]], *, heads: Sequence[str] = ()) -> str:
    """A table of plain text; the first column takes the room, the others stand to the right."""
    head = f"<tr>{''.join(f'<th>{escape(text)}</th>' for text in heads)}</tr>" if heads else ""
    return f"<table>{head}{''.join(_row(line) for line in lines)}</table>"


def light_rows(lines: Iterable[tuple[Light, Sequence[Cell]]], *, heads: Sequence[str]) -> str:
    """A table whose first column is a light with its word."""
    head = f"<tr>{''.join(f'<th>{escape(text)}</th>' for text in heads)}</tr>"
    body = "".join(
        f"<tr><td>{light_word(light)}</td>{''.join(f'<td>{_text(cell)}</td>' for cell in line)}</tr>"
        for light, line in lines
    )
    return f"<table>{head}{body}</table>"


def matters(lines: Iterable[tuple[str, str, Light, int]]) -> str:
    """Urgent matters: what, who answers for it, its light and how many days late."""
    body = "".join(
        f'<li><div><b>{escape(what)}</b><i>{escape(who)}</i></div><span class="gg-{light.value}">'
        f"{LIGHT_LOOKS[light].shape} {escape(days_text(late))}</span></li>"
        for what, who, light, late in lines
    )
    return f'<ol class="gg-matters">{body}</ol>' if body else empty(_("Nothing is overdue"))


def days_text(late: int) -> str:
    """How many days late, in words."""
    return ngettext("{number} day late", "{number} days late", late) if late else _("In time")


def empty(why: str) -> str:
    """What stands where there is nothing to show: a dash and the reason."""
    return f'<p class="gg-empty">— {escape(why)}</p>'


def linked(text: str, address: str) -> str:
    """Escaped text, as a link within this tab where there is an address."""
    return f'<a href="{escape(address)}" target="_self">{escape(text)}</a>' if address else escape(text)


def how_counted(how: str) -> str:
    """A question mark that opens a sentence."""
    summary = f'<summary aria-label="{escape(_("How is this counted?"))}">?</summary>'
    return f'<details class="gg-how">{summary}<p>{escape(how)}</p></details>' if how else ""


def _figure(item: Figure) -> str:
    shape = f"{LIGHT_LOOKS[item.light].shape} " if item.light else ""
    colour = f"gg-{item.light.value}" if item.light else ""
    return (
        f'<div class="gg-figure"><h3>{shape}{escape(item.name)}{how_counted(item.how)}</h3>'
        f'<strong class="{colour}">{linked(item.value, item.address)}</strong><small>{escape(item.note)}</small></div>'
    )


def _row(line: Sequence[Cell]) -> str:
    return f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in line)}</tr>"


def _text(cell: Cell) -> str:
    return linked(cell.text, cell.address) if isinstance(cell, Linked) else escape(cell)
