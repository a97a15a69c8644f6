"""A founded district to write in, and the few records that issues hang on."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from db import records
from db.engine import create_engine_for, sqlite_url
from db.metadata import METADATA
from db.schema import upgrade
from db.tables.issues import Issue
from db.tables.territory import District, Industry, Zone
from db.unit_of_work import UnitOfWork, unit_of_work
from governance.permissions import operator
from governance.vocabulary import Category, Severity, SignOffLevel, Source, Stage, ZoneKind

Writing = Callable[..., AbstractContextManager[UnitOfWork]]
START = datetime(2026, 6, 30, 1, 30, tzinfo=UTC)
FOUND_ON = date(2026, 6, 1)


def issue_fields(number: int, **more: Any) -> dict[str, Any]:
    """Fields of a plain clue; ``more`` overrides."""
    plain = {
        "number": f"2026-{number:05}",
        "title": f"Issue {number}",
        "stage": Stage.DISCOVERED,
        "severity": Severity.MINOR,
        "category": Category.DUST,
        "sign_off_level": SignOffLevel.TOWNSHIP,
        "source": Source.BUTLER,
        "found_on": FOUND_ON,
    }
    return {**plain, **more}


def new_issue(number: int, **more: Any) -> Issue:
    return Issue(**issue_fields(number, **more))


def raw(engine: Engine, statement: str, **values: Any) -> Any:
    """Run a statement past all services and rules, and commit it."""
    with engine.connect().execution_options(is_write=True) as connection:
        result = connection.execute(text(statement), values)
        rows = result.all() if result.returns_rows else None
        connection.commit()
    return rows


def take_guards_off(engine: Engine) -> None:
    """Let whoever owns the database change events and closed issues, as an attacker would."""
    if engine.dialect.name == "postgresql":
        statements = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in ("event", "issue")]
    else:
        names = raw(engine, "SELECT name FROM sqlite_master WHERE type = 'trigger'")
        statements = [f"DROP TRIGGER {name}" for (name,) in names]
    for statement in statements:
        raw(engine, statement)


def found(engine: Engine) -> None:
    """Found a district with two townships, two key zones and two industries, numbered 1 and up."""
    district = District(code="999001", name="Test district", metric_epsg=4549)
    with unit_of_work(engine, actor=operator("test"), now=START, founding=district) as work:
        records.create(work, district, code="founded")
        for number, kind in enumerate([ZoneKind.TOWNSHIP, ZoneKind.TOWNSHIP, ZoneKind.PORT, ZoneKind.KEY_ROAD]):
            records.create(work, Zone(code=f"Z{number + 1}", kind=kind, name=f"Zone {number + 1}"))
        for number in (1, 2):
            records.create(work, Industry(code=f"I{number}", name=f"Industry {number}"))


def rows_of(engine: Engine, table: str) -> list[dict[str, Any]]:
    """All rows of a table in the order of its key, as Python values."""
    columns = METADATA.tables[table]
    with engine.connect() as connection:
        query = columns.select().order_by(*columns.primary_key)
        return [dict(row._mapping) for row in connection.execute(query)]


def writer(engine: Engine) -> Writing:
    """Open units of work of the operator ``test``; ``minutes`` after the start."""

    def writing(*, minutes: float = 1) -> AbstractContextManager[UnitOfWork]:
        return unit_of_work(engine, actor=operator("test"), now=START + timedelta(minutes=minutes))

    return writing


@pytest.fixture
def founded(engine: Engine) -> Engine:
    """Engine on a founded district, on SQLite and on PostgreSQL."""
    found(engine)
    return engine


@pytest.fixture
def writing(founded: Engine) -> Writing:
    return writer(founded)


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[Engine]:
    """A second district founded in the same way, always on SQLite."""
    engine = create_engine_for(sqlite_url(tmp_path / "twin.db"))
    upgrade(engine)
    found(engine)
    yield engine
    engine.dispose()
