"""More time to rectify: asked for with a reason, granted or refused by somebody else, all of it kept."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from dashboard.services.issues import target_in
from dashboard.services.working_days import is_working_day
from db import records
from db.repositories.loop import asked_extension, extensions_of
from db.tables.issues import Issue
from db.tables.loop import Extension
from db.tables.people import Person
from db.unit_of_work import UnitOfWork
from governance import extensions
from governance.permissions import Right, require
from governance.vocabulary import ExtensionState


@dataclass(frozen=True, slots=True)
class ExtensionLine:
    """A request for more time with the names of who asked and who answered; None: the operator, or nobody yet."""

    extension: Extension
    asked_by: str | None
    decided_by: str | None


def ask_extension(work: UnitOfWork, issue: Issue, *, wanted_due_on: date, reason: str) -> Extension:
    """Ask for more time to rectify an issue.

    Parameters
    ----------
    work : UnitOfWork
    issue : Issue
        Read in this unit of work.
    wanted_due_on : date
        Local day; later than the present deadline, at most the issue's own term once more.
    reason : str

    Returns
    -------
    Extension
        Waiting for its answer.

    Raises
    ------
    NotAllowed, IllegalTransition, InvalidInput, Conflict
        See `governance.extensions`.
    """
    require(work.actor, Right.ASK_EXTENSION, target_in(work, issue))
    fields = records.fields_of(issue)
    has_open = asked_extension(work.session, issue.key) is not None
    due_on = extensions.extendable_deadline(
        fields, today=work.today, granted=granted_so_far(work.session, issue), has_open=has_open, numbers=work.numbers
    )
    extensions.require_wanted(fields, wanted_due_on, reason=reason, is_working_day=is_working_day, numbers=work.numbers)
    row = Extension(
        issue_id=issue.key,
        state=ExtensionState.ASKED,
        old_due_on=due_on,
        wanted_due_on=wanted_due_on,
        reason=reason,
        asked_by_id=work.actor.person_id,
        asked_on=work.today,
    )
    return records.create(work, row, code="extension_asked", reason=reason)


def decide_extension(work: UnitOfWork, extension: Extension, *, is_granted: bool, answer: str) -> Extension:
    """Grant or refuse more time; granted, the issue takes the new deadline by an event of its own.

    Parameters
    ----------
    work : UnitOfWork
    extension : Extension
        Read in this unit of work.
    is_granted : bool
    answer : str
        Why; kept on both events.

    Returns
    -------
    Extension

    Raises
    ------
    NotAllowed, IllegalTransition, InvalidInput, Conflict
        See `governance.extensions`; a refusal is possible whatever became of the issue.
    """
    issue = records.get(work.session, Issue, extension.issue_id)
    require(work.actor, Right.DECIDE_EXTENSION, target_in(work, issue))
    person_id = work.actor.person_id
    extensions.require_decidable(extension.state, asked_by_id=extension.asked_by_id, person_id=person_id, answer=answer)
    if is_granted:
        _grant(work, issue, extension, answer)
    state = ExtensionState.GRANTED if is_granted else ExtensionState.REFUSED
    decision = {"state": state, "decided_by_id": person_id, "decided_on": work.today, "answer": answer}
    return records.change(work, extension, decision, code=f"extension_{state.value}", reason=answer)


def _grant(work: UnitOfWork, issue: Issue, extension: Extension, answer: str) -> None:
    granted = granted_so_far(work.session, issue)
    extensions.require_grantable(
        records.fields_of(issue), extension.wanted_due_on, granted=granted, numbers=work.numbers
    )
    changes = extensions.granted_changes(extension.wanted_due_on)
    records.change(work, issue, changes, code="extension_granted", reason=answer)


def granted_so_far(session: Session, issue: Issue) -> int:
    """Extensions that an issue was granted in its life."""
    return sum(row.state == ExtensionState.GRANTED for row in extensions_of(session, issue.key))


def extension_lines(session: Session, issue_id: int) -> list[ExtensionLine]:
    """An issue's requests for more time, the newest last, with names."""
    asking, deciding = aliased(Person), aliased(Person)
    query = (
        select(Extension, asking.name, deciding.name)
        .join(asking, col(asking.id) == col(Extension.asked_by_id), isouter=True)
        .join(deciding, col(deciding.id) == col(Extension.decided_by_id), isouter=True)
        .where(Extension.issue_id == issue_id)
        .order_by(col(Extension.id))
    )
    return [ExtensionLine(*row) for row in session.exec(query)]
