"""The schema's version: migrations applied by Alembic, on SQLite and PostgreSQL alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlmodel import Session, select

from db.guards import set_guards
from db.tables.territory import District
from db.tallies import rebuild
from db.tally_days import tally_day
from db.tally_replay import recounted
from governance.errors import Conflict

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine, *, migrations: Path = _MIGRATIONS) -> str:
    """Bring a database to the newest schema, all or nothing.

    Parameters
    ----------
    engine : Engine
    migrations : Path
        Folder of the migrations; the program's own unless a test brings others.

    Returns
    -------
    str
        The revision that it has now.

    Raises
    ------
    Conflict
        Rows would refer to rows that are no longer there; nothing was changed.
    """
    with engine.connect().execution_options(is_write=True) as connection, _tables_may_be_rebuilt(connection):
        config = _config(migrations)
        config.attributes["connection"] = connection
        with connection.begin():  # else Alembic commits by itself, before anybody has looked
            command.upgrade(config, "head")
            _fill_summaries(connection)
            set_guards(connection)
            _require_whole(connection)
    return newest(migrations)


@contextmanager
def _tables_may_be_rebuilt(connection: Connection) -> Iterator[None]:
    """SQLite changes a constraint by rebuilding the table, which its foreign keys would refuse while it has rows."""
    if connection.dialect.name != "sqlite":
        yield
        return
    library: Any = connection.connection.dbapi_connection
    library.execute("PRAGMA foreign_keys = OFF")  # has no effect once a transaction has begun
    try:
        yield
    finally:
        library.execute("PRAGMA foreign_keys = ON")


def _fill_summaries(connection: Connection) -> None:
    """Count the summaries anew from the events where a migration began them; they are never empty beside issues."""
    with Session(connection, join_transaction_mode="rollback_only") as session:
        if tally_day(session) is None and session.exec(select(District.id)).first() is not None:
            rebuild(session, recounted(session))
            session.flush()


def _require_whole(connection: Connection) -> None:
    """Foreign keys, looked at again after tables were rebuilt without them; PostgreSQL never lets go of them."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise Conflict(
            "migration_breaks_references",
            "The new schema would leave rows of {table} without what they refer to; nothing was changed",
            table=broken[0],
        )


def revision(engine: Engine) -> str | None:
    """Revision of a database; None when it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest(migrations: Path = _MIGRATIONS) -> str:
    """Revision that this version of the program wants."""
    head = ScriptDirectory.from_config(_config(migrations)).get_current_head()
    if head is None:
        raise RuntimeError("the program carries no migrations")
    return head


def _config(migrations: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations))
    return config
