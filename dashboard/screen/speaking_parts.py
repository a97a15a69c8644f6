"""For whom a liaison's words are recorded: said before anything is written, and chosen where several leaders guard."""

import streamlit as st

from dashboard.i18n import _
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit, prefer
from db.records import get
from db.tables.people import Person
from db.unit_of_work import reading
from governance.permissions import Target, leaders_guarding


def draw_speaking(here: Visit, target: Target) -> None:
    """Say for which leader a liaison acts on a target; a choice where several of them guard it, nothing for others."""
    numbers = leaders_guarding(here.actor, target)
    if not numbers:
        return
    with reading(here.engine) as session:
        names = {number: name_of(get(session, Person, number)) for number in numbers}
    if len(numbers) == 1:
        given = {"name": here.actor.name, "leader": names[numbers[0]]}
        st.caption(_("What you do here is recorded as done by {name} for {leader}.", **given))
        return
    chosen = st.selectbox(
        _("In whose name"), list(numbers), format_func=lambda number: names[number], key="leader-spoken-for"
    )
    if chosen != numbers[0]:
        prefer(chosen)
        st.rerun()
