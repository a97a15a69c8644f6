"""Look-backs on the screen: on the issue's page, as a list to work through on a phone, and as plans."""

from collections.abc import Sequence
from datetime import timedelta
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.evidence.photos import examine
from dashboard.evidence.store import FolderStore
from dashboard.i18n import _, label, ngettext, shown_date, shown_number
from dashboard.screen import panels
from dashboard.screen.address import ISSUE, ISSUE_PAGE
from dashboard.screen.errors import REFUSALS, show_refusal
from dashboard.screen.form_versions import version_seen
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit
from dashboard.screen.writing import carry_out, form_token
from dashboard.services.ledger import IssueFile
from dashboard.services.look_back import (
    Photo,
    due_look_backs,
    keep_sample,
    look_back_line,
    look_backs_on,
    plan_items,
    record_look_back,
    suggested_period,
)
from dashboard.services.look_back_samples import draw_sample
from db import records
from db.loop_rules import loop_numbers_of
from db.repositories.look_back import LookBackLine, plans_of
from db.tables.loop import LookBackItem, LookBackPlan
from db.unit_of_work import UnitOfWork, reading
from governance.look_back import LARGEST_SIZE, SEEDS
from governance.permissions import Right, may
from governance.vocabulary import LookBackKind, LookBackResult

ITEM: Final = "item"
PLAN: Final = "plan"
LONGEST_WORDS: Final = 1000
USUAL_SIZE, USUAL_PERCENT, USUAL_DAYS = 20, 60, 90
PHOTO_ENDINGS: Final = ("jpg", "jpeg", "png", "webp")


def draw_look_backs(here: Visit, file: IssueFile) -> None:
    """Draw the look-backs that drew an issue, for its page, with the way to record an open one; nothing without any.

    Parameters
    ----------
    here : Visit
    file : IssueFile
        Of an issue that the person may see.
    """
    with reading(here.engine) as session:
        lines = look_backs_on(session, file.line.issue.key)
    if not lines:
        return
    heads = (_("Plan"), _("Drawn by"), _("Result"), _("What was seen"))
    table = panels.rows([_told(line) for line in lines], heads=heads)
    st.html(panels.panel(_("Look-backs"), table))
    is_open = any(line.item.result is None for line in lines)
    if is_open and may(here.actor, Right.LOOK_BACK):
        item = next(line.item.key for line in lines if line.item.result is None)
        st.link_button(_("Record this look-back"), f"/look-backs?{ITEM}={item}", icon=":material/replay:")


def _told(line: LookBackLine) -> tuple[str, ...]:
    item = line.item
    done = " ".join(part for part in (shown_date(item.looked_on) if item.looked_on else "", line.looked_by) if part)
    result = f"{label(item.result)} {done}" if item.result else _("due on {day}", day=item.due_on)
    return line.plan.number, label(item.drawn_by), result, item.words or "—"


def due_list(here: Visit) -> None:
    """Draw what waits to be looked at, the first due at the top, each a link that opens its form."""
    with reading(here.engine) as session:
        lines = due_look_backs(session)
    late = sum(line.item.due_on < here.today for line in lines)
    st.text(
        ngettext(
            "{number} look-back is due, {late} late", "{number} look-backs are due, {late} late", len(lines), late=late
        )
    )
    for line in lines:
        with st.container(border=True):
            st.html(_card(here, line))
            st.button(
                _("Record"),
                key=f"look-{line.item.key}",
                icon=":material/replay:",
                on_click=_open,
                args=(ITEM, line.item.key),
                width="stretch",
            )
    if not lines:
        st.caption(_("Nothing waits for a look-back; plan one."))


def _open(name: str, number: int) -> None:
    st.query_params.from_dict({name: str(number)})


def _card(here: Visit, line: LookBackLine) -> str:
    issue = line.issue
    late = (here.today - line.item.due_on).days
    due = panels.days_text(late) if late > 0 else _("due on {day}", day=line.item.due_on)
    where = name_of(line.enterprise) if line.enterprise else issue.place or "—"
    zone = name_of(line.zone) if line.zone else _("Outside")
    ended = _("closed on {day}", day=issue.closed_on) if issue.closed_on else label(issue.stage)
    marks = (label(issue.severity), label(line.item.drawn_by), ended, due)
    return (
        f"<p><b>{escape(issue.number)} {escape(issue.title)}</b><br>{escape(where)} · {escape(zone)}<br>"
        f"{escape(' · '.join(marks))}</p>"
    )


def one_item(here: Visit, asked: str) -> LookBackLine | None:
    """The item that the address names; None, with a sentence, when there is none."""
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 0
    try:
        with reading(here.engine) as session:
            return look_back_line(session, number)
    except REFUSALS as refusal:
        show_refusal(refusal)
        return None


def record_form(here: Visit, line: LookBackLine) -> None:
    """Draw the form that records what was found, as one column that fits a phone."""
    st.html(_card(here, line))
    st.page_link(
        ISSUE_PAGE, label=_("Open the issue"), icon=":material/open_in_new:", query_params={ISSUE: line.issue.number}
    )
    told = ((_("Requirement"), line.issue.requirement or "—"), (_("Measures"), line.issue.measures or "—"))
    st.html(panels.panel(_("What was to be done"), panels.rows(told)))
    if line.item.result is not None:
        st.info(_("The result stands: {result}", result=line.item.result))
        return
    form = f"look-back-{line.item.key}"
    token = form_token(form)
    version_seen(form, line.item)
    with st.form(form, border=False):
        result = st.segmented_control(
            _("Result"), list(LookBackResult), format_func=_result_words, key=f"{form}-result-{token}"
        )
        words = st.text_area(_("What was seen"), max_chars=LONGEST_WORDS, key=f"{form}-words-{token}")
        files = st.file_uploader(
            _("Photos"), type=list(PHOTO_ENDINGS), accept_multiple_files=True, key=f"{form}-photos-{token}"
        )
        is_sent = st.form_submit_button(_("Record"), type="primary", width="stretch")
    if is_sent and result is None:
        st.warning(_("Choose what was found."))
    elif is_sent and result is not None:
        _record(here, line.item, form, result=result, words=words, files=files)


