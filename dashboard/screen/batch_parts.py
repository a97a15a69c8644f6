"""Parts of the page for entering several findings: the table with its choices, the draft, the faults by row."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.i18n import _, label, message, ngettext, pgettext
from dashboard.screen import panels
from dashboard.screen.errors import show_refusal
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit
from dashboard.screen.writing import carry_out, writing
from dashboard.services.batch_reports import MOST_ROWS, BatchRefused, Choices, Row, choices_for, report_batch
from dashboard.services.desk import draft_of, drop_draft, keep_draft
from dashboard.services.reporting import LONGEST_TEXT, LONGEST_TITLE, OLDEST_ENTRY
from db.unit_of_work import UnitOfWork, reading
from governance.sources import sources_for
from governance.vocabulary import Category, CheckArea, Severity, Source

FORM: Final = "batch-report"
QR_SHEET: Final = "/api/v1/enterprises/qr-sheet"
COLUMNS: Final = (
    "title", "enterprise", "village", "place", "category", "severity", "check_area", "found_on", "description",
)  # fmt: skip
FIRST_ROWS: Final = 5
_BASE: Final = "batch_base"
_ROUND: Final = "batch_round"
_KEPT: Final = "batch_kept"
_WORDS: Final = {"category": Category, "severity": Severity, "check_area": CheckArea}
Told = dict[str, Any]


def choices(here: Visit) -> Choices:
    """What the rows may name."""
    with reading(here.engine) as session:
        return choices_for(session, here.actor)


def source_fields(here: Visit) -> Told:
    """Draw source and document for who has a choice; nothing for everybody else."""
    sources = sources_for(here.actor)
    if len(sources) < 2:
        return {}
    first, second = st.columns(2)
    source = first.selectbox(
        _("Where the finding comes from"), sources, format_func=label, index=None, placeholder=_("Please choose one.")
    )
    document = second.text_input(_("Document number"), max_chars=LONGEST_TITLE)
    return {"source": Source(source) if source else None, "source_document": document or ""}


def table(here: Visit, offered: Choices) -> list[Told]:
    """Draw the table as it was left; the lines in which something stands."""
    edited = st.data_editor(
        _base(here),
        num_rows="dynamic",
        hide_index=False,
        column_order=COLUMNS,
        column_config=_columns(here, offered),
        key=f"batch-{st.session_state.get(_ROUND, 0)}",
        alt=_("Findings to report"),
        placeholder="",
    )
    lines = _lines(edited)
    _keep(here, lines)
    return lines


def report_all(here: Visit, lines: Sequence[Told], given: Mapping[str, Any]) -> str | None:
    """Report every line, all of them or none; what was written stays in the table when it is refused."""
    rows = [_row(line) for line in lines]

    def do(work: UnitOfWork) -> str:
        numbers = report_batch(work, rows, **given)
        drop_draft(work, FORM)
        return f"{numbers[0]} – {numbers[-1]}" if len(numbers) > 1 else numbers[0]

    said = ngettext("{number} finding reported", "{number} findings reported", len(rows))
    numbers = carry_out(here, FORM, do, said=said, refused=_show_faults)
    if numbers is not None:
        forget()
    return numbers


def forget() -> None:
    """Begin with an empty table from the next run on."""
    for name in (_BASE, _KEPT):
        st.session_state.pop(name, None)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def clear(here: Visit) -> None:
    """Throw away what stands in the table and its draft."""
    with writing(here) as work:
        drop_draft(work, FORM)
    forget()


def _base(here: Visit) -> pd.DataFrame:
    """What the table begins with: the draft as it was left, else empty lines; the same for all runs of a visit."""
    if _BASE not in st.session_state:
        with reading(here.engine) as session:
            draft = draft_of(session, here.signed_in.person_id, FORM) or {}
        lines = [dict.fromkeys(COLUMNS) | line for line in draft.get("lines", [])]
        lines += [dict.fromkeys(COLUMNS) for _empty in range(FIRST_ROWS - len(lines))]
        st.session_state[_BASE] = _typed(pd.DataFrame(lines, columns=list(COLUMNS)))
        st.session_state[_KEPT] = _lines(st.session_state[_BASE])
    base: pd.DataFrame = st.session_state[_BASE]
    return base


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns of one kind each, also while they are empty; lines are counted from 1."""
    frame["found_on"] = pd.to_datetime(frame["found_on"]).dt.date
    for name in ("enterprise", "village"):
        frame[name] = frame[name].astype("Int64")
    for name in set(COLUMNS) - {"found_on", "enterprise", "village"}:
        frame[name] = frame[name].astype("object").where(frame[name].notna(), None)
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return frame


