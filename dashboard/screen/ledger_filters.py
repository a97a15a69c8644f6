"""The ledger's filters: every one a widget whose value stands in the address, and the filter that they say together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import streamlit as st

from dashboard.i18n import _, label, pgettext
from dashboard.markdown import plain_label
from dashboard.screen.kept import Kept, kept_choice, kept_choices, kept_number, kept_switch, kept_text, recall
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit
from dashboard.services.issue_columns import CATALOGUE
from dashboard.services.ledger_address import (
    ANSWERS,
    CODES,
    DAYS,
    LONGEST_TEXT,
    NAMES,
    NO,
    SWITCHES,
    WORDS,
    YES,
    filter_of,
)
from dashboard.services.ledger_choices import lead_units, offered_enterprises, people_in_charge
from dashboard.services.ledger_table import USUAL_COLUMNS, known_columns
from db.repositories.ledger_filter import LedgerFilter
from db.repositories.territory import industries, zones
from db.unit_of_work import reading
from governance.errors import GridGuardError
from governance.vocabulary import Light

PAGE, URGENT, COLUMNS = "page", "urgent", "columns"
EVERYTHING: Final = LedgerFilter()
_MAIN: Final = ("stage", "severity", "category", "source", "zone", "industry")
# Filters that only links set: they have no widget, and stand in the address until all filters are cleared.
_BY_LINK: Final = ("finder", "rectifier", "signer", "judged", "cells", "happened")
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
Names = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the filters offer: parameter → code → name."""

    names: Mapping[str, Names]

    @property
    def fields(self) -> list[Kept]:
        """Everything of the ledger that stands in the address."""
        return [
            kept_text("q", longest=LONGEST_TEXT),
            kept_text("source_number", longest=LONGEST_TEXT),
            kept_choice("light", list(Light)),
            *(kept_choices(name, list(words)) for name, (_field, words) in WORDS.items()),
            *(kept_choices(name, self.names[name]) for name in CODES),
            kept_choice("enterprise", list(self.names["enterprise"])),
            *(_kept_day(name) for name in DAYS),
            *(kept_choice(name, [YES]) for name in SWITCHES if name not in _BY_LINK),
            *(kept_choice(name, [YES, NO]) for name in ANSWERS),
            kept_switch(URGENT),
            Kept(COLUMNS, lambda asked: list(known_columns(asked)), _said_columns),
            kept_number(PAGE),
        ]


def choices(here: Visit) -> Choices:
    """What the filters offer this person in this district."""
    asked = st.query_params.get("enterprise", "")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None
    with reading(here.engine) as session:
        firms = offered_enterprises(session, here.actor, asked=number)
        offered: dict[str, Sequence[Any]] = {
            "zone": zones(session),
            "industry": industries(session),
            "unit": lead_units(session, here.actor),
            "person": people_in_charge(session, here.actor),
        }
        names = {name: {row.code: name_of(row) for row in rows} for name, rows in offered.items()}
        return Choices(names={**names, "enterprise": {str(firm.key): name_of(firm) for firm in firms}})


def asked_filter(here: Visit, offered: Choices) -> LedgerFilter:
    """Draw the filters and return what they say; a changed filter begins at the first page."""
    if recall(offered.fields) - {PAGE, COLUMNS}:
        st.session_state[PAGE] = 1
    _main_filters(offered)
    with st.expander(_more_title(offered), icon=":material/tune:"):
        _more_filters(offered)
    with reading(here.engine) as session:
        wanted = filter_of(session, said(offered))
        try:
            return filter_of(session, [*said(offered), *_linked()])
        except GridGuardError:
            return wanted


def said(offered: Choices) -> list[tuple[str, str]]:
    """The filter as parameters of an address, as the widgets say it."""
    fields = [field for field in offered.fields if field.key in NAMES]
    return [(field.key, value) for field in fields for value in field.write(st.session_state.get(field.key))]


def address_of(offered: Choices) -> list[tuple[str, str]]:
    """Everything that the address says but the page: filter, order and columns."""
    others = [field for field in offered.fields if field.key in (URGENT, COLUMNS)]
    shown = [(field.key, value) for field in others for value in field.write(st.session_state.get(field.key))]
    return [*said(offered), *_linked(), *shown]


