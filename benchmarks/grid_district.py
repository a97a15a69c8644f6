"""The demo's district with as many issues as are asked for, written in bulk: what the benchmarks of pages read.

Zones, people and 607 enterprises are the demo's own, and so are its demo accounts (``bureau01``, ``leader01`` …).
Beside them stand ``crowd_leader02`` to ``18``, ``crowd_township02`` to ``08`` and ``crowd_display01`` to ``04``: sign
in with ``sessions_of(Settings(), engine).sign_in_demo(login, now=NOW)`` and look at the pages at `NOW`. The issues are
three years of findings, one in ten unresolved; they are rows with their links, papers and summaries, without events, so
that ``gridguard verify`` is not for this database. The days of the last weeks are recorded as they stand today.
"""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, Final

from sqlalchemy import Engine, insert
from sqlmodel import Session, col, select

from benchmarks.grid_papers import DISTRICT, fill_papers
from dashboard.demo.build import set_up
from dashboard.demo.days import days_before
from dashboard.demo.layers import found
from dashboard.services.accounts import add_account
from dashboard.services.people import add_person, appoint
from db.engine import create_engine_for, sqlite_url
from db.schema import upgrade
from db.tables.history import Counter
from db.tables.issues import Issue
from db.tables.people import Account, Appointment, Person, Unit
from db.tables.territory import Enterprise
from db.tallies import Summed, TallyChanges, rebuild
from db.tally_keys import key_of
from db.unit_of_work import UnitOfWork, unit_of_work
from governance.grading import sign_off_level
from governance.permissions import operator
from governance.vocabulary import Category, CheckArea, Role, Severity, SignOffLevel, Source, Stage, Term, UnitKind

NOW: Final = datetime(2026, 6, 30, 1, 30, tzinfo=UTC)
TODAY: Final = date(2026, 6, 30)
OPEN_SHARE: Final = 0.10
# A folder in which built districts stay, for several benchmarks of one run.
CACHE: Final = "GRIDGUARD_BENCH_CACHE"
FILE: Final = "gridguard.db"
_ACTOR: Final = operator("benchmark")
_DISPLAYS: Final = 4
_YEARS_DAYS: Final = 3 * 365
_RECORDED_DAYS: Final = 60
_AT_ONCE: Final = 20_000
_CLUE_SHARE: Final = 0.005
_STAGES: Final = (Stage.CONFIRMED, Stage.LEDGERED, Stage.RECTIFYING, Stage.SUPERVISED, Stage.LONG_TERM)
_STAGE_WEIGHTS: Final = (5, 10, 60, 20, 5)
_LINKS: Final = "INSERT INTO issue_link (issue_id, zone_id, valid_from, recorded_at) VALUES (?, ?, ?, ?)"


def grid_district(folder: Path, issues: int) -> Engine:
    """A district with so many issues, on SQLite: built in ``folder``, or copied there from the cache.

    Parameters
    ----------
    folder : Path
        Gets a folder of its own per size, which is a home: `home_of`.
    issues : int

    Returns
    -------
    Engine
        Dispose of it when done.
    """
    home = home_of(folder, issues)
    cache = os.environ.get(CACHE)
    if not (home / FILE).exists():
        home.mkdir(parents=True, exist_ok=True)
        kept = home_of(Path(cache), issues) / FILE if cache else None
        if kept is None or not kept.exists():
            _build(home / FILE, folder, issues)
        if kept is not None and not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(home / FILE, kept)
        if kept is not None and not (home / FILE).exists():
            shutil.copyfile(kept, home / FILE)
    return create_engine_for(sqlite_url(home / FILE))


def home_of(folder: Path, issues: int) -> Path:
    """The home of a district of so many issues."""
    return folder / f"district-{issues}"


def _build(file: Path, folder: Path, issues: int) -> None:
    base = folder / "district-empty.db"
    if not base.exists():
        _build_empty(base)
    shutil.copyfile(base, file)
    engine = create_engine_for(sqlite_url(file))
    with engine.connect().execution_options(is_write=True) as connection, Session(connection) as session:
        _fill(session, issues)
        session.commit()
    _settle(engine)


def _build_empty(file: Path) -> None:
    engine = create_engine_for(sqlite_url(file))
    upgrade(engine)
    days = days_before(TODAY, time_zone="Asia/Shanghai")
    founded_at = days.moment(days.start, 60)
    found(engine, actor=_ACTOR, now=founded_at)
    set_up(engine, days, Random(1), lambda _what, _done, _total: None)
    with unit_of_work(engine, actor=_ACTOR, now=founded_at + timedelta(days=1)) as work:
        _add_accounts(work)
    _settle(engine)


