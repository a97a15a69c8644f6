"""Remarks of colleagues on a plan; a remark is never changed, only answered."""

from typing import Final

from sqlmodel import Session, col, select

from dashboard.services.roster_rules import require_editor
from db import records
from db.tables.people import Person
from db.tables.plans import Plan, PlanComment
from db.unit_of_work import UnitOfWork
from governance.errors import InvalidInput

LONGEST_REMARK: Final = 2000


def remark(work: UnitOfWork, plan: Plan, text: str) -> PlanComment:
    """Write a remark on a plan.

    Raises
    ------
    NotAllowed, InvalidInput
    """
    require_editor(work)
    words = text.strip()
    if not 0 < len(words) <= LONGEST_REMARK:
        raise InvalidInput(
            "comment_length",
            "A comment has 1 to {most} characters; this one has {n}",
            most=LONGEST_REMARK,
            n=len(words),
        )
    row = PlanComment(plan_id=plan.key, author_id=work.actor.person_id, text=words, written_at=work.now)
    return records.create(work, row, code="plan_commented")


def remarks_on(session: Session, plan: Plan) -> list[tuple[PlanComment, Person | None]]:
    """Remarks on a plan in their order, each with its author."""
    query = (
        select(PlanComment, Person)
        .join(Person, col(Person.id) == col(PlanComment.author_id), isouter=True)
        .where(PlanComment.plan_id == plan.key)
        .order_by(col(PlanComment.id))
    )
    return [(comment, author) for comment, author in session.exec(query)]
