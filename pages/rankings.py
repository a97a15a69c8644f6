"""Rankings: townships and departments by finding, fixing and lasting, each apart; leaders are not ranked."""

import streamlit as st

from dashboard.i18n import _
from dashboard.screen import ranking_parts
from dashboard.screen.kept import keep, recall
from dashboard.screen.visit import visit
from dashboard.services.rankings import Measure

here = visit()
recall(ranking_parts.FIELDS)
since, until = ranking_parts.choose_period(here)
keep(ranking_parts.FIELDS)


def by_measure(measure: Measure) -> None:
    """Draw townships and departments ranked by one measure, side by side."""
    left, right = st.columns(2)
    if found.townships:
        with left:
            title = ranking_parts.of_measure(measure, is_department=False)
            ranking_parts.ranking(here, title, found.townships, measure)
    if found.departments:
        with right if found.townships else left:
            title = ranking_parts.of_measure(measure, is_department=True)
            ranking_parts.ranking(here, title, found.departments, measure)


def below() -> None:
    """What stands under the rankings: whose sign-offs did not last, and how each figure is made."""
    ranking_parts.signers_table(here, found.signers)
    ranking_parts.formulae(here, since, until)


found = ranking_parts.read(here, since, until)
if not found.townships and not found.departments:
    st.info(_("There is no township and no department to rank yet."))
    st.stop()

st.caption(_("Each number opens the rows of the ledger that it counts."))
for one in Measure:
    by_measure(one)
below()
