"""Parts of the page of notices: the list with its filters and counts, one notice with its files and its reply."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

import pandas as pd
import streamlit as st

from dashboard.i18n import _, label, ngettext, pgettext, shown_date, shown_number
from dashboard.screen import panels
from dashboard.screen.issue_table import issue_table
from dashboard.screen.kept import Kept, kept_choice, kept_choices, kept_number, kept_text, recall
from dashboard.screen.names import either
from dashboard.screen.visit import Visit
from dashboard.screen.writing import carry_out
from dashboard.services.notices import (
    LONGEST_TEXT,
    NoticeFile,
    NoticePage,
    notice_counts,
    notice_file,
    notice_page,
    reply_to_notice,
)
from db import records
from db.repositories.notices import NoticeCount, NoticeFilter, NoticeLine
from db.tables.issues import Notice
from db.unit_of_work import UnitOfWork, reading
from governance.vocabulary import NoticeKind

NOTICE: Final = "notice"
COUNTS: Final = "notice-counts-open"
LONGEST_SEARCH: Final = 80
YES, NO = "yes", "no"
FIELDS: Final[tuple[Kept, ...]] = (
    kept_text("q", longest=LONGEST_SEARCH),
    kept_choices("kind", list(NoticeKind)),
    kept_text("year", longest=4),
    kept_choice("replied", [YES, NO]),
    kept_number("page"),
)


def filters() -> NoticeFilter:
    """Draw the filters and return what they say."""
    if recall(FIELDS) - {"page"}:
        st.session_state["page"] = 1
    columns = st.columns([3, 3, 1, 2], vertical_alignment="bottom")
    text = columns[0].text_input(_("Search"), key="q", placeholder=_("Number or enterprise"), max_chars=LONGEST_SEARCH)
    kinds = columns[1].multiselect(
        _("Kind"), list(NoticeKind), format_func=lambda kind: label(NoticeKind(kind)), key="kind", placeholder=_("All")
    )
    year = columns[2].text_input(_("Year"), key="year", max_chars=4)
    replied = columns[3].segmented_control(
        _("Answered"), [YES, NO], format_func=lambda value: pgettext("answer", value), key="replied"
    )
    return NoticeFilter(
        text=text or "",
        kinds=frozenset(NoticeKind(kind) for kind in kinds),
        year=int(year) if year and year.isascii() and year.isdecimal() else None,
        is_replied=None if replied is None else replied == YES,
    )


def current_page(here: Visit, wanted: NoticeFilter) -> NoticePage:
    """The page of the list that the person chose, or the last one when the filters leave fewer."""
    found = _read(here, wanted)
    if int(st.session_state["page"]) > found.pages:
        st.session_state["page"] = found.pages
        found = _read(here, wanted)
    return found


def _read(here: Visit, wanted: NoticeFilter) -> NoticePage:
    with reading(here.engine) as session:
        return notice_page(session, here.actor, wanted, page=int(st.session_state["page"]))


def how_many(found: NoticePage) -> str:
    """How many notices the filters find."""
    if found.is_more:
        return _("More than {number} notices", number=shown_number(found.total))
    return ngettext("{number} notice", "{number} notices", found.total)


def counts(here: Visit, wanted: NoticeFilter) -> None:
    """Draw how many notices each issuer issued in each year, and what became of them; counted once it is opened."""
    place = st.expander(_("By issuer and year"), icon=":material/functions:", key=COUNTS, on_change="rerun")
    if not place.open:
        return
    with reading(here.engine) as session:
        counted = notice_counts(session, here.actor, wanted)
    with place:
        st.dataframe(pd.DataFrame([_counted(one) for one in counted]), hide_index=True, key="notice-counts")


def _counted(one: NoticeCount) -> dict[str, Any]:
    return {
        _("Year"): str(one.year),
        _("Issuer"): either(one.issuer, one.issuer_en),
        _("Kind"): label(one.kind),
        _("Issued"): one.issued,
        _("Answered"): one.replied,
        _("All issues closed"): one.settled,
    }


def notice_table(lines: Sequence[NoticeLine], *, key: str) -> str | None:
    """Draw notices as a table and return the number of the chosen one."""
    if not lines:
        st.caption(_("No notice here."))
        return None
    event = st.dataframe(
        pd.DataFrame([_row(line) for line in lines]),
        hide_index=True,
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        alt=_("Table of notices"),
    )
    chosen = event.selection.rows
    return lines[chosen[0]].notice.number if chosen and chosen[0] < len(lines) else None


def _row(line: NoticeLine) -> dict[str, Any]:
    notice = line.notice
    return {
        _("Number"): notice.number,
        _("Kind"): label(notice.kind),
        _("Issuer"): either(line.issuer, line.issuer_en),
        _("Enterprise or place"): either(line.enterprise, line.enterprise_en) or "—",
        _("Issued on"): shown_date(notice.issued_on),
        _("Due on"): shown_date(notice.due_on) if notice.due_on else "—",
        _("Issues named"): line.named,
        _("Unresolved"): line.unresolved,
        _("Answered on"): shown_date(notice.replied_on) if notice.replied_on else "—",
    }


def open_file(here: Visit, number: str) -> NoticeFile:
    """One notice within the person's scope.

    Raises
    ------
    NotFound
    """
    with reading(here.engine) as session:
        return notice_file(session, here.actor, number)


def draw_file(here: Visit, file: NoticeFile) -> str | None:
    """Draw a notice with its documents and its issues; return the number of the issue that was chosen."""
    line = file.line
    title = f"{label(line.notice.kind)} {line.notice.number}"
    st.html(panels.panel(title, panels.rows(_facts(line)), aside=_standing(line)))
    _documents(line.notice.number)
    return issue_table(here, file.issues, key=f"notice-issues-{line.notice.id}")


def _documents(number: str) -> None:
    address = f"/api/v1/notices/{quote(number, safe='')}"
    with st.container(horizontal=True):
        st.link_button(_("Word document"), f"{address}.docx", icon=":material/description:")
        st.link_button(_("PDF document"), f"{address}.pdf", icon=":material/picture_as_pdf:")
        st.link_button(_("PDF with photos"), f"{address}.pdf?photos=yes", icon=":material/photo_library:")


def _facts(line: NoticeLine) -> list[tuple[str, str]]:
    notice = line.notice
    known = (
        (_("Issuer"), either(line.issuer, line.issuer_en)),
        (_("Enterprise or place"), either(line.enterprise, line.enterprise_en)),
        (_("Issued on"), shown_date(notice.issued_on)),
        (_("Due on"), shown_date(notice.due_on) if notice.due_on else None),
        (_("Requirement"), notice.requirement),
        (_("Reply"), notice.reply),
        (_("Answered on"), shown_date(notice.replied_on) if notice.replied_on else None),
        (_("Answered by"), line.replied_by),
    )
    return [(name, words) for name, words in known if words]


def _standing(line: NoticeLine) -> str:
    return _("{unresolved} of {named} unresolved", unresolved=line.unresolved, named=line.named)


def reply_form(here: Visit, file: NoticeFile) -> None:
    """Draw the form by which the enterprise answers; for whoever may."""
    if not file.may_reply:
        return
    notice = file.line.notice
    form = f"notice-{notice.id}-reply"
    text = st.text_area(
        _("What was put right, and how"), notice.reply or "", key=f"{form}-{notice.version}", max_chars=LONGEST_TEXT
    )

    def do(work: UnitOfWork) -> str:
        kept = records.get(work.session, Notice, notice.key, version=notice.version)
        return reply_to_notice(work, kept, text).number

    is_asked = st.button(_("Hand in the reply"), type="primary", icon=":material/reply:", disabled=not text.strip())
    if is_asked and carry_out(here, form, do, said=_("The reply is handed in.")) is not None:
        st.rerun()
