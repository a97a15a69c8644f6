"""Parts of the page of the superior's ledger: how it stands, its layouts, its rows, the pack for the superior."""

from typing import Final

import streamlit as st

from dashboard.i18n import _, ngettext, shown_number
from dashboard.markdown import plain_label
from dashboard.screen import ledger_filters, list_parts, panels
from dashboard.screen.kept import Kept
from dashboard.screen.layout_parts import query_of
from dashboard.screen.panels import Figure
from dashboard.screen.visit import Visit
from dashboard.services.layouts import Layout, layout_of, layouts, usual_layout
from dashboard.services.lists import Asked, ListPage
from dashboard.services.superior_ledger import Standing, standing, superior_page
from db.unit_of_work import reading
from governance.permissions import Right, may
from governance.vocabulary import Light, ListKind

LAYOUT: Final = "layout"


def superior_layouts(here: Visit) -> dict[str, Layout]:
    """Layouts of the superior's ledger by name: the usual one and those of officers."""
    with reading(here.engine) as session:
        found = [usual_layout(ListKind.SUPERIOR), *layouts(session, ListKind.SUPERIOR)]
    return {layout.name: layout for layout in found}


def kept_layout(offered: dict[str, Layout]) -> Kept:
    """Which layout is shown, as it stands in the address; none for the one in force."""
    return Kept(
        LAYOUT,
        lambda asked: next((name for name in asked if name in offered), None),
        lambda value: [value] if value else [],
    )


def choose_layout(here: Visit, offered: dict[str, Layout]) -> Layout:
    """Draw the choice of layouts and return the chosen one, else the one in force."""
    name = st.selectbox(
        _("Layout"), list(offered), index=None, key=LAYOUT, format_func=plain_label, placeholder=_("The one in force")
    )
    with reading(here.engine) as session:
        return offered[name] if name in offered else layout_of(session, ListKind.SUPERIOR)


def headline(here: Visit, asked: Asked) -> Standing:
    """Draw how the ledger stands, and return it."""
    with reading(here.engine) as session:
        known = standing(session, asked)
    st.html(panels.panel(_("What came from above"), panels.figures(_figures(known))))
    return known


def _figures(known: Standing) -> tuple[Figure, ...]:
    return (
        Figure(_("Issues handed down"), shown_number(known.items)),
        Figure(_("Unresolved"), shown_number(known.unresolved)),
        Figure(_("Overdue"), shown_number(known.overdue), Light.RED if known.overdue else None),
        Figure(_("Closed without evidence"), shown_number(known.bare), Light.YELLOW if known.bare else None),
    )


def current_page(here: Visit, layout: Layout, asked: Asked, known: Standing) -> ListPage:
    """The page that the person chose, or the last one when the filters leave fewer."""
    found = _read(here, layout, asked, known)
    if int(st.session_state[ledger_filters.PAGE]) <= list_parts.pages_of(found):
        return found
    st.session_state[ledger_filters.PAGE] = list_parts.pages_of(found)
    return _read(here, layout, asked, known)


def _read(here: Visit, layout: Layout, asked: Asked, known: Standing) -> ListPage:
    page = int(st.session_state[ledger_filters.PAGE])
    with reading(here.engine) as session:
        return superior_page(session, layout, asked, lines=list_parts.PAGE_LINES, page=page, known=known.items)


def how_many(found: ListPage) -> str:
    """How many items the ledger has, instructions included."""
    return ngettext(
        "{number} item, leaders' instructions included", "{number} items, leaders' instructions included", found.total
    )


def pack_link(here: Visit, layout: Layout, offered: ledger_filters.Choices) -> None:
    """Link to the workbook with its evidence beside it; the route asks for the rights again."""
    if may(here.actor, Right.EXPORT):
        query = query_of(layout, ledger_filters.address_of(offered))
        st.link_button(_("Workbook and evidence"), f"/api/v1/superior-ledger.zip?{query}", icon=":material/folder_zip:")
