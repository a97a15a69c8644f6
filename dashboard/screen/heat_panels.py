"""What stands beside the heat's map: legends in words with units, rankings, and the place that was clicked."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from dashboard.i18n import _, label, pgettext, shown_date, shown_number
from dashboard.screen import panels
from dashboard.screen.address import zone_key
from dashboard.screen.heat_caches import placeless
from dashboard.screen.heat_parts import LOOK, Asked, Way, shown_cells, word, zone_rows
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit
from dashboard.services.heat import CellHeat, Measure, open_to, rows_of_cells
from dashboard.services.ledger_address import parameters_of
from db.loop_rules import loop_numbers_of
from db.repositories.ledger_filter import LedgerFilter
from db.unit_of_work import reading
from geo.codec import cell_name
from governance.loop_numbers import LoopNumbers
from governance.vocabulary import Severity

MOST_ROWS: Final = 12


def legend(here: Visit, look: Asked, bounds: Sequence[float], unit: str) -> None:
    """Draw the classes with their bounds and unit, and how the weight is made where weight is shown."""
    body = (
        _classes(bounds, whole=look.way == Way.TIME or (look.way == Way.ZONES and look.measure == Measure.COUNT))
        if bounds
        else ""
    )
    body = body or panels.empty(_("Nothing is unresolved here"))
    if look.way in (Way.HEXAGONS, Way.KERNEL):
        body += f'<p class="gg-note">{escape(weight_words(here))}</p>'
    left_out = placeless(here)
    if left_out and look.way != Way.ZONES:
        words = _("{number} unresolved issues have no place and are not on this map.", number=shown_number(left_out))
        body += f'<p class="gg-note">{escape(words)}</p>'
    st.html(panels.panel(_("Legend"), body, aside=unit))


def _classes(bounds: Sequence[float], *, whole: bool) -> str:
    step = 1.0 if whole else 0.1
    lower = [step, *(bound + step for bound in bounds[:-1])]
    rows = "".join(
        f'<li><i style="background:{LOOK.colour(place, len(bounds))}"></i>{escape(_span(first, last))}</li>'
        for place, (first, last) in enumerate(zip(lower, bounds, strict=True), 1)
    )
    return f'<ul class="gg-classes">{rows}<li><i></i>0</li></ul>'


def _span(first: float, last: float) -> str:
    one, other = _number(first), _number(last)
    return one if first >= last else f"{one}–{other}"


def _number(value: float | None) -> str:
    if value is None:
        return "—"
    return shown_number(round(value)) if value == round(value) else f"{value:.1f}"


def weight_words(here: Visit) -> str:
    """How an issue's weight is made, with the district's numbers and units."""
    with reading(here.engine) as session:
        numbers = loop_numbers_of(session)
    return _weight_words(numbers)


def _weight_words(numbers: LoopNumbers) -> str:
    severities = ", ".join(f"{label(one)} {numbers.heat_severity[one]}" for one in Severity)
    parts = [
        _("Weight of an unresolved issue (no unit) = severity × overdue factor × age factor."),
        _("Severity: {severities}.", severities=severities),
        _("Overdue: × {times}.", times=numbers.heat_overdue_times),
        _("Age: 1 + days since it was found ÷ {days} days.", days=numbers.heat_age_days)
        if numbers.heat_age_days
        else _("The age does not count."),
    ]
    return " ".join(parts)


def zone_table(here: Visit, look: Asked) -> None:
    """Draw the zones of the choropleth, most first; a dash where there is nothing to divide by."""
    rows = [(zone, heat, heat.value(look.measure) if heat else None) for zone, heat in zone_rows(here, look.zones)]
    rows.sort(key=lambda row: (row[2] is None, -(row[2] or 0), row[0].code))
    lines = [
        (
            panels.Linked(name_of(zone), heat_address("zone", zone_key(zone.kind, zone.code))),
            _number(round(value, 1) if value is not None else None),
            shown_number(heat.unresolved) if heat else "—",
            shown_number(heat.enterprises) if heat else "—",
        )
        for zone, heat, value in rows
    ]
    heads = (word(look.zones), measure_unit(look.measure), _("Unresolved"), _("Enterprises"))
    note = "" if look.measure == Measure.COUNT else _("— : nothing to divide by")
    st.html(panels.panel(word(look.measure), panels.rows(lines, heads=heads), aside=note))


def measure_unit(measure: Measure) -> str:
    """Unit of a choropleth's measure."""
    return {
        Measure.COUNT: _("issues"),
        Measure.RATE: _("issues per 100 enterprises"),
        Measure.OVERDUE_SHARE: _("% of the unresolved overdue"),
    }[measure]


