"""What offices keep beside the issues of `benchmarks.grid_district`, in proportion to them: notices, requests, orders.

For every 2,000 issues there are 50 notices, 20 requests for more time, 4 directives and 20 look-backs; most are done.
"""

from datetime import date, timedelta
from random import Random
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy import select as columns
from sqlmodel import Session, SQLModel, col, select

from db.tables.directives import Directive
from db.tables.history import Counter
from db.tables.issues import Issue, Notice, NoticeIssue
from db.tables.loop import Extension, LookBackItem, LookBackPlan
from db.tables.people import Assignment, Unit
from db.tables.record import Record
from governance.counting import UNRESOLVED
from governance.vocabulary import (
    DirectiveKind,
    DirectiveState,
    DrawnBy,
    ExtensionState,
    LookBackKind,
    LookBackResult,
    NoticeKind,
    UnitKind,
)

DISTRICT: Final = "371103"
_NOTICE_EACH, _EXTENSION_EACH, _DIRECTIVE_EACH, _ITEM_EACH = 40, 100, 500, 100
_PLAN_ITEMS: Final = 200
_ISSUERS: Final = {UnitKind.INSPECTION_GROUP: NoticeKind.DISTRICT, UnitKind.TOWNSHIP: NoticeKind.TOWNSHIP}
Row = dict[str, Any]


def fill_papers(session: Session, *, today: date) -> None:
    """Write the papers of the issues that there are."""
    random = Random(1)
    named = (col(Issue.id), col(Issue.stage), col(Issue.found_on), col(Issue.enterprise_id), col(Issue.closed_on))
    drawn = columns(*named).where(col(Issue.id) % 20 == 0).order_by(col(Issue.id))
    issues = [dict(row._mapping) for row in session.connection().execute(drawn)]
    _write_notices(session, random, [row for row in issues if row["id"] % _NOTICE_EACH == 0], today)
    _write_extensions(session, [row for row in issues if row["id"] % _EXTENSION_EACH == 0], today)
    _write_directives(session, random, [row for row in issues if row["id"] % _DIRECTIVE_EACH == 0], today)
    closed = [row for row in issues if row["id"] % _ITEM_EACH == _ITEM_EACH // 5 and row["closed_on"]]
    _write_look_backs(session, random, closed, today)


def _write_notices(session: Session, random: Random, issues: list[Row], today: date) -> None:
    units = session.exec(select(Unit).where(col(Unit.kind).in_(_ISSUERS)).order_by(col(Unit.id))).all()
    notices, links = [], []
    for n, issue in enumerate(issues, 1):
        issuer = random.choice(units)
        issued_on = issue["found_on"]
        is_open = issue["stage"] in UNRESOLVED and random.random() < 0.3
        due_on = today + timedelta(days=random.randint(-3, 12)) if is_open else issued_on + timedelta(days=15)
        notices.append({
            "id": n, "number": f"{issued_on.year}-{n:06}", "kind": _ISSUERS[issuer.kind], "issuer_id": issuer.key,
            "enterprise_id": issue["enterprise_id"], "issued_on": issued_on, "due_on": due_on,
            "replied_on": None if is_open else min(due_on, today),
        })  # fmt: skip
        links.append({"id": n, "notice_id": n, "issue_id": issue["id"]})
    _insert(session, Notice, notices)
    _insert(session, NoticeIssue, links)


def _write_extensions(session: Session, issues: list[Row], today: date) -> None:
    rows = []
    for n, issue in enumerate(issues, 1):
        is_asked = issue["stage"] in UNRESOLVED and n % 2 == 0
        asked_on = today - timedelta(days=n % 5) if is_asked else issue["found_on"] + timedelta(days=2)
        rows.append({
            "id": n, "issue_id": issue["id"], "state": ExtensionState.ASKED if is_asked else ExtensionState.GRANTED,
            "old_due_on": asked_on + timedelta(days=5), "wanted_due_on": asked_on + timedelta(days=20),
            "reason": "A part is late", "asked_on": asked_on, "decided_on": None if is_asked else asked_on,
        })  # fmt: skip
    _insert(session, Extension, rows)


def _write_directives(session: Session, random: Random, issues: list[Row], today: date) -> None:
    leaders = sorted(set(session.exec(select(Assignment.person_id))))
    units = session.exec(select(Unit.id).where(Unit.kind == UnitKind.TOWNSHIP).order_by(col(Unit.id))).all()
    rows = []
    for n, issue in enumerate(issues, 1):
        is_open = issue["stage"] in UNRESOLVED
        due_on = today + timedelta(days=random.randint(-2, 10)) if is_open else issue["found_on"] + timedelta(days=10)
        rows.append({
            "id": n, "number": f"{issue['found_on'].year}-{n:05}", "issue_id": issue["id"],
            "kind": DirectiveKind.INSTRUCTION, "state": DirectiveState.RECEIVED if is_open else DirectiveState.DONE,
            "giver_id": random.choice(leaders), "unit_id": random.choice(units), "text": "Mend it",
            "received_on": issue["found_on"], "due_on": due_on, "done_on": None if is_open else due_on,
            "times_urged": 0,
        })  # fmt: skip
    _insert(session, Directive, rows)


def _write_look_backs(session: Session, random: Random, closed: list[Row], today: date) -> None:
    plans = range(1, -(-len(closed) // _PLAN_ITEMS) + 1)
    span = {"closed_from": today - timedelta(days=1095), "closed_to": today}
    dates = {"planned_on": today - timedelta(days=20), "due_on": today + timedelta(days=10)}
    usual = {"kind": LookBackKind.CLOSED_ISSUES, "size": _PLAN_ITEMS, "risk_percent": 50, "seed": 1}
    made = [{"id": n, "number": f"L{n:05}", "population": len(closed), **usual, **span, **dates} for n in plans]
    items = []
    for n, issue in enumerate(closed, 1):
        is_looked = n % 50 != 0
        items.append({
            "id": n, "plan_id": (n - 1) // _PLAN_ITEMS + 1, "issue_id": issue["id"], "due_on": dates["due_on"],
            "drawn_by": random.choice(tuple(DrawnBy)), "result": LookBackResult.KEPT if is_looked else None,
            "looked_on": min(issue["closed_on"] + timedelta(days=30), today) if is_looked else None,
        })  # fmt: skip
    _insert(session, LookBackPlan, made)
    _insert(session, LookBackItem, items)


def _insert(session: Session, table: type[Record], rows: list[Row]) -> None:
    if rows:
        model: type[SQLModel] = table
        session.connection().execute(insert(model), [{"district_code": DISTRICT, "version": 1, **row} for row in rows])
        session.connection().execute(insert(Counter), [{"name": table.subject, "last": len(rows)}])
