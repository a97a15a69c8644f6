"""Rankings on the screen: a period, one table for townships and one for departments, each number a link to its rows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from html import escape
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from dashboard.i18n import _, pgettext, shown_number, shown_percent, shown_time
from dashboard.screen import caches, panels
from dashboard.screen.kept import Kept, kept_choice
from dashboard.screen.names import name_of
from dashboard.screen.rebound_parts import formula
from dashboard.screen.visit import Visit
from dashboard.services.ledger_address import parameters_of
from dashboard.services.rankings import Measure, Ranked, Rankings, Signer, own_standing
from db.unit_of_work import reading
from governance.permissions import Right, Scope, may, scope_of

PERIODS: Final = ("month", "quarter", "year", "last_year_of_days")
FIELDS: Final[tuple[Kept, ...]] = (kept_choice("period", PERIODS, default="quarter"),)
_DAYS: Final = 365
_COUNTS: Final[Mapping[Measure, tuple[str, ...]]] = {
    Measure.FINDING: ("found", "enterprises"),
    Measure.FIXING: ("closed_on_time", "closed", "open_overdue", "instant"),
    Measure.LASTING: ("reopened", "looked_back", "recurrences"),
}


def choose_period(here: Visit) -> tuple[date, date]:
    """Draw the choice of the period, which ends today; first and last local day."""
    chosen = st.segmented_control(
        _("Period"), PERIODS, format_func=lambda name: pgettext("period", name), key="period", required=True
    )
    return first_day(chosen or PERIODS[1], here.today), here.today


def first_day(period: str, today: date) -> date:
    """The first local day of a period that ends today."""
    match period:
        case "month":
            return today.replace(day=1)
        case "quarter":
            return today.replace(month=3 * ((today.month - 1) // 3) + 1, day=1)
        case "year":
            return today.replace(month=1, day=1)
        case _:
            return today - timedelta(days=_DAYS - 1)


def read(here: Visit, since: date, until: date) -> Rankings:
    """The rankings of a period as far as the person may see them, kept while nothing changes."""
    return own_standing(caches.rankings(here, since=since, until=until), here.actor)


def ranking(here: Visit, title: str, rows: Sequence[Ranked], measure: Measure) -> None:
    """Draw one ranking by one measure, the first place at the top; whoever has no value stands below."""
    ordered = sorted(rows, key=lambda row: (row.places[measure] or len(rows) + 1, row.place.code))
    heads = ("", "", pgettext("measured", measure.value), *(pgettext("Counts", name) for name in _COUNTS[measure]))
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    with reading(here.engine) as session:
        links = {
            (row.place.key, name): f"/ledger?{urlencode(parameters_of(session, row.filters[name]))}"
            for row in ordered
            for name in _COUNTS[measure]
            if name in row.filters
        }
    body = "".join(_line(row, measure, links) for row in ordered)
    st.html(panels.panel(title, f"<table><tr>{head}</tr>{body}</table>" if rows else panels.empty(_("None"))))


def _line(row: Ranked, measure: Measure, links: Mapping[tuple[int, str], str]) -> str:
    place = row.places[measure]
    cells = [escape(str(place) if place else "—"), escape(name_of(row.place)), escape(_value(row, measure))]
    cells += [_count(row, name, links.get((row.place.key, name))) for name in _COUNTS[measure]]
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _value(row: Ranked, measure: Measure) -> str:
    value = row.values[measure]
    if value is None:
        return "—"
    return shown_number(value, digits=1) if measure == Measure.FINDING else shown_percent(value, digits=1)


def _count(row: Ranked, name: str, link: str | None) -> str:
    n = getattr(row.counts, name)
    flag = "▲ " if name == "instant" and n else ""  # the column's heading says what the sign means
    text = escape(flag + shown_number(n))
    return f'<a href="{escape(link)}" target="_self">{text}</a>' if link else text


def signers_table(here: Visit, rows: Sequence[Signer]) -> None:
    """Draw whose sign-offs did not last, for whoever looks back: whoever accepts answers for it."""
    if not may(here.actor, Right.LOOK_BACK):
        return
    with reading(here.engine) as session:
        lines = [_signer(row, urlencode(parameters_of(session, row.filter))) for row in rows]
    heads = (_("Signed off by"), _("Opened again"), _("Looked back at"), _("Rate"))
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = f"<table><tr>{head}</tr>{''.join(lines)}</table>" if lines else panels.empty(_("None"))
    st.html(panels.panel(_("Whoever accepts answers for it"), body))


def _signer(row: Signer, query: str) -> str:
    name = name_of(row.person) if row.person else _("Not recorded")
    looked = f'<a href="/ledger?{escape(query)}" target="_self">{row.rate.looked_back}</a>'
    shown = looked if row.person else str(row.rate.looked_back)
    rate = shown_percent(row.rate.rate or 0.0, digits=1)
    return f"<tr><td>{escape(name)}</td><td>{row.rate.reopened}</td><td>{shown}</td><td>{escape(rate)}</td></tr>"


def formulae(here: Visit, since: date, until: date) -> None:
    """Say how each figure is made, for which period and as of when, and how far the links reach."""
    for text in _formulae(since, until):
        st.caption(text)
    st.caption(_("As of {time}", time=shown_time(here.now, zone=here.district.time_zone)))
    if not may(here.actor, Right.SEE_DISTRICT):
        st.caption(_("Your own place among all; how the others stand is shown to the district."))
    elif not sees_all(here):
        st.caption(_("The ledger opens these rows as far as your rights reach; the figures count the whole district."))


def _formulae(since: date, until: date) -> Iterable[str]:
    period = {"since": since, "until": until}
    yield _("Finding = issues found ÷ enterprises × 100; found from {since} to {until}, merged ones left out", **period)
    yield _(
        "Fixing = closed on time ÷ (closed + open and overdue today); closed from {since} to {until}. Instant "
        "closures were closed on the day of their hand-over, those put right on the spot left out",
        **period,
    )
    yield formula(since, until)
    yield _("A township counts what lies in its territory; a department what belongs to its industries of today.")


def sees_all(here: Visit) -> bool:
    """Whether the person's ledger holds every issue of the district."""
    return here.actor.is_operator or any(scope_of(Right.SEE, role) == Scope.ALL for role in here.actor.roles)


def of_measure(measure: Measure, *, is_department: bool) -> str:
    """Title of a ranking."""
    who = _("Departments") if is_department else _("Townships")
    return f"{who} · {pgettext('Measure', measure.value)}"
