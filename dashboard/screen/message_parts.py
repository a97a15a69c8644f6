"""Channels and messages on the screen: what is set up, a button that tests it, what became of the last ones."""

from collections.abc import Callable, Sequence
from datetime import time
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.i18n import _, label, shown_time
from dashboard.markdown import plain_label
from dashboard.messenger.rounds import messenger_of
from dashboard.screen.errors import REFUSALS, show_refusal
from dashboard.screen.visit import Visit
from dashboard.screen.writing import carry_out, form_token, writing
from dashboard.server import utc_now
from dashboard.services.channels import (
    CHANNEL_ROLES,
    LONGEST_NAME,
    ChannelView,
    add_channel,
    change_channel,
    channel_of,
    last_messages,
    own_channels,
    remove_channel,
    role_channels,
    write_test,
)
from db.repositories.messages import CHANNEL_GONE
from db.unit_of_work import UnitOfWork, reading
from governance.permissions import Right, may
from governance.vocabulary import Role

MOST_MESSAGES: Final = 50
USUAL_HOUR: Final = time(7, 30)


def my_channels(here: Visit) -> list[ChannelView]:
    """The person's own channels."""
    with reading(here.engine) as session:
        return own_channels(session, here.actor)


def channels_of_roles(here: Visit) -> list[ChannelView] | None:
    """Channels of roles; None for whoever may not edit them."""
    if not may(here.actor, Right.EDIT_CHANNELS):
        return None
    with reading(here.engine) as session:
        return role_channels(session, here.actor)


def draw_channel(here: Visit, channel: ChannelView) -> None:
    """Draw a channel: where it leads, how it fared, and the buttons to test, change and remove it."""
    with st.container(border=True):
        role = f" · {label(Role(channel.role))}" if channel.role else ""
        st.markdown(f"**{plain_label(channel.name)}**{role}")
        st.text(channel.address)
        st.caption(" · ".join(_facts(here, channel)))
        if channel.last_error:
            st.warning(_("Last error: {error}", error=plain_label(error_text(channel.last_error))))
        with st.container(horizontal=True):
            if st.button(_("Test"), key=f"test-{channel.id}", icon=":material/send:", disabled=not channel.is_enabled):
                _test(here, channel)
            with st.popover(_("Change"), icon=":material/edit:"):
                _change_form(here, channel)
            if st.button(_("Remove"), key=f"remove-{channel.id}", icon=":material/delete:"):
                _carry_out(here, f"remove-channel-{channel.id}", lambda work: _remove(work, channel), _("Removed."))


def draw_adding(here: Visit, *, is_for_role: bool) -> None:
    """Draw the form that adds a channel of one's own, or of a role."""
    form = "add-role-channel" if is_for_role else "add-own-channel"
    key = f"{form}-{form_token(form)}"
    with st.form(form):
        name = st.text_input(_("Name"), max_chars=LONGEST_NAME, key=f"{key}-name", placeholder=_("Group of our office"))
        address = st.text_input(
            _("Address"),
            type="password",
            key=f"{key}-address",
            help=_("An e-mail address, or the web address that WeCom, DingTalk or Feishu shows for a group's robot."),
        )
        role = st.selectbox(_("Role"), CHANNEL_ROLES, format_func=label, key=f"{key}-role") if is_for_role else None
        hour = st.time_input(_("Daily message at"), value=USUAL_HOUR, key=f"{key}-hour")
        is_daily = st.toggle(_("Send a daily message"), value=True, key=f"{key}-daily")
        is_sent = st.form_submit_button(_("Add"), icon=":material/add:", type="primary")

    def add(work: UnitOfWork) -> str:
        daily_at = f"{hour:%H:%M}" if is_daily and isinstance(hour, time) else None
        has_account = bool(here.settings.mail_url.get_secret_value())
        given: dict[str, Any] = {"name": name, "address": address, "daily_at": daily_at}
        return str(add_channel(work, **given, role=role, has_mail_account=has_account).key)

    if is_sent:
        _carry_out(here, form, add, _("The channel is set up; test it with its button."))


