"""The databases that tests are given: empty or migrated, and never another test's."""

from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import Engine

from db.engine import create_engine_for
from db.schema import newest, revision


def test_an_empty_database_has_no_tables(empty_database_url: str) -> None:
    engine = create_engine_for(empty_database_url)
    tables = sqlalchemy.inspect(engine).get_table_names()
    engine.dispose()
    assert tables == []


def test_a_database_comes_with_the_newest_schema(engine: Engine) -> None:
    assert revision(engine) == newest()


@pytest.mark.parametrize("turn", [1, 2])
def test_what_one_test_writes_the_next_does_not_see(engine: Engine, turn: int) -> None:
    with engine.connect().execution_options(is_write=True) as connection:
        connection.exec_driver_sql("CREATE TABLE left_behind (id INTEGER)")
        connection.commit()
    assert "left_behind" in sqlalchemy.inspect(engine).get_table_names(), turn


def test_the_home_is_the_one_in_force(home: Path) -> None:
    from dashboard.settings import settings

    assert settings().home == home
    assert home.is_dir()
