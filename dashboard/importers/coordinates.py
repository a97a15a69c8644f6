"""Coordinates as ledgers write them, in one cell or two; an order that is not certain is refused."""

import math
import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from dashboard.importers.refusals import Cell, Refusal, shown_cell
from dashboard.importers.words import ledger_words

Extent = tuple[float, float, float, float]
"""Least x, least y, greatest x, greatest y, in the CRS of the file."""

_MARGIN: Final = 0.5
_LONGEST: Final = 100
_NUMBER: Final = r"[+-]?\d+(?:\.\d*)?"
_ANGLE: Final = rf"{_NUMBER}\s*(?:°\s*(?:\d+(?:\.\d*)?\s*'?\s*(?:(?<=[\s'])\d+(?:\.\d*)?\s*\"?)?)?)?"
_PARTS: Final = re.compile(rf"({_NUMBER})\s*(?:°\s*(?:(\d+(?:\.\d*)?)\s*'?\s*(?:(?<=[\s'])(\d+(?:\.\d*)?)\s*\"?)?)?)?")
_DECIMAL: Final = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,20})?")
_ONE: Final = re.compile(rf"([EWNS]?)\s*:?\s*({_ANGLE})\s*([EWNS]?)")
_GAP: Final = r"\s*[,;|/\s]?\s*"
_TWO: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"([EWNS])\s*:?\s*({_ANGLE}){_GAP}([EWNS])\s*:?\s*({_ANGLE})",
        rf"({_ANGLE})\s*([EWNS]){_GAP}({_ANGLE})\s*([EWNS])",
        rf"({_ANGLE})\s*[,;|/\s]\s*({_ANGLE})",
    )
)


class Position(NamedTuple):
    """A point in the CRS of the file: x is easting or longitude, y northing or latitude."""

    x: float
    y: float


def parse_longitude(value: Cell) -> float:
    """Read an x: a number in the file's CRS, or a longitude in degrees, minutes and seconds.

    Raises
    ------
    Refusal
        ``coordinate_unclear`` for anything else, a latitude's letter and decimal commas included.
    """
    return _parse_axis(value, "EW")


def parse_latitude(value: Cell) -> float:
    """Read a y; see `parse_longitude`."""
    return _parse_axis(value, "NS")


def parse_position(value: Cell, *, extent: Extent | None = None) -> Position:
    """Read two coordinates from one cell.

    Parameters
    ----------
    value : Cell
        ``119.348,35.099``, degrees with minutes and seconds, hemisphere letters or words before or
        after each number; brackets around the whole do not count.
    extent : Extent, optional
        Where points are expected, in the file's CRS; half its size around it still counts.

    Returns
    -------
    Position
        Order by the hemisphere letters; else the only order in which the second number can be a
        latitude; else the only order that lies in ``extent``.

    Raises
    ------
    Refusal
        ``coordinate_unclear`` where the cell is no pair, ``coordinate_order_unclear`` where both
        orders remain possible or none is.
    """
    text = _plain(value)
    prefixed, suffixed, bare = (pattern.fullmatch(text) for pattern in _TWO)
    if prefixed:
        return _by_letters(value, prefixed[1], prefixed[2], prefixed[3], prefixed[4])
    if suffixed:
        return _by_letters(value, suffixed[2], suffixed[1], suffixed[4], suffixed[3])
    if bare:
        return _by_place(value, _degrees(value, bare[1]), _degrees(value, bare[2]), extent)
    raise _unclear(value)


def is_exchanged(position: Position, extent: Extent | None) -> bool:
    """Tell whether a point lies in the extent only with x and y exchanged; False without an extent."""
    if extent is None:
        return False
    return not _lies_in(position, extent) and _lies_in(Position(position.y, position.x), extent)


def exchanged(position: Position) -> Refusal:
    """Return the refusal of a point whose x and y look exchanged."""
    return Refusal(
        "coordinate_exchanged",
        "x {x} and y {y} look exchanged: the point lies in the district only the other way round.",
        x=position.x, y=position.y,
    )  # fmt: skip


