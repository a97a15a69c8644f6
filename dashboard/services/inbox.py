"""The inbox: what waits for somebody, what is late and whom to call, and what the person sent and is not answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func
from sqlmodel import Session, select

from dashboard.services.inbox_letters import (
    Letter,
    Reader,
    directive_letters,
    extension_letters,
    issue_letters,
    look_back_letters,
    notice_letters,
)
from db.loop_rules import loop_numbers_of
from db.repositories import directives, issues, notices, trays
from db.repositories.directives import DirectiveFilter, directives_within
from db.repositories.ledger_pages import MOST_COUNTED
from db.tables.loop import Extension, LookBackItem
from governance.permissions import Actor

MOST_LINES: Final = 30


class Tray(StrEnum):
    """A section of the inbox."""

    TURN = "turn"
    WITNESS = "witness"
    EXTENSIONS = "extensions"
    DIRECTIVES = "directives"
    LOOK_BACKS = "look_backs"
    NOTICES = "notices"
    LATE = "late"
    REPORTED = "reported"
    HANDED_IN = "handed_in"
    ASKED = "asked"
    ORDERED = "ordered"


WAITING: Final = (Tray.TURN, Tray.WITNESS, Tray.EXTENSIONS, Tray.DIRECTIVES, Tray.LOOK_BACKS, Tray.NOTICES)
SENT: Final = (Tray.REPORTED, Tray.HANDED_IN, Tray.ASKED, Tray.ORDERED)


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A tray with how many lie in it (one more than `MOST_COUNTED` where there are more), and the most urgent."""

    tray: Tray
    count: int
    letters: tuple[Letter, ...]


@dataclass(frozen=True, kw_only=True)
class InboxSummary:
    """How many lie in each tray, issues up to `MOST_COUNTED` and one; trays that the own roles never fill count 0."""

    counts: Mapping[Tray, int]

    @property
    def waiting(self) -> int:
        """What waits for the person."""
        return sum(self.counts[tray] for tray in WAITING)

    @property
    def late(self) -> int:
        """What is late within the person's reach."""
        return self.counts[Tray.LATE]

    @property
    def sent(self) -> int:
        """What the person sent and is not answered yet."""
        return sum(self.counts[tray] for tray in SENT)


def inbox_summary(session: Session, actor: Actor, *, today: date) -> InboxSummary:
    """How many lie in each tray of a person.

    Parameters
    ----------
    session : Session
    actor : Actor
        With the rights of today.
    today : date
        Local day.
    """
    reader = Reader(session=session, actor=actor, today=today, numbers=loop_numbers_of(session))
    return InboxSummary(counts={tray: _count(reader, tray) for tray in Tray})


def inbox(
    session: Session, actor: Actor, *, today: date, most: int = MOST_LINES, wanted: Iterable[Tray] = Tray
) -> list[Stack]:
    """The trays of a person that are not empty, in their order, the most urgent lines of each first.

    Parameters
    ----------
    session : Session
    actor : Actor
        With the rights of today.
    today : date
        Local day.
    most : int
        Lines of each tray at most.
    wanted : iterable of Tray
        All of them if it is left out.
    """
    reader = Reader(session=session, actor=actor, today=today, numbers=loop_numbers_of(session))
    counts = {tray: _count(reader, tray) for tray in wanted}
    return [
        Stack(tray=tray, count=n, letters=tuple(_letters(reader, tray, most))) for tray, n in counts.items() if n > 0
    ]


def _issues(reader: Reader, tray: Tray) -> ColumnElement[bool] | None:
    """Condition on `Issue` of a tray that holds issues."""
    actor = reader.actor
    match tray:
        case Tray.TURN:
            return trays.my_turn(actor, reader.numbers)
        case Tray.WITNESS:
            return trays.to_witness(actor)
        case Tray.LATE:
            return trays.late(actor, reader.today)
        case Tray.REPORTED:
            return trays.reported(actor)
        case Tray.HANDED_IN:
            return trays.handed_in(actor)
    return None


def _others(reader: Reader, tray: Tray) -> Any:
    """Condition of a tray that holds something else than issues, on its own table."""
    actor = reader.actor
    match tray:
        case Tray.EXTENSIONS:
            return trays.to_decide(actor)
        case Tray.ASKED:
            return trays.asked(actor)
        case Tray.LOOK_BACKS:
            return trays.to_look_back(actor)
        case Tray.NOTICES:
            return trays.to_reply(actor)
        case Tray.DIRECTIVES:
            return and_(directives_within(actor), directives.waiting_for(actor))
    given = directives.condition_of(DirectiveFilter(is_open=True), today=reader.today, yellow_until=reader.today)
    return and_(directives.asked_by(actor), given)


_HOLDS: Final[Mapping[Tray, type[Any]]] = {
    Tray.EXTENSIONS: Extension,
    Tray.ASKED: Extension,
    Tray.LOOK_BACKS: LookBackItem,
}


def _count(reader: Reader, tray: Tray) -> int:
    found = _issues(reader, tray)
    if found is not None:
        return issues.count(reader.session, found, most=MOST_COUNTED)
    condition = _others(reader, tray)
    if tray in _HOLDS:
        return reader.session.exec(select(func.count()).select_from(_HOLDS[tray]).where(condition)).one()
    counting = notices.count if tray == Tray.NOTICES else directives.count
    return counting(reader.session, condition)


def _letters(reader: Reader, tray: Tray, most: int) -> Iterable[Letter]:
    found = _issues(reader, tray)
    if found is not None:
        return issue_letters(reader, found, most, is_turn=tray == Tray.TURN, is_late=tray == Tray.LATE)
    condition = _others(reader, tray)
    match tray:
        case Tray.EXTENSIONS | Tray.ASKED:
            return extension_letters(reader, condition, most)
        case Tray.LOOK_BACKS:
            return look_back_letters(reader, condition, most)
        case Tray.NOTICES:
            return notice_letters(reader, condition, most)
    return directive_letters(reader, condition, most)
