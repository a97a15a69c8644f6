"""The one road of every write: a transaction with its actor, its time, its history and its summaries."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, text
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, select

from db import witness
from db.engine import BUSY_SECONDS, heads_file, is_busy
from db.guards import REFUSALS
from db.history import History
from db.loop_rules import loop_numbers_of
from db.tables.territory import District
from db.tallies import TallyChanges
from governance.errors import Conflict, InvalidInput, NotFound
from governance.loop_numbers import LoopNumbers
from governance.permissions import Actor, Target, leaders_guarding, speaking_for

# "GRID": one number per database that writers queue for.
_TURN = text("SELECT set_config('lock_timeout', :wait, true), pg_advisory_xact_lock(1196575044)")


@dataclass
class Attempt:
    """Says at its end whether a part of a transaction is kept."""

    is_undone: bool = False


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
    _numbers: list[LoopNumbers] = field(default_factory=list)

    @property
    def numbers(self) -> LoopNumbers:
        """The district's numbers of the loop, read once in a transaction."""
        if not self._numbers:
            self._numbers.append(loop_numbers_of(self.session))
        return self._numbers[0]

    @property
    def today(self) -> date:
        """The local day of ``now`` in the district."""
        return self.now.astimezone(ZoneInfo(self.district.time_zone)).date()

    def speak_for(self, leader_id: int | None) -> None:
        """Let a liaison of several leaders write for one of them from here on; nothing changes for everybody else."""
        self.actor = self.history.actor = speaking_for(self.actor, leader_id)

    def speak_about(self, target: Target) -> None:
        """Let a liaison of several leaders write for the first of them who guards where the target lies."""
        self.speak_for(next(iter(leaders_guarding(self.actor, target)), None))

    @contextmanager
    def attempt(self) -> Iterator["Attempt"]:
        """A part of the transaction that can be undone by itself: its rows, events, numbers and summaries."""
        attempt = Attempt()
        noted, mark = self.history.marked(), self.tallies.marked()
        savepoint = self.session.begin_nested()
        yield attempt
        if attempt.is_undone:
            savepoint.rollback()
            self.history.return_to(noted)
            self.tallies.return_to(mark)
        else:
            savepoint.commit()

    def continued_by(self, actor: Actor, now: datetime) -> "UnitOfWork":
        """The same transaction carried on by another actor, or at a later moment, for batches of many people's acts.

        Parameters
        ----------
        actor : Actor
        now : datetime
            Aware, not before the moments used so far: events stand in the order of their times.

        Returns
        -------
        UnitOfWork
            Shares session, history and summaries with this one; what is opened first commits for both.
        """
        return replace(self, actor=actor, now=now, history=self.history.continued_by(actor, now))


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

    Notes
    -----
    Writers take turns on both databases, from the first statement on: what a rule has read in the block (is
    there a lead already?) still holds when it commits, and writers cannot block each other in a circle.

    Raises
    ------
    ValueError
        ``now`` is naive.
    NotFound
        The database has no district yet and none is being founded.
    Conflict
        A record changed since it was read, a number or name is taken already, or others wrote for too long.
    InvalidInput
        PostgreSQL refused a value, for example as too long.
    """
    if now.tzinfo is None:
        raise ValueError(f"naive time {now.isoformat()} cannot be recorded; give it a zone")
    with (
        refusals_by_name(),
        engine.connect().execution_options(is_write=True) as connection,
        Session(connection, expire_on_commit=False) as session,
    ):
        _take_turn(session)
        district = founding or current_district(session)
        history = History(district_code=district.code, actor=actor, now=now)
        work = UnitOfWork(session=session, actor=actor, now=now, district=district, history=history)
        yield work
        _commit(work, is_first=founding is not None)


class _RehearsalOver(Exception):
    """Leaves the transaction of a rehearsal, so that it is rolled back."""


@contextmanager
def rehearsal(engine: Engine, *, actor: Actor, now: datetime) -> Iterator[UnitOfWork]:
    """Open a unit of work of which nothing is stored: for previews that go the whole road of the write.

    Parameters
    ----------
    engine, actor, now
        As for `unit_of_work`.
    """
    try:
        with unit_of_work(engine, actor=actor, now=now) as work:
            yield work
            raise _RehearsalOver
    except _RehearsalOver:
        return


def _commit(work: UnitOfWork, *, is_first: bool) -> None:
    """Write what was gathered and commit; the history's head is locked last, and noted outside the database."""
    heads = heads_file(work.session)
    work.session.flush()
    work.tallies.store(work.session)
    head = work.history.seal(work.session)
    work.session.commit()
    if heads is None or head is None:
        return
    if is_first:
        witness.begin_anew(heads, at=work.now)
    witness.note(heads, *head, at=work.now)


def _take_turn(session: Session) -> None:
    """Wait until no other unit of work writes; SQLite's immediate transactions do so by themselves."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(_TURN, {"wait": f"{BUSY_SECONDS}s"})


@contextmanager
def refusals_by_name() -> Iterator[None]:
    """Turn what the database refuses into errors that name it, never with the row that was refused.

    Raises
    ------
    Conflict
        ``stale``, ``guarded``, ``integrity`` or ``busy``.
    InvalidInput
        ``value_refused``.
    """
    try:
        yield
    except StaleDataError as error:
        raise Conflict("stale", "The record was changed by somebody else; nothing was saved") from error
    except (IntegrityError, ProgrammingError) as error:
        if any(refusal in str(error.orig) for refusal in REFUSALS):
            raise Conflict("guarded", "History and closed issues stay as they are; nothing was saved") from error
        if isinstance(error, ProgrammingError):
            raise
        raise Conflict(
            "integrity",
            "A record with the same key exists, or one it refers to is missing: {detail}",
            detail=_first_line(error.orig),
        ) from error
    except DataError as error:
        raise _refused_value(error) from error
    except OperationalError as error:
        if not is_busy(error):
            raise
        raise Conflict("busy", "Others are writing just now; nothing was saved, please try again") from error


@contextmanager
def _refused_values() -> Iterator[None]:
    """Name a value that cannot even be asked for: PostgreSQL takes no text with a NUL in it."""
    try:
        yield
    except DataError as error:
        raise _refused_value(error) from error


def _refused_value(error: DataError) -> InvalidInput:
    return InvalidInput(
        "value_refused", "The database refuses a value; nothing was saved: {detail}", detail=_first_line(error.orig)
    )


def _first_line(error: BaseException | None) -> str:
    """What the database says without its details: PostgreSQL's further lines hold the values of the row."""
    return str(error).partition("\n")[0]


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A read transaction: one consistent picture, and nothing can be written.

    Raises
    ------
    InvalidInput
        ``value_refused``: PostgreSQL takes no such value, for example text with a NUL.
    """
    with _refused_values(), engine.connect().execution_options(is_read=True) as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with Session(connection, expire_on_commit=False) as session:
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
