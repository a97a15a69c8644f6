"""The demo district, built once for all tests of the services; nobody writes to it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import TODAY

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlmodel import Session

    from dashboard.demo.build import DemoSummary


@pytest.fixture(scope="session")
def demo(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> "Iterator[tuple[Engine, DemoSummary]]":
    """Engine on the demo district of 2026-06-30, and what its building reported."""
    from dashboard.demo.build import build_demo
    from dashboard.evidence.store import FolderStore
    from db.engine import create_engine_for

    path = shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("demo-services") / "gridguard.db")
    engine = create_engine_for(f"sqlite:///{path}")
    yield engine, build_demo(engine, today=TODAY, store=FolderStore(path.parent, is_settling=False))
    engine.dispose()


@pytest.fixture
def demo_session(demo: "tuple[Engine, DemoSummary]") -> "Iterator[Session]":
    """Session that reads the demo district."""
    from db.unit_of_work import reading

    with reading(demo[0]) as session:
        yield session


@pytest.fixture
def scratch(demo: "tuple[Engine, DemoSummary]") -> "Iterator[Session]":
    """Session on the demo district in which a test may delete records: all is taken back at its end."""
    from sqlalchemy import text
    from sqlmodel import Session

    with demo[0].connect().execution_options(is_write=True) as connection, Session(connection) as session:
        for guard in ("issue_no_delete", "issue_closed_no_update"):
            session.execute(text(f"DROP TRIGGER {guard}"))
        yield session
        session.rollback()
