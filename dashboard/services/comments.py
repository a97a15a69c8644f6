"""Remarks on an issue: whoever sees it may write one; a remark is never changed, only answered."""

from typing import Final

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from dashboard.services.issues import target_in
from db import records
from db.repositories.scopes import issues_within
from db.tables.issues import Issue
from db.tables.loop import Comment
from db.tables.people import Person
from db.unit_of_work import UnitOfWork
from governance.errors import InvalidInput
from governance.permissions import Actor, Right, require

LONGEST_COMMENT: Final = 2000
WRITTEN: Final = "commented"


def write_comment(work: UnitOfWork, issue: Issue, text: str) -> Comment:
    """Write a remark on an issue; a liaison's carries the leader's name as well.

    Parameters
    ----------
    work : UnitOfWork
    issue : Issue
    text : str
        1 to 2,000 characters.

    Raises
    ------
    NotAllowed, InvalidInput
    """
    target = target_in(work, issue)
    work.speak_about(target)
    require(work.actor, Right.COMMENT, target)
    words = text.strip()
    if not 0 < len(words) <= LONGEST_COMMENT:
        raise InvalidInput(
            "comment_length",
            "A comment has 1 to {most} characters; this one has {n}",
            most=LONGEST_COMMENT,
            n=len(words),
        )
    row = Comment(
        issue_id=issue.key,
        author_id=work.actor.person_id,
        on_behalf_of_id=work.actor.on_behalf_of_id,
        text=words,
        written_at=work.now,
    )
    return records.create(work, row, code=WRITTEN)


def comments_on(session: Session, actor: Actor, issue_id: int) -> list[tuple[Comment, Person | None, Person | None]]:
    """Remarks on an issue in their order, each with its author and the leader it was written for.

    Empty for whoever may not see the issue.
    """
    author, leader = aliased(Person), aliased(Person)
    query = (
        select(Comment, author, leader)
        .join(Issue, col(Issue.id) == col(Comment.issue_id))
        .join(author, col(author.id) == col(Comment.author_id), isouter=True)
        .join(leader, col(leader.id) == col(Comment.on_behalf_of_id), isouter=True)
        .where(Comment.issue_id == issue_id, issues_within(actor))
        .order_by(col(Comment.id))
    )
    return [(comment, by, behind) for comment, by, behind in session.exec(query)]
