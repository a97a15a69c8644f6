"""A list within the wall: what a figure counts, six to a page, with close, back and next."""

from html import escape

from dashboard.i18n import _, label, shown_number
from dashboard.screen.names import either, name_of
from dashboard.screen.panels import days_text
from dashboard.screen.wall_html import DASH, address, light_mark, row, table, why
from dashboard.services.wall_lists import ListRow, Opened
from governance.playlist import Step
from governance.vocabulary import Light
from governance.wall_figures import WALL_FIGURES, WallFigure


def list_card(step: Step, opened: Opened, *, reachable: frozenset[str], yellow_days: int) -> str:
    """The opened list over the map.

    Parameters
    ----------
    step : Step
    opened : Opened
    reachable : frozenset of str
        Numbers of the issues whose page the person may open.
    yellow_days : int
    """
    title = figure_name(opened.name.figure, yellow_days=yellow_days)
    place = f" · {name_of(opened.zone)}" if opened.zone else ""
    head = (
        f'<div class="gg-head"><h2>{escape(title + place)} <b>{shown_number(opened.total)}</b></h2>'
        f"{_go('close', '✕ ' + _('Close'), address(step))}</div>"
    )
    body = _table(opened, reachable) if opened.rows else why(_("nothing to list"))
    inner = f"{head}{body}{_pages(step, opened)}"
    return f'<section class="gg-list" role="dialog" aria-label="{escape(title)}">{inner}</section>'


def figure_name(figure: WallFigure, *, yellow_days: int) -> str:
    """Title of the list that a figure opens."""
    counts = WALL_FIGURES[figure]
    if figure == WallFigure.DUE_SOON:
        return _("Due within {days} days", days=yellow_days)
    if counts.coverage is not None:
        return _("Enterprises without: {coverage}", coverage=label(counts.coverage))
    return label(figure)


def _table(opened: Opened, reachable: frozenset[str]) -> str:
    if opened.coverage is not None:
        rows = [row(escape(_name(one.what)), escape(_name(one.place)), escape(_name(one.unit))) for one in opened.rows]
        return table((_("Enterprise"), _("Township"), _("Industry")), rows, kind="gg-enterprises")
    heads = (_("Number"), _("What"), _("Place"), _("Responsible unit"), _("Days late"))
    return table(heads, [_issue(one, reachable) for one in opened.rows])


def _issue(one: ListRow, reachable: frozenset[str]) -> str:
    number = escape(one.number)
    if one.number in reachable:
        number = f'<a data-gg-go="issue:{number}" href="/issue?id={number}" target="_self">{number}</a>'
    late = light_mark(Light.RED, days_text(one.late)) if one.late else DASH
    return row(number, escape(_name(one.what)), escape(_name(one.place)), escape(_name(one.unit)), late)


def _name(pair: tuple[str | None, str | None]) -> str:
    return either(*pair) or DASH


def _pages(step: Step, opened: Opened) -> str:
    name, page = opened.name.text, opened.page
    back = _go(f"list:{name}:{page - 1}", "‹ " + _("Previous page"), address(step, name, page - 1)) if page > 1 else ""
    more = page < opened.pages
    ahead = _go(f"list:{name}:{page + 1}", _("Next page") + " ›", address(step, name, page + 1)) if more else ""
    where = _("Page {page} of {pages}", page=shown_number(page), pages=shown_number(opened.pages))
    return f'<nav class="gg-turn"><span>{back}</span><b>{escape(where)}</b><span>{ahead}</span></nav>'


def _go(word: str, text: str, href: str) -> str:
    return (
        f'<a class="gg-button" role="button" data-gg-go="{escape(word)}" href="{escape(href)}" target="_self">'
        f"{escape(text)}</a>"
    )
