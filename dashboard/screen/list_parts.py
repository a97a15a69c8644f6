"""Parts of the page of the three lists: which list, its rows in its columns, its pages."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from dashboard.i18n import _, ngettext, shown_number
from dashboard.markdown import plain_label
from dashboard.screen import ledger_filters
from dashboard.screen.issue_cells import rows_table
from dashboard.screen.kept import Kept, kept_choice
from dashboard.screen.visit import Visit
from dashboard.services.layouts import Layout, layout_of
from dashboard.services.lists import THREE_LISTS, Asked, ListPage, list_page
from db.repositories.ledger_filter import LedgerFilter
from db.unit_of_work import reading
from governance.vocabulary import ListKind

LIST: Final = "list"
PAGE_LINES: Final = 50
TABLE_HEIGHT: Final = 560
Lists = Mapping[ListKind, Layout]


def kept_list() -> Kept:
    """Which list is shown, as it stands in the address."""
    return kept_choice(LIST, [kind.value for kind in THREE_LISTS], default=THREE_LISTS[0].value)


def three_lists(here: Visit) -> Lists:
    """The three lists as this district names and lays them out."""
    with reading(here.engine) as session:
        return {kind: layout_of(session, kind) for kind in THREE_LISTS}


def choose_list(lists: Lists) -> Layout:
    """Draw the lists as tabs over one filter and return the chosen one."""
    chosen = st.segmented_control(
        _("List"),
        [kind.value for kind in lists],
        format_func=lambda value: plain_label(lists[ListKind(value)].name),
        key=LIST,
        label_visibility="collapsed",
    )
    return lists[ListKind(chosen or THREE_LISTS[0])]


def asked_of(here: Visit, wanted: LedgerFilter) -> Asked:
    """What the visit asks of a list."""
    return Asked(
        actor=here.actor,
        wanted=wanted,
        today=here.today,
        now=here.now,
        yellow_days=here.settings.yellow_days,
        by_deadline=ledger_filters.by_deadline(),
    )


def current_page(here: Visit, layout: Layout, asked: Asked) -> ListPage:
    """The page of the list that the person chose, or the last one when the filters leave fewer."""
    found = _read(here, layout, asked)
    if int(st.session_state[ledger_filters.PAGE]) <= pages_of(found):
        return found
    st.session_state[ledger_filters.PAGE] = pages_of(found)
    return _read(here, layout, asked)


def _read(here: Visit, layout: Layout, asked: Asked) -> ListPage:
    page = int(st.session_state[ledger_filters.PAGE])
    with reading(here.engine) as session:
        return list_page(session, layout.list_kind, layout, asked, lines=PAGE_LINES, page=page)


def pages_of(found: ListPage) -> int:
    """Number of pages, at least one."""
    return max(-(-found.total // PAGE_LINES), 1)


def how_many(found: ListPage) -> str:
    """How many issues the list has."""
    if found.is_more:
        return _("More than {number} issues", number=shown_number(found.total))
    return ngettext("{number} issue", "{number} issues", found.total)


def list_rows(layout: Layout, found: ListPage) -> None:
    """Draw the rows of the page in the list's columns, and the control that turns the pages."""
    if not found.rows:
        st.caption(_("No issue here."))
        return
    rows_table(layout, found.rows, key=f"rows-{layout.list_kind}", alt=plain_label(layout.name), height=TABLE_HEIGHT)
    if pages_of(found) > 1:
        st.pagination(pages_of(found), key=ledger_filters.PAGE)
