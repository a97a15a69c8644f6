"""Administration: the displays with their links, the accounts, and what the server is set to."""

import streamlit as st

from dashboard.i18n import _
from dashboard.screen import admin_parts
from dashboard.screen.visit import visit

here = visit()


def screens() -> None:
    """Draw the displays, and the forms that add one, renew its link or withdraw it."""
    st.subheader(_("Displays"))
    st.caption(_("A display shows the wall by a link of its own: no login, no keyboard, nothing but the wall."))
    admin_parts.link_once(here)
    lines = admin_parts.known_displays(here)
    left, right = st.columns([3, 2])
    with left:
        admin_parts.display_table(here, lines)
        admin_parts.change_display(here, lines)
    with right:
        admin_parts.add_form(here)


def people() -> None:
    """Draw the accounts, to be read."""
    st.subheader(_("Accounts"))
    st.caption(_("Accounts are added and disabled with the command gridguard user."))
    admin_parts.account_table(here)


def server() -> None:
    """Draw what the server is set to, to be read."""
    st.subheader(_("Server settings"))
    st.caption(
        _(
            "The server's settings, as they are in force. They are set where the server starts; "
            "secrets and keys are not shown."
        )
    )
    admin_parts.settings_table(here)


screens()
people()
server()
