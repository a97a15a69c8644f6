"""The migrations and the tables are the same schema, on both databases."""

import shutil
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect
from sqlalchemy.exc import IntegrityError

from db import records
from db.engine import create_engine_for
from db.metadata import METADATA
from db.schema import _MIGRATIONS, _config, newest, revision, upgrade
from db.tables.issues import Issue
from db.types import Word
from governance.errors import Conflict
from tests.storage.conftest import Writing, issue_fields, raw

NAMED = [(table.name, constraint) for table in METADATA.tables.values() for constraint in table.constraints]


def downgrade(engine: Engine, to: str) -> None:
    with engine.connect().execution_options(is_write=True) as connection:
        config = _config(_MIGRATIONS)
        config.attributes["connection"] = connection
        command.downgrade(config, to)
        connection.commit()


def test_upgrading_from_empty_gives_exactly_the_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_the_migrations_hold_every_check_of_the_tables(engine: Engine) -> None:
    wanted = {table: _checks_declared(table) for table in METADATA.tables}
    stored = {table: {c["name"] for c in inspect(engine).get_check_constraints(table)} for table in METADATA.tables}
    assert stored == wanted


def test_every_column_with_a_closed_set_is_checked() -> None:
    words = {f"ck_{t.name}_{c.name}_in_set" for t in METADATA.tables.values() for c in t.c if isinstance(c.type, Word)}
    checks = {name for table in METADATA.tables for name in _checks_declared(table)}
    assert words <= checks


def test_every_foreign_key_waits_for_the_commit(engine: Engine) -> None:
    keys = [key for table in METADATA.tables for key in inspect(engine).get_foreign_keys(table)]
    assert {(key["options"].get("deferrable"), key["options"].get("initially")) for key in keys} == {(True, "DEFERRED")}


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    raw(engine, "INSERT INTO counter (name, last) VALUES ('x', 7)")
    assert upgrade(engine) == newest()
    assert raw(engine, "SELECT last FROM counter") == [(7,)]


def test_downgrading_removes_everything_and_upgrading_brings_it_back(engine: Engine) -> None:
    downgrade(engine, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    upgrade(engine)
    assert revision(engine) == newest()


def test_an_empty_database_has_no_revision(empty_database_url: str) -> None:
    engine = create_engine_for(empty_database_url)
    assert revision(engine) is None
    engine.dispose()


@pytest.mark.parametrize("table", sorted(METADATA.tables))
def test_every_constraint_has_a_name(table: str) -> None:
    assert [c for c in METADATA.tables[table].constraints if c.name is None] == []


def _checks_declared(table: str) -> set[str]:
    constraints = METADATA.tables[table].constraints
    return {str(c.name) for c in constraints if type(c).__name__ == "CheckConstraint"}


REBUILD = """
from alembic import op
revision = "test"
down_revision = "{newest}"


def upgrade():
    with op.batch_alter_table("zone") as table:
        table.create_check_constraint("code_given", "code <> ''")
    {more}
"""


def migrations_with_a_rebuild(folder: Path, more: str = "") -> Path:
    copied = Path(shutil.copytree(_MIGRATIONS, folder / "migrations"))
    (copied / "versions" / "test_rebuild.py").write_text(REBUILD.format(newest=newest(), more=more), encoding="utf-8")
    return copied


def test_a_migration_rebuilds_a_table_that_others_refer_to(writing: Writing, tmp_path: Path) -> None:
    with writing() as work:
        records.create(work, Issue(**issue_fields(1, township_id=1)))
    engine = work.session.get_bind().engine
    assert upgrade(engine, migrations=migrations_with_a_rebuild(tmp_path)) == "test"
    assert raw(engine, "SELECT count(*) FROM zone") == [(4,)]
    with pytest.raises(IntegrityError):
        raw(engine, "UPDATE issue SET township_id = 99")


def test_a_migration_that_loses_referred_rows_changes_nothing(writing: Writing, tmp_path: Path) -> None:
    with writing() as work:
        records.create(work, Issue(**issue_fields(1, township_id=1)))
    engine = work.session.get_bind().engine
    with pytest.raises((Conflict, IntegrityError)):
        upgrade(engine, migrations=migrations_with_a_rebuild(tmp_path, 'op.execute("DELETE FROM zone")'))
    assert (revision(engine), raw(engine, "SELECT count(*) FROM zone")) == (newest(), [(4,)])
