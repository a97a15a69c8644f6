"""Parts of the page of administration: displays with their forms, accounts, and the settings in force."""

from collections.abc import Mapping
from html import escape
from typing import Final
from urllib.parse import urlencode, urlsplit

import pandas as pd
import segno
import streamlit as st
from pydantic import SecretStr

from dashboard.display_links import link_of
from dashboard.i18n import _, label, pgettext, shown_date, shown_time
from dashboard.markdown import plain_label
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit
from dashboard.screen.writing import carry_out, form_token
from dashboard.services.accounts import account_lines
from dashboard.services.displays import (
    LONGEST_NAME,
    DisplayLine,
    add_display,
    displays,
    renew_display,
    start_parameters,
    withdraw_display,
)
from dashboard.services.playlist import DISTRICT_STEP, Step, StepKind, steps_of
from dashboard.settings import Settings
from db.repositories.people import person_by_code
from db.repositories.territory import zones
from db.unit_of_work import UnitOfWork, reading
from governance.permissions import Right, require
from governance.vocabulary import ZoneKind

# What is shown of the settings: by the beginnings of their names.
SHOWN_SETTINGS: Final = (
    *("wall", "poll_seconds", "theme", "basemap", "map_", "yellow_days", "display_", "session_", "sign_in_"),
    *(
        "locale",
        "time_zone",
        "public_url",
        "secure_cookies",
        "trusted_hosts",
        "max_upload",
        "notice_number",
    ),
)
_SECRET_WORDS: Final = ("key", "token", "secret", "password")
LONGEST_REASON: Final = 500
_LINK: Final = "link_shown_once"
_QR_PX: Final = 220
_TABLE_PX: Final = 420


def known_displays(here: Visit) -> list[DisplayLine]:
    """All displays, those in use first."""
    require(here.actor, Right.EDIT_PEOPLE)
    with reading(here.engine) as session:
        return displays(session)


def link_once(here: Visit) -> None:
    """Show a link that was just made, with its QR code, until the person has put it down."""
    shown: Mapping[str, str] | None = st.session_state.get(_LINK)
    if shown is None:
        return
    with st.container(border=True, key="display-link"):
        st.text(_("The link of {name}: shown only now", name=shown["name"]))
        code, words = st.columns([1, 4])
        with code:
            picture = segno.make(shown["link"], error="m", micro=False).svg_data_uri(scale=4, border=3, light="#fff")
            words_of = escape(_("QR code of the link"))
            st.html(f'<img src="{escape(picture)}" alt="{words_of}" width="{_QR_PX}" height="{_QR_PX}">')
        with words:
            st.code(shown["link"], language=None, wrap_lines=True)
            st.text(
                _(
                    "Open this link once in the screen's browser, and set it as the page that the browser starts with. "
                    "Whoever has it can look at the wall: pass it on like a key."
                )
            )
            st.button(_("I have put the link down"), icon=":material/check:", on_click=_put_down)


def _put_down() -> None:
    st.session_state.pop(_LINK, None)


