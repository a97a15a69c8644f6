"""The lists that offices know, each a view of the one ledger, on the screen and as workbooks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import ColumnElement, and_, true
from sqlmodel import Session, col

from dashboard.documents.sheets import OfficeSheet, write_sheet
from dashboard.documents.wording import demo_note
from dashboard.i18n import _, shown_time
from dashboard.services.exports import Written, digest_of
from dashboard.services.issue_columns import rows_of, sheet_columns
from dashboard.services.issue_facts import issue_facts, lines_of
from dashboard.services.layouts import Layout
from dashboard.services.ledger import ledger_condition
from dashboard.services.ledger_table import table_rows
from db.repositories import issues
from db.repositories.ledger_filter import LedgerFilter
from db.repositories.ledger_pages import MOST_COUNTED, hits
from db.tables.issues import Issue
from db.unit_of_work import current_district
from governance.counting import RECTIFIED, UNRESOLVED
from governance.permissions import Actor, Right, require
from governance.vocabulary import ListKind

THREE_LISTS = (ListKind.PROBLEMS, ListKind.RESPONSIBILITIES, ListKind.RECTIFICATION)
_LISTED = UNRESOLVED | RECTIFIED


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked of a list: by whom, filtered how, on which day.

    Attributes
    ----------
    now
        Aware; said in the sheet's note.
    by_deadline
        Earliest running deadline first, else newest finding first.
    """

    actor: Actor
    wanted: LedgerFilter
    today: date
    now: datetime
    yellow_days: int
    by_deadline: bool = False


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """A page of a list: how many issues it has, and the rows of this page in the layout's columns.

    Attributes
    ----------
    is_more
        There are more than ``total``: only so many were counted.
    """

    total: int
    rows: list[list[object]]
    is_more: bool = False


def list_condition(kind: ListKind, asked: Asked, *, right: Right = Right.SEE) -> ColumnElement[bool]:
    """Condition on `Issue`: what a list shows of the ledger.

    The three lists show the same issues, confirmed and neither refused nor merged, so that none is lost between
    them; the ledger shows all.
    """
    within = ledger_condition(asked.actor, asked.wanted, today=asked.today, yellow_days=asked.yellow_days, right=right)
    return and_(within, col(Issue.stage).in_(_LISTED) if kind in THREE_LISTS else true())


def list_page(session: Session, kind: ListKind, layout: Layout, asked: Asked, *, lines: int, page: int = 1) -> ListPage:
    """A page of a list as it stands on the screen, from page 1.

    Raises
    ------
    InvalidInput
        The layout names a column that does not exist.
    """
    condition, first = list_condition(kind, asked), (page - 1) * lines
    found = hits(session, condition, limit=lines, offset=first, by_deadline=asked.by_deadline)
    _numbers, rows = table_rows(
        session, found.ids, layout.keys, today=asked.today, yellow_days=asked.yellow_days, first=first + 1
    )
    return ListPage(total=min(found.counted, MOST_COUNTED), rows=rows, is_more=found.is_more)


def export_list(session: Session, kind: ListKind, layout: Layout, asked: Asked, path: Path) -> Written:
    """Write a list as a workbook in an office's layout: exactly what the person may see of what was asked.

    Parameters
    ----------
    session : Session
    kind : ListKind
    layout : Layout
    asked : Asked
    path : Path
        Replaced when the whole file is written.

    Raises
    ------
    NotAllowed, InvalidInput
    """
    require(asked.actor, Right.EXPORT)
    condition = list_condition(kind, asked, right=Right.EXPORT)
    facts = issue_facts(session, condition, today=asked.today, yellow_days=asked.yellow_days)
    rows = rows_of(facts, layout.keys, lines_of(facts, by_deadline=asked.by_deadline))
    return write_list(session, layout, rows, asked, path, total=issues.count(session, condition))


def write_list(
    session: Session, layout: Layout, rows: Iterator[Sequence[object]], asked: Asked, path: Path, *, total: int
) -> Written:
    """Write rows in a layout as a workbook, with its title, as-of time and places to sign."""
    sheet = OfficeSheet(
        title=layout.title,
        note=sheet_note(session, asked, total=total),
        columns=sheet_columns(layout.keys, layout.headings),
        signatures=(_("Filled in by:"), _("Checked by:"), _("Answered for by:"), _("Date:")),
        page_words=_("Page {page} of {pages}"),
    )
    return Written(written=write_sheet(sheet, rows, path), path=path, sha256=digest_of(path))


def sheet_note(session: Session, asked: Asked, *, total: int) -> str:
    """What a sheet says of itself: the district, the moment, how many rows, whether a filter narrowed them."""
    district = current_district(session)
    parts = [
        _("District: {name}", name=district.name),
        _("As of {moment}", moment=shown_time(asked.now, zone=district.time_zone)),
        _("{number} rows", number=total),
    ]
    if asked.wanted != LedgerFilter():
        parts.append(_("Filtered"))
    return "    ".join(filter(None, (*parts, demo_note(district.is_demo))))
