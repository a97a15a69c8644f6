"""One run of a page: who is there, with which rights, in which district, on which day."""

from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st
from sqlalchemy import Engine

from dashboard.application import open_database
from dashboard.display_watch import noted
from dashboard.i18n import LOCALE_COOKIE, _, add_locale_source
from dashboard.security.gate import SESSION_COOKIE, SignedIn
from dashboard.server import utc_now
from dashboard.services.displays import display_of_person
from dashboard.services.presence import Presence, presence_of
from dashboard.settings import Settings, settings
from db.tables.territory import District
from db.unit_of_work import reading
from governance.permissions import Actor, preferring
from governance.vocabulary import Role

_OWNER: Final = "signed_in_person"
_PREFERRED: Final = "leader_acted_for"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Everything that a page asks of its surroundings.

    Attributes
    ----------
    actor
        With the rights of today.
    version
        Number of the last event: what is drawn from the data is keyed by it and by ``today``.
    """

    actor: Actor
    signed_in: SignedIn
    engine: Engine
    settings: Settings
    district: District
    now: datetime
    version: int

    @property
    def zone(self) -> ZoneInfo:
        """The district's time zone."""
        return ZoneInfo(self.district.time_zone)

    @property
    def today(self) -> date:
        """The local day in the district."""
        return self.now.astimezone(self.zone).date()


def cookie(name: str) -> str | None:
    """A cookie of the browser as text; None without one."""
    value = st.context.cookies.get(name)
    return value if isinstance(value, str) else None


add_locale_source(lambda: cookie(LOCALE_COOKIE))


def visit() -> Visit:
    """The visit that this run belongs to; looked up anew on every run, so that a withdrawn session ends at once.

    Whoever is not signed in sees the way to the sign-in page, and the script stops.
    """
    found = visit_if_signed_in()
    if found is None:
        why = _why_ended(st.session_state.get(_OWNER))
        st.session_state.clear()
        _show_the_door(why)
        st.stop()
    return found


def visit_if_signed_in() -> Visit | None:
    """The visit of this run, or None without a valid session: for a fragment, which cannot clear the page around it."""
    now = utc_now()
    engine = database()
    present = _present(engine, now)
    if present is None:
        return None
    _keep_to_one_person(present.signed_in)
    if present.signed_in.role is Role.DISPLAY:
        noted(present.signed_in.person_id, now)
    return Visit(
        actor=preferring(present.actor, st.session_state.get(_PREFERRED)),
        signed_in=present.signed_in,
        engine=engine,
        settings=settings(),
        district=present.district,
        now=now,
        version=present.version,
    )


def prefer(leader_id: int) -> None:
    """Let a liaison of several leaders act for this one, in this tab, where several of them guard a zone."""
    st.session_state[_PREFERRED] = leader_id


@st.cache_resource(show_spinner=False)
def database() -> Engine:
    """The database of this process, opened once."""
    return open_database(settings())


def _present(engine: Engine, now: datetime) -> Presence | None:
    token, chosen = cookie(SESSION_COOKIE), settings()
    if not token:
        return None
    return presence_of(engine, token, now=now, hours=chosen.session_hours, display_days=chosen.display_session_days)


def _keep_to_one_person(signed_in: SignedIn) -> None:
    """A session state that belonged to somebody else is emptied before anything is drawn from it."""
    if st.session_state.get(_OWNER) not in (None, signed_in.person_id):
        st.session_state.clear()
    st.session_state[_OWNER] = signed_in.person_id


def _why_ended(owner: object) -> str:
    """What to say to whoever stands before a screen whose wall ended; for a person nothing more than that it did."""
    if not isinstance(owner, int):
        return ""
    with reading(database()) as session:
        display = display_of_person(session, owner)
    if display is None:
        return ""
    if display.withdrawn_on is not None:
        return _("The display {name} was withdrawn; the bureau's administration can add it anew.", name=display.name)
    return _("The link of the display {name} was renewed, or its time is over; open its new link.", name=display.name)


def _show_the_door(why: str) -> None:
    """Without a session the browser gets no further part of the program: this needs none that it has not yet."""
    st.html(
        f'<p class="gg-door">{escape(_("You are signed out."))} {escape(why)} '
        f'<a href="/sign-in" target="_self">{escape(_("Sign in"))}</a></p>'
    )