def draw_messages(here: Visit) -> None:
    """Draw the last messages to the channels that the person may change; their words were for their readers."""
    with reading(here.engine) as session:
        lines = last_messages(session, here.actor, limit=MOST_MESSAGES)
    if not lines:
        st.caption(_("No message yet."))
        return
    rows = [
        {
            _("State"): label(line.state),
            _("Channel"): line.channel,
            _("Title"): line.title,
            _("Written at"): shown_time(line.created_at, zone=here.district.time_zone),
            _("Sent at"): shown_time(line.sent_at, zone=here.district.time_zone) if line.sent_at else "",
            _("Attempts"): line.attempts,
            _("Last error"): error_text(line.error or ""),
        }
        for line in lines
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=_("Table of messages"))


def error_text(error: str) -> str:
    """Why a message was not sent: our own reasons in words, those of a service as it gave them."""
    return _("The channel was removed or switched off") if error == CHANNEL_GONE else error


def _facts(here: Visit, channel: ChannelView) -> Sequence[str]:
    sent_at = channel.last_sent_at
    return [
        _("switched on") if channel.is_enabled else _("switched off"),
        _("daily at {hour}", hour=channel.daily_at) if channel.daily_at else _("no daily message"),
        _("last sent at {time}", time=shown_time(sent_at, zone=here.district.time_zone))
        if sent_at
        else _("never sent"),
        *([_("{number} waiting", number=channel.waiting)] if channel.waiting else []),
    ]


def _test(here: Visit, channel: ChannelView) -> None:
    """Write a message and send it at once, after the commit; a slow service is given up after 20 seconds."""
    title, body = _("Test of GridGuard"), _("This channel works.")
    try:
        with writing(here) as work:
            number = write_test(work, channel_of(work.session, work.actor, channel.id), title=title, body=body)
        with st.spinner(_("Sending"), show_time=False):
            is_sent = messenger_of(here.settings, here.engine, utc_now).send_now(number)
    except REFUSALS as refusal:
        show_refusal(refusal)
        return
    if is_sent:
        st.success(_("It arrived at the service."))
        return
    fresh = next((one for one in _all_of(here) if one.id == channel.id), channel)
    st.error(_("It did not arrive: {error}", error=plain_label(error_text(fresh.last_error))))


def _all_of(here: Visit) -> list[ChannelView]:
    return [*my_channels(here), *(channels_of_roles(here) or [])]


def _change_form(here: Visit, channel: ChannelView) -> None:
    form = f"change-channel-{channel.id}"
    key = f"{form}-{form_token(form)}"
    with st.form(form, border=False):
        name = st.text_input(_("Name"), value=channel.name, max_chars=LONGEST_NAME, key=f"{key}-name")
        address = st.text_input(_("New address, if it changes"), type="password", key=f"{key}-address")
        is_daily = st.toggle(_("Send a daily message"), value=bool(channel.daily_at), key=f"{key}-daily")
        usual = time.fromisoformat(channel.daily_at) if channel.daily_at else USUAL_HOUR
        hour = st.time_input(_("Daily message at"), value=usual, key=f"{key}-hour")
        is_enabled = st.toggle(_("Switched on"), value=channel.is_enabled, key=f"{key}-on")
        is_sent = st.form_submit_button(_("Save"), type="primary")

    def change(work: UnitOfWork) -> str:
        row = channel_of(work.session, work.actor, channel.id, version=channel.version)
        daily_at = f"{hour:%H:%M}" if is_daily and isinstance(hour, time) else None
        has_account = bool(here.settings.mail_url.get_secret_value())
        given: dict[str, Any] = {"name": name, "address": address, "daily_at": daily_at}
        return str(change_channel(work, row, **given, is_enabled=is_enabled, has_mail_account=has_account).key)

    if is_sent:
        _carry_out(here, form, change, _("Saved."))


def _remove(work: UnitOfWork, channel: ChannelView) -> str:
    return str(remove_channel(work, channel_of(work.session, work.actor, channel.id)).key)


def _carry_out(here: Visit, form: str, do: Callable[[UnitOfWork], str], said: str) -> None:
    if carry_out(here, form, do, said=said) is not None:
        st.rerun()
