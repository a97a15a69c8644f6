"""The lines of an inbox: what each is about, by when, how late, and whom to call."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from urllib.parse import urlencode

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from dashboard.i18n import current_locale, label, pgettext, shown_date
from dashboard.services.escalation import Contact, contacts_of
from db.repositories import directives, issues, look_back, notices
from db.tables.issues import Issue
from db.tables.loop import Extension
from db.tables.people import Person, Unit
from governance.escalation import ladder_of
from governance.lights import days_late
from governance.loop_numbers import LoopNumbers
from governance.next_step import next_step
from governance.permissions import Actor
from governance.vocabulary import Role

# Page and the parameter that names what it opens.
_ISSUE: Final = ("issue", "id")
_NOTICE: Final = ("notices", "notice")
_DIRECTIVE: Final = ("directives", "directive")
# What of an issue says who stands on each step of its ladder, see `dashboard.services.escalation.contacts_of`.
_LEADING_TO: Final[Mapping[Role, tuple[str, ...]]] = {
    Role.ENVIRONMENT_DIRECTOR: ("enterprise_id", "person_in_charge_id", "lead_unit_id"),
    Role.TOWNSHIP: ("township_id",),
    Role.INDUSTRY_DEPARTMENT: ("lead_unit_id", "industry_id"),
    Role.COMMITTEE_OFFICE: (),
    Role.DISTRICT_LEADER: ("primary_zone_id", "township_id"),
}


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Whose inbox is read, on which local day, by which numbers of the district; whom its letters name so far."""

    session: Session
    actor: Actor
    today: date
    numbers: LoopNumbers
    known: dict[tuple[object, ...], list[Contact]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One line of the inbox.

    Attributes
    ----------
    address
        Page that it opens.
    title
        What it is about, as somebody wrote it.
    about
        Its number, what to do, and the place, in the current language.
    due_on
        Last local day; None where no clock runs.
    days_late
        0 when it is not late.
    call
        Whom to call about what is late: name, unit, telephone.
    """

    address: str
    title: str
    about: tuple[str, ...]
    due_on: date | None
    days_late: int
    call: str = ""


def _letter(
    reader: Reader, page: tuple[str, str], number: str, title: str, about: Iterable[str], due_on: date | None
) -> Letter:
    return Letter(
        address=f"/{page[0]}?{urlencode({page[1]: number})}",
        title=title,
        about=(number, *(words for words in about if words)),
        due_on=due_on,
        days_late=days_late(due_on, today=reader.today),
    )


def issue_letters(
    reader: Reader, condition: ColumnElement[bool], most: int, *, is_turn: bool = False, is_late: bool = False
) -> list[Letter]:
    """Issues, earliest deadline first: with the action that is up, or with whom to call about it."""
    lines = issues.lines(reader.session, condition, limit=most, by_deadline=True)
    return [_issue_letter(reader, line, is_turn=is_turn, is_late=is_late) for line in lines]


def _issue_letter(reader: Reader, line: issues.IssueLine, *, is_turn: bool, is_late: bool) -> Letter:
    issue = line.issue
    step = next_step(issue.model_dump(), today=reader.today, numbers=reader.numbers) if is_turn else None
    what = label(step.action) if step else label(issue.stage)
    place = _either(line.enterprise, line.enterprise_en) or issue.place or _either(line.zone, line.zone_en)
    letter = _letter(reader, _ISSUE, issue.number, issue.title, (what, place), issue.due_on)
    return replace(letter, call=whom_to_call(reader, issue)) if is_late else letter


def whom_to_call(reader: Reader, issue: Issue) -> str:
    """The next one down the ladder from whoever reads, else who answers first: name, unit, telephone; empty for nobody.

    Nobody is told to call himself.
    """
    rungs = ladder_of(issue.stage, issue.due_on, today=reader.today, numbers=reader.numbers)
    roles, actor = [rung.role for rung in rungs], reader.actor
    held = (place for place, role in enumerate(roles) if role in actor.roles and _contacts(reader, issue, role))
    own = next(held, None)
    asked = (_contacts(reader, issue, role) for role in (roles if own is None else reversed(roles[:own])))
    below: list[Contact] = next((contacts for contacts in asked if contacts), [])
    others = [contact for contact in below if contact.person.id != actor.person_id]
    return _contact_words(others[0].person, others[0].unit) if others else ""


def _contacts(reader: Reader, issue: Issue, role: Role) -> list[Contact]:
    """Who stands on a step of the ladder; asked once for all letters that lead to the same people."""
    key = (role, *(getattr(issue, name) for name in _LEADING_TO[role]))
    if key not in reader.known:
        reader.known[key] = contacts_of(reader.session, issue, role, today=reader.today)
    return reader.known[key]


def _contact_words(person: Person, unit: Unit | None) -> str:
    unit_name = _either(unit.name, unit.name_en) if unit else ""
    return " ".join(part for part in (_either(person.name, person.name_en), unit_name, person.phone or "") if part)


def extension_letters(reader: Reader, condition: ColumnElement[bool], most: int) -> list[Letter]:
    """Requests for more time, the oldest first."""
    query = select(Extension, Issue).join(Issue, col(Issue.id) == col(Extension.issue_id)).where(condition)
    rows = reader.session.exec(query.order_by(col(Extension.asked_on), col(Extension.id)).limit(most))
    return [
        _letter(reader, _ISSUE, issue.number, issue.title, (_more_time(extension),), issue.due_on)
        for extension, issue in rows
    ]


def _more_time(extension: Extension) -> str:
    return pgettext("inbox", "more time until {day}").format(day=shown_date(extension.wanted_due_on))


def look_back_letters(reader: Reader, condition: ColumnElement[bool], most: int) -> list[Letter]:
    """Issues to look back at, by the day that is due."""
    return [
        _letter(
            reader,
            _ISSUE,
            line.issue.number,
            line.issue.title,
            (line.plan.number, line.enterprise.name if line.enterprise else line.issue.place or ""),
            line.item.due_on,
        )
        for line in look_back.lines_of(reader.session, condition, limit=most)
    ]


def notice_letters(reader: Reader, condition: ColumnElement[bool], most: int) -> list[Letter]:
    """Notices, the newest first."""
    return [
        _letter(
            reader,
            _NOTICE,
            line.notice.number,
            _either(line.enterprise, line.enterprise_en) or line.notice.number,
            (label(line.notice.kind), _either(line.issuer, line.issuer_en)),
            line.notice.due_on,
        )
        for line in notices.lines(reader.session, condition, limit=most)
    ]


def directive_letters(reader: Reader, condition: ColumnElement[bool], most: int) -> list[Letter]:
    """Instructions and supervision orders, by their deadline."""
    return [
        _letter(
            reader,
            _DIRECTIVE,
            line.directive.number,
            line.directive.text,
            (label(line.directive.kind), label(line.directive.state), _either(line.unit, line.unit_en)),
            line.directive.due_on,
        )
        for line in directives.lines(reader.session, condition, limit=most)
    ]


def _either(name: str | None, name_en: str | None) -> str:
    return (name_en if name_en and current_locale() == "en" else name) or ""
