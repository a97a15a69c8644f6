"""Parts of the ledger page: filters that are kept in the address, the table's pages, the export."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from urllib.parse import urlencode

import streamlit as st

from dashboard.i18n import _, label
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit
from dashboard.services.ledger import LedgerPage, ledger_page
from dashboard.services.ledger_address import parameters_of
from db.repositories.issues import LedgerFilter
from db.repositories.territory import industries, zones
from db.unit_of_work import reading
from governance.permissions import Right, may
from governance.vocabulary import Category, Light, Severity, Source, Stage

FORMATS = ("xlsx", "csv", "geojson", "gpkg")
_TEXT, _PAGE = "q", "page"


def filters(here: Visit) -> LedgerFilter:
    """Draw the filters and return what they say; each is a query parameter of the address."""
    with reading(here.engine) as session:
        zone_names = {zone.code: (zone.key, name_of(zone)) for zone in zones(session)}
        industry_names = {industry.code: (industry.key, name_of(industry)) for industry in industries(session)}
    first, second = st.columns([2, 3])
    text = first.text_input(
        _("Search"), key=_TEXT, bind="query-params", placeholder=_("Title, number or enterprise"), max_chars=100
    )
    with second:
        light = st.segmented_control(
            _("Light of unresolved issues"),
            [light.value for light in Light],
            format_func=lambda value: label(Light(value)),
            key="light",
            bind="query-params",
        )
    columns = st.columns(6)
    choices: Sequence[tuple[str, str, type[StrEnum]]] = (
        ("stage", _("Stage"), Stage),
        ("severity", _("Severity"), Severity),
        ("category", _("Category"), Category),
        ("source", _("Source"), Source),
    )
    chosen = {
        key: _words(column, key=key, title=title, words=words)
        for column, (key, title, words) in zip(columns, choices, strict=False)
    }
    zone_codes = _codes(columns[4], key="zone", title=_("Zone"), names=zone_names)
    industry_codes = _codes(columns[5], key="industry", title=_("Industry"), names=industry_names)
    return LedgerFilter(
        text=text or "",
        light=Light(light) if light else None,
        stages=frozenset(Stage(value) for value in chosen["stage"]),
        severities=frozenset(Severity(value) for value in chosen["severity"]),
        categories=frozenset(Category(value) for value in chosen["category"]),
        sources=frozenset(Source(value) for value in chosen["source"]),
        zone_ids=frozenset(zone_names[code][0] for code in zone_codes),
        industry_ids=frozenset(industry_names[code][0] for code in industry_codes),
    )


def sorts_by_deadline() -> bool:
    """Whether the most urgent issues come first, as the person chose, instead of the newest."""
    return st.toggle(_("Most urgent first"), key="urgent", bind="query-params")


def read_page(here: Visit, wanted: LedgerFilter, page: int, *, by_deadline: bool) -> LedgerPage:
    """A page of the ledger."""
    with reading(here.engine) as session:
        return ledger_page(
            session,
            here.actor,
            wanted,
            today=here.today,
            yellow_days=here.settings.yellow_days,
            page=page,
            by_deadline=by_deadline,
        )


def current_page() -> int:
    """The page of the table that the address names."""
    value = st.session_state.get(_PAGE) or st.query_params.get(_PAGE) or "1"
    return max(int(value), 1) if str(value).isdecimal() else 1


def turn_pages(found: LedgerPage) -> None:
    """Draw the control that turns the table's pages."""
    if found.pages > 1:
        st.pagination(found.pages, key=_PAGE, bind="query-params")


def export_links(here: Visit, wanted: LedgerFilter) -> None:
    """Links that export exactly what the filters show; the route asks for the rights again."""
    if not may(here.actor, Right.EXPORT):
        return
    with reading(here.engine) as session:
        shown = parameters_of(session, wanted)
    with st.popover(_("Export"), icon=":material/download:"):
        for format_name in FORMATS:
            query = urlencode([("format", format_name), *shown])
            st.link_button(format_name.upper(), f"/api/v1/export/issues?{query}", width="stretch")


def _words(column: object, *, key: str, title: str, words: type[StrEnum]) -> list[str]:
    return column.multiselect(  # type: ignore[attr-defined,no-any-return]  # a column draws like st itself
        title,
        [word.value for word in words],
        format_func=lambda value: label(words(value)),
        key=key,
        bind="query-params",
        placeholder=_("All"),
    )


def _codes(column: object, *, key: str, title: str, names: Mapping[str, tuple[int, str]]) -> list[str]:
    return column.multiselect(  # type: ignore[attr-defined,no-any-return]  # a column draws like st itself
        title,
        list(names),
        format_func=lambda code: names[code][1],
        key=key,
        bind="query-params",
        placeholder=_("All"),
    )
