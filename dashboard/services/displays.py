"""Displays: screens that sign in by a link of their own, may only look, and lose everything when it is withdrawn."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

from dashboard.display_links import digest_of
from dashboard.services.accounts import add_account, disable_account, end_sessions
from dashboard.services.people import add_person, appoint
from dashboard.services.playlist import PARTS, steps_of
from dashboard.services.unrecorded import unrecorded_write
from db import records
from db.repositories.people import person_by_code
from db.tables.people import Account, SignIn
from db.tables.watching import Display, LastVisit
from db.unit_of_work import UnitOfWork
from governance.errors import Conflict, InvalidInput
from governance.permissions import Right, require
from governance.playlist import step_of
from governance.vocabulary import Role

LONGEST_NAME: Final = 120
LONGEST_START: Final = 200
PLAY, SHOW = "play", "show"
_SECRET_BYTES: Final = 32
_WALL: Final = "wall"


@dataclass(frozen=True, kw_only=True)
class DisplayLine:
    """A display as lists show it.

    Attributes
    ----------
    login
        Of the account whose sessions it gets.
    last_seen
        When its wall last asked for news, to about a minute; None before the first time.
    sessions
        So many browsers are signed in by its link.
    """

    display: Display
    login: str
    last_seen: datetime | None
    sessions: int


def add_display(work: UnitOfWork, *, name: str, start: str = "") -> tuple[Display, str]:
    """Let a screen show the wall: an account of its own with the role ``display``, and a link.

    Parameters
    ----------
    work : UnitOfWork
    name : str
        Where the screen hangs; 1 to 120 characters, unlike those of the displays in use.
    start : str
        Parameters that the wall opens with: ``play=1``, ``show=<step>``, both or none.

    Returns
    -------
    tuple of Display and str
        The record, and the secret of its link: 256 random bits that are told here and never again.

    Raises
    ------
    NotAllowed, Conflict
    InvalidInput
        A name of no length or too much, other parameters, or a step that the wall does not have today.
    """
    require(work.actor, Right.EDIT_PEOPLE)
    name = _own_name(work.session, name)
    start = start_parameters(start)
    _require_step(work, start)
    login = _free_login(work.session)
    person = add_person(work, code=login, name=name)
    appoint(work, person, Role.DISPLAY, valid_from=work.today)
    account = add_account(work, person, login=login)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    row = Display(name=name, account_id=account.key, secret_sha256=digest_of(secret), start=start)
    return records.create(work, row, code="display_added"), secret


def renew_display(work: UnitOfWork, number: int) -> tuple[Display, str]:
    """Give a display a new link; the old one and every session that it opened end at once.

    Raises
    ------
    NotAllowed, NotFound
    Conflict
        It was withdrawn.
    """
    require(work.actor, Right.EDIT_PEOPLE)
    display = _in_use(work.session, number)
    end_sessions(work.session, work.session.get_one(Account, display.account_id))
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    changed = records.change(work, display, {"secret_sha256": digest_of(secret)}, code="display_renewed")
    return changed, secret


def withdraw_display(work: UnitOfWork, number: int, *, reason: str = "") -> Display:
    """End a display for good: its link, its account and every open wall of it.

    Raises
    ------
    NotAllowed, NotFound
    Conflict
        It was withdrawn before.
    """
    require(work.actor, Right.EDIT_PEOPLE)
    display = _in_use(work.session, number)
    disable_account(work, work.session.get_one(Account, display.account_id).login, reason=reason)
    return records.change(work, display, {"withdrawn_on": work.today}, code="display_withdrawn", reason=reason)


def displays(session: Session) -> list[DisplayLine]:
    """All displays, those in use first, each by number."""
    seen = {row.person_id: row.seen_at for row in session.exec(select(LastVisit).where(LastVisit.page == _WALL))}
    opened = _sessions(session)
    query = (
        select(Display, Account)
        .join(Account, col(Account.id) == col(Display.account_id))
        .order_by(col(Display.withdrawn_on).is_not(None), col(Display.id))
    )
    return [
        _line(display, account, seen.get(account.person_id), *opened.get(account.key, (None, 0)))
        for display, account in session.exec(query)
    ]


def display_of(session: Session, secret: str) -> tuple[Display, Account] | None:
    """The display that a link's secret names; None where there is none or it was withdrawn."""
    query = (
        select(Display, Account)
        .join(Account, col(Account.id) == col(Display.account_id))
        .where(
            Display.secret_sha256 == digest_of(secret),
            col(Display.withdrawn_on).is_(None),
            ~col(Account.is_disabled),
        )
    )
    found = session.exec(query).first()
    return (found[0], found[1]) if found else None


