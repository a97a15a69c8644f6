"""Sign-ins: server-side sessions behind the server's `SessionGate`."""

import hashlib
import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, delete
from sqlmodel import Session, col, select

from dashboard.security.gate import DemoLogin, SignedIn
from dashboard.services.accounts import HASHER
from db.repositories.dated import valid_on
from db.tables.people import Account, Appointment, Person, SignIn, SignInAttempt
from db.unit_of_work import current_district, reading
from governance.errors import NotAllowed
from governance.vocabulary import Role

_NOBODY = HASHER.hash("nobody's password, so that an unknown login costs the same time")


@dataclass(frozen=True)
class Sessions:
    """The server's gate to accounts and sessions.

    Attributes
    ----------
    engine
    hours, display_days
        How long a person, and a wall's display, stays signed in.
    attempts, lock_minutes
        So many wrong passwords lock a login for so long.
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
        with reading(self.engine) as session:
            self._require_unlocked(session, login, now)
            account = session.exec(select(Account).where(Account.login == login)).first()
        if not self._is_right(account, password):
            self._note_failure(login, now)
            raise _refused()
        return self._begin(account, now)

    def sign_in_demo(self, login: str, *, now: datetime) -> str:
        """See `SessionGate.sign_in_demo`."""
        with reading(self.engine) as session:
            account = session.exec(select(Account).where(Account.login == login)).first()
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
                appointment.role: DemoLogin(login=account.login, role=appointment.role, name=person.name)
                for account, person, appointment in session.exec(query.order_by(col(Account.login).desc()))
            }
        return [found[role] for role in Role if role in found]

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
        if role is None:
            return None
        return SignedIn(
            person_id=person.key, login=account.login, name=person.name, role=role, expires_at=sign_in.expires_at
        )

    def sign_out(self, token: str, *, now: datetime) -> None:
        """See `SessionGate.sign_out`."""
        with self._writing() as session:
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

    def _begin(self, account: Account | None, now: datetime) -> str:
        if account is None:
            raise _refused()
        token = secrets.token_urlsafe(32)
        with self._writing() as session:
            role = self._role(session, account.person_id, now)
            lasts = timedelta(days=self.display_days) if role == Role.DISPLAY else timedelta(hours=self.hours)
            session.execute(delete(SignIn).where(col(SignIn.expires_at) <= now))
            session.execute(delete(SignInAttempt).where(col(SignInAttempt.login) == account.login))
            row = SignIn(token_hash=_digest(token), account_id=account.key, created_at=now, expires_at=now + lasts)
            session.add(row)
        return token

    def _require_unlocked(self, session: Session, login: str, now: datetime) -> None:
        row = session.get(SignInAttempt, login[:64])
        if row is None or row.failures < self.attempts:
            return
        if now - row.last_at < timedelta(minutes=self.lock_minutes):
            raise NotAllowed(
                "too_many_attempts",
                "Too many wrong passwords; try again in {minutes} minutes",
                minutes=self.lock_minutes,
            )

    def _note_failure(self, login: str, now: datetime) -> None:
        with self._writing() as session:
            row = session.get(SignInAttempt, login[:64]) or SignInAttempt(login=login[:64], last_at=now)
            is_old = now - row.last_at >= timedelta(minutes=self.lock_minutes)
            row.failures = 1 if is_old else row.failures + 1
            row.last_at = now
            session.add(row)

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        """Sessions are no records: they change without history."""
        with self.engine.connect().execution_options(is_write=True) as connection, Session(connection) as session:
            yield session
            session.commit()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _refused() -> NotAllowed:
    return NotAllowed("sign_in_refused", "The login or the password is wrong, or the account is disabled")
