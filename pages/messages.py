"""Messages: where the person is told, those of roles for whoever answers for them, and what became of the last ones."""

import streamlit as st

from dashboard.i18n import _
from dashboard.screen import message_parts
from dashboard.screen.visit import visit

here = visit()
mine = message_parts.my_channels(here)
of_roles = message_parts.channels_of_roles(here)


def own() -> None:
    """Draw the person's own channels and the form for one more."""
    st.subheader(_("My channels"))
    st.caption(_("You are told when it is your turn, and every day what waits, what is late and whom to call."))
    for channel in mine:
        message_parts.draw_channel(here, channel)
    with st.expander(_("Add a channel"), expanded=not mine, icon=":material/add:"):
        message_parts.draw_adding(here, is_for_role=False)


def shared() -> None:
    """Draw the channels of roles and the form for one more."""
    st.subheader(_("Channels of roles"))
    st.caption(_("For the roles that see everything: what is told there, everybody of the role may see."))
    for channel in of_roles or []:
        message_parts.draw_channel(here, channel)
    with st.expander(_("Add a channel of a role"), icon=":material/add:"):
        message_parts.draw_adding(here, is_for_role=True)


if of_roles is None:
    own()
else:
    left, right = st.columns(2)
    with left:
        own()
    with right:
        shared()

st.subheader(_("The last messages"))
message_parts.draw_messages(here)
