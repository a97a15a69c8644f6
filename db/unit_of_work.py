"""The one road of every write: a transaction with its actor, its time, its history and its summaries."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, select

from db.history import History
from db.tables.territory import District
from db.tallies import TallyChanges
from governance.errors import Conflict, NotFound
from governance.permissions import Actor


@dataclass
class UnitOfWork:
    """What a service works with; nothing is stored unless the whole block succeeds.

    Attributes
    ----------
    session
        In a write transaction.
    actor, now
        Recorded on every event.
    district
        The district of this database.
    history, tallies
        Gathered, and written when the block ends.
    """

    session: Session
    actor: Actor
    now: datetime
    district: District
    history: History
    tallies: TallyChanges = field(default_factory=TallyChanges)

    @property
    def today(self) -> date:
        """The local day of ``now`` in the district."""
        return self.now.astimezone(ZoneInfo(self.district.time_zone)).date()


@contextmanager
def unit_of_work(
    engine: Engine, *, actor: Actor, now: datetime, founding: District | None = None
) -> Iterator[UnitOfWork]:
    """Open a write transaction, and seal and commit it when the block ends without an error.

    Parameters
    ----------
    engine : Engine
    actor : Actor
    now : datetime
        Aware.
    founding : District, optional
        The district that is being set up, for the very first transaction of a database.

    Raises
    ------
    NotFound
        The database has no district yet and none is being founded.
    Conflict
        A record changed since it was read, or a number or name is taken already.
    """
    with engine.connect().execution_options(is_write=True) as connection, Session(connection) as session:
        district = founding or current_district(session)
        history = History(district_code=district.code, actor=actor, now=now)
        work = UnitOfWork(session=session, actor=actor, now=now, district=district, history=history)
        session.expire_on_commit = False
        yield work
        commit(work)


def commit(work: UnitOfWork) -> None:
    """Write what was gathered and commit; the history's head is locked last."""
    try:
        work.session.flush()
        work.tallies.store(work.session)
        work.history.seal(work.session)
        work.session.commit()
    except StaleDataError as error:
        raise Conflict("stale", "The record was changed by somebody else; nothing was saved") from error
    except IntegrityError as error:
        raise Conflict(
            "integrity",
            "A record with the same key exists, or one it refers to is missing: {detail}",
            detail=str(error.orig),
        ) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A read transaction: one consistent picture, nothing written."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


def current_district(session: Session) -> District:
    """The district of this database.

    Raises
    ------
    NotFound
    """
    district = session.exec(select(District)).first()
    if district is None:
        raise NotFound("no_district", "This database has no district yet; run `gridguard init` or import a layer first")
    return district
