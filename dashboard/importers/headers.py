"""Which row of a table is its header, and which column holds which field."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Literal

from dashboard.importers.refusals import Cell, shown_cell
from dashboard.importers.table_reading import Table
from dashboard.importers.words import normal_word
from governance.errors import InvalidInput

Ledger = Literal["enterprises", "issues"]

_HEADERS_FILE: Final = Path(__file__).with_name("ledger_headers.toml")
_SEARCHED_ROWS: Final = 40
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


@dataclass(frozen=True)
class Header:
    """The header of one table.

    Attributes
    ----------
    first_row, row : int
        First and last row of the header, from 1; the same unless it has two levels.
    columns : mapping of str to int
        Field → column, from 0, in the order of the fields.
    titles : tuple of str
        One text per column; of two levels the text by which the column is known.
    unused : tuple of str
        Texts of columns that no field takes: nothing is read from them.
    ignored : frozenset of int
        Columns that an earlier refusal added.
    """

    first_row: int
    row: int
    columns: Mapping[str, int]
    titles: tuple[str, ...]
    unused: tuple[str, ...]
    ignored: frozenset[int]


@dataclass(frozen=True)
class _Candidate:
    """A possible header: per rank of certainty, the normal words of each column."""

    first_row: int
    row: int
    titles: tuple[str, ...]
    ranks: tuple[tuple[frozenset[str], ...], ...]


def find_header(
    table: Table, ledger: Ledger, *, required: Sequence[str], mapping: Mapping[str, str] | None = None
) -> Header:
    """Find the header among the first 40 rows: the row, or two rows, that name the most fields.

    Parameters
    ----------
    table : Table
        As read; merged cells are filled, so that a group's text stands over all its columns.
    ledger : {"enterprises", "issues"}
        Whose header texts count (``ledger_headers.toml``).
    required : sequence of str
        Fields without which nothing can be read.
    mapping : mapping of str to str, optional
        Field → header text, instead of the known texts; an empty text leaves the field unread.

    Returns
    -------
    Header
        Ties go to the earlier row, and to one row before two. Of several columns with a field's
        text the first is taken if the others hold the same or nothing.

    Raises
    ------
    InvalidInput
        ``header_unknown`` without any known header, ``columns_missing`` naming the fields and the
        headers found, ``column_ambiguous``, ``mapping_field_unknown`` or ``mapping_header_unknown``.
    """
    known = _known_words(ledger, mapping or {})
    candidates = [(candidate, _assigned(candidate, known)) for candidate in _candidates(table.rows)]
    if not candidates or not (best := max(candidates, key=lambda pair: _score(*pair)))[1]:
        raise InvalidInput(
            "header_unknown",
            "No row of the table looks like a header; it begins with: {texts}.",
            texts=", ".join(_first_texts(table.rows)),
        )
    candidate, found = best
    _check_mapping(candidate, found, mapping or {})
    _check_required(ledger, candidate, found, required)
    columns = {field: _agreed(table, candidate, places) for field, places in found.items()}
    return _header(candidate, columns)


def load_mapping(path: Path) -> dict[str, str]:
    """Read a mapping file: TOML lines ``field = "header text"``; an empty text leaves the field unread.

    Raises
    ------
    InvalidInput
        ``mapping_broken`` if it is no TOML of that form.
    """
    try:
        mapping = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _broken_mapping(path, str(error)) from error
    if not all(isinstance(text, str) for text in mapping.values()):
        raise _broken_mapping(path, 'each line must read: field = "header text"')
    return mapping


def is_footer(row: Sequence[Cell]) -> bool:
    """Tell whether a row is a total or a signature: its first filled cell begins with such a word."""
    first = next((text for cell in row if (text := shown_cell(cell).strip())), "")
    word = unicodedata.normalize("NFKC", first).partition(":")[0]
    return bool(word) and normal_word(word) in _footers()


def header_words(ledger: Ledger) -> Mapping[str, Sequence[str]]:
    """Return field → known header texts, in the order in which fields choose."""
    words: Mapping[str, Sequence[str]] = _data()[ledger]
    return words


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    return tomllib.loads(_HEADERS_FILE.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _footers() -> frozenset[str]:
    return frozenset(map(normal_word, _data()["footers"]))


@lru_cache(maxsize=1)
def _ignored() -> frozenset[str]:
    return frozenset(map(normal_word, _data()["ignored"]))


def _known_words(ledger: Ledger, mapping: Mapping[str, str]) -> dict[str, list[str]]:
    """Return field → normal words; a mapped field knows only its own text, and comes first."""
    words = header_words(ledger)
    for field in mapping:
        if field not in words:
            raise InvalidInput(
                "mapping_field_unknown",
                "The mapping names {field}; the fields are: {fields}.",
                field=field, fields=", ".join(words),
            )  # fmt: skip
    mapped = {field: [normal_word(text)] if text.strip() else [] for field, text in mapping.items()}
    rest = {field: list(map(normal_word, (field, *words[field]))) for field in words if field not in mapped}
    return mapped | rest


def _candidates(rows: Sequence[Sequence[Cell]]) -> Iterable[_Candidate]:
    texts = [[shown_cell(cell).strip() for cell in row] for row in rows[:_SEARCHED_ROWS]]
    for index, row in enumerate(texts):
        yield _Candidate(index + 1, index + 1, tuple(row), (tuple(map(_forms, row)),))
    for index, (top, below) in enumerate(pairwise(texts)):
        pairs = list(zip(top, below, strict=True))
        joined = tuple(_forms(one + two) if one and two and one != two else frozenset() for one, two in pairs)
        alone = tuple(_forms(two or one) for one, two in pairs)
        yield _Candidate(index + 1, index + 2, tuple(map(_pair_title, pairs)), (joined, alone))


def _pair_title(pair: tuple[str, str]) -> str:
    top, below = pair
    return top + below if top and below and top != below else below or top


def _forms(text: str) -> frozenset[str]:
    """Return the normal words of a header text, with and without what stands in brackets."""
    if not text:
        return frozenset()
    bare = _BRACKETS.sub("", unicodedata.normalize("NFKC", text))
    return frozenset(filter(None, (normal_word(text), normal_word(bare) if bare.strip() else "")))


def _assigned(candidate: _Candidate, known: Mapping[str, Sequence[str]]) -> dict[str, list[int]]:
    """Give each field its columns; a column serves the first field that asks for it."""
    taken: set[int] = set()
    found: dict[str, list[int]] = {}
    for field, words in known.items():
        places = _places(candidate, words, taken)
        if places:
            found[field] = places
            taken.update(places)
    return found


def _places(candidate: _Candidate, words: Sequence[str], taken: set[int]) -> list[int]:
    for forms in candidate.ranks:
        for word in words:
            places = [place for place, known in enumerate(forms) if word in known and place not in taken]
            if places:
                return places
    return []


def _score(candidate: _Candidate, found: Mapping[str, list[int]]) -> tuple[int, int, int]:
    return len(found), candidate.first_row - candidate.row, -candidate.row


def _first_texts(rows: Sequence[Sequence[Cell]]) -> list[str]:
    texts = ([shown_cell(cell).strip() for cell in row] for row in rows)
    return list(dict.fromkeys(filter(None, next(filter(any, texts), []))))[:20]


def _check_mapping(candidate: _Candidate, found: Mapping[str, list[int]], mapping: Mapping[str, str]) -> None:
    for field, text in mapping.items():
        if text.strip() and field not in found:
            raise InvalidInput(
                "mapping_header_unknown",
                "The mapping takes {field} from “{text}”; the headers found are: {headers}.",
                field=field, text=text, headers=_listed(candidate),
            )  # fmt: skip


def _check_required(
    ledger: Ledger, candidate: _Candidate, found: Mapping[str, list[int]], required: Sequence[str]
) -> None:
    missing = [field for field in required if field not in found]
    if missing:
        words = header_words(ledger)
        raise InvalidInput(
            "columns_missing",
            "The table has no column for {fields}; the headers found are: {headers}.",
            fields=", ".join(f"{field} ({words[field][0]})" for field in missing),
            headers=_listed(candidate),
        )


def _listed(candidate: _Candidate) -> str:
    return ", ".join(dict.fromkeys(filter(None, candidate.titles)))


def _agreed(table: Table, candidate: _Candidate, places: list[int]) -> int:
    """Return the first of a field's columns; refuse if another one says something else."""
    first = places[0]
    for place in places[1:]:
        if any(row[place] not in ("", None, row[first]) for row in table.rows[candidate.row :]):
            raise InvalidInput(
                "column_ambiguous",
                "Several columns are headed “{text}” and differ; rename one or name the column in a mapping.",
                text=candidate.titles[place],
            )
    return first


def _header(candidate: _Candidate, columns: Mapping[str, int]) -> Header:
    used = set(columns.values())
    forms = candidate.ranks[-1]
    ignored = frozenset(place for place, known in enumerate(forms) if known & _ignored())
    unused = (title for place, title in enumerate(candidate.titles) if title and place not in used | ignored)
    return Header(
        candidate.first_row,
        candidate.row,
        columns,
        candidate.titles,
        tuple(dict.fromkeys(unused)),
        ignored,
    )


def _broken_mapping(path: Path, why: str) -> InvalidInput:
    return InvalidInput("mapping_broken", "The mapping {name} cannot be read: {why}.", name=path.name, why=why)
