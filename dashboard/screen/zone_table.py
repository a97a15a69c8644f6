"""The table of zones with their standing; a chosen row leads to the zone."""

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from dashboard.i18n import _, label
from dashboard.screen.address import zone_key
from dashboard.screen.light_column import light_cell, light_column
from dashboard.screen.names import name_of
from dashboard.services.overview import Standing
from db.tables.territory import Zone


def zone_table(
    lines: Sequence[tuple[Zone, Standing]], *, key: str, on_choose: Callable[[str], None] | None = None
) -> str | None:
    """Draw zones in the given order and return the public name of the chosen one.

    Parameters
    ----------
    lines : sequence of (Zone, Standing)
        Empty draws a sentence instead.
    key : str
    on_choose : callable, optional
        Told the public name of a chosen zone before the run that follows.

    Returns
    -------
    str or None
        Kind and code as in addresses.
    """
    if not lines:
        st.caption(_("No zone here."))
        return None
    names = [zone_key(zone.kind, zone.code) for zone, _standing in lines]
    event = st.dataframe(
        pd.DataFrame([_row(zone, standing) for zone, standing in lines]),
        hide_index=True,
        column_config={_("Light"): light_column()},
        key=key,
        on_select=partial(tell_chosen, key, names, on_choose) if on_choose else "rerun",
        selection_mode="single-row",
        alt=_("Table of zones"),
    )
    chosen = event.selection.rows
    return names[chosen[0]] if chosen and chosen[0] < len(names) else None


def tell_chosen(key: str, names: Sequence[str], on_choose: Callable[[str], None]) -> None:
    """Pass the name of the row that was chosen in the table of a key on; a choice taken back tells nothing."""
    chosen = st.session_state[key].selection.rows
    if chosen and chosen[0] < len(names):
        on_choose(names[chosen[0]])


def _row(zone: Zone, standing: Standing) -> dict[str, object]:
    return {
        _("Light"): light_cell(standing.light),
        _("Zone"): name_of(zone),
        _("Kind"): label(zone.kind),
        _("Unresolved"): standing.unresolved,
        _("Overdue"): standing.overdue,
    }