def by_deadline() -> bool:
    """Whether the most urgent issues come first, as the person chose, instead of the newest."""
    return bool(st.session_state.get(URGENT))


def shown_columns() -> tuple[str, ...]:
    """Columns of the table in their order."""
    return tuple(st.session_state.get(COLUMNS) or USUAL_COLUMNS)


def choose_columns() -> None:
    """Draw the choice of columns; their order is the order in which they were chosen."""
    st.multiselect(
        _("Columns, in their order"),
        list(CATALOGUE),
        format_func=lambda key: CATALOGUE[key].heading,
        key=COLUMNS,
        placeholder=_("The usual columns"),
    )


def filter_title(name: str) -> str:
    """What a filter is called."""
    return pgettext("filter", name)


def _linked() -> list[tuple[str, str]]:
    return [(name, value) for name in _BY_LINK for value in st.query_params.get_all(name)]


def _main_filters(offered: Choices) -> None:
    first, second, third = st.columns([4, 5, 3], vertical_alignment="bottom")
    first.text_input(_("Search"), key="q", placeholder=_("Title, number or enterprise"), max_chars=LONGEST_TEXT)
    with second:
        _answer("light", _("Light of unresolved issues"), list(Light), lambda value: label(Light(value)))
    third.toggle(_("Most urgent first"), key=URGENT)
    with st.container(key="ledger-filters"):  # the style puts two of them in a row on a phone
        columns = st.columns(len(_MAIN))
    for column, name in zip(columns, _MAIN, strict=True):
        with column:
            _several(offered, name)


def _more_filters(offered: Choices) -> None:
    names = ("check_area", "level", "term", "unit", "person", "look_back")
    columns = st.columns(4)
    for place, name in enumerate(names):
        with columns[place % 4]:
            _several(offered, name)
    firms = offered.names["enterprise"]
    columns[1].selectbox(
        filter_title("enterprise"),
        list(firms),
        index=None,
        format_func=lambda key: firms[key],
        key="enterprise",
        placeholder=_("All"),
    )
    columns[2].text_input(filter_title("source_number"), key="source_number", max_chars=LONGEST_TEXT)
    for column, name in zip(st.columns(len(DAYS)), DAYS, strict=True):
        column.date_input(
            filter_title(name), None, key=name, format="YYYY-MM-DD", min_value=_FIRST_DAY, max_value=_LAST_DAY
        )
    with st.container(horizontal=True):
        for name in (name for name in SWITCHES if name not in _BY_LINK):
            _answer(name, filter_title(name), [YES], _yes_or_no)
        for name in ANSWERS:
            _answer(name, filter_title(name), [YES, NO], _yes_or_no)


def _several(offered: Choices, name: str) -> None:
    if name in WORDS:
        words = WORDS[name][1]
        options, shown = [word.value for word in words], lambda value: label(words(value))
    else:
        options, shown = list(offered.names[name]), lambda code: offered.names[name][code]
    st.multiselect(filter_title(name), options, format_func=shown, key=name, placeholder=_("All"))


def _answer(key: str, title: str, options: list[str], shown: Callable[[str], str]) -> None:
    st.segmented_control(title, options, format_func=shown, key=key)


def _yes_or_no(value: str) -> str:
    return pgettext("answer", value)


def _more_title(offered: Choices) -> str:
    """Says how many of the filters beneath are set, so that none is forgotten."""
    hidden = {name for name, _value in [*said(offered), *_linked()]} - {"q", "light", *_MAIN}
    titles = [filter_title(name) for name in NAMES if name in hidden]
    words = _("More filters")
    return f"{words}: {plain_label(', '.join(titles))}" if titles else words


def _kept_day(key: str) -> Kept:
    return Kept(key, _day, lambda value: [value.isoformat()] if isinstance(value, date) else [])


def _day(asked: Sequence[str]) -> date | None:
    try:
        day = date.fromisoformat(asked[0]) if asked else None
    except ValueError:
        return None
    return day if day is not None and _FIRST_DAY <= day <= _LAST_DAY else None


def _said_columns(value: Any) -> list[str]:
    return [] if not value or tuple(value) == USUAL_COLUMNS else list(value)
