"""Tables of issues: one column list for every page, plain text only, a chosen row leads to the issue."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.i18n import _, label, shown_date
from dashboard.screen.light_column import light_cell, light_column
from dashboard.screen.names import either
from dashboard.screen.panels import days_text
from dashboard.screen.visit import Visit
from dashboard.screen.zone_table import tell_chosen
from dashboard.services.ledger import light_of_issue
from db.repositories.issues import IssueLine
from governance.counting import UNRESOLVED
from governance.lights import days_late
from governance.plans import pace_of


def issue_table(
    here: Visit,
    lines: Sequence[IssueLine],
    *,
    key: str,
    height: Any = "auto",
    on_choose: Callable[[str], None] | None = None,
) -> str | None:
    """Draw issues as a table and return the number of the chosen one.

    Parameters
    ----------
    here : Visit
    lines : sequence of IssueLine
    key : str
    height : int or str
        As Streamlit takes it.
    on_choose : callable, optional
        Told the number of a chosen issue before the run that follows.

    Returns
    -------
    str or None
        Number of the issue whose row was chosen.
    """
    if not lines:
        st.caption(_("No issue here."))
        return None
    frame = pd.DataFrame([_row(here, line) for line in lines])
    numbers = [line.issue.number for line in lines]
    event = st.dataframe(
        frame,
        hide_index=True,
        column_config={_("Light"): light_column()},
        key=key,
        height=height,
        on_select=partial(tell_chosen, key, numbers, on_choose) if on_choose else "rerun",
        selection_mode="single-row",
        alt=_("Table of issues"),
    )
    chosen = event.selection.rows
    return numbers[chosen[0]] if chosen and chosen[0] < len(numbers) else None


def _row(here: Visit, line: IssueLine) -> dict[str, object]:
    issue = line.issue
    light = light_of_issue(issue, today=here.today, yellow_days=here.settings.yellow_days)
    late = days_late(issue.due_on, today=here.today) if light else 0
    return {
        _("Light"): light_cell(light, pace_of(issue.stage, issue.due_on, today=here.today)),
        _("Number"): issue.number,
        _("Issue"): issue.title,
        _("Zone"): either(line.zone, line.zone_en) or _("Outside"),
        _("Enterprise or place"): either(line.enterprise, line.enterprise_en) or issue.place or "",
        _("Stage"): label(issue.stage),
        _("Severity"): label(issue.severity),
        _("Due on"): shown_date(issue.due_on) if issue.due_on else "—",
        _("Late"): days_text(late) if light and late else "",
        _("Who must act"): who_must_act(line),
        _("Found on"): shown_date(issue.found_on),
        _("Source"): label(issue.source),
    }


def who_must_act(line: IssueLine) -> str:
    """The person in charge with the lead unit, as far as they are named yet; nobody when nothing is left to do."""
    if line.issue.stage not in UNRESOLVED:
        return "—"
    parts = (either(line.person, line.person_en), either(line.unit, line.unit_en))
    return " · ".join(part for part in parts if part) or "—"
