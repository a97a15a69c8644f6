"""Cells of tables of issues whose columns somebody chose: values of the catalogue as people read them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.exporters.columns import cell_shown_by
from dashboard.i18n import label, pgettext, shown_date
from dashboard.screen.light_column import light_cell, light_column
from dashboard.screen.panels import days_text
from dashboard.services.issue_columns import sheet_columns
from dashboard.services.layouts import Layout
from governance.vocabulary import Light


def rows_table(layout: Layout, rows: Sequence[Sequence[object]], *, key: str, alt: str, height: Any = "auto") -> None:
    """Draw rows in a layout as a table.

    Parameters
    ----------
    layout : Layout
    rows : sequence of sequences
        As `dashboard.services.issue_columns.rows_of` gives them.
    key : str
    alt : str
        For those who do not see it.
    height : int or str
        As Streamlit takes it.
    """
    titles = distinct([column.header for column in sheet_columns(layout.keys, layout.headings)])
    frame = pd.DataFrame([shown_cells(layout.keys, row) for row in rows], columns=titles)
    lights = {title: light_column() for name, title in zip(layout.keys, titles, strict=True) if name == "light"}
    st.dataframe(frame, hide_index=True, column_config=lights, key=key, height=height, alt=alt)


def shown_cells(keys: Sequence[str], row: Sequence[object]) -> list[object]:
    """The cells of one row: words by label, days in the language, lights with their shape."""
    show = cell_shown_by(pgettext, label)
    return [_cell(key, value, show) for key, value in zip(keys, row, strict=True)]


def distinct(titles: Sequence[str]) -> list[str]:
    """Titles of which no two are alike: a table of the screen knows its columns by them."""
    return [title + "\N{ZERO WIDTH SPACE}" * titles[:place].count(title) for place, title in enumerate(titles)]


def _cell(key: str, value: object, show: Any) -> object:
    if key == "light":
        return light_cell(value if isinstance(value, Light) else None)
    if key == "days_late":
        return days_text(value) if isinstance(value, int) and value else ""
    if isinstance(value, date):
        return shown_date(value)
    return "" if value is None else show(value)