def _result_words(result: LookBackResult) -> str:
    return label(result)


def _record(
    here: Visit, item: LookBackItem, form: str, *, result: LookBackResult, words: str, files: Sequence[Any]
) -> None:
    try:
        photos = [_photo(here, file) for file in files]
    except REFUSALS as refusal:
        show_refusal(refusal)
        return

    seen = version_seen(form, item)

    def write(work: UnitOfWork) -> str:
        row = records.get(work.session, LookBackItem, item.key, version=seen)
        store = FolderStore(here.settings.home)
        return str(record_look_back(work, row, result=result, words=words, photos=photos, store=store).key)

    if carry_out(here, form, write, said=_("The look-back is recorded")) is not None:
        st.query_params.clear()
        st.rerun()


def _photo(here: Visit, file: Any) -> Photo:
    data = file.getvalue()
    most = here.settings.max_upload_mb * 1024 * 1024
    examined = examine(data, name=file.name, time_zone=here.district.time_zone, most_bytes=most)
    return Photo(data=data, name=file.name, examined=examined)


def plan_form(here: Visit) -> None:
    """Draw the form that draws a sample; nothing for whoever may not plan one."""
    if not may(here.actor, Right.PLAN_LOOK_BACK):
        return
    with reading(here.engine) as session:
        after = loop_numbers_of(session).look_back_after_days
        first = here.today - timedelta(days=after + USUAL_DAYS)
        begin, end = suggested_period(session, today=here.today, after_days=after, first=first)
    form = "look-back-plan"
    token = form_token(form)
    with st.form(form):
        kind = st.segmented_control(
            _("What is looked at"),
            list(LookBackKind),
            default=LookBackKind.CLOSED_ISSUES,
            format_func=label,
            key=f"{form}-kind-{token}",
            required=True,
        )
        left, right = st.columns(2)
        since = left.date_input(_("Closed from"), value=begin, max_value=end, key=f"{form}-from-{token}")
        until = right.date_input(_("Closed to"), value=end, max_value=end, key=f"{form}-to-{token}")
        size = left.number_input(_("Issues to draw"), 1, LARGEST_SIZE, USUAL_SIZE, key=f"{form}-size-{token}")
        percent = right.slider(_("Drawn by risk, percent"), 0, 100, USUAL_PERCENT, 5, key=f"{form}-risk-{token}")
        seed = st.number_input(_("Seed"), 0, SEEDS - 1, None, key=f"{form}-seed-{token}")
        st.caption(_("Leave the seed empty: it is then taken from the chain of events, which nobody can choose."))
        is_sent = st.form_submit_button(_("Draw the sample"), type="primary", icon=":material/casino:")
    if is_sent:
        order = {"kind": kind, "closed_from": since, "closed_to": until, "size": size, "risk_percent": percent}
        _draw(here, form, {**order, "seed": seed})


def _draw(here: Visit, form: str, order: dict[str, Any]) -> None:
    try:
        with reading(here.engine) as session:
            sample = draw_sample(session, today=here.today, **order)
    except REFUSALS as refusal:
        show_refusal(refusal)
        return

    def write(work: UnitOfWork) -> str:
        return keep_sample(work, sample).number

    if carry_out(here, form, write, said=_("The sample is drawn")) is not None:
        st.rerun()


def plan_table(here: Visit) -> None:
    """Draw all plans with what makes each of them reproducible; a chosen one opens below."""
    with reading(here.engine) as session:
        found = plans_of(session)
    if not found:
        st.caption(_("No look-back was planned yet."))
        return
    event = st.dataframe(
        pd.DataFrame([_plan_row(plan, n) for plan, n in found]),
        hide_index=True,
        key="look-back-plans",
        on_select="rerun",
        selection_mode="single-row",
        alt=_("Table of look-back plans"),
    )
    chosen = event.selection.rows
    if chosen and chosen[0] < len(found):
        _items_of(here, found[chosen[0]][0])


def _plan_row(plan: LookBackPlan, n_open: int) -> dict[str, object]:
    return {
        _("Plan"): plan.number,
        _("What is looked at"): label(plan.kind),
        _("Closed"): f"{shown_date(plan.closed_from)} – {shown_date(plan.closed_to)}",
        _("Drawn from"): plan.population,
        _("Issues to draw"): plan.size,
        _("Drawn by risk, percent"): plan.risk_percent,
        _("Seed"): str(plan.seed),
        _("Planned on"): shown_date(plan.planned_on),
        _("Due on"): shown_date(plan.due_on),
        _("Still open"): n_open,
    }


def _items_of(here: Visit, plan: LookBackPlan) -> None:
    with reading(here.engine) as session:
        lines = plan_items(session, plan.key)
    heads = (_("Issue"), _("Drawn by"), _("Result"), _("What was seen"))
    table = [(f"{line.issue.number} {line.issue.title}", *_told(line)[1:]) for line in lines]
    st.html(panels.panel(plan.number, panels.rows(table, heads=heads), aside=shown_number(len(lines))))
