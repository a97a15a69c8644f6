"""Append-only history: events gathered in a transaction and chained when it commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from db.tables.history import ChainHead, Event
from governance.chain import GENESIS, canonical, link
from governance.permissions import Actor
from governance.vocabulary import Stage


@dataclass(frozen=True, kw_only=True)
class Happening:
    """An event before it has its place in the chain."""

    subject_kind: str
    subject_id: int
    code: str
    params: Mapping[str, Any]
    reason: str = ""
    stage: Stage | None = None


@dataclass
class Tape:
    """What the events of one transaction have come to.

    Attributes
    ----------
    rows
        Every event so far, without its number and its hash.
    written
        How many of them are in the table already.
    tip
        Number and hash of the last one written, beyond the chain's head; None before the first.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    written: int = 0
    tip: tuple[int, str] | None = None


Tip = tuple[int, str] | None
Mark = tuple[int, int, Tip]


@dataclass
class History:
    """Events of one transaction.

    Attributes
    ----------
    district_code, actor, now
        Recorded on every event.
    tape
        Shared by all who act in the transaction.
    """

    district_code: str
    actor: Actor
    now: datetime
    tape: Tape = field(default_factory=Tape)

    def append(self, happening: Happening) -> None:
        """Note an event; it is written when the transaction commits, or with `write`."""
        self.tape.rows.append(self._row(happening))

    def marked(self) -> Mark:
        """How far the events have come, to go back to with `return_to`."""
        return len(self.tape.rows), self.tape.written, self.tape.tip

    def return_to(self, mark: Mark) -> None:
        """Forget the events noted since a mark; those written since must be rolled back by the caller."""
        noted, self.tape.written, self.tape.tip = mark
        del self.tape.rows[noted:]

    def continued_by(self, actor: Actor, now: datetime) -> "History":
        """The same transaction's events, those that follow being of another actor or moment."""
        return replace(self, actor=actor, now=now)

    def write(self, session: Session) -> None:
        """Chain and write the events noted so far; the head stays where it was until `seal`.

        What may follow only from an event, as the change of a closed issue from its reopening, is stored after this.
        """
        waiting = self.tape.rows[self.tape.written :]
        if not waiting:
            return
        start = self.tape.tip or _locked_head(session, self.district_code)
        rows, self.tape.tip = _chained(waiting, *start)
        session.connection().execute(insert(Event), rows)
        self.tape.written = len(self.tape.rows)

    def seal(self, session: Session) -> tuple[int, str] | None:
        """Write what is left and move the head, last of all.

        Returns
        -------
        tuple of int and str, or None
            The chain's last number, which is the data version, and its hash; None when nothing happened.
        """
        self.write(session)
        if self.tape.tip is None:
            return None
        seq, last_hash = self.tape.tip
        self.tape.rows.clear()
        self.tape.written, self.tape.tip = 0, None
        session.connection().execute(
            update(ChainHead).where(col(ChainHead.district_code) == self.district_code).values(seq=seq, hash=last_hash)
        )
        return seq, last_hash

    def _row(self, happening: Happening) -> dict[str, Any]:
        return {
            "district_code": self.district_code,
            "subject_kind": happening.subject_kind,
            "subject_id": happening.subject_id,
            "code": happening.code,
            "at": self.now,
            "actor_id": self.actor.person_id,
            "on_behalf_of_id": self.actor.on_behalf_of_id,
            "operator": self.actor.name if self.actor.is_operator else None,
            "stage": happening.stage,
            "reason": happening.reason,
            "params": canonical(happening.params),
        }


def _chained(
    waiting: Sequence[Mapping[str, Any]], seq: int, previous: str
) -> tuple[list[dict[str, Any]], tuple[int, str]]:
    rows = []
    for number, body in enumerate(waiting, start=seq + 1):
        row = {**body, "seq": number}
        previous = link(previous, event_body(row))
        rows.append({**row, "hash": previous})
    return rows, (seq + len(rows), previous)


def event_body(row: Mapping[str, Any]) -> str:
    """Canonical text of an event row, everything but the hash: what the chain is made of."""
    return canonical({key: value for key, value in row.items() if key != "hash"})


def data_version(session: Session) -> int:
    """Number of the last event; it rises with every write."""
    return session.exec(select(ChainHead.seq)).first() or 0


def head_hash(session: Session) -> str:
    """Hash at the head of the chain; `GENESIS` before the first event."""
    return session.exec(select(ChainHead.hash)).first() or GENESIS


def _locked_head(session: Session, district_code: str) -> tuple[int, str]:
    query = select(ChainHead.seq, ChainHead.hash).where(col(ChainHead.district_code) == district_code).with_for_update()
    head = session.exec(query).one_or_none()
    if head is not None:
        return head[0], head[1]
    session.connection().execute(insert(ChainHead), [{"district_code": district_code, "seq": 0, "hash": GENESIS}])
    return 0, GENESIS