def display_of_person(session: Session, person_id: int) -> Display | None:
    """The display whose screen signs in as a person, withdrawn or not; None for everybody who is no display."""
    query = select(Display).join(Account, col(Account.id) == col(Display.account_id))
    return session.exec(query.where(Account.person_id == person_id).order_by(col(Display.id).desc())).first()


def note_seen(engine: Engine, seen: Mapping[int, datetime]) -> None:
    """Write down when displays were last seen: person number → moment. Nothing happens without any."""
    if not seen:
        return
    with unrecorded_write(engine) as session:
        for person_id, moment in sorted(seen.items()):
            row = session.get(LastVisit, (person_id, _WALL))
            row = row or LastVisit(person_id=person_id, page=_WALL, began_at=moment, began_seq=0, seen_at=moment)
            row.seen_at = moment
            session.add(row)


def start_parameters(start: str) -> str:
    """The wall's parameters as they stand in its address.

    Raises
    ------
    InvalidInput
        Another parameter than ``play=1`` and ``show=<step>``, or a step that there is not.
    """
    asked = dict(parse_qsl(start.strip().lstrip("?"), keep_blank_values=True))
    if asked.keys() - {PLAY, SHOW} or asked.get(PLAY, "1") != "1" or (start.strip() and not asked):
        raise InvalidInput(
            "display_start",
            "A wall does not open with {start}; allowed: {allowed}",
            start=start[:LONGEST_START],
            allowed=("play=1", "show=district", "show=leader.…", "show=township.…"),
        )
    if SHOW in asked:
        step_of(asked[SHOW])
    return urlencode(asked)[:LONGEST_START]


def _require_step(work: UnitOfWork, start: str) -> None:
    """A screen nobody stands at would show the district in silence where its step does not exist."""
    name = dict(parse_qsl(start)).get(SHOW, "")
    if name and step_of(name) not in steps_of(work.session, today=work.today, order=tuple(PARTS)):
        raise InvalidInput(
            "display_step",
            "The wall has no step {step} today: there is no such township, or no such leader who guards a zone",
            step=name[:LONGEST_START],
        )


def _own_name(session: Session, name: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidInput(
            "display_name",
            "A display's name has 1 to {most} characters; this one has {n}",
            most=LONGEST_NAME,
            n=len(name),
        )
    taken = select(Display).where(Display.name == name, col(Display.withdrawn_on).is_(None))
    if session.exec(taken).first() is not None:
        raise Conflict("display_name_taken", "There is a display with the name {name} already", name=name)
    return name


def _free_login(session: Session) -> str:
    """The next login that neither an account nor a person has; writers take turns, so it stays free."""
    taken = set(session.exec(select(Account.login).where(col(Account.login).startswith("display-"))))
    number = 1
    while f"display-{number}" in taken or person_by_code(session, f"display-{number}") is not None:
        number += 1
    return f"display-{number}"


def _in_use(session: Session, number: int) -> Display:
    display = records.get(session, Display, number)
    if display.withdrawn_on is not None:
        raise Conflict(
            "display_withdrawn",
            "The display {name} was withdrawn on {day}; add a new one",
            name=display.name,
            day=display.withdrawn_on,
        )
    return display


def _line(display: Display, account: Account, seen: datetime | None, opened: datetime | None, n: int) -> DisplayLine:
    moments = [moment for moment in (seen, opened) if moment is not None]
    return DisplayLine(display=display, login=account.login, last_seen=max(moments, default=None), sessions=n)


def _sessions(session: Session) -> dict[int, tuple[datetime, int]]:
    """Account → when its newest session began, and how many there are."""
    query = select(SignIn.account_id, func.max(SignIn.created_at), func.count()).group_by(col(SignIn.account_id))
    return {account: (newest, n) for account, newest, n in session.exec(query)}
