"""The table of zones with their standing; a chosen row leads to the zone."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard.i18n import _, label
from dashboard.screen.address import zone_key
from dashboard.screen.light_column import light_cell, light_column
from dashboard.screen.names import name_of
from dashboard.services.overview import Standing
from db.tables.territory import Zone


def zone_table(lines: Sequence[tuple[Zone, Standing]], *, key: str) -> str | None:
    """Draw zones in the given order and return the public name of the chosen one.

    Parameters
    ----------
    lines : sequence of (Zone, Standing)
        Empty draws a sentence instead.
    key : str

    Returns
    -------
    str or None
        Kind and code as in addresses.
    """
    if not lines:
        st.caption(_("No zone here."))
        return None
    event = st.dataframe(
        pd.DataFrame([_row(zone, standing) for zone, standing in lines]),
        hide_index=True,
        column_config={_("Light"): light_column()},
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        alt=_("Table of zones"),
    )
    chosen = event.selection.rows
    if not chosen or chosen[0] >= len(lines):
        return None
    zone = lines[chosen[0]][0]
    return zone_key(zone.kind, zone.code)


def _row(zone: Zone, standing: Standing) -> dict[str, object]:
    return {
        _("Light"): light_cell(standing.light),
        _("Zone"): name_of(zone),
        _("Kind"): label(zone.kind),
        _("Unresolved"): standing.unresolved,
        _("Overdue"): standing.overdue,
    }
