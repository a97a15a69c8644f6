"""Append-only history: events gathered in a transaction and chained when it commits."""

from collections.abc import Mapping
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
class History:
    """Events of one transaction.

    Attributes
    ----------
    district_code, actor, now
        Recorded on every event.
    pending
        Rows that wait for their number and their hash.
    """

    district_code: str
    actor: Actor
    now: datetime
    pending: list[dict[str, Any]] = field(default_factory=list)

    def append(self, happening: Happening) -> None:
        """Note an event; it is written when the transaction commits."""
        self.pending.append(self._row(happening))

    def continued_by(self, actor: Actor, now: datetime) -> "History":
        """The same transaction's events, those that follow being of another actor or moment."""
        return replace(self, actor=actor, now=now)

    def seal(self, session: Session) -> int | None:
        """Chain and write the events; the head row is locked here, last of all.

        Returns
        -------
        int or None
            The chain's last number, which is the data version; None when nothing happened.
        """
        if not self.pending:
            return None
        head = _locked_head(session, self.district_code)
        rows, last_hash = self._chained(head.seq, head.hash)
        session.connection().execute(insert(Event), rows)
        session.connection().execute(
            update(ChainHead)
            .where(col(ChainHead.district_code) == self.district_code)
            .values(seq=head.seq + len(rows), hash=last_hash)
        )
        self.pending.clear()
        return int(head.seq + len(rows))

    def _chained(self, seq: int, previous: str) -> tuple[list[dict[str, Any]], str]:
        rows = []
        for number, pending in enumerate(self.pending, start=seq + 1):
            row = {**pending, "seq": number}
            previous = link(previous, event_body(row))
            rows.append({**row, "hash": previous})
        return rows, previous

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


def event_body(row: Mapping[str, Any]) -> str:
    """Canonical text of an event row, everything but the hash: what the chain is made of."""
    return canonical({key: value for key, value in row.items() if key != "hash"})


def data_version(session: Session) -> int:
    """Number of the last event; it rises with every write."""
    return session.exec(select(ChainHead.seq)).first() or 0


def head_hash(session: Session) -> str:
    """Hash at the head of the chain; `GENESIS` before the first event."""
    return session.exec(select(ChainHead.hash)).first() or GENESIS


def _locked_head(session: Session, district_code: str) -> Any:
    query = select(ChainHead.seq, ChainHead.hash).where(col(ChainHead.district_code) == district_code).with_for_update()
    head = session.exec(query).one_or_none()
    if head is not None:
        return head
    session.connection().execute(insert(ChainHead), [{"district_code": district_code, "seq": 0, "hash": GENESIS}])
    return session.exec(query).one()
