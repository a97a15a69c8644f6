"""Where the parts meet: the database that the settings name, opened once, and the gate to its accounts."""

import threading
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import Engine, make_url

from dashboard.services.sessions import Sessions
from dashboard.settings import Settings
from db import schema
from db.engine import create_engine_for, has_safe_sqlite, sqlite_library
from governance.errors import Conflict, NotFound

_log = structlog.get_logger(__name__)
_HOME_MODE: Final = 0o700
_FILE_MODE: Final = 0o600
HEADS_FILE: Final = "heads.log"
"""What the chain's heads are written to, in the home folder; a copy of it elsewhere proves the most."""
_opened: dict[str, Engine] = {}
_lock = threading.Lock()


def open_database(settings: Settings, *, upgrade: bool = False) -> Engine:
    """Open the database of the settings; asking again gives the same engine.

    Parameters
    ----------
    settings : Settings
        Their home folder is made if it does not exist, open to its owner only.
    upgrade : bool
        Make the tables of an empty database and bring an older one to the newest schema.

    Raises
    ------
    NotFound
        ``no_database``: there is none yet.
    Conflict
        ``schema_older`` or ``schema_newer``: it was made by another version of the program.
    """
    with _lock:
        engine = _opened.get(settings.database_url)
        if engine is None:
            engine = _connected(settings, upgrade=upgrade)
            _opened[settings.database_url] = engine
    if upgrade and schema.revision(engine) != schema.newest():
        _require_known(schema.revision(engine))
        schema.upgrade(engine)
    return engine


def close_databases() -> None:
    """Close every database that was opened; the next use opens it anew."""
    with _lock:
        for engine in _opened.values():
            engine.dispose()
        _opened.clear()


def sessions_of(settings: Settings, engine: Engine) -> Sessions:
    """The gate to the accounts and sessions of a database."""
    return Sessions(
        engine=engine,
        hours=settings.session_hours,
        display_days=settings.display_session_days,
        attempts=settings.sign_in_attempts,
        lock_minutes=settings.sign_in_lock_minutes,
    )


def has_database(settings: Settings) -> bool:
    """Whether the database of the settings exists and has tables; nothing is made by asking."""
    file = database_file(settings)
    if file is not None and not file.exists():
        return False
    engine = create_engine_for(settings.database_url)
    try:
        return schema.revision(engine) is not None
    finally:
        engine.dispose()


def database_file(settings: Settings) -> Path | None:
    """File of an SQLite database; None for PostgreSQL."""
    url = make_url(settings.database_url)
    is_file = url.get_backend_name() == "sqlite" and url.database
    return Path(str(url.database)) if is_file else None


def _connected(settings: Settings, *, upgrade: bool) -> Engine:
    file = database_file(settings)
    if not upgrade and file is not None and not file.exists():
        raise _no_database(settings)
    settings.home.mkdir(mode=_HOME_MODE, parents=True, exist_ok=True)
    if file is not None and not has_safe_sqlite():
        _log.warning("unsafe_sqlite", version=sqlite_library().sqlite_version, mend="use one writing process only")
    if upgrade and file is not None and file.parent.is_dir():
        file.touch(mode=_FILE_MODE)  # a new one is its owner's alone, and SQLite gives its companions the same mode
    engine = create_engine_for(settings.database_url, heads=settings.home / HEADS_FILE)
    if upgrade:
        return engine
    found = schema.revision(engine)
    if found == schema.newest():
        return engine
    engine.dispose()
    if found is None:
        raise _no_database(settings)
    _require_known(found)
    raise Conflict(
        "schema_older",
        "The database has the schema {found}, this program needs {needed}; make a backup and run `gridguard init`",
        found=found,
        needed=schema.newest(),
    )


def _require_known(found: str | None) -> None:
    """Refuse a schema of a newer program; revisions are numbered in their order."""
    if found is not None and found > schema.newest():
        raise Conflict(
            "schema_newer",
            "The database has the schema {found}, newer than this program's {needed}; use a newer version",
            found=found,
            needed=schema.newest(),
        )


def _no_database(settings: Settings) -> NotFound:
    return NotFound(
        "no_database",
        "There is no database in {home} yet; run `gridguard init`, or `gridguard init --demo` for a demo district",
        home=settings.home,
    )
