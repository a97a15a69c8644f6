"""Sign-ins: server-side sessions behind the server's `SessionGate`."""

import hashlib
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, delete
from sqlmodel import Session, col, select

from dashboard.security.gate import DemoLogin, OpenedDisplay, SignedIn
from dashboard.services.accounts import HASHER, LOGIN_FORM
from dashboard.services.displays import display_of
from dashboard.services.unrecorded import unrecorded_write
from db.repositories.dated import valid_on
from db.tables.people import Account, Appointment, Person, SignIn, SignInAttempt
from db.unit_of_work import current_district, reading
from governance.errors import Conflict, NotAllowed
from governance.vocabulary import Role

_NOBODY = HASHER.hash("nobody's password, so that an unknown login costs the same time")
# Behind one address there may be a whole office: it bears so many times the wrong passwords of one login.
_LOGINS_OF_AN_ADDRESS: Final = 10
_LONGEST_NAME: Final = 60
_NETWORK_BITS: Final = 64  # of an IPv6 address: the rest its owner chooses freely
# So many browsers stay signed in by one display's link; the one that came first is forgotten first.
_SESSIONS_OF_A_DISPLAY: Final = 12


@dataclass(frozen=True)
class Sessions:
    """The server's gate to accounts and sessions.

    Attributes
    ----------
    engine
    hours, display_days
        How long a person, and a wall's display, stays signed in.
    attempts, lock_minutes
        So many wrong passwords lock a login for so long, from wherever they come; ten times as many lock the
        address that they come from. Wrong ones are forgotten evenly over that time.
    """

    engine: Engine
    hours: int
    display_days: int
    attempts: int
    lock_minutes: int
    # A password check takes 64 MiB: two at a time are enough.
    _checks: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(2))

    def sign_in(self, login: str, password: str, *, now: datetime, client: str) -> str:
        """See `SessionGate.sign_in`."""
        limits = self._limits(login, client)
        with reading(self.engine) as session:
            self._require_unlocked(session, limits, now)
            account = _account(session, login)
        if not self._is_right(account, password):
            self._note_failure(limits, now)
            raise _refused()
        return self._begin(account, now)

    def sign_in_demo(self, login: str, *, now: datetime) -> str:
        """See `SessionGate.sign_in_demo`."""
        with reading(self.engine) as session:
            account = _account(session, login)
            is_demo = current_district(session).is_demo
        if account is None or not (is_demo and account.is_demo) or account.is_disabled:
            raise _refused()
        return self._begin(account, now)

    def demo_logins(self) -> Sequence[DemoLogin]:
        """See `SessionGate.demo_logins`."""
        with reading(self.engine) as session:
            if not current_district(session).is_demo:
                return ()
            query = (
                select(Account, Person, Appointment)
                .join(Person, col(Person.id) == col(Account.person_id))
                .join(Appointment, col(Appointment.person_id) == col(Person.id))
                .where(Account.is_demo, ~col(Account.is_disabled), col(Appointment.valid_to).is_(None))
            )
            found = {
                account.login: DemoLogin(login=account.login, role=appointment.role, name=person.name)
                for account, person, appointment in session.exec(query.order_by(col(Account.login)))
            }
        order = list(Role)
        return sorted(found.values(), key=lambda one: order.index(one.role))

    def open_display(self, secret: str, *, now: datetime, client: str, token: str) -> OpenedDisplay:
        """See `DisplayGate.open_display`."""
        with reading(self.engine) as session:
            found = display_of(session, secret)
            is_locked = found is None and self._is_locked(session, client, now)
        if found is None:
            raise self._no_display(client, now, is_locked=is_locked)
        display, account = found
        present = self.person_of(token, now=now) if token else None
        if present is not None and present.role != Role.DISPLAY:
            raise Conflict("browser_in_use", "This browser is signed in as {name}; sign out first", name=present.name)
        lasts = self._lasts(Role.DISPLAY)
        if present is not None and present.login == account.login and present.expires_at - now >= lasts / 2:
            return OpenedDisplay(token=token, start=display.start, expires_at=present.expires_at)
        begun = self._begin(account, now, still=lambda session: self._keeps_open(session, secret, account))
        if present is not None:
            self.sign_out(token, now=now)
        return OpenedDisplay(token=begun, start=display.start, expires_at=now + lasts)

    def person_of(self, token: str, *, now: datetime) -> SignedIn | None:
        """See `SessionGate.person_of`."""
        with reading(self.engine) as session:
            query = (
                select(SignIn, Account, Person)
                .join(Account, col(Account.id) == col(SignIn.account_id))
                .join(Person, col(Person.id) == col(Account.person_id))
                .where(SignIn.token_hash == _digest(token))
            )
            found = session.exec(query).first()
            if found is None or found[0].expires_at <= now or found[1].is_disabled:
                return None
            sign_in, account, person = found
            role = self._role(session, person.key, now)
        if role is None or now >= (expires_at := min(sign_in.expires_at, sign_in.created_at + self._lasts(role))):
            return None
        return SignedIn(person_id=person.key, login=account.login, name=person.name, role=role, expires_at=expires_at)

    def sign_out(self, token: str, *, now: datetime) -> None:
        """See `SessionGate.sign_out`."""
        with unrecorded_write(self.engine) as session:
            session.execute(delete(SignIn).where(col(SignIn.token_hash) == _digest(token)))

    def _role(self, session: Session, person_id: int, now: datetime) -> Role | None:
        today = now.astimezone(ZoneInfo(current_district(session).time_zone)).date()
        query = select(Appointment).where(Appointment.person_id == person_id, valid_on(Appointment, today))
        held = {row.role for row in session.exec(query)}
        return next((role for role in Role if role in held), None)

    def _is_right(self, account: Account | None, password: str) -> bool:
        kept = account.password_hash if account is not None and not account.is_disabled else None
        with self._checks:
            matches = HASHER.verify(password, kept or _NOBODY)
        return kept is not None and matches

    def _begin(
        self, account: Account | None, now: datetime, *, still: Callable[[Session], bool] = lambda session: True
    ) -> str:
        if account is None:
            raise _refused()
        token = secrets.token_urlsafe(32)
        with unrecorded_write(self.engine) as session:
            role = self._role(session, account.person_id, now)
            if role is None or not still(session):
                raise _refused()
            forgotten = col(SignInAttempt.last_at) <= now - timedelta(minutes=self.lock_minutes)
            session.execute(delete(SignIn).where(col(SignIn.expires_at) <= now))
            session.execute(delete(SignInAttempt).where(forgotten | (col(SignInAttempt.login) == account.login)))
            expires_at = now + self._lasts(role)
            row = SignIn(token_hash=_digest(token), account_id=account.key, created_at=now, expires_at=expires_at)
            session.add(row)
        return token

    def _lasts(self, role: Role) -> timedelta:
        return timedelta(days=self.display_days) if role == Role.DISPLAY else timedelta(hours=self.hours)

    def _limits(self, login: str, client: str) -> dict[str, int]:
        """What is counted for a sign-in, and how many wrong passwords lock it; no login begins with an at sign."""
        address = {f"@{_network(client)}": self.attempts * _LOGINS_OF_AN_ADDRESS}
        return {login: self.attempts, **address} if LOGIN_FORM.fullmatch(login) else address

    def _no_display(self, client: str, now: datetime, *, is_locked: bool) -> NotAllowed:
        """Why a link opens nothing; counted apart from passwords, so that neither locks the other out."""
        if is_locked:
            return NotAllowed(
                "too_many_attempts",
                "Too many links that open nothing came from this network; try again in {minutes} minutes",
                minutes=self.lock_minutes,
            )
        self._note_failure({_display_key(client): self.attempts * _LOGINS_OF_AN_ADDRESS}, now)
        return NotAllowed("display_refused", "This link opens no wall: it is incomplete, was renewed or was withdrawn")

    def _is_locked(self, session: Session, client: str, now: datetime) -> bool:
        row = session.get(SignInAttempt, _display_key(client))
        most = self.attempts * _LOGINS_OF_AN_ADDRESS
        return row is not None and row.failures >= most and now - row.last_at < timedelta(minutes=self.lock_minutes)

    def _keeps_open(self, session: Session, secret: str, account: Account) -> bool:
        """Whether the link still stands now that the session is written; old sessions make room for it."""
        mine = select(SignIn).where(SignIn.account_id == account.key).order_by(col(SignIn.created_at).desc())
        for row in session.exec(mine.offset(_SESSIONS_OF_A_DISPLAY - 1)):
            session.delete(row)
        return display_of(session, secret) is not None

    def _require_unlocked(self, session: Session, limits: Mapping[str, int], now: datetime) -> None:
        lasts = timedelta(minutes=self.lock_minutes)
        for row in session.exec(select(SignInAttempt).where(col(SignInAttempt.login).in_(limits))):
            if row.failures >= limits[row.login] and now - row.last_at < lasts:
                raise NotAllowed(
                    "too_many_attempts",
                    "Too many wrong passwords; try again in {minutes} minutes",
                    minutes=self.lock_minutes,
                )

    def _note_failure(self, limits: Mapping[str, int], now: datetime) -> None:
        lasts = timedelta(minutes=self.lock_minutes)
        with unrecorded_write(self.engine) as session:
            for key, limit in sorted(limits.items()):
                row = session.get(SignInAttempt, key, with_for_update=True) or SignInAttempt(login=key, last_at=now)
                forgotten = int((now - row.last_at) / lasts * limit)
                row.failures = max(row.failures - forgotten, 0) + 1
                row.last_at = now
                session.add(row)


def _account(session: Session, login: str) -> Account | None:
    """The account of what somebody typed; what can be no login is not even looked for."""
    if not LOGIN_FORM.fullmatch(login):
        return None
    return session.exec(select(Account).where(Account.login == login)).first()


def _network(client: str) -> str:
    """The address that wrong passwords are counted for; all of one IPv6 network are one."""
    try:
        address = ip_address(client)
    except ValueError:
        return client[:_LONGEST_NAME]
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or ip_network((address.packed, _NETWORK_BITS), strict=False).network_address
    return str(address)


def _display_key(client: str) -> str:
    """What links that open nothing are counted under."""
    return f"@w {_network(client)}"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _refused() -> NotAllowed:
    return NotAllowed("sign_in_refused", "The login or the password is wrong, or the account is disabled")
