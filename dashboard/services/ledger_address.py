"""A ledger filter as parameters of an address and back: the vocabulary's words and codes, in no language."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlmodel import Session, col, select

from db.repositories.happenings import Happened, Happening
from db.repositories.ledger_filter import LedgerFilter
from db.tables.people import Person, Unit
from db.tables.territory import Industry, Zone
from geo.codec import cell_name, named_cell
from geo.errors import InvalidGeometry
from governance.errors import InvalidInput
from governance.vocabulary import (
    Category,
    CheckArea,
    Light,
    LookBackResult,
    Severity,
    SignOffLevel,
    Source,
    Stage,
    Term,
    ZoneKind,
)

Parameters = Sequence[tuple[str, str]]
LONGEST_TEXT: Final = 100
MOST_CELLS: Final = 500
MOST_DIGITS: Final = 15
CELL_MARK: Final = "."
YES, NO = "yes", "no"

# Parameter → field of the filter, by what the values are. A new filter is one line here and its condition in
# `db.repositories.ledger_filter`.
TEXTS: Final[Mapping[str, str]] = {"q": "text", "source_number": "source_number"}
WORDS: Final[Mapping[str, tuple[str, type[StrEnum]]]] = {
    "stage": ("stages", Stage),
    "severity": ("severities", Severity),
    "category": ("categories", Category),
    "source": ("sources", Source),
    "check_area": ("check_areas", CheckArea),
    "level": ("levels", SignOffLevel),
    "term": ("terms", Term),
    "look_back": ("look_back_results", LookBackResult),
}
CODES: Final[Mapping[str, tuple[str, type[Any]]]] = {
    "zone": ("zone_ids", Zone),
    "industry": ("industry_ids", Industry),
    "unit": ("lead_unit_ids", Unit),
    "person": ("person_in_charge_ids", Person),
}
PEOPLE: Final[Mapping[str, str]] = {"finder": "finder_id", "rectifier": "rectifier_id", "signer": "signer_id"}
DAYS: Final[tuple[str, ...]] = (
    *("found_from", "found_to", "closed_from", "closed_to", "due_from", "due_to", "looked_from", "looked_to"),
)
# Switches can only be on; answers are yes or no.
SWITCHES: Final[Mapping[str, str]] = {
    "unresolved": "is_unresolved",
    "overdue": "is_overdue",
    "judged": "is_judged",
}
ANSWERS: Final[Mapping[str, str]] = {
    "on_time": "on_time",
    "instant": "is_instant",
    "recurrence": "is_recurrence",
    "evidence": "has_evidence",
    "on_the_spot": "is_on_the_spot",
    "reopened": "is_reopened",
    "from_above": "is_from_above",
}
NAMES: Final[tuple[str, ...]] = (
    *TEXTS, "light", *WORDS, *CODES, *PEOPLE, "enterprise", *DAYS, *SWITCHES, *ANSWERS, "cells", "happened",
)  # fmt: skip


def parameters_of(session: Session, wanted: LedgerFilter) -> list[tuple[str, str]]:
    """Parameters that say the same as a filter, in the order of `NAMES`; zones, industries, units and people by code.

    Parameters
    ----------
    session : Session
    wanted : LedgerFilter

    Returns
    -------
    list of (name, value)
        Empty for a filter that leaves nothing out.
    """
    said: dict[str, Iterable[object]] = {name: [getattr(wanted, field)] for name, field in TEXTS.items()}
    said["light"] = [wanted.light]
    said |= {name: sorted(getattr(wanted, field)) for name, (field, _) in WORDS.items()}
    said |= {name: _codes_of(session, model, getattr(wanted, field)) for name, (field, model) in CODES.items()}
    said |= {name: _codes_of(session, Person, [getattr(wanted, field)]) for name, field in PEOPLE.items()}
    said["enterprise"] = [wanted.enterprise_id]
    said["cells"] = [CELL_MARK.join(sorted(wanted.cells))]
    said["happened"] = [_happened_words(wanted.happened)]
    said |= {name: [_iso(getattr(wanted, name))] for name in DAYS}
    said |= {name: [YES if getattr(wanted, field) else None] for name, field in SWITCHES.items()}
    said |= {name: [_answer(getattr(wanted, field))] for name, field in ANSWERS.items()}
    return [(name, str(value)) for name in NAMES for value in said[name] if value not in (None, "")]


def filter_of(session: Session, parameters: Parameters) -> LedgerFilter:
    """The filter that parameters say; names that are none of `NAMES` are left alone, a longer text is cut.

    Raises
    ------
    InvalidInput
        A value is outside its set; names the parameter, the value and what is allowed.
    """
    asked: dict[str, list[str]] = {}
    for name, value in parameters:
        asked.setdefault(name, []).append(value)
    found: dict[str, Any] = {
        field: asked.get(name, [""])[0][:LONGEST_TEXT] for name, field in TEXTS.items() if name in asked
    }
    found |= {field: _words(asked, name, words) for name, (field, words) in WORDS.items()}
    found |= {field: frozenset(_numbers(session, asked, name, model)) for name, (field, model) in CODES.items()}
    found |= {field: next(_numbers(session, asked, name, Person), None) for name, field in PEOPLE.items()}
    found |= {name: _day(asked, name) for name in DAYS}
    found |= {field: bool(_allowed(asked, name, (YES,))) for name, field in SWITCHES.items()}
    found |= {field: _yes_or_no(asked, name) for name, field in ANSWERS.items()}
    found["light"] = next(iter(_words(asked, "light", Light)), None)
    found["enterprise_id"] = _enterprise(asked)
    found["cells"] = _cells(asked)
    found["happened"] = _happened(asked)
    return LedgerFilter(**found)


def _codes_of(session: Session, model: type[Any], numbers: Iterable[int | None]) -> list[str]:
    known = [number for number in numbers if number is not None]
    if not known:
        return []
    return list(session.exec(select(model.code).where(col(model.id).in_(known)).order_by(col(model.code))))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _answer(value: object) -> str | None:
    return None if value is None else YES if value else NO


def _words(asked: Mapping[str, list[str]], name: str, words: type[StrEnum]) -> frozenset[Any]:
    return frozenset(words(value) for value in _allowed(asked, name, list(words)))


def _numbers(session: Session, asked: Mapping[str, list[str]], name: str, model: type[Any]) -> Any:
    if not asked.get(name):
        return iter(())
    query = select(model.code, model.id).order_by(col(model.code))
    if issubclass(model, Zone):
        query = query.where(model.kind != ZoneKind.DISTRICT)
    known: dict[str, int] = dict(session.exec(query).all())
    return (known[code] for code in _allowed(asked, name, list(known)))


def _allowed(asked: Mapping[str, list[str]], name: str, allowed: Sequence[str]) -> list[str]:
    for value in asked.get(name, []):
        if value not in allowed:
            raise InvalidInput(
                "parameter_unknown",
                "{value} is no value of {name}; allowed: {allowed}",
                value=value,
                name=name,
                allowed=_few(allowed),
            )
    return asked.get(name, [])


def _few(allowed: Sequence[str], most: int = 40) -> tuple[str, ...]:
    return tuple(allowed) if len(allowed) <= most else (*allowed[:most], "…")


def _yes_or_no(asked: Mapping[str, list[str]], name: str) -> bool | None:
    answers = _allowed(asked, name, (YES, NO))
    return answers[0] == YES if answers else None


def _enterprise(asked: Mapping[str, list[str]]) -> int | None:
    text = next(iter(asked.get("enterprise", [])), None)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise InvalidInput("enterprise_no_number", "{value} is no enterprise's number; allowed: 1, 2, 3 …", value=text)
    return int(text)


def _cells(asked: Mapping[str, list[str]]) -> frozenset[str]:
    names = {name for value in asked.get("cells", []) for name in value.split(CELL_MARK) if name}
    if len(names) > MOST_CELLS:
        raise InvalidInput(
            "too_many_cells",
            "{number} cells are too many for a list; at most {most}",
            number=len(names),
            most=MOST_CELLS,
        )
    for name in names:
        try:
            named_cell(name)
        except InvalidGeometry:
            raise InvalidInput(
                "parameter_no_cell",
                "{value} is no cell for {name}; allowed: names of H3 cells of the resolutions 0 to 9",
                value=name[:LONGEST_TEXT],
                name="cells",
            ) from None
    return frozenset(cell_name(named_cell(name)) for name in names)


def span_of(value: str, *, name: str) -> tuple[int, int]:
    """Two numbers of events as an address says them, ``after.upto``.

    Raises
    ------
    InvalidInput
    """
    after, mark, upto = value.partition(CELL_MARK)
    if not (mark and all(part.isascii() and part.isdecimal() and len(part) <= MOST_DIGITS for part in (after, upto))):
        raise InvalidInput(
            "parameter_no_span",
            "{value} is no span of events for {name}; allowed: 120.345",
            value=value[:40],
            name=name,
        )
    return int(after), int(upto)


def _happened_words(wanted: Happened | None) -> str:
    return CELL_MARK.join((wanted.happening, str(wanted.after), str(wanted.upto))) if wanted else ""


def _happened(asked: Mapping[str, list[str]]) -> Happened | None:
    value = next(iter(asked.get("happened", [])), None)
    if value is None:
        return None
    kind, _mark, span = value.partition(CELL_MARK)
    (word,) = _allowed({"happened": [kind]}, "happened", list(Happening))
    return Happened(Happening(word), *span_of(span, name="happened"))


def _day(asked: Mapping[str, list[str]], name: str) -> date | None:
    value = next(iter(asked.get(name, [])), None)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise InvalidInput(
            "parameter_no_date", "{value} is no date for {name}; allowed: 2026-06-15", value=value, name=name
        ) from None
