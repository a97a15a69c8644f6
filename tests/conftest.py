"""What tests may ask for: a time, a home, a database of their own on SQLite or PostgreSQL, the demo district.

No package of the product is imported before a test asks for it: the rules' tests run without database and screen.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tools.postgres import Cluster

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 6, 30, 1, 30, tzinfo=UTC)
TODAY = date(2026, 6, 30)
DEMO_SECONDS = 240
TEMPLATE = "migrated"
DATABASES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@dataclass
class Clock:
    """A clock that stands still until it is moved; call it for the time."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **amount: float) -> datetime:
        """Move on by ``timedelta(**amount)`` and return the new time."""
        self.now += timedelta(**amount)
        return self.now


def pytest_configure() -> None:
    """Let property tests take their time: on a busy machine one example's duration says nothing."""
    hypothesis.settings.register_profile("patient", deadline=None)
    hypothesis.settings.load_profile("patient")


@pytest.fixture(autouse=True, scope="session")
def no_settings_from_outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Hide the caller's settings, and keep tests that forget to name a home out of the real one."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GRIDGUARD_")]:
            if not name.startswith("GRIDGUARD_TEST_"):
                patch.delenv(name)
        patch.setenv("GRIDGUARD_HOME", str(tmp_path_factory.mktemp("unnamed-home")))
        yield


@pytest.fixture
def now() -> datetime:
    """09:30 in the district on the demo's day, as UTC."""
    return NOW


@pytest.fixture
def today() -> date:
    """The demo's day."""
    return TODAY


@pytest.fixture
def clock() -> Clock:
    """A clock at ``now`` that the test moves."""
    return Clock(NOW)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home folder, in force as setting and for child processes."""
    from dashboard.settings import Settings, overridden

    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("GRIDGUARD_HOME", str(folder))
    with overridden(Settings(home=folder)):
        yield folder


@pytest.fixture(scope="session")
def postgres() -> "Iterator[Cluster]":
    """One PostgreSQL server for the whole run, stopped and removed at its end."""
    from tools.postgres import running_postgres

    with running_postgres() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def database_names() -> Iterator[str]:
    """Names that no other test's database has."""
    return (f"test_{number}" for number in count(1))


@pytest.fixture(params=DATABASES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database without tables; the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'gridguard.db'}"
    else:
        yield from _postgres_database(request, template="template0")


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database of its own with all tables and no rows, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        migrated = request.getfixturevalue("migrated_sqlite")
        yield f"sqlite:///{shutil.copy(migrated, tmp_path / 'gridguard.db')}"
    else:
        yield from _postgres_database(request, template=request.getfixturevalue("migrated_postgres"))


@pytest.fixture
def engine(database_url: str) -> "Iterator[Engine]":
    """Engine on ``database_url``, closed at the end."""
    from db.engine import create_engine_for

    engine = create_engine_for(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file brought to the newest schema once; tests copy it."""
    path = tmp_path_factory.mktemp("migrated") / "gridguard.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres: "Cluster") -> str:
    """Name of a PostgreSQL database brought to the newest schema once; tests clone it."""
    _administer(postgres, f"CREATE DATABASE {TEMPLATE} TEMPLATE template0")
    _migrate(postgres.url(TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Home of the demo district as of 2026-06-30, built once by the real command; copy it before writing."""
    folder = tmp_path_factory.mktemp("demo") / "home"
    command = (sys.executable, "-m", "dashboard", "init", "--demo")
    finished = subprocess.run(
        (*command, "--home", str(folder), "--today", TODAY.isoformat()),
        cwd=ROOT,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=DEMO_SECONDS,
        check=False,
    )
    assert finished.returncode == 0, f"the demo district was not built:\n{finished.stderr}"
    return folder


@pytest.fixture
def demo_copy(demo_home: Path, tmp_path: Path) -> Path:
    """A copy of the demo district's home that the test may change."""
    return Path(shutil.copytree(demo_home, tmp_path / "demo-home"))


def _migrate(url: str) -> None:
    from db.engine import create_engine_for
    from db.schema import upgrade

    engine = create_engine_for(url)
    upgrade(engine)
    engine.dispose()


def _postgres_database(request: pytest.FixtureRequest, *, template: str) -> Iterator[str]:
    cluster: Cluster = request.getfixturevalue("postgres")
    name = next(request.getfixturevalue("database_names"))
    _administer(cluster, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield cluster.url(name)
    _administer(cluster, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(cluster: "Cluster", statement: str) -> None:
    import psycopg

    with psycopg.connect(host=str(cluster.folder), user="postgres", autocommit=True) as connection:
        connection.execute(statement.encode())
