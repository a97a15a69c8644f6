"""Issues with everything that lists say of them, read in bulk: one query for each kind of name, none for each row."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from dashboard.i18n import current_locale
from db.repositories.people import leads_on
from db.tables.issues import Evidence, Issue, IssueUnit, Notice, NoticeIssue
from db.tables.people import Person, Unit
from db.tables.territory import Enterprise, Industry, Zone
from governance.counting import UNRESOLVED
from governance.lights import light_of
from governance.vocabulary import Light

Line = Any
"""One row with the columns of `Issue` as attributes."""
_AT_ONCE: Final = 5_000


@dataclass
class IssueFacts:
    """What the columns of a list ask for beside the issue's own row; each kind is read when it is first asked for.

    Attributes
    ----------
    condition
        On `Issue`: those that the list shows.
    today
        Local day on which lights and leaders are asked.
    """

    session: Session
    condition: ColumnElement[bool]
    today: date
    yellow_days: int

    def light(self, line: Line) -> Light | None:
        """Light of an unresolved issue; None for any other, unless the line brings a light of its own."""
        if line.stage not in UNRESOLVED:
            return getattr(line, "light", None)
        return light_of(line.due_on, today=self.today, yellow_days=self.yellow_days)

    @cached_property
    def zones(self) -> dict[int, str]:
        """Zone number → name."""
        return self._named(Zone)

    @cached_property
    def industries(self) -> dict[int, str]:
        """Industry number → name."""
        return self._named(Industry)

    @cached_property
    def units(self) -> dict[int, str]:
        """Unit number → name."""
        return self._named(Unit)

    @cached_property
    def people(self) -> dict[int, str]:
        """Person number → name."""
        return self._named(Person)

    @cached_property
    def enterprise_names(self) -> dict[int, str]:
        """Enterprise number → name."""
        return self._named(Enterprise)

    @cached_property
    def credit_codes(self) -> dict[int, str | None]:
        """Enterprise number → credit code."""
        rows = self.session.exec(select(Enterprise.id, Enterprise.credit_code))
        return {number: code for number, code in rows if number is not None}

    @cached_property
    def leaders(self) -> dict[int, str]:
        """Zone number → name of the leader who guards it as lead on the day."""
        return {
            zone: either(person.name, person.name_en) for zone, person in leads_on(self.session, self.today).items()
        }

    @cached_property
    def joining(self) -> dict[int, tuple[str, ...]]:
        """Issue number → names of the units that join in it, in the order in which they were named."""
        query = select(IssueUnit.issue_id, IssueUnit.unit_id).where(col(IssueUnit.issue_id).in_(self._shown))
        pairs = self.session.exec(query.order_by(col(IssueUnit.id)))
        return _gathered((issue_id, self.units[unit_id]) for issue_id, unit_id in pairs)

    @cached_property
    def notices(self) -> dict[int, tuple[str, ...]]:
        """Issue number → numbers of the notices that name it."""
        query = (
            select(NoticeIssue.issue_id, Notice.number)
            .join(Notice, col(Notice.id) == col(NoticeIssue.notice_id))
            .where(col(NoticeIssue.issue_id).in_(self._shown))
        )
        return _gathered(self.session.exec(query.order_by(col(Notice.id))))

    @cached_property
    def evidence(self) -> dict[int, int]:
        """Issue number → how many files of evidence it has."""
        query = select(Evidence.issue_id, func.count()).where(col(Evidence.issue_id).in_(self._shown))
        return dict(self.session.exec(query.group_by(col(Evidence.issue_id))).all())

    @property
    def _shown(self) -> Any:
        return select(Issue.id).where(self.condition)

    def _named(self, model: Any) -> dict[int, str]:
        rows = self.session.exec(select(model.id, model.name, model.name_en))
        return {number: either(name, name_en) for number, name, name_en in rows}


def issue_facts(session: Session, condition: ColumnElement[bool], *, today: date, yellow_days: int) -> IssueFacts:
    """What lists may say of the issues under a condition; nothing is read yet."""
    return IssueFacts(session=session, condition=condition, today=today, yellow_days=yellow_days)


def lines_of(
    facts: IssueFacts,
    *,
    by_deadline: bool = False,
    order: Sequence[Any] | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Iterator[Line]:
    """Read the issues of a list, a few thousand at a time.

    Parameters
    ----------
    facts : IssueFacts
    by_deadline : bool
        Earliest running deadline first (none last), then number; else newest finding first, then number.
    order : sequence of ColumnElement, optional
        Another order, in place of these.
    limit, offset : int
        A page; all without a limit.
    """
    usual: Sequence[Any] = (
        (col(Issue.due_on).is_(None), col(Issue.due_on), col(Issue.id))
        if by_deadline
        else (col(Issue.found_on).desc(), col(Issue.id).desc())
    )
    query = columns(*Issue.__table__.c).where(facts.condition)  # type: ignore[attr-defined]
    query = query.order_by(*(usual if order is None else order)).offset(offset)
    query = query if limit is None else query.limit(limit)
    yield from facts.session.connection().execute(query.execution_options(yield_per=_AT_ONCE))


def either(name: str | None, name_en: str | None) -> str:
    """The English name where English is spoken and there is one, else the name; empty without any."""
    return (name_en if name_en and current_locale() == "en" else name) or ""


def _gathered(pairs: Iterable[tuple[int, str]]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for number, text in pairs:
        found[number] = (*found.get(number, ()), text)
    return found
