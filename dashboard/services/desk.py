"""What lies on a person's desk: forms that were sent once, drafts of long forms, and saved views."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlmodel import Session, col, select

from db.tables.desk import Draft, SavedView, SentForm
from db.unit_of_work import UnitOfWork
from governance.errors import Conflict, InvalidInput, NotAllowed

LONGEST_TOKEN: Final = 64
LONGEST_DRAFT: Final = 100_000
MOST_VIEWS: Final = 30


def once(work: UnitOfWork, token: str, do: Callable[[], str]) -> str:
    """Carry a form out, once: the same token again does nothing and gives the first answer.

    Parameters
    ----------
    work : UnitOfWork
    token : str
        Made when the form was drawn; 1 to 64 characters.
    do : callable
        The writes; returns what the sender is to know, for example an issue's number.

    Returns
    -------
    str
        The answer of the first time.

    Raises
    ------
    InvalidInput
        A token that is empty or too long.
    Conflict
        Somebody else sent a form with this token.
    """
    if not 0 < len(token) <= LONGEST_TOKEN:
        raise InvalidInput(
            "token_length",
            "A form's token has 1 to {most} characters; this one has {n}",
            most=LONGEST_TOKEN,
            n=len(token),
        )
    known = work.session.get(SentForm, token)
    if known is not None:
        if known.person_id != work.actor.person_id:
            raise Conflict("token_taken", "This form was sent by somebody else; please open it anew")
        return known.answer
    answer = do()
    work.session.add(SentForm(token=token, person_id=work.actor.person_id, answer=answer, sent_at=work.now))
    return answer


def draft_of(session: Session, person_id: int, form: str) -> dict[str, Any] | None:
    """A person's draft of a form; None without one."""
    row = session.exec(select(Draft).where(Draft.person_id == person_id, Draft.form == form)).first()
    return json.loads(row.body) if row else None


def drafts_of(session: Session, person_id: int, beginning: str) -> dict[str, dict[str, Any]]:
    """A person's drafts of the forms whose names begin so: form → what was written."""
    query = select(Draft).where(Draft.person_id == person_id, col(Draft.form).startswith(beginning, autoescape=True))
    return {row.form: json.loads(row.body) for row in session.exec(query.order_by(col(Draft.form)))}


def keep_draft(work: UnitOfWork, form: str, body: Mapping[str, Any]) -> None:
    """Keep what somebody has written so far; an empty form takes the draft away.

    Raises
    ------
    InvalidInput
        More than 100,000 characters.
    """
    person_id = _person(work)
    text = json.dumps(dict(body), ensure_ascii=False, default=str)
    if len(text) > LONGEST_DRAFT:
        raise InvalidInput("draft_too_long", "A draft has at most {most} characters", most=LONGEST_DRAFT)
    row = work.session.exec(select(Draft).where(Draft.person_id == person_id, Draft.form == form)).first()
    if not any(body.values()):
        if row:
            work.session.delete(row)
        return
    row = row or Draft(person_id=person_id, form=form, body=text, saved_at=work.now)
    row.body, row.saved_at = text, work.now
    work.session.add(row)


def drop_draft(work: UnitOfWork, form: str) -> None:
    """Take a draft away once the form was sent."""
    keep_draft(work, form, {})


def saved_views(session: Session, person_id: int, page: str) -> list[SavedView]:
    """A person's views of a page by name."""
    query = select(SavedView).where(SavedView.person_id == person_id, SavedView.page == page)
    return list(session.exec(query.order_by(col(SavedView.name))))


def save_view(work: UnitOfWork, page: str, name: str, parameters: str) -> SavedView:
    """Save a page's address parameters under a name; the same name takes the new ones.

    Raises
    ------
    InvalidInput
        A name that is empty or longer than 80 characters, or more than 30 views of a page.
    """
    person_id, name = _person(work), name.strip()
    if not 0 < len(name) <= 80:
        raise InvalidInput("view_name", "A view's name has 1 to 80 characters; this one has {n}", n=len(name))
    known = saved_views(work.session, person_id, page)
    row = next((view for view in known if view.name == name), None)
    if row is None and len(known) >= MOST_VIEWS:
        raise InvalidInput("views_full", "At most {most} views of a page are kept; remove one first", most=MOST_VIEWS)
    row = row or SavedView(person_id=person_id, page=page, name=name, parameters=parameters, saved_at=work.now)
    row.parameters, row.saved_at = parameters, work.now
    work.session.add(row)
    return row


def remove_view(work: UnitOfWork, page: str, name: str) -> None:
    """Remove a view of one's own; nothing happens when there is none."""
    for view in saved_views(work.session, _person(work), page):
        if view.name == name:
            work.session.delete(view)


def _person(work: UnitOfWork) -> int:
    if work.actor.person_id is None:
        raise NotAllowed("no_desk", "Only a person has drafts and views of the own")
    return work.actor.person_id