def picked(here: Visit, look: Asked) -> None:
    """Draw the zone or hexagon that was clicked, if the address names one of this way to look."""
    target, _colon, name = look.pick.partition(":")
    if look.way == Way.ZONES and target == "zone":
        describe_zone(here, look, name)
    if look.way == Way.HEXAGONS and target == "cell":
        describe_cell(here, name)


def describe_zone(here: Visit, look: Asked, key: str) -> None:
    """Draw what is known of a zone that was clicked."""
    zones = [*zone_rows(here, look.zones)]
    zone, heat = next(((zone, heat) for zone, heat in zones if zone_key(zone.kind, zone.code) == key), (None, None))
    if zone is None:
        return
    lines = [(word(one), _number(heat.value(one) if heat else None), measure_unit(one)) for one in Measure]
    lines += [(_("Enterprises"), shown_number(heat.enterprises) if heat else "—", "")]
    wanted = LedgerFilter(zone_ids=frozenset({zone.key}), is_unresolved=True)
    body = panels.rows(lines) + list_link(here, wanted, heat.unresolved if heat else 0)
    st.html(panels.panel(name_of(zone), body, kind="gg-picked"))


def describe_cell(here: Visit, name: str) -> None:
    """Draw what is known of a hexagon that was clicked."""
    found = next(((cell, heat) for cell, heat in shown_cells(here).items() if cell_name(cell) == name), None)
    if found is None:
        return
    cell, heat = found
    body = panels.rows(heat_lines(heat)) + list_link(here, rows_of_cells([cell]), heat.n)
    st.html(panels.panel(_("Hexagon {name}", name=name.rstrip("f")), body, kind="gg-picked"))


def heat_lines(heat: CellHeat) -> list[tuple[str, str]]:
    """Numbers of a place: unresolved, overdue, weight."""
    return [
        (_("Unresolved"), shown_number(heat.n)),
        (_("Overdue"), shown_number(heat.overdue)),
        (_("Weight (no unit)"), f"{heat.weight:.1f}"),
    ]


def list_link(here: Visit, wanted: LedgerFilter, n: int) -> str:
    """Link that opens exactly the issues that were counted, or those of them that the person's ledger reaches."""
    with reading(here.engine) as session:
        reached = open_to(session, here.actor, wanted, today=here.today, yellow_days=here.settings.yellow_days)
        address = f"/ledger?{urlencode(parameters_of(session, wanted))}"
    if not n or not reached:
        return panels.empty(_("No issue of it is open to you")) if n else ""
    text = _("Open the list of {number}", number=shown_number(reached))
    part = (
        "" if reached == n else f" {escape(_('({all} in all; the others are not open to you)', all=shown_number(n)))}"
    )
    return f'<p class="gg-open"><a href="{escape(address)}" target="_self">{escape(text)}</a>{part}</p>'


def heat_address(target: str, name: str, way: Way = Way.ZONES) -> str:
    """Address of this page with a place picked, everything else as it is."""
    kept = {key: value for key, value in st.query_params.items() if key not in ("pick", "way")}
    return f"/heat?{urlencode({**kept, 'way': way.value, 'pick': f'{target}:{name}'})}"


def difference_table(rows: Sequence[tuple[str, float, float]], heads: Mapping[str, str]) -> None:
    """Draw two pictures of the past beside each other with what changed, the largest change first."""
    ordered = sorted(rows, key=lambda row: (-abs(row[2] - row[1]), row[0]))[:MOST_ROWS]
    lines = [
        (name, _number(one), _number(other), f"{other - one:+.0f}" if other != one else "±0")
        for name, one, other in ordered
    ]
    table = panels.rows(lines, heads=(heads["place"], heads["a"], heads["b"], _("Difference")))
    st.html(panels.panel(_("Differences"), table, aside=pgettext("heat", "largest first")))


def days_words(first: date | None, last: date) -> str:
    """A day, or a period from its first to its last day."""
    return shown_date(last) if first is None else f"{shown_date(first)} – {shown_date(last)}"