def _settle(engine: Engine) -> None:
    """Statistics for the query planner, and one file without a log beside it."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def _add_accounts(work: UnitOfWork) -> None:
    for number in range(1, _DISPLAYS + 1):
        person = add_person(work, code=f"crowd-display-{number}", name=f"Display {number}")
        appoint(work, person, Role.DISPLAY, valid_from=work.today)
        add_account(work, person, login=f"crowd_display{number:02}", is_demo=True)
    for role, word in ((Role.DISTRICT_LEADER, "leader"), (Role.TOWNSHIP, "township")):
        for number, person in enumerate(_holders(work.session, role), start=1):
            account = work.session.exec(select(Account).where(Account.person_id == person.key)).first()
            if account is None:
                add_account(work, person, login=f"crowd_{word}{number:02}", is_demo=True)


def _holders(session: Session, role: Role) -> list[Person]:
    """Everybody with a role, of townships one each, by code."""
    query = select(Appointment.zone_id, Person).join(Person, col(Person.id) == col(Appointment.person_id))
    rows = session.exec(query.where(Appointment.role == role).order_by(col(Person.code).desc())).all()
    people = dict(rows).values() if role == Role.TOWNSHIP else {person.key: person for _, person in rows}.values()
    return sorted(people, key=lambda person: person.code)


def _fill(session: Session, count: int) -> None:
    changes = TallyChanges()
    issues = _issues(session, Random(count), count)
    connection = session.connection()
    names = list(next(_issues(session, Random(0), 1)))
    statement = f"INSERT INTO issue ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    while batch := list(islice(issues, _AT_ONCE)):
        for issue in batch:
            changes.move(None, key_of(issue), day=TODAY)
        connection.exec_driver_sql(statement, [tuple(map(_plain, issue.values())) for issue in batch])
        links = [
            (issue["id"], zone, issue["found_on"].isoformat(), "2026-06-30 01:30:00.000000")
            for issue in batch
            for zone in (issue["township_id"], *filter(None, issue["key_zone_ids"].split(",")))
            if zone
        ]
        connection.exec_driver_sql(_LINKS, links)
    summed = Summed().take(changes)
    summed.record_days(TODAY - timedelta(days=_RECORDED_DAYS))
    rebuild(session, summed)
    connection.execute(insert(Counter), [{"name": Issue.subject, "last": count}])
    fill_papers(session, today=TODAY)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _issues(session: Session, random: Random, count: int) -> Iterator[dict[str, Any]]:
    """Issues in the order of their finding over three years; the open ones are mostly recent."""
    places = [dict(row._mapping) for row in session.connection().execute(select(*_PLACE))]
    directors = dict(
        session.exec(
            select(Appointment.enterprise_id, Appointment.person_id).where(
                Appointment.role == Role.ENVIRONMENT_DIRECTOR
            )
        ).all()
    )
    butlers = list(session.exec(select(Appointment.person_id).where(Appointment.role == Role.BUTLER)))
    leading, finding = (_units(session, *kinds) for kinds in (_LEADING, _FINDING))
    for n in range(1, count + 1):
        age = int((1 - n / count) * _YEARS_DAYS)
        found_on = TODAY - timedelta(days=age)
        # Twice as likely in the younger half, so that one in ten is open in all.
        is_open = random.random() < OPEN_SHARE * (1.8 if age < _YEARS_DAYS / 2 else 0.2)
        place = random.choice(places)
        severity = random.choices((Severity.MINOR, Severity.MAJOR, Severity.SEVERE), (70, 25, 5))[0]
        source = random.choice(_SOURCES)
        yield {
            **place, **_standing(random, found_on, is_open=is_open),
            "id": n, "district_code": DISTRICT, "version": 1, "number": f"{found_on.year}-{n:07}",
            "title": f"Uncovered heap {n}", "found_on": found_on, "severity": severity, "source": source,
            "sign_off_level": SignOffLevel(sign_off_level(source=source, severity=severity)),
            "category": random.choice(_CATEGORIES), "check_area": random.choice(_AREAS),
            "lead_unit_id": random.choice(leading),
            "finder_unit_id": random.choice(finding) if source == Source.CONSULTANT else None,
            "term": Term.LIMITED, "finder_id": random.choice(butlers),
            "person_in_charge_id": directors.get(place["enterprise_id"]),
            "times_sent_back": 0, "times_returned": 0, "times_reopened": int(n % 50 == 0),
            "is_on_the_spot": 0, "is_unproven": 0,
        }  # fmt: skip


def _units(session: Session, *kinds: UnitKind) -> list[int | None]:
    return list(session.exec(select(Unit.id).where(col(Unit.kind).in_(kinds)).order_by(col(Unit.id))))


_LEADING: Final = (UnitKind.DEPARTMENT, UnitKind.TOWNSHIP)
_FINDING: Final = (UnitKind.CONSULTANT_TEAM, UnitKind.INSPECTION_GROUP)
_PLACE: Final[Any] = (
    col(Enterprise.id).label("enterprise_id"),
    *(getattr(Enterprise, name) for name in ("industry_id", "lon", "lat", "cell", "township_id", "primary_zone_id")),
    *(getattr(Enterprise, name) for name in ("key_zone_ids", "distance_m")),
)
_SOURCES: Final = tuple(Source)
_CATEGORIES: Final = tuple(Category)
_AREAS: Final = tuple(CheckArea)


def _standing(random: Random, found_on: date, *, is_open: bool) -> dict[str, Any]:
    """Stage with the days that belong to it: one in five of the open ones is past its deadline."""
    due_on = found_on + timedelta(days=20)
    blank = {
        "confirmed_on": found_on,
        "measures_on": None,
        "checked_on": None,
        "closed_on": None,
        "rectify_due_on": due_on,
    }
    if random.random() < _CLUE_SHARE:
        return {**blank, "stage": Stage.DISCOVERED, "due_on": TODAY + timedelta(days=random.randint(-1, 3))}
    if is_open:
        stage = random.choices(_STAGES, _STAGE_WEIGHTS)[0]
        ahead = random.randint(30, 170) if stage == Stage.LONG_TERM else random.randint(0, 30)
        late = random.randint(1, 90) if random.random() < 0.2 else -ahead
        return {**blank, "stage": stage, "due_on": TODAY - timedelta(days=late)}
    closed_on = min(found_on + timedelta(days=random.randint(3, 40)), TODAY)
    ended = dict.fromkeys(("closed_on", "measures_on", "checked_on"), closed_on)
    return {**blank, "stage": Stage.CLOSED, "due_on": None, **ended}
