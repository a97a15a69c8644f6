"""A change of the roster on the screen: put together, previewed, and saved, kept as a draft or discarded."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from dashboard.i18n import _, shown_date
from dashboard.markdown import plain_label
from dashboard.screen import roster_line_forms as forms
from dashboard.screen import roster_table as table
from dashboard.screen.errors import REFUSALS, show_refusal
from dashboard.screen.roster_preview_parts import draw_preview
from dashboard.screen.roster_words import Names, part
from dashboard.screen.visit import Visit
from dashboard.screen.writing import carry_out
from dashboard.services import roster_plans
from dashboard.services.roster_board import Board
from dashboard.services.roster_lines import RosterChange
from dashboard.services.roster_preview import Preview
from db import records
from db.tables.plans import Plan
from db.unit_of_work import UnitOfWork
from governance.permissions import Right, may


def draw_change(here: Visit, board: Board, names: Names) -> None:
    """Draw the change that is being put together: lines to add, lines so far, preview, and the ways to save it."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        forms.line_form(here, board, names)
        forms.absence_form(here, board, names)
    with right:
        part(_("The change so far"))
        if not table.lines() and not table.absence():
            st.info(_("Nothing yet: add a line or an absence. Nothing is saved before you have seen what it does."))
            return
        forms.listed(names)
        forms.words()
    _previewed(here, names)


def _previewed(here: Visit, names: Names) -> None:
    part(_("What it would do"))
    try:
        found = table.preview_of(here)
    except REFUSALS as refusal:
        show_refusal(refusal)
        st.button(_("Discard the change"), icon=":material/delete:", on_click=table.clear, key="roster-discard")
        return
    stale = _stale(found)
    draw_preview(here, found, names)
    if stale:
        _conflict(found, stale, names)
    _save(here, found, is_stale=bool(stale))


def _stale(found: Preview) -> list[int]:
    """Zones whose roster is no longer the one that the change was made from."""
    base: dict[int, str] = st.session_state.setdefault(table.BASE, {})
    seen: dict[int, str] = st.session_state.setdefault(table.SEEN, {})
    for zone, text in found.base.items():
        base.setdefault(zone, text)
    for passing in found.passings:
        seen.setdefault(passing.handover.zone_id, str(passing.handover.from_id or ""))
    return [zone for zone, text in found.base.items() if base[zone] != text]


def _conflict(found: Preview, stale: list[int], names: Names) -> None:
    """Versions side by side: what was there when the change was begun, what a colleague made of it, and this one."""
    seen: dict[int, str] = st.session_state[table.SEEN]
    st.warning(
        _("A colleague has changed some of these zones since you began. Nothing of yours is lost: look and choose.")
    )
    now = {one.handover.zone_id: one.handover for one in found.passings}
    rows = [
        {
            _("Zone"): names.zones[zone],
            _("Lead when you began"): names.person(int(seen[zone])) if seen.get(zone) else "",
            _("Lead now"): names.person(now[zone].from_id) if zone in now else _("as your change wants it"),
            _("With your change"): names.person(now[zone].to_id) if zone in now else _("nothing changes"),
        }
        for zone in stale
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", key="roster-conflict")
    mine, theirs = st.columns(2)
    mine.button(
        _("Keep my lines, on top of the present roster"),
        on_click=table.put,
        args=(table.BASE, dict(found.base)),
        key="roster-mine",
    )
    theirs.button(
        _("Leave these zones to my colleague"), on_click=table.leave, args=(frozenset(stale),), key="roster-theirs"
    )


def _save(here: Visit, found: Preview, *, is_stale: bool) -> None:
    """The ways to save what was previewed; a change with faults can only be kept as a draft."""
    is_past = found.effective_on < here.today
    is_allowed = may(here.actor, Right.EDIT_PAST_ASSIGNMENTS if is_past else Right.EDIT_ASSIGNMENTS)
    if not is_allowed:
        st.caption(
            _("Days in the past are changed by the committee office; keep this as a draft for it.")
            if is_past
            else _("The bureau carries this out; keep it as a draft for it.")
        )
    day = plain_label(shown_date(found.effective_on))
    save, draft, discard = st.columns(3)
    words = (
        _("Save: takes effect on {day}", day=day) if found.effective_on != here.today else _("Save: takes effect today")
    )
    if save.button(words, type="primary", disabled=bool(found.faults) or is_stale or not is_allowed, key="roster-save"):
        _carry(here, lambda work, change, base, plan: roster_plans.carry_out(work, change, base=base, plan=plan))
    if draft.button(_("Keep as a draft for colleagues"), icon=":material/draft:", key="roster-keep"):
        _carry(here, lambda work, change, base, plan: roster_plans.save_draft(work, change, base=base, plan=plan))
    discard.button(_("Discard the change"), icon=":material/delete:", on_click=table.clear, key="roster-discard")


def _carry(here: Visit, do: Callable[[UnitOfWork, RosterChange, dict[int, str], Plan | None], Plan]) -> None:
    change, base, draft = (
        table.change_on_the_table(),
        dict(st.session_state[table.BASE]),
        st.session_state.get(table.DRAFT),
    )

    def write(work: UnitOfWork) -> str:
        plan = records.get(work.session, Plan, draft) if draft else None
        return str(do(work, change, base, plan).key)

    answer = carry_out(here, "roster-change", write, said=_("Saved: {title}", title=plain_label(change.title)))
    if answer is not None:
        st.session_state[table.DONE] = True
        st.rerun()
