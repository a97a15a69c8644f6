"""Who is present behind a session's token, with the rights of today: one query while nothing was written."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Final
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, bindparam, func, select
from sqlmodel import Session, col

from dashboard.security.gate import SignedIn
from db.repositories.people import actor_of
from db.tables.history import ChainHead
from db.tables.people import Account, Person, SignIn
from db.tables.territory import District
from db.unit_of_work import current_district, reading
from governance.permissions import Actor
from governance.vocabulary import Role

_MOST_ACTORS: Final = 5_000
_BY_DIGEST: Final = (
    select(
        col(SignIn.expires_at),
        col(SignIn.created_at),
        col(Account.is_disabled),
        col(Account.login),
        col(Account.person_id),
        col(Person.name),
        select(func.max(col(ChainHead.seq))).scalar_subquery().label("version"),
    )
    .join(Account, col(Account.id) == col(SignIn.account_id))
    .join(Person, col(Person.id) == col(Account.person_id))
    .where(col(SignIn.token_hash) == bindparam("digest"))
)


@dataclass(frozen=True, kw_only=True)
class Presence:
    """Somebody with a valid session, as of one data version.

    Attributes
    ----------
    actor
        With the rights of ``today``.
    version
        Number of the last event.
    today
        The local day in the district.
    """

    signed_in: SignedIn
    actor: Actor
    district: District
    version: int
    today: date


@dataclass(frozen=True, slots=True)
class _Known:
    """What follows from one data version, so that it need not be read again until the next."""

    version: int
    district: District
    actors: dict[tuple[int, date], Actor] = field(default_factory=dict)


_known: WeakKeyDictionary[Engine, _Known] = WeakKeyDictionary()
_lock = Lock()


def presence_of(engine: Engine, token: str, *, now: datetime, hours: int, display_days: int) -> Presence | None:
    """Who is present by a session's token.

    The session and the account are read every time, in one query with the data version: what was signed out or
    disabled is gone at once. Rights follow from recorded events alone, so they are kept for as long as the data version
    and the local day stay the same.

    Parameters
    ----------
    engine : Engine
    token : str
    now : datetime
        Aware.
    hours, display_days : int
        How long the session of a person, and of a display, lasts from its beginning.

    Returns
    -------
    Presence or None
        None without a valid session, and for a person who holds no role today.
    """
    with reading(engine) as session:
        found = session.connection().execute(_BY_DIGEST, {"digest": digest(token)}).first()
        if found is None or found.expires_at <= now or found.is_disabled:
            return None
        known = _known_of(engine, session, found.version or 0)
        today = now.astimezone(ZoneInfo(known.district.time_zone)).date()
        actor = _actor(known, session, found.person_id, today)
    role = next((role for role in Role if role in actor.roles), None)
    if role is None:
        return None
    lasts = timedelta(days=display_days) if role == Role.DISPLAY else timedelta(hours=hours)
    expires_at = min(found.expires_at, found.created_at + lasts)
    if now >= expires_at:
        return None
    signed_in = SignedIn(
        person_id=found.person_id, login=found.login, name=found.name, role=role, expires_at=expires_at
    )
    return Presence(signed_in=signed_in, actor=actor, district=known.district, version=known.version, today=today)


def digest(token: str) -> str:
    """What is stored of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def _known_of(engine: Engine, session: Session, version: int) -> _Known:
    known = _known.get(engine)
    if known is None or known.version != version:
        known = _Known(version, current_district(session))
        with _lock:
            _known[engine] = known
    return known


def _actor(known: _Known, session: Session, person_id: int, today: date) -> Actor:
    actor = known.actors.get((person_id, today))
    if actor is None:
        actor = actor_of(session, person_id, today=today)
        if len(known.actors) >= _MOST_ACTORS:
            known.actors.clear()
        known.actors[person_id, today] = actor
    return actor
