"""What a change of the roster would do, drawn before it is saved: what passes, whose load grows, warnings."""

from html import escape
from urllib.parse import urlencode

import pandas as pd
import streamlit as st
from sqlmodel import Session

from dashboard.i18n import _, shown, shown_date, shown_number
from dashboard.markdown import plain_label
from dashboard.screen.roster_words import Names, caution_sentence, days, fault_sentence
from dashboard.screen.visit import Visit
from dashboard.services.ledger_address import parameters_of
from dashboard.services.roster_preview import LoadDay, LoadTurn, Passing, Preview
from db.repositories.ledger_filter import LedgerFilter
from db.unit_of_work import reading


def draw_preview(here: Visit, found: Preview, names: Names) -> None:
    """Draw a preview; what is refused stands first."""
    with reading(here.engine) as session:
        refused = [fault_sentence(session, fault) for fault in found.faults]
        links = {id(one): _rows_links(session, one) for one in found.passings}
    for sentence in refused:
        st.error(plain_label(sentence), icon=":material/block:")
    for caution in found.cautions:
        st.warning(plain_label(caution_sentence(caution, names)), icon=":material/warning:")
    _passings(found, names, links)
    _deputies(found, names)
    for load_day in found.load_days:
        _loads(load_day, names)


def _rows_links(session: Session, one: Passing) -> tuple[str, str]:
    """Addresses of the ledger with the unresolved, and with the overdue issues that pass."""
    return _address(session, one.unresolved_rows), _address(session, one.overdue_rows)


def _address(session: Session, wanted: LedgerFilter) -> str:
    return f"/ledger?{urlencode(parameters_of(session, wanted))}"


def _passings(found: Preview, names: Names, links: dict[int, tuple[str, str]]) -> None:
    if not found.passings:
        st.caption(_("No zone passes to another lead."))
        return
    heads = [_("Zone"), _("Handed over by"), _("Taken over by"), _("Days")]
    heads += [_("Unresolved"), _("Overdue"), _("Clues"), _("Enterprises"), _("Open instructions left")]
    rows = "".join(_passing_row(one, names, links[id(one)]) for one in found.passings)
    cells = "".join(f"<th>{escape(head)}</th>" for head in heads)
    st.html(f'<div class="gg-panel gg-wide"><table class="gg-passings"><tr>{cells}</tr>{rows}</table></div>')
    st.caption(_("Numbers as of today; they open the issues that pass."))


def _passing_row(one: Passing, names: Names, links: tuple[str, str]) -> str:
    passing, pending = one.handover, one.pending
    texts = (
        names.zones[passing.zone_id],
        names.person(passing.from_id),
        names.person(passing.to_id),
        days(passing.valid_from, passing.valid_to),
    )
    cells = [escape(text) for text in texts]
    cells += [_link(link, n) for link, n in zip(links, (pending.unresolved, pending.overdue), strict=True)]
    cells += [
        shown_number(pending.clues),
        shown_number(one.enterprises),
        escape(str(shown(one.directives))) if one.directives else "0",
    ]
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _link(address: str, n: int) -> str:
    number = escape(shown_number(n))
    return f'<a href="{escape(address)}" target="_blank" rel="noopener">{number}</a>' if n else number


def _deputies(found: Preview, names: Names) -> None:
    for turn in found.deputies:
        values = {
            "zone": names.zones[turn.span.zone_id],
            "person": names.person(turn.span.person_id),
            "days": days(turn.span.valid_from, turn.span.valid_to),
        }
        words = _("{zone}: {person} becomes a deputy {days}", **values)
        st.text(words if turn.is_begun else _("{zone}: {person} is no longer a deputy {days}", **values))


def _loads(load_day: LoadDay, names: Names) -> None:
    moved = [turn for turn in load_day.turns if turn.is_moved]
    if not moved:
        return
    st.text(_("Workload before and after, from {day} on", day=shown_date(load_day.day)))
    rows = [_load_row(turn, names) for turn in moved]
    key = f"roster-loads-{load_day.day.isoformat()}"
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", key=key)


def _load_row(turn: LoadTurn, names: Names) -> dict[str, object]:
    before, after = turn.before, turn.after
    return {
        _("Leader"): names.person(after.person_id),
        _("Zones"): f"{len(before.zone_ids)} → {len(after.zone_ids)}",
        _("Unresolved"): f"{before.pending.unresolved} → {after.pending.unresolved}",
        _("Overdue"): f"{before.pending.overdue} → {after.pending.overdue}",
        _("Load"): f"{before.pending.load} → {after.pending.load}",
    }
