"""Accounts: logins with passwords, made, disabled and listed on the one road of every write."""

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime

from pwdlib import PasswordHash
from sqlalchemy import func
from sqlmodel import Session, col, select

from db import records
from db.repositories.dated import valid_on
from db.tables.people import Account, Appointment, Person, SignIn
from db.unit_of_work import UnitOfWork
from governance.errors import Conflict, InvalidInput, NotFound
from governance.permissions import Right, require
from governance.vocabulary import Role

LOGIN_FORM = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}")
SHORTEST_PASSWORD = 10
HASHER = PasswordHash.recommended()


def add_account(
    work: UnitOfWork, person: Person, *, login: str, password: str | None = None, is_demo: bool = False
) -> Account:
    """Give a person a login.

    Parameters
    ----------
    work : UnitOfWork
    person : Person
    login : str
        3 to 64 small letters, digits, dots, dashes.
    password : str, optional
        At least 10 characters; without one nobody can sign in with a password.
    is_demo : bool
        Offered on the sign-in page of a demo district.

    Raises
    ------
    NotAllowed, InvalidInput, Conflict
    """
    require(work.actor, Right.EDIT_PEOPLE)
    if not LOGIN_FORM.fullmatch(login):
        raise InvalidInput(
            "login_form",
            "The login {login} is not possible; allowed: 3 to 64 small letters, digits, dots and dashes",
            login=login,
        )
    if _by_login(work.session, login) is not None:
        raise Conflict("login_taken", "The login {login} exists already", login=login)
    row = Account(person_id=person.key, login=login, password_hash=_hashed(password), is_demo=is_demo)
    return records.create(work, row, code="account_added")


def set_password(work: UnitOfWork, login: str, password: str) -> Account:
    """Give an account a new password and end its sessions.

    Raises
    ------
    NotAllowed, NotFound, InvalidInput
    """
    require(work.actor, Right.EDIT_PEOPLE)
    account = account_by_login(work.session, login)
    account.password_hash = _hashed(password)
    end_sessions(work.session, account)
    return records.change(work, account, {}, code="password_set")


def disable_account(work: UnitOfWork, login: str, *, reason: str = "") -> Account:
    """Disable an account and end its sessions.

    Raises
    ------
    NotAllowed, NotFound
    """
    require(work.actor, Right.EDIT_PEOPLE)
    account = account_by_login(work.session, login)
    end_sessions(work.session, account)
    return records.change(work, account, {"is_disabled": True}, code="account_disabled", reason=reason)


def account_by_login(session: Session, login: str) -> Account:
    """Account of a login.

    Raises
    ------
    NotFound
    """
    account = _by_login(session, login)
    if account is None:
        raise NotFound("no_account", "There is no account with the login {login}", login=login)
    return account


def accounts(session: Session) -> list[tuple[Account, Person]]:
    """All accounts with their people, by login."""
    query = select(Account, Person).join(Person, col(Person.id) == col(Account.person_id)).order_by(col(Account.login))
    return [(account, person) for account, person in session.exec(query)]


@dataclass(frozen=True, kw_only=True)
class AccountLine:
    """An account as lists show it; ``since`` is when its newest session began, None for who is signed out."""

    login: str
    name: str
    roles: tuple[Role, ...]
    since: datetime | None
    is_disabled: bool


def account_lines(session: Session, *, today: date) -> list[AccountLine]:
    """All accounts by login, with the roles of a local day."""
    held: dict[int, set[Role]] = {}
    for row in session.exec(select(Appointment).where(valid_on(Appointment, today))):
        held.setdefault(row.person_id, set()).add(row.role)
    newest = select(SignIn.account_id, func.max(SignIn.created_at)).group_by(col(SignIn.account_id))
    since: dict[int, datetime] = dict(session.exec(newest).all())
    return [
        AccountLine(
            login=account.login,
            name=person.name,
            roles=tuple(sorted(held.get(person.key, ()))),
            since=since.get(account.key),
            is_disabled=account.is_disabled,
        )
        for account, person in accounts(session)
    ]


def end_sessions(session: Session, account: Account) -> None:
    """Sign an account out everywhere."""
    for row in session.exec(select(SignIn).where(SignIn.account_id == account.key)):
        session.delete(row)


def random_password() -> str:
    """A password of 96 random bits in 16 URL-safe characters."""
    return secrets.token_urlsafe(12)


def _by_login(session: Session, login: str) -> Account | None:
    return session.exec(select(Account).where(Account.login == login)).first()


def _hashed(password: str | None) -> str | None:
    if password is None:
        return None
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInput(
            "password_short",
            "The password has {length} characters; at least {least} are needed",
            length=len(password),
            least=SHORTEST_PASSWORD,
        )
    return HASHER.hash(password)
