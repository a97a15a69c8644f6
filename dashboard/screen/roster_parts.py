"""Who guards what on the screen: the roster of a day, zone by zone and leader by leader."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.i18n import _, label, shown, shown_date
from dashboard.screen.kept import Kept, kept_choice
from dashboard.screen.names import name_of
from dashboard.screen.roster_words import Names, names_in
from dashboard.screen.visit import Visit
from dashboard.services.roster_board import Board, ZoneLine, board_on
from db.tables.people import Assignment
from db.unit_of_work import reading
from governance.permissions import Right, may

PARTS: Final = ("board", "change", "changes")
YEARS: Final = 10
DAYS_OF_YEAR: Final = 366
_ROW_PX, _HEAD_PX = 35, 38


def may_edit(here: Visit) -> bool:
    """Whether the person may change who guards what, today and later or also in the past."""
    return may(here.actor, Right.EDIT_ASSIGNMENTS) or may(here.actor, Right.EDIT_PAST_ASSIGNMENTS)


def fields(here: Visit) -> tuple[Kept, ...]:
    """What of the page stands in the address: its part, and the day asked for."""
    return (kept_choice("part", parts_for(here), default="board"), _kept_day("on", here.today))


def parts_for(here: Visit) -> tuple[str, ...]:
    """The parts of the page for a person; changes are for those who make them."""
    return PARTS if may_edit(here) else PARTS[:1]


def _kept_day(key: str, today: date) -> Kept:
    """A day within the years that the calendar offers; today is not written."""

    def read(asked: Sequence[str]) -> date:
        try:
            day = date.fromisoformat(asked[0]) if asked else today
        except ValueError:
            return today
        first, last = days_offered(today)
        return day if first <= day <= last else today

    return Kept(key, read, lambda value: [value.isoformat()] if value and value != today else [])


def days_offered(today: date) -> tuple[date, date]:
    """The first and the last day that can be asked for."""
    span = timedelta(days=YEARS * DAYS_OF_YEAR)
    return today - span, today + span


def choose_day(here: Visit) -> date:
    """Draw the choice of the day whose roster is shown."""
    first, last = days_offered(here.today)
    chosen: date | None = st.date_input(_("As of"), key="on", min_value=first, max_value=last, format="YYYY-MM-DD")
    return chosen or here.today


def names(here: Visit) -> Names:
    """Names of all zones and people."""
    with reading(here.engine) as session:
        return names_in(session)


def board_of(here: Visit, day: date) -> Board:
    """The roster of a day."""
    with reading(here.engine) as session:
        return board_on(session, day, today=here.today, yellow_days=here.settings.yellow_days)


def headline(here: Visit, board: Board) -> None:
    """Say what is shown: a day of the past with its own numbers, today, or a day to come."""
    unguarded = [name_of(line.zone) for line in board.lines if line.lead is None]
    if board.day < here.today:
        is_known = any(line.unresolved is not None for line in board.lines)
        st.caption(
            _("Who guarded on {day}, and how it stood at the end of that day.", day=shown_date(board.day))
            if is_known
            else _("Who guarded on {day}. How it stood that day is not recorded.", day=shown_date(board.day))
        )
    elif board.day > here.today:
        st.caption(
            _("Who will guard on {day}, as it is written down now; numbers are today's.", day=shown_date(board.day))
        )
    if unguarded:
        st.warning(_("Without a lead on this day: {zones}", zones=unguarded))


def zone_table(board: Board) -> None:
    """Draw every zone with its lead, deputies, and what waited there."""
    rows = [_zone_row(board, line) for line in board.lines]
    height = _HEAD_PX + _ROW_PX * max(len(rows), 1)
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", height=height, key="roster-zones")


def _zone_row(board: Board, line: ZoneLine) -> dict[str, object]:
    coming = line.coming
    return {
        _("Zone"): name_of(line.zone),
        _("Kind"): label(line.zone.kind),
        _("Lead"): _name(board, line.lead) if line.lead else _("nobody"),
        _("Lead since"): line.lead.valid_from if line.lead else None,
        _("Deputies"): _names(board, line.deputies),
        _("Next lead"): f"{_name(board, coming)} ({shown_date(coming.valid_from)})" if coming else "",
        _("Unresolved"): line.unresolved,
        _("Overdue"): line.overdue,
        _("Document"): (line.lead.document_number or "") if line.lead else "",
    }


def leader_table(board: Board) -> None:
    """Draw every leader in office with the zones guarded and the load of today."""
    zones = {line.zone.key: name_of(line.zone) for line in board.lines}
    rows = [
        {
            _("Leader"): name_of(board.people[load.person_id]),
            _("Leads"): shown([zones[zone] for zone in zones if zone in load.zone_ids]),
            _("Deputy of"): shown([zones[zone] for zone in zones if zone in load.deputy_zone_ids]),
            _("Unresolved"): load.pending.unresolved,
            _("Overdue"): load.pending.overdue,
            _("Load"): load.pending.load,
        }
        for load in board.loads
    ]
    most = max((load.pending.load for load in board.loads), default=0)
    columns = {_("Load"): st.column_config.ProgressColumn(min_value=0, max_value=max(most, 1), format="%d")}
    height = _HEAD_PX + _ROW_PX * max(len(rows), 1)
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, width="stretch", height=height, column_config=columns, key="roster-leaders"
    )
    st.caption(
        _(
            "Load: unresolved issues weighed by severity, overdue ones more, as they stand today; an issue in a "
            "township and in a port is work in both. A deputy's zones are the lead's work."
        )
    )


def _name(board: Board, row: Assignment) -> str:
    return name_of(board.people[row.person_id])


def _names(board: Board, rows: Iterable[Assignment]) -> object:
    return shown([_name(board, row) for row in rows])
