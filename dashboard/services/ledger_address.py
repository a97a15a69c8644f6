"""A ledger filter as parameters of an address and back: the vocabulary's words and codes, in no language."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from sqlmodel import Session

from db.repositories.issues import LedgerFilter
from db.repositories.territory import industries, zones
from governance.errors import InvalidInput
from governance.vocabulary import Category, Light, Severity, Source, Stage

Parameters = Sequence[tuple[str, str]]
Word = TypeVar("Word", bound=StrEnum)
LONGEST_TEXT: Final = 100
NAMES: Final = ("q", "light", "stage", "severity", "category", "source", "zone", "industry", "found_from", "found_to")


def parameters_of(session: Session, wanted: LedgerFilter) -> list[tuple[str, str]]:
    """Parameters that say the same as a filter, in a fixed order; zones and industries by code."""
    zone_codes = [zone.code for zone in zones(session) if zone.key in wanted.zone_ids]
    industry_codes = [industry.code for industry in industries(session) if industry.key in wanted.industry_ids]
    said: list[tuple[str, Iterable[str]]] = [
        ("q", [wanted.text] if wanted.text else []),
        ("light", [wanted.light] if wanted.light else []),
        ("stage", sorted(wanted.stages)),
        ("severity", sorted(wanted.severities)),
        ("category", sorted(wanted.categories)),
        ("source", sorted(wanted.sources)),
        ("zone", zone_codes),
        ("industry", industry_codes),
        ("found_from", [wanted.found_from.isoformat()] if wanted.found_from else []),
        ("found_to", [wanted.found_to.isoformat()] if wanted.found_to else []),
    ]
    return [(name, str(value)) for name, values in said for value in values]


def filter_of(session: Session, parameters: Parameters) -> LedgerFilter:
    """The filter that parameters say; names that are none of `NAMES` are left alone, a longer text is cut.

    Raises
    ------
    InvalidInput
        A value is outside its set; names the parameter, the value and what is allowed.
    """
    zone_ids = {zone.code: zone.key for zone in zones(session)}
    industry_ids = {industry.code: industry.key for industry in industries(session)}
    light = _words(parameters, "light", Light)
    return LedgerFilter(
        text=next((value for name, value in parameters if name == "q"), "")[:LONGEST_TEXT],
        light=next(iter(light), None),
        stages=_words(parameters, "stage", Stage),
        severities=_words(parameters, "severity", Severity),
        categories=_words(parameters, "category", Category),
        sources=_words(parameters, "source", Source),
        zone_ids=frozenset(zone_ids[code] for code in _codes(parameters, "zone", zone_ids)),
        industry_ids=frozenset(industry_ids[code] for code in _codes(parameters, "industry", industry_ids)),
        found_from=_day(parameters, "found_from"),
        found_to=_day(parameters, "found_to"),
    )


def _words(parameters: Parameters, name: str, words: type[Word]) -> frozenset[Word]:
    allowed = {word.value: word for word in words}
    return frozenset(allowed[value] for value in _codes(parameters, name, allowed))


def _codes(parameters: Parameters, name: str, allowed: Iterable[str]) -> list[str]:
    values = [value for key, value in parameters if key == name]
    known = list(allowed)
    for value in values:
        if value not in known:
            raise InvalidInput(
                "parameter_unknown",
                "{value} is no value of {name}; allowed: {allowed}",
                value=value,
                name=name,
                allowed=tuple(known),
            )
    return values


def _day(parameters: Parameters, name: str) -> date | None:
    value = next((value for key, value in parameters if key == name), None)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise InvalidInput(
            "parameter_no_date", "{value} is no date for {name}; allowed: 2026-06-15", value=value, name=name
        ) from None