def display_table(here: Visit, lines: list[DisplayLine]) -> None:
    """Draw the displays with what they show and when they were last seen."""
    if not lines:
        st.caption(_("There is no display yet"))
        return
    gone = sum(line.display.withdrawn_on is not None for line in lines)
    st.caption(_("{n} in use, {withdrawn} withdrawn", n=len(lines) - gone, withdrawn=gone))
    words = _starts(here)
    rows = [
        {
            _("Number"): line.display.key,
            _("Where the screen hangs"): line.display.name,
            _("What the wall shows there"): words.get(line.display.start, line.display.start),
            _("Last seen"): shown_time(line.last_seen, zone=here.district.time_zone) if line.last_seen else _("never"),
            _("State"): _state(line),
        }
        for line in lines
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", key="displays")


def _state(line: DisplayLine) -> str:
    day = line.display.withdrawn_on
    return _("Withdrawn on {day}", day=shown_date(day)) if day else _("In use")


def add_form(here: Visit) -> None:
    """Draw the form that adds a display."""
    form = "display-add"
    words = _starts(here)
    with st.form(form):
        name = st.text_input(_("Where the screen hangs"), max_chars=LONGEST_NAME, key=f"{form}-name-{form_token(form)}")
        start = st.selectbox(
            _("What the wall shows there"), list(words), format_func=lambda one: plain_label(words[one])
        )
        if st.form_submit_button(_("Add a display"), type="primary", icon=":material/add_to_queue:"):
            _made(here, form, _("Display added"), name=name, start=start)


def change_display(here: Visit, lines: list[DisplayLine]) -> None:
    """Draw the choice of a display in use, and what ends its link: a new one, or none."""
    names = {line.display.key: line.display.name for line in lines if line.display.withdrawn_on is None}
    if not names:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.selectbox(
            _("Choose a display"), list(names), format_func=lambda one: plain_label(names[one]), key="display-chosen"
        )
        with st.popover(_("New link"), icon=":material/sync_lock:"):
            _renewing(here, number, names[number])
        with st.popover(_("Withdraw"), icon=":material/tv_off:"):
            _withdrawing(here, number, names[number])


def _renewing(here: Visit, number: int, name: str) -> None:
    st.text(
        _("Give {name} a new link? The wall that hangs there goes dark until it is opened by the new one.", name=name)
    )
    if st.button(_("New link"), type="primary", key="display-renew-sure"):
        _made(here, f"display-renew-{number}", _("The link was renewed"), number=number)


def _withdrawing(here: Visit, number: int, name: str) -> None:
    form = f"display-withdraw-{number}"
    st.text(_("Withdraw {name}? Its link ends for good and the wall that hangs there goes dark at once.", name=name))
    reason = st.text_input(_("Reason"), max_chars=LONGEST_REASON, key=f"{form}-why")
    if st.button(_("Withdraw"), type="primary", key="display-withdraw-sure"):
        said = _("The display was withdrawn")
        if carry_out(here, form, lambda work: str(withdraw_display(work, number, reason=reason).key), said=said):
            st.rerun()


def _made(here: Visit, form: str, said: str, *, number: int = 0, name: str = "", start: str = "") -> None:
    """Add or renew; the link stays in this tab's memory: what answers a form is kept in the database."""
    link: dict[str, str] = {}

    def write(work: UnitOfWork) -> str:
        made = renew_display(work, number) if number else add_display(work, name=name, start=start)
        link.update(name=made[0].name, link=link_of(_base(here.settings), made[1]))
        return str(made[0].key)

    if carry_out(here, form, write, said=said) is None:
        return
    if link:
        st.session_state[_LINK] = link
    st.rerun()


def _base(settings: Settings) -> str:
    """The site's address: the one that is set, else where this page was asked for."""
    parts = urlsplit(str(st.context.url or ""))
    scheme = "https" if settings.secure_cookies else parts.scheme
    return settings.public_url or f"{scheme}://{parts.netloc}"


def _starts(here: Visit) -> dict[str, str]:
    """What a wall can open with: address parameters → words."""
    with reading(here.engine) as session:
        names = {zone.code: name_of(zone) for zone in zones(session, kind=ZoneKind.TOWNSHIP)}
        found: dict[str, str] = {"play=1": _("Rotation through all steps"), "": _("The district, without rotation")}
        for step in steps_of(session, today=here.today, order=("townships", "leaders")):
            if step == DISTRICT_STEP:
                continue
            if step.kind is StepKind.TOWNSHIP:
                found[_start_of(step)] = _("Township {name}, without rotation", name=names[step.code])
            elif person := person_by_code(session, step.code):
                found[_start_of(step)] = _("Zones of {name}, without rotation", name=name_of(person))
    return found


def _start_of(step: Step) -> str:
    return start_parameters(urlencode({"show": step.name}))


def account_table(here: Visit) -> None:
    """Draw the accounts with their roles, and since when the newest session of each runs."""
    require(here.actor, Right.EDIT_PEOPLE)
    with reading(here.engine) as session:
        lines = account_lines(session, today=here.today)
    rows = [
        {
            _("Login"): line.login,
            _("Name"): line.name,
            _("Role"): pgettext("list separator", ", ").join(label(role) for role in line.roles) or "—",
            _("Signed in since"): shown_time(line.since, zone=here.district.time_zone) if line.since else "—",
            _("State"): _("disabled") if line.is_disabled else _("In use"),
        }
        for line in lines
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", height=_TABLE_PX, key="accounts")


def settings_table(here: Visit) -> None:
    """Draw the settings in force that are no secret."""
    names = [name for name in type(here.settings).model_fields if name.startswith(SHOWN_SETTINGS)]
    rows = [
        {
            _("Setting"): _setting_word(name),
            _("Variable"): f"GRIDGUARD_{name.upper()}",
            _("Value"): shown_setting(name, getattr(here.settings, name)),
        }
        for name in names
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", key="settings")


def _setting_word(name: str) -> str:
    word = pgettext("setting", name)
    return "—" if word == name else word


def shown_setting(name: str, value: object) -> str:
    """A setting's value to be read: of an address its host only, because keys stand in what follows; no secret."""
    if isinstance(value, SecretStr) or any(word in name for word in _SECRET_WORDS):
        is_set = bool(value.get_secret_value() if isinstance(value, SecretStr) else value)
        return _("set, not shown") if is_set else _("not set")
    if value in (None, ""):
        return _("not set")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, tuple | list | frozenset):
        return ", ".join(map(str, value))
    if "://" in str(value):
        parts = urlsplit(str(value))
        return f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"
    return str(value)
