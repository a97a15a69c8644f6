"""The form of a report as the network brings it: every field read, every fault named by its field."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

from dashboard.i18n import _
from dashboard.services.finding_places import Spot
from dashboard.services.reporting import Finding, Photo
from governance.on_the_spot import PutRight
from governance.vocabulary import Category, CheckArea, EvidenceKind, Severity, Source

Value = TypeVar("Value")
Word = TypeVar("Word", bound=StrEnum)
MYSELF: Final = "myself"
_TRUE: Final = frozenset({"1", "true", "on", "yes"})
_FIRST_YEAR, _LAST_YEAR = 2000, 2999
_PHOTOS: Final = {"before": EvidenceKind.BEFORE, "after": EvidenceKind.AFTER}


class FormRefused(Exception):
    """Fields that cannot be read, each with why."""

    code = "form_refused"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = dict(fields)


class _Reader:
    """Reads fields one by one and gathers what is wrong with them."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = fields
        self.faults: dict[str, str] = {}

    def text(self, name: str) -> str:
        return self._fields.get(name, "").strip()

    def is_set(self, name: str) -> bool:
        return self.text(name).lower() in _TRUE

    def value(self, name: str, read: Callable[[str], Value], example: str) -> Value | None:
        """A field that may be left out."""
        text = self.text(name)
        if not text:
            return None
        try:
            return read(text)
        except (ValueError, TypeError, OverflowError, RecursionError):
            self.faults[name] = _("{value} cannot be read here; allowed: {allowed}", value=text[:60], allowed=example)
            return None

    def word(self, name: str, words: type[Word], *, is_needed: bool = False) -> Word | None:
        """One of a closed set."""
        if is_needed and not self.text(name):
            self.faults[name] = _("Please choose one.")
        return self.value(name, words, ", ".join(words))

    def settle(self) -> None:
        """Refuse the form if anything was wrong."""
        if self.faults:
            raise FormRefused(self.faults)


def finding_of(fields: Mapping[str, str], *, reporter_id: int) -> Finding:
    """What a form tells of a problem.

    Parameters
    ----------
    fields : mapping
        As in docs/reporting.md; unknown ones are left alone.
    reporter_id : int
        The person who put it right when the form says "myself".

    Raises
    ------
    FormRefused
        With a sentence for every field that is missing or cannot be read.
    """
    form = _Reader(fields)
    category = form.word("category", Category, is_needed=True)
    severity = form.word("severity", Severity, is_needed=True)
    known: dict[str, Any] = {
        "check_area": form.word("check_area", CheckArea),
        "enterprise_id": form.value("enterprise", _number, "17"),
        "township_id": form.value("township", _number, "3"),
        "spot": _spot(form),
        "found_at": form.value("found_at", _moment, "2026-06-15T09:30:00+08:00"),
        "source": form.word("source", Source),
        "source_due_on": form.value("source_due_on", date.fromisoformat, "2026-06-15"),
        "put_right": _put_right(form, reporter_id),
    }
    form.settle()
    known |= {name: form.text(name) for name in ("description", "place", "source_number", "source_document")}
    return Finding(title=form.text("title"), category=_there(category), severity=_there(severity), **known)


def photos_of(fields: Mapping[str, str], files: Sequence[tuple[str, str, bytes]]) -> list[Photo]:
    """The photos of a form in their order, each with what the page's camera noted of it.

    Parameters
    ----------
    fields : mapping
        ``before_noted`` and ``after_noted``: JSON lists, one object for each photo of that kind, with ``taken_at``,
        ``lon``, ``lat`` and ``is_taken_in_page``, each optional.
    files : sequence of tuple
        Field, name and bytes; other fields than ``before`` and ``after`` are left alone.

    Raises
    ------
    FormRefused
        The notes cannot be read.
    """
    form = _Reader(fields)
    noted = {field: form.value(f"{field}_noted", _notes, "[{}]") or [] for field in _PHOTOS}
    form.settle()
    photos = []
    for field, name, data in files:
        if field in _PHOTOS:
            notes = noted[field].pop(0) if noted[field] else {}
            photos.append(Photo(kind=_PHOTOS[field], data=data, name=name, **notes))
    return photos


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise ValueError(text)
    return int(text)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(text)
    return moment


def _degrees(most: float) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        number = float(value)
        if not -most <= number <= most:
            raise ValueError(value)
        return number

    return read


def _metres(text: str) -> float:
    number = float(text)
    if not 0 <= number < 1e7:
        raise ValueError(text)
    return number


def _spot(form: _Reader) -> Spot | None:
    lon = form.value("lon", _degrees(180), "119.35")
    lat = form.value("lat", _degrees(90), "35.1")
    accuracy_m = form.value("accuracy_m", _metres, "12")
    if lon is None or lat is None or accuracy_m is None:
        return None
    return Spot(lon=lon, lat=lat, accuracy_m=accuracy_m)


def _put_right(form: _Reader, reporter_id: int) -> PutRight | None:
    if not form.is_set("is_on_the_spot"):
        return None
    is_own = form.text("rectifier") == MYSELF
    rectifier_id = reporter_id if is_own else form.value("rectifier", _number, "42")
    if rectifier_id is None and "rectifier" not in form.faults:
        form.faults["rectifier"] = _("Say who put it right.")
    return PutRight(measures=form.text("measures"), rectifier_id=rectifier_id or 0)


def _notes(text: str) -> list[dict[str, Any]]:
    found = json.loads(text)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ValueError(text)
    return [_note(one) for one in found]


def _note(told: Mapping[str, Any]) -> dict[str, Any]:
    """What is told of one photo; a place needs both of its numbers."""
    taken_at, lon, lat = (told.get(name) for name in ("taken_at", "lon", "lat"))
    has_place = lon is not None and lat is not None
    return {
        "taken_at": _moment(str(taken_at)) if taken_at else None,
        "lon": _degrees(180)(lon) if has_place else None,
        "lat": _degrees(90)(lat) if has_place else None,
        "is_taken_in_page": told.get("is_taken_in_page") is True,
    }


def _there(value: Value | None) -> Value:
    if value is None:  # the form was settled before
        raise FormRefused({})
    return value
