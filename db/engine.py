"""Engines: SQLite the safe way, PostgreSQL by its address."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

SAFE_SQLITE = (3, 51, 3)
# How long a writer waits for the others before it is told to try again.
BUSY_SECONDS = 15
_BUSY_STATES = frozenset({"40001", "40P01", "55P03"})  # serialisation, deadlock, lock not available
_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cache_size = -65536",
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
)


def sqlite_library() -> ModuleType:
    """The newest SQLite library at hand: the locked package's, else Python's own."""
    try:
        import pysqlite3 as library  # type: ignore[import-untyped]  # it carries no stubs
    except ImportError:
        import sqlite3 as library
    return library  # type: ignore[no-any-return]  # pysqlite3 has no stubs


def has_safe_sqlite() -> bool:
    """Whether the library is free of the WAL fault of versions before 3.51.3."""
    return tuple(sqlite_library().sqlite_version_info) >= SAFE_SQLITE


def sqlite_url(path: Path) -> str:
    """Database address of an SQLite file."""
    return f"sqlite:///{path}"


def create_engine_for(url: str, *, pool_size: int = 10, heads: Path | None = None) -> Engine:
    """Engine for an SQLite or PostgreSQL address.

    Parameters
    ----------
    url : str
        ``sqlite:///PATH`` or ``postgresql://…``.
    pool_size : int
        Connections kept open.
    heads : Path, optional
        File outside the database that takes the chain's head after each commit; see `db.witness`.

    Returns
    -------
    Engine
        Read transactions are deferred; a write transaction asks for it with the execution option
        ``is_write`` and begins immediate on SQLite. With ``is_read`` SQLite refuses to write. Its errors do not
        hold the values of a statement, so that none comes into a log.
    """
    engine = _sqlite_engine(url, pool_size) if url.startswith("sqlite") else _postgres_engine(url, pool_size)
    engine.update_execution_options(heads=heads)
    return engine


def heads_file(session: Session) -> Path | None:
    """File that takes the heads of the chain of a session's database, if there is one."""
    heads: Path | None = session.connection().get_execution_options().get("heads")
    return heads


def is_busy(error: OperationalError) -> bool:
    """Whether a statement failed only because others were writing."""
    name = getattr(error.orig, "sqlite_errorname", "") or ""
    return name.startswith("SQLITE_BUSY") or getattr(error.orig, "sqlstate", None) in _BUSY_STATES


def _postgres_engine(url: str, pool_size: int) -> Engine:
    plain = url.replace("postgresql://", "postgresql+psycopg://", 1)
    return sqlalchemy.create_engine(
        plain, pool_size=pool_size, max_overflow=10, pool_pre_ping=True, hide_parameters=True
    )


def _sqlite_engine(url: str, pool_size: int) -> Engine:
    engine = sqlalchemy.create_engine(
        url,
        module=sqlite_library(),
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS, "isolation_level": None},
        pool_size=pool_size,
        max_overflow=10,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    connection.exec_driver_sql(f"PRAGMA query_only = {int(options.get('is_read', False))}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("is_write", False) else "BEGIN")
