"""Forms for layouts: what a list is called, its title, its columns in their order, and the headings above them."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import streamlit as st

from dashboard.i18n import _
from dashboard.markdown import plain_label
from dashboard.screen import ledger_filters
from dashboard.screen.visit import Visit
from dashboard.screen.writing import carry_out
from dashboard.services.issue_columns import CATALOGUE, group_label
from dashboard.services.layouts import (
    LONGEST_HEADING,
    LONGEST_NAME,
    Columns,
    Layout,
    add_layout,
    change_layout,
    retire_layout,
    set_list,
)
from db.unit_of_work import UnitOfWork
from governance.permissions import Right, may
from governance.vocabulary import ListKind


def file_link(here: Visit, layout: Layout, parameters: Sequence[tuple[str, str]]) -> None:
    """Link to the workbook of all that is asked for, in the layout; the route asks for the rights again."""
    if may(here.actor, Right.EXPORT):
        address = f"/api/v1/lists/{layout.list_kind.value}.xlsx?{query_of(layout, parameters)}"
        st.link_button(_("Excel workbook"), address, icon=":material/table_view:")


def query_of(layout: Layout, parameters: Sequence[tuple[str, str]]) -> str:
    """A layout and a filter as the query of an address; the columns are the layout's own."""
    named = [("layout", layout.name)] if layout.record_id is not None else []
    return urlencode([*named, *((name, value) for name, value in parameters if name != ledger_filters.COLUMNS)])


def list_form(here: Visit, layout: Layout) -> None:
    """Form that names a list and chooses its columns; for whoever edits layouts."""
    if not may(here.actor, Right.EDIT_LAYOUTS):
        return
    form = f"list-{layout.list_kind}"
    with st.popover(_("Name and columns"), icon=":material/edit:"):
        name, title, columns = _fields(layout, form)

        def do(work: UnitOfWork) -> str:
            kind = layout.list_kind
            return set_list(work, kind, version=layout.version, name=name, title=title, columns=columns).name

        _save(here, form, do)
        _back_to_usual(here, layout, form)


def layout_forms(here: Visit, kind: ListKind, layout: Layout) -> None:
    """Forms that add a layout, and change or retire the one that is chosen; for whoever edits layouts."""
    if not may(here.actor, Right.EDIT_LAYOUTS):
        return
    with st.popover(_("Add a layout"), icon=":material/add:"):
        _add_form(here, kind, layout)
    if layout.record_id is not None:
        with st.popover(_("Change this layout"), icon=":material/edit:"):
            _change_form(here, layout, layout.record_id)


def _add_form(here: Visit, kind: ListKind, layout: Layout) -> None:
    form = f"layout-new-{kind}"
    name, title, columns = _fields(layout, form, name="")
    is_standard = st.toggle(_("The list looks so from now on"), key=f"{form}-standard")

    def do(work: UnitOfWork) -> str:
        return add_layout(
            work, name=name, list_kind=kind, title=title, columns=columns, is_standard=is_standard
        ).name  # fmt: skip

    _save(here, form, do)


def _change_form(here: Visit, layout: Layout, record_id: int) -> None:
    form = f"layout-{record_id}"
    name, title, columns = _fields(layout, form)

    def do(work: UnitOfWork) -> str:
        return change_layout(work, record_id, version=layout.version, name=name, title=title, columns=columns).name

    _save(here, form, do)
    _retire(here, layout, record_id, form=f"{form}-retired", words=_("Retire this layout"))


def _back_to_usual(here: Visit, layout: Layout, form: str) -> None:
    if layout.record_id is not None:
        _retire(here, layout, layout.record_id, form=f"{form}-usual", words=_("Back to the usual columns"))


def _fields(layout: Layout, form: str, *, name: str | None = None) -> tuple[str, str, Columns]:
    """Draw what a layout consists of; a heading that is left empty is the usual one."""
    stated = dict(layout.columns)
    made_from = f"{form}-{layout.record_id}-{layout.version}"
    given = layout.name if name is None else name
    called = st.text_input(_("Name"), given, key=f"{made_from}-name", max_chars=LONGEST_NAME)
    title = st.text_input(_("Title of the sheet"), layout.title, key=f"{made_from}-title", max_chars=LONGEST_NAME)
    keys = st.multiselect(
        _("Columns, in their order"),
        list(CATALOGUE),
        list(layout.keys),
        format_func=_offered,
        key=f"{made_from}-columns",
        placeholder=_("Choose"),
    )
    st.caption(_("Headings; what is left empty has the usual words."))
    headings = [
        st.text_input(
            plain_label(CATALOGUE[key].heading),
            stated.get(key, ""),
            key=f"{made_from}-heading-{key}",
            max_chars=LONGEST_HEADING,
            placeholder=CATALOGUE[key].heading,
        )
        for key in keys
    ]
    return called, title, list(zip(keys, headings, strict=True))


def _offered(key: str) -> str:
    column = CATALOGUE[key]
    return f"{column.heading} ({group_label(column.group)})"


def _save(here: Visit, form: str, do: Callable[[UnitOfWork], str]) -> None:
    if st.button(_("Save"), key=f"{form}-save", type="primary", icon=":material/save:"):
        _carry_out(here, form, do, said=_("The layout is saved."))


def _retire(here: Visit, layout: Layout, record_id: int, *, form: str, words: str) -> None:
    def do(work: UnitOfWork) -> str:
        return retire_layout(work, record_id, version=layout.version).name

    if st.button(words, key=form, icon=":material/archive:"):
        _carry_out(here, form, do, said=_("The layout is retired."))


def _carry_out(here: Visit, form: str, do: Callable[[UnitOfWork], str], *, said: str) -> None:
    if carry_out(here, form, do, said=said) is not None:
        st.rerun()