def _columns(here: Visit, offered: Choices) -> dict[str, Any]:
    firms = {
        row.key: f"{name_of(row)} · {row.credit_code}" if row.credit_code else name_of(row)
        for row in offered.enterprises
    }
    villages = {row.key: f"{name_of(row)} · {name_of(offered.townships[row.township_id])}" for row in offered.villages}
    heads = {name: pgettext("column", name) for name in COLUMNS}
    choice = st.column_config.SelectboxColumn
    words = {
        name: choice(heads[name], options=[word.value for word in enum], format_func=_word_of(enum))
        for name, enum in _WORDS.items()
    }
    return {
        "title": st.column_config.TextColumn(heads["title"], width="large", max_chars=LONGEST_TITLE),
        "enterprise": choice(
            heads["enterprise"], options=list(firms), format_func=lambda key: firms.get(int(key), ""), width="medium"
        ),
        "village": choice(heads["village"], options=list(villages), format_func=lambda key: villages.get(int(key), "")),
        "place": st.column_config.TextColumn(heads["place"], max_chars=LONGEST_TITLE),
        **words,
        "found_on": st.column_config.DateColumn(
            heads["found_on"], min_value=here.today - OLDEST_ENTRY, max_value=here.today
        ),
        "description": st.column_config.TextColumn(heads["description"], max_chars=LONGEST_TEXT),
    }


def _word_of(enum: Any) -> Any:
    return lambda value: label(enum(value))


def _lines(frame: pd.DataFrame) -> list[Told]:
    """The lines in which something stands, each with its number and plain values."""
    found = []
    for number, (_index, cells) in enumerate(frame.iterrows(), start=1):
        line = {name: _plain(cells[name]) for name in COLUMNS}
        if any(value not in (None, "") for value in line.values()):
            found.append({"number": number, **line})
    return found


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or (not isinstance(value, str) and pd.isna(value)):
        return None
    if isinstance(value, date):
        return value.isoformat()[:10]
    return value.strip() if isinstance(value, str) else int(value)


def _row(line: Told) -> Row:
    words: Told = {name: enum(line[name]) if line[name] else None for name, enum in _WORDS.items()}
    return Row(
        number=line["number"],
        title=line["title"],
        enterprise_id=line["enterprise"],
        village_id=line["village"],
        place=line["place"],
        found_on=date.fromisoformat(line["found_on"]) if line["found_on"] else None,
        description=line["description"],
        **words,
    )


def _keep(here: Visit, lines: list[Told]) -> None:
    """Keep what stands in the table on the server, when it has changed."""
    if lines == st.session_state.get(_KEPT):
        return
    with writing(here) as work:
        keep_draft(work, FORM, {"lines": [{name: line[name] for name in COLUMNS} for line in lines[:MOST_ROWS]]})
    st.session_state[_KEPT] = lines


def _show_faults(refusal: BaseException) -> None:
    """Say which row and which field is refused, and why."""
    show_refusal(refusal)
    if not isinstance(refusal, BatchRefused):
        return
    lines = [
        (message(fault.error), _("Row {n}", n=fault.row), pgettext("column", fault.field) if fault.field else "—")
        for fault in refusal.faults
    ]
    st.html(panels.panel(_("Refused rows"), panels.rows(lines, heads=(_("Reason"), _("Row"), _("Column")))))
