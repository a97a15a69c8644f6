"""Parts of the ledger page: filters that are kept in the address, the table's pages, the export."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

import streamlit as st

from dashboard.i18n import _, label
from dashboard.screen.kept import Kept, kept_choice, kept_choices, kept_number, kept_switch, kept_text, recall
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit
from dashboard.services.ledger import LedgerPage, ledger_page
from dashboard.services.ledger_address import LONGEST_TEXT, parameters_of
from db.repositories.issues import LedgerFilter
from db.repositories.territory import industries, zones
from db.unit_of_work import reading
from governance.permissions import Right, may
from governance.vocabulary import Category, Light, Severity, Source, Stage

FORMATS = ("xlsx", "csv", "geojson", "gpkg")
EVERYTHING = LedgerFilter()
_PAGE = "page"
_WORDS: Mapping[str, type[StrEnum]] = {"stage": Stage, "severity": Severity, "category": Category, "source": Source}
Names = Mapping[str, tuple[int, str]]


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the filters offer: zones and industries by code, each with its number and its name."""

    zones: Names
    industries: Names

    @property
    def fields(self) -> list[Kept]:
        """Everything of the ledger that stands in the address."""
        return [
            kept_text("q", longest=LONGEST_TEXT),
            kept_choice("light", list(Light)),
            *(kept_choices(key, list(words)) for key, words in _WORDS.items()),
            kept_choices("zone", self.zones),
            kept_choices("industry", self.industries),
            kept_switch("urgent"),
            kept_number(_PAGE),
        ]


def choices(here: Visit) -> Choices:
    """What the filters offer in this district."""
    with reading(here.engine) as session:
        return Choices(
            zones={zone.code: (zone.key, name_of(zone)) for zone in zones(session)},
            industries={industry.code: (industry.key, name_of(industry)) for industry in industries(session)},
        )


def filters(offered: Choices) -> LedgerFilter:
    """Draw the filters and return what they say; a changed filter begins at the first page."""
    if recall(offered.fields) - {_PAGE}:
        st.session_state[_PAGE] = 1
    first, second = st.columns([2, 3])
    text = first.text_input(_("Search"), key="q", placeholder=_("Title, number or enterprise"), max_chars=LONGEST_TEXT)
    with second:
        light = st.segmented_control(
            _("Light of unresolved issues"),
            [light.value for light in Light],
            format_func=lambda value: label(Light(value)),
            key="light",
        )
    columns = st.columns(6)
    titles = {"stage": _("Stage"), "severity": _("Severity"), "category": _("Category"), "source": _("Source")}
    chosen = {
        key: _words(column, key=key, title=titles[key], words=words)
        for column, (key, words) in zip(columns, _WORDS.items(), strict=False)
    }
    zone_codes = _codes(columns[4], key="zone", title=_("Zone"), names=offered.zones)
    industry_codes = _codes(columns[5], key="industry", title=_("Industry"), names=offered.industries)
    return LedgerFilter(
        text=text or "",
        light=Light(light) if light else None,
        stages=frozenset(Stage(value) for value in chosen["stage"]),
        severities=frozenset(Severity(value) for value in chosen["severity"]),
        categories=frozenset(Category(value) for value in chosen["category"]),
        sources=frozenset(Source(value) for value in chosen["source"]),
        zone_ids=frozenset(offered.zones[code][0] for code in zone_codes),
        industry_ids=frozenset(offered.industries[code][0] for code in industry_codes),
    )


def sorts_by_deadline() -> bool:
    """Whether the most urgent issues come first, as the person chose, instead of the newest."""
    return st.toggle(_("Most urgent first"), key="urgent")


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


def current_page(here: Visit, wanted: LedgerFilter, *, by_deadline: bool) -> LedgerPage:
    """The page of the table that the person chose, or the last one when the filters leave fewer."""
    page = int(st.session_state[_PAGE])
    found = read_page(here, wanted, page, by_deadline=by_deadline)
    if page <= found.pages:
        return found
    st.session_state[_PAGE] = found.pages
    return read_page(here, wanted, found.pages, by_deadline=by_deadline)


def turn_pages(found: LedgerPage) -> None:
    """Draw the control that turns the table's pages."""
    if found.pages > 1:
        st.pagination(found.pages, key=_PAGE)


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
        placeholder=_("All"),
    )


def _codes(column: object, *, key: str, title: str, names: Mapping[str, tuple[int, str]]) -> list[str]:
    return column.multiselect(  # type: ignore[attr-defined,no-any-return]  # a column draws like st itself
        title,
        list(names),
        format_func=lambda code: names[code][1],
        key=key,
        placeholder=_("All"),
    )
