"""Panels of numbers and lists as escaped HTML; a light always comes with its word and its shape."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from dashboard.i18n import _, label, ngettext
from dashboard.maps import LIGHT_LOOKS
from governance.vocabulary import Light, Pace


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its name, a light that colours it, and a line of explanation."""

    name: str
    value: str
    light: Light | None = None
    note: str = ""


def light_word(light: Light, pace: Pace | None = None) -> str:
    """Shape and word of a light as one HTML text; what follows a plan is worded by its pace."""
    return f'<span class="gg-light gg-{light.value}">{escape(light_text(light, pace))}</span>'


def light_text(light: Light, pace: Pace | None = None) -> str:
    """Shape and word of a light as plain text, for tables; what follows a plan is worded by its pace."""
    return f"{LIGHT_LOOKS[light].shape} {label(pace or light)}"


def panel(title: str, body: str, *, aside: str = "", kind: str = "") -> str:
    """A panel with a title; ``body`` is HTML made by this module, the rest plain text."""
    head = f'<div class="gg-head"><h2>{escape(title)}</h2><span>{escape(aside)}</span></div>'
    return f'<section class="gg-panel {escape(kind)}">{head}{body}</section>'


def figures(items: Iterable[Figure]) -> str:
    """Key numbers side by side, two in a row."""
    return f'<div class="gg-figures">{"".join(_figure(item) for item in items)}</div>'


def rows(lines: Iterable[Sequence[str]], *, heads: Sequence[str] = ()) -> str:
    """A table of plain text; the first column takes the room, the others stand to the right."""
    head = f"<tr>{''.join(f'<th>{escape(text)}</th>' for text in heads)}</tr>" if heads else ""
    return f"<table>{head}{''.join(_row(line) for line in lines)}</table>"


def light_rows(lines: Iterable[tuple[Light, Sequence[str]]], *, heads: Sequence[str]) -> str:
    """A table whose first column is a light with its word."""
    head = f"<tr>{''.join(f'<th>{escape(text)}</th>' for text in heads)}</tr>"
    body = "".join(
        f"<tr><td>{light_word(light)}</td>{''.join(f'<td>{escape(text)}</td>' for text in line)}</tr>"
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


def _figure(item: Figure) -> str:
    shape = f"{LIGHT_LOOKS[item.light].shape} " if item.light else ""
    colour = f"gg-{item.light.value}" if item.light else ""
    return (
        f'<div class="gg-figure"><h3>{shape}{escape(item.name)}</h3>'
        f'<strong class="{colour}">{escape(item.value)}</strong><small>{escape(item.note)}</small></div>'
    )


def _row(line: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in line)}</tr>"
