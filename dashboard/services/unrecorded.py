"""Writes that are no history of the district: sessions, failed sign-ins, when a display was last seen."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlmodel import Session

from db.unit_of_work import refusals_by_name


@contextmanager
def unrecorded_write(engine: Engine) -> Iterator[Session]:
    """A write transaction without events, committed at the end of the block; it takes its turn among all writers."""
    with (
        refusals_by_name(),
        engine.connect().execution_options(is_write=True) as connection,
        Session(connection) as session,
    ):
        yield session
        session.commit()