def _parse_axis(value: Cell, letters: str) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _finite(value)
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return float(value)
    match = _ONE.fullmatch(_plain(value))
    if match is None or (match[1] and match[3]):
        raise _unclear(value)
    letter = match[1] or match[3]
    if letter and letter not in letters:
        raise _unclear(value)
    return _signed(_degrees(value, match[2]), letter)


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise _unclear(value)
    return float(value)


def _by_letters(value: Cell, first: str, angle: str, second: str, other: str) -> Position:
    one, two = _signed(_degrees(value, angle), first), _signed(_degrees(value, other), second)
    if first in "EW" and second in "NS":
        return Position(one, two)
    if first in "NS" and second in "EW":
        return Position(two, one)
    raise _unclear(value)


def _by_place(value: Cell, first: float, second: float, extent: Extent | None) -> Position:
    orders = [Position(first, second), Position(second, first)]
    possible = [order for order in orders if abs(order.x) <= 180 and abs(order.y) <= 90]
    if len(possible) != 1 and extent is not None:
        possible = [order for order in orders if _lies_in(order, extent)]
    if len(possible) == 1 or (len(possible) == 2 and first == second):
        return possible[0]
    raise Refusal(
        "coordinate_order_unclear",
        "In “{value}” it is not clear which number is x and which is y; use two columns, or mark them E and N.",
        value=shown_cell(value),
    )


def _lies_in(position: Position, extent: Extent) -> bool:
    least_x, least_y, greatest_x, greatest_y = extent
    margin_x, margin_y = (greatest_x - least_x) * _MARGIN, (greatest_y - least_y) * _MARGIN
    return (
        least_x - margin_x <= position.x <= greatest_x + margin_x
        and least_y - margin_y <= position.y <= greatest_y + margin_y
    )


def _degrees(value: Cell, angle: str) -> float:
    match = _PARTS.fullmatch(angle.strip())
    if match is None:
        raise _unclear(value)
    degrees, minutes, seconds = float(match[1]), float(match[2] or 0), float(match[3] or 0)
    whole = (match[2] is None or "." not in match[1]) and (match[3] is None or "." not in match[2])
    if minutes >= 60 or seconds >= 60 or not whole:
        raise _unclear(value)
    part = minutes / 60 + seconds / 3600
    return math.copysign(abs(degrees) + part, -1.0 if match[1].startswith("-") else 1.0)


def _signed(degrees: float, letter: str) -> float:
    return -degrees if letter in ("W", "S") else degrees


def _unclear(value: Cell) -> Refusal:
    return Refusal(
        "coordinate_unclear",
        "“{value}” is no coordinate; write a number with a decimal point, or degrees like 119°20′53″.",
        value=shown_cell(value),
    )


def _plain(value: Cell) -> str:
    """Return the text with one kind of sign for degrees, minutes, seconds and hemispheres."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return ""
    signs, hemispheres = _signs()
    text = value.upper()
    for word, letter in hemispheres:
        text = text.replace(word, letter)
    text = unicodedata.normalize("NFKC", text.translate(signs)).replace("''", '"').strip()
    # Runs of blanks would make the patterns try every way to part them.
    return " ".join(text.removeprefix("(").removesuffix(")").split())


@lru_cache(maxsize=1)
def _signs() -> tuple[dict[int, str], tuple[tuple[str, str], ...]]:
    words = ledger_words()["coordinate"]
    marks = {"degree": "°", "minute": "'", "second": '"'}
    signs = {ord(sign): mark for key, mark in marks.items() for sign in words[key]}
    letters = {"east": "E", "north": "N", "west": "W", "south": "S"}
    named = [(word.upper(), letter) for key, letter in letters.items() for word in words[key]]
    return signs | {ord("\N{IDEOGRAPHIC COMMA}"): ","}, tuple(sorted(named, key=lambda pair: -len(pair[0])))
