"""Unresolved issues by place for whoever may see them, today and at the end of days that are past."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col

from db.tables.history import Event
from db.tables.issues import Issue, IssueLink
from db.tables.people import Unit
from db.tables.territory import EnterpriseLink
from governance.counting import RECTIFIED, UNRESOLVED
from governance.heat import HeatGroup

_BATCH: Final = 2_000
_IMPORTED: Final = "imported"


def cell_groups(session: Session, condition: ColumnElement[bool], *, today: date) -> Iterator[tuple[int, HeatGroup]]:
    """Unresolved issues under a condition on `Issue`, by stored cell, severity and lateness; without a place none."""
    is_late = case((col(Issue.due_on) < today, 1), else_=0)
    query = (
        columns(col(Issue.cell), col(Issue.severity), is_late, col(Issue.found_on), func.count())
        .where(col(Issue.stage).in_(sorted(UNRESOLVED)), col(Issue.cell).is_not(None), condition)
        .group_by(col(Issue.cell), col(Issue.severity), is_late, col(Issue.found_on))
    )
    for cell, severity, late, found_on, n in session.connection().execute(query):
        yield cell, HeatGroup(severity, bool(late), n, n * found_on.toordinal())


def placeless(session: Session, condition: ColumnElement[bool]) -> int:
    """Unresolved issues under a condition that lie nowhere on the map."""
    query = columns(func.count()).where(col(Issue.stage).in_(sorted(UNRESOLVED)), col(Issue.cell).is_(None), condition)
    return int(session.connection().execute(query).scalar_one())


def enterprises_by_zone(session: Session, condition: ColumnElement[bool]) -> dict[int, int]:
    """Enterprises by each zone that they lie in today, under a condition on `EnterpriseLink`."""
    query = (
        columns(col(EnterpriseLink.zone_id), func.count(func.distinct(col(EnterpriseLink.enterprise_id))))
        .where(col(EnterpriseLink.valid_to).is_(None), condition)
        .group_by(col(EnterpriseLink.zone_id))
    )
    return {zone: int(n) for zone, n in session.connection().execute(query)}


def leading_units(session: Session, condition: ColumnElement[bool], *, limit: int) -> list[tuple[str, str | None, int]]:
    """Units that lead the unresolved issues under a condition: name, English name, issues; most first, then by code."""
    query = (
        columns(col(Unit.name), col(Unit.name_en), func.count())
        .join(Issue, col(Issue.lead_unit_id) == col(Unit.id))
        .where(col(Issue.stage).in_(sorted(UNRESOLVED)), condition)
        .group_by(col(Unit.code), col(Unit.name), col(Unit.name_en))
        .order_by(func.count().desc(), col(Unit.code))
        .limit(limit)
    )
    return [(name, name_en, int(n)) for name, name_en, n in session.connection().execute(query)]


def found_by_cell(session: Session, condition: ColumnElement[bool]) -> dict[int, int]:
    """Issues under a condition on `Issue` by stored cell, whatever their stage."""
    query = columns(col(Issue.cell), func.count()).where(col(Issue.cell).is_not(None), condition)
    return {
        cell: int(n) for cell, n in session.connection().execute(query.group_by(col(Issue.cell))) if cell is not None
    }


def found_by_zone(session: Session, condition: ColumnElement[bool]) -> dict[int, int]:
    """Issues under a condition on `Issue` by each zone that they lie in today, whatever their stage."""
    query = (
        columns(col(IssueLink.zone_id), func.count())
        .join(Issue, col(Issue.id) == col(IssueLink.issue_id))
        .where(col(IssueLink.valid_to).is_(None), condition)
        .group_by(col(IssueLink.zone_id))
    )
    return {zone: int(n) for zone, n in session.connection().execute(query)}


@dataclass(frozen=True, slots=True)
class Stay:
    """An issue was unresolved in a stored cell at the end of each of the local days [begins, ends)."""

    issue_id: int
    cell: int | None
    begins: date
    ends: date | None

    def covers(self, day: date) -> bool:
        """Whether it was so at the end of a local day."""
        return self.begins <= day and (self.ends is None or day < self.ends)


def stays(session: Session, condition: ColumnElement[bool], *, zone: ZoneInfo) -> list[Stay]:
    """Where and when the issues under a condition on `Issue` were unresolved, from their events.

    Parameters
    ----------
    session : Session
    condition : ColumnElement
        On `Issue` as it is today: rights are today's, also when looking at the past.
    zone : ZoneInfo
        Of the local days.

    Returns
    -------
    list of Stay
        By issue, then by time. What was imported began on the day that it states as its finding.
    """
    found: list[Stay] = []
    life = _Life(0)
    for issue_id, code, at, params in _events(session, condition):
        if issue_id != life.issue_id:
            found += life.ended()
            life = _Life(issue_id)
        life.take(code, at.astimezone(zone).date(), json.loads(params).get("set", {}))
    return found + life.ended()


def _events(session: Session, condition: ColumnElement[bool]) -> Iterator[tuple[int, str, Any, str]]:
    within = columns(col(Issue.id)).where(condition)
    told = or_(col(Event.stage).is_not(None), col(Event.params).contains('"cell"'))
    query = (
        columns(col(Event.subject_id), col(Event.code), col(Event.at), col(Event.params))
        .where(and_(col(Event.subject_kind) == Issue.subject, told, col(Event.subject_id).in_(within)))
        .order_by(col(Event.subject_id), col(Event.seq))
    )
    for row in session.connection().execute(query.execution_options(yield_per=_BATCH)):
        yield row[0], row[1], row[2], row[3]


class _Life:
    """One issue while its events are read."""

    def __init__(self, issue_id: int) -> None:
        self.issue_id = issue_id
        self._stage: str | None = None
        self._cell: int | None = None
        self._since: date | None = None
        self._stays: list[Stay] = []

    def take(self, code: str, day: date, fields: dict[str, Any]) -> None:
        """Take one event of a local day."""
        begins = date.fromisoformat(fields["found_on"]) if code == _IMPORTED else day
        stage, cell = fields.get("stage", self._stage), fields.get("cell", self._cell)
        if code == _IMPORTED and stage in RECTIFIED:
            ends = date.fromisoformat(fields["closed_on"]) if fields.get("closed_on") else day
            self._keep(begins, ends, cell)
        is_open = stage in UNRESOLVED
        if self._since is not None and (not is_open or cell != self._cell):
            self._keep(self._since, day, self._cell)
            self._since = None
        if is_open and self._since is None:
            self._since = begins
        self._stage, self._cell = stage, cell

    def ended(self) -> list[Stay]:
        """All stays; the one that goes on has no end."""
        going_on = [Stay(self.issue_id, self._cell, self._since, None)] if self._since is not None else []
        return self._stays + going_on

    def _keep(self, begins: date, ends: date, cell: int | None) -> None:
        if begins < ends:
            self._stays.append(Stay(self.issue_id, cell, begins, ends))


def links(session: Session, condition: ColumnElement[bool]) -> dict[int, list[tuple[int, date, date | None]]]:
    """Zones of the issues under a condition: issue → (zone, from, to), earliest first."""
    within = columns(col(Issue.id)).where(condition)
    query = (
        columns(col(IssueLink.issue_id), col(IssueLink.zone_id), col(IssueLink.valid_from), col(IssueLink.valid_to))
        .where(col(IssueLink.issue_id).in_(within))
        .order_by(col(IssueLink.issue_id), col(IssueLink.valid_from), col(IssueLink.zone_id))
    )
    found: dict[int, list[tuple[int, date, date | None]]] = {}
    for issue_id, zone_id, begins, ends in session.connection().execute(query):
        found.setdefault(issue_id, []).append((zone_id, begins, ends))
    return found
