"""A district with as many issues as are asked for, written in bulk: what the ledger's benchmark reads.

One issue in ten is open; of these one in five is past its deadline. The summaries are those that writes keep up.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final

from sqlalchemy import Engine, insert
from sqlmodel import Session, select

from dashboard.services.accounts import add_account
from dashboard.services.people import add_person, add_unit, appoint
from dashboard.services.territory import add_industry, add_zone, found_district
from db import records
from db.tables.issues import Issue, IssueLink
from db.tables.territory import Enterprise, Zone
from db.tallies import TallyChanges
from db.tally_keys import key_of
from db.unit_of_work import unit_of_work
from governance.counting import UNRESOLVED
from governance.grading import sign_off_level
from governance.permissions import operator
from governance.vocabulary import Category, CheckArea, Role, Severity, Source, Stage, Term, UnitKind, ZoneKind

NOW: Final = datetime(2026, 6, 30, 1, 30, tzinfo=UTC)
TODAY: Final = date(2026, 6, 30)
OPEN_SHARE: Final = 0.10
TOWNSHIPS, KEY_ZONES, INDUSTRIES, UNITS, PEOPLE, ENTERPRISES = 8, 12, 16, 30, 60, 600
LOGINS: Final = ("bureau", "township")
_ROLES: Final = (Role.BUREAU, Role.TOWNSHIP)
_ACTOR: Final = operator("benchmark")
_YEARS_DAYS: Final = 3 * 365
_AT_ONCE: Final = 10_000
_OPEN: Final = sorted(UNRESOLVED | {Stage.DISCOVERED})


def build(engine: Engine, issues: int) -> None:
    """Fill an empty database with a district of so many issues."""
    found_district(engine, actor=_ACTOR, now=NOW, code="371103", name="Benchmark", is_demo=True)
    with unit_of_work(engine, actor=_ACTOR, now=NOW) as work:
        kinds = [ZoneKind.TOWNSHIP] * TOWNSHIPS + [ZoneKind.PORT] * KEY_ZONES
        zones = [add_zone(work, code=f"Z{n:02}", kind=kind, name=f"Zone {n}") for n, kind in enumerate(kinds)]
        for n in range(INDUSTRIES):
            add_industry(work, code=f"I{n:02}", name=f"Industry {n}")
        for n in range(UNITS):
            add_unit(work, code=f"U{n:02}", kind=UnitKind.DEPARTMENT, name=f"Unit {n}")
        people = [add_person(work, code=f"P{n:02}", name=f"Person {n}") for n in range(PEOPLE)]
        for login, (person, role) in zip(LOGINS, zip(people[: len(_ROLES)], _ROLES, strict=True), strict=True):
            reach: dict[str, Any] = {"zone_id": zones[0].key} if role == Role.TOWNSHIP else {}
            appoint(work, person, role, valid_from=TODAY, **reach)
            add_account(work, person, login=login, is_demo=True)
        for n in range(ENTERPRISES):
            records.create(work, Enterprise(name=f"Works {n}", township_id=zones[n % TOWNSHIPS].key))
    _fill(engine, issues)


def _fill(engine: Engine, issues: int) -> None:
    changes, random = TallyChanges(), Random(issues)
    with engine.connect().execution_options(is_write=True) as connection, Session(connection) as session:
        zones = list(session.exec(select(Zone.id).order_by(Zone.kind.desc(), Zone.code)))  # type: ignore[attr-defined]
        townships = [number or 0 for number in zones[:TOWNSHIPS]]
        ports = [number or 0 for number in zones[TOWNSHIPS:]]
        batch: list[dict[str, Any]] = []
        for issue in _issues(random, issues, townships, ports):
            changes.move(None, key_of(issue), day=TODAY)
            batch.append(issue)
            if len(batch) == _AT_ONCE:
                _insert(session, batch)
        _insert(session, batch)
        changes.store(session)
        session.commit()


def _insert(session: Session, batch: list[dict[str, Any]]) -> None:
    if not batch:
        return
    session.connection().execute(insert(Issue), batch)
    links = [
        {"issue_id": issue["id"], "zone_id": zone, "valid_from": issue["found_on"], "recorded_at": NOW}
        for issue in batch
        for zone in (issue["township_id"], *map(int, filter(None, issue["key_zone_ids"].split(","))))
    ]
    session.connection().execute(insert(IssueLink), links)
    batch.clear()


def _issues(random: Random, count: int, townships: list[int], ports: list[int]) -> Iterator[dict[str, Any]]:
    """Issues in the order of their finding over three years; the open ones are mostly recent."""
    blank = dict.fromkeys(Issue.model_fields)
    counters = {"times_sent_back": 0, "times_returned": 0, "is_on_the_spot": False, "is_unproven": False}
    for n in range(1, count + 1):
        age = int((1 - n / count) * _YEARS_DAYS)
        found_on = TODAY - timedelta(days=age)
        is_open = random.random() < OPEN_SHARE * (2 if age < _YEARS_DAYS / 2 else 0)
        severity = random.choices(list(Severity), (70, 25, 5))[0]
        source = random.choice(list(Source))
        port = str(random.choice(ports)) if random.random() < 0.3 else ""
        yield {
            **blank, **counters, **_standing(random, found_on, is_open=is_open),
            "id": n, "district_code": "371103", "version": 1, "distance_m": 0.0,
            "number": f"{found_on.year}-{n:06}", "title": f"Uncovered heap {n}", "found_on": found_on,
            "severity": severity, "source": source, "sign_off_level": sign_off_level(source=source, severity=severity),
            "category": random.choice(list(Category)), "check_area": random.choice(list(CheckArea)),
            "term": random.choice(list(Term)), "industry_id": 1 + n % INDUSTRIES, "enterprise_id": 1 + n % ENTERPRISES,
            "township_id": random.choice(townships), "primary_zone_id": townships[n % TOWNSHIPS],
            "key_zone_ids": port, "finder_id": 1 + n % PEOPLE, "person_in_charge_id": 1 + n % PEOPLE,
            "lead_unit_id": 1 + n % UNITS, "times_reopened": int(n % 50 == 0),
        }  # fmt: skip


def _standing(random: Random, found_on: date, *, is_open: bool) -> dict[str, Any]:
    if is_open:
        stage = random.choice(_OPEN)
        return {"stage": stage, "due_on": TODAY + timedelta(days=random.randint(-5, 20))}
    closed_on = min(found_on + timedelta(days=random.randint(3, 40)), TODAY)
    due_on = found_on + timedelta(days=20)
    return {"stage": Stage.CLOSED, "closed_on": closed_on, "measures_on": closed_on, "rectify_due_on": due_on}
