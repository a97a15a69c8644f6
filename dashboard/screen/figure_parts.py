"""Figures that say how they are counted and open exactly the rows that they count."""

from dashboard.i18n import _, shown_number
from dashboard.screen.panels import Cell, Figure, Linked
from dashboard.screen.visit import Visit
from dashboard.services.figure_rows import EVERYWHERE, address_of_rows
from dashboard.services.figure_words import figure_words
from dashboard.services.overview import Standing
from db.repositories.ledger_filter import LedgerFilter
from db.unit_of_work import reading
from governance import counting
from governance.vocabulary import Light


def counted_figure(
    here: Visit,
    figure: counting.Figure,
    name: str,
    value: str | int,
    *,
    light: Light | None = None,
    note: str = "",
    within: LedgerFilter = EVERYWHERE,
) -> Figure:
    """A key number with its definition, as a link to its rows for those whose ledger reaches all of them.

    Parameters
    ----------
    here : Visit
    figure : Figure
        Of the catalogue of definitions.
    name, value, light, note
        As the panel shows them.
    within : LedgerFilter
        What the number is about, for example a zone; the whole district without it.
    """
    shown = shown_number(value) if isinstance(value, int) else value
    address = rows_address(here, figure, within=within)
    return Figure(name, shown, light, note, address=address, how=how_counted(here, figure))


def how_counted(here: Visit, figure: counting.Figure) -> str:
    """Numerator, denominator, period and as-of time of a figure as one sentence."""
    words = figure_words(
        figure,
        today=here.today,
        now=here.now,
        time_zone=here.district.time_zone,
    )
    return words.sentence


def standing_figures(here: Visit, now: Standing, *, within: LedgerFilter = EVERYWHERE) -> list[Figure]:
    """The key numbers of a place: unresolved, overdue, due soon, clues."""
    due_soon = _("Due within {days} days", days=here.settings.yellow_days)
    return [
        counted_figure(here, counting.Figure.UNRESOLVED, _("Unresolved"), now.unresolved, within=within),
        counted_figure(here, counting.Figure.OVERDUE, _("Overdue"), now.overdue, light=Light.RED, within=within),
        counted_figure(here, counting.Figure.DUE_SOON, due_soon, now.due_soon, light=Light.YELLOW, within=within),
        counted_figure(here, counting.Figure.CLUES, _("Clues to confirm"), now.clues, within=within),
    ]


def counted_cell(here: Visit, figure: counting.Figure, value: int, *, within: LedgerFilter) -> Cell:
    """A number of a table, as a link to its rows for those whose ledger reaches all of them."""
    address = rows_address(here, figure, within=within)
    return Linked(shown_number(value), address) if address else shown_number(value)


def rows_address(here: Visit, figure: counting.Figure, *, within: LedgerFilter = EVERYWHERE) -> str:
    """Address of a figure's rows; empty where they are not all open to the person."""
    with reading(here.engine) as session:
        return address_of_rows(session, here.actor, figure, today=here.today, within=within) or ""
