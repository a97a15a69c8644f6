"""The superior's ledger: all that came from above and what became of it, its evidence packed beside the workbook."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, false, func, true
from sqlmodel import Session, col, select

from dashboard.services.exports import Written
from dashboard.services.issue_columns import rows_of
from dashboard.services.issue_facts import IssueFacts, Line, issue_facts, lines_of
from dashboard.services.layouts import Layout
from dashboard.services.ledger import ledger_condition
from dashboard.services.lists import Asked, ListPage, write_list
from db import records
from db.repositories import issues
from db.repositories.directives import directives_within
from db.repositories.ledger_filter import LedgerFilter, condition_of
from db.repositories.superior_pages import SOURCES, from_above, page_from_above
from db.tables.directives import Directive
from db.tables.issues import Issue
from db.tables.territory import Zone
from governance.counting import FOUND, RECTIFIED
from governance.directive_rules import light_of_directive
from governance.permissions import Right, require
from governance.vocabulary import DirectiveKind, Source, ZoneKind

_ORDER: Final = {source: place for place, source in enumerate(SOURCES)}
_BLANK: Final = {**dict.fromkeys(Issue.model_fields), "light": None}


def superior_condition(asked: Asked, *, right: Right = Right.SEE) -> ColumnElement[bool]:
    """Condition on `Issue`: what came from above, refused ones included, those merged into others not."""
    return and_(_within(asked, right), col(Issue.stage).in_(sorted(FOUND)))


def _within(asked: Asked, right: Right = Right.SEE) -> ColumnElement[bool]:
    within = ledger_condition(asked.actor, asked.wanted, today=asked.today, yellow_days=asked.yellow_days, right=right)
    return and_(within, from_above())


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How the superior's ledger stands under a filter; leaders' instructions are left out."""

    items: int
    unresolved: int
    overdue: int
    bare: int


def standing(session: Session, asked: Asked) -> Standing:
    """Count the issues of the superior's ledger; ``bare`` are those closed without a piece of evidence."""
    within = _within(asked)  # each count names its own stages: of two lists SQLite may search by the longer one
    until = asked.today + timedelta(days=asked.yellow_days)

    def count(**more: Any) -> int:
        narrowed = condition_of(LedgerFilter(**more), today=asked.today, yellow_until=until)
        return issues.count(session, and_(within, narrowed))

    closed = count(stages=RECTIFIED)  # nearly all: they are walked through as rarely as can be
    return Standing(
        items=closed + count(stages=FOUND - RECTIFIED),
        unresolved=count(is_unresolved=True),
        overdue=count(is_overdue=True),
        bare=closed - count(stages=RECTIFIED, has_evidence=True),
    )


def superior_page(
    session: Session, layout: Layout, asked: Asked, *, lines: int, page: int = 1, known: int | None = None
) -> ListPage:
    """A page of the superior's ledger, from page 1: issues by source and the day set above, then instructions.

    Leaders' instructions stand at the end where no filter narrows the ledger: a filter asks about issues. With
    ``known``, the issues that `standing` found, they are not counted again.

    Raises
    ------
    InvalidInput
        The layout names a column that does not exist.
    """
    first, condition = (page - 1) * lines, superior_condition(asked)
    total = issues.count(session, condition) if known is None else known
    ids = page_from_above(session, condition, total=total, limit=lines, offset=first)
    facts = _facts(session, asked, col(Issue.id).in_(ids))
    found: list[Line] = list(lines_of(facts, order=_order()))
    told = _instructions(session, asked, limit=lines - len(found), offset=max(first - total, 0))
    rows = list(rows_of(facts, layout.keys, [*found, *told], first=first + 1))
    return ListPage(total=total + _instructed(session, asked), rows=rows)


def export_superior_ledger(session: Session, layout: Layout, asked: Asked, path: Path) -> Written:
    """Write the superior's ledger as a workbook in a superior's layout; order as in `superior_page`.

    Parameters
    ----------
    session : Session
    layout : Layout
    asked : Asked
    path : Path
        Replaced when the whole file is written.

    Raises
    ------
    NotAllowed, InvalidInput
    """
    require(asked.actor, Right.EXPORT)
    condition = superior_condition(asked, right=Right.EXPORT)
    facts, told = _facts(session, asked, condition), _instructions(session, asked)
    rows = rows_of(facts, layout.keys, _both(facts, told))
    return write_list(session, layout, rows, asked, path, total=issues.count(session, condition) + len(told))


def _both(facts: IssueFacts, told: Iterable[Line]) -> Iterator[Line]:
    yield from lines_of(facts, order=_order())
    yield from told


def _facts(session: Session, asked: Asked, condition: ColumnElement[bool]) -> IssueFacts:
    return issue_facts(session, condition, today=asked.today, yellow_days=asked.yellow_days)


def _order() -> tuple[Any, ...]:
    source = case(_ORDER, value=col(Issue.source), else_=len(_ORDER))
    return source, col(Issue.source_due_on).is_(None), col(Issue.source_due_on), col(Issue.id)


def _told(asked: Asked) -> ColumnElement[bool]:
    """Condition on `Directive`: leaders' instructions; none where a filter asks about issues."""
    is_asked = true() if asked.wanted == LedgerFilter() else false()
    return and_(is_asked, col(Directive.kind) == DirectiveKind.INSTRUCTION, directives_within(asked.actor))


def _instructed(session: Session, asked: Asked) -> int:
    return session.exec(select(func.count()).select_from(Directive).where(_told(asked))).one()


def _instructions(session: Session, asked: Asked, *, limit: int | None = None, offset: int = 0) -> list[Line]:
    """Leaders' instructions by the day they are due; all without a limit."""
    query = (
        select(Directive, Zone, Issue)
        .join(Zone, col(Zone.id) == col(Directive.zone_id), isouter=True)
        .join(Issue, col(Issue.id) == col(Directive.issue_id), isouter=True)
        .where(_told(asked))
        .order_by(col(Directive.due_on), col(Directive.id))
        .limit(limit)
        .offset(offset)
    )
    return [_line(directive, zone, issue, asked) for directive, zone, issue in session.exec(query)]


def _line(directive: Directive, zone: Zone | None, issue: Issue | None, asked: Asked) -> Line:
    """An instruction in the columns of an issue; where and whose it is comes from the issue that it is about."""
    place = issue or SimpleNamespace(**_BLANK)
    own = {
        "number": directive.number,
        "title": directive.text,
        "stage": directive.state,
        "source": Source.INSTRUCTION,
        "source_number": directive.number,
        "source_due_on": directive.due_on,
        "finder_id": directive.on_behalf_of_id or directive.giver_id,
        "lead_unit_id": directive.unit_id,
        "person_in_charge_id": directive.person_id,
        "measures": directive.deed,
        "found_on": directive.received_on,
        "due_on": directive.due_on,
        "closed_on": directive.done_on,
        "above_result": directive.ending,
        "light": light_of_directive(records.fields_of(directive), today=asked.today, yellow_days=asked.yellow_days),
    }
    where = {name: getattr(place, name) for name in ("enterprise_id", "industry_id", "township_id", "primary_zone_id")}
    if zone is not None:
        where |= {"primary_zone_id": zone.id, "township_id": zone.id if zone.kind == ZoneKind.TOWNSHIP else None}
    return SimpleNamespace(**{**_BLANK, **own, **where})
