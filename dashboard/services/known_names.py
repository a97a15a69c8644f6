"""What the names in a ledger mean: industries, townships, units, people and enterprises that the district has."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from sqlmodel import Session, col, select

from dashboard.importers.refusals import Refusal
from dashboard.importers.words import normal_word
from db.repositories.people import units
from db.repositories.territory import industries, zones
from db.tables.people import Person
from db.tables.territory import Enterprise
from governance.vocabulary import ZoneKind

_NEAR: Final = 3
_LONGEST_LIST: Final = 40
_MOST_COMPARED: Final = 5_000

ENTERPRISE_COLUMNS: Final = (
    "id", "credit_code", "name", "industry_id", "lon", "lat", "cell",
    "township_id", "primary_zone_id", "key_zone_ids", "distance_m",
)  # fmt: skip


@dataclass(frozen=True)
class Names:
    """Words for the things of one kind, each compared by its normal form.

    Attributes
    ----------
    ids
        Normal word → numbers of the things that it can mean.
    shown
        Names as a refusal lists them.
    """

    ids: Mapping[str, frozenset[int]]
    shown: tuple[str, ...]

    def find(self, name: str) -> int:
        """Number of the one thing that a name means.

        Raises
        ------
        Refusal
            ``name_unknown`` naming what is allowed, or ``name_shared`` where it means several things.
        """
        found = self.ids.get(normal_word(name), frozenset())
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise Refusal("name_shared", "“{value}” means several here; write its code.", value=name)
        raise Refusal(
            "name_unknown", "“{value}” is not known here; known are: {allowed}.", value=name, allowed=self._near(name)
        )

    def _near(self, name: str) -> str:
        """All names where they are few, else the nearest ones."""
        if len(self.shown) <= _LONGEST_LIST:
            return ", ".join(self.shown) or "-"
        near = get_close_matches(name, self.shown, _NEAR, 0.5) if len(self.shown) <= _MOST_COMPARED else []
        return ", ".join([*near, "…"])


@dataclass(frozen=True, kw_only=True)
class KnownNames:
    """All names that a ledger may use; ``enterprises`` is empty where only enterprises are imported."""

    townships: Names
    industries: Names
    units: Names
    people: Names
    enterprises: Names
    credit_codes: Mapping[str, int]
    enterprise_fields: Mapping[int, Mapping[str, Any]]


def names_of(things: Iterable[tuple[int, Sequence[str | None]]]) -> Names:
    """Words of things: (number, words); the first word of each is the one shown."""
    ids: dict[str, set[int]] = {}
    shown: list[str] = []
    for number, words in things:
        known = [word for word in words if word]
        shown += known[:1]
        for word in known:
            ids.setdefault(normal_word(word), set()).add(number)
    return Names({word: frozenset(numbers) for word, numbers in ids.items()}, tuple(shown))


def known_names(session: Session, *, is_with_enterprises: bool) -> KnownNames:
    """Read the names of today, in the order of their codes."""
    people = session.exec(select(Person).order_by(col(Person.code))).all() if is_with_enterprises else ()
    fields = _enterprises(session) if is_with_enterprises else {}
    return KnownNames(
        townships=names_of(
            (zone.key, (zone.name, zone.code, zone.name_en)) for zone in zones(session, kind=ZoneKind.TOWNSHIP)
        ),
        industries=names_of((item.key, (item.name, item.code, item.name_en)) for item in industries(session)),
        units=names_of((unit.key, (unit.name, unit.code, unit.name_en)) for unit in units(session)),
        people=names_of((person.key, (person.name, person.code, person.name_en)) for person in people),
        enterprises=names_of((number, (row["name"],)) for number, row in fields.items()),
        credit_codes={row["credit_code"]: number for number, row in fields.items() if row["credit_code"]},
        enterprise_fields=fields,
    )


def _enterprises(session: Session) -> dict[int, Mapping[str, Any]]:
    columns = [getattr(Enterprise, name) for name in ENTERPRISE_COLUMNS]
    rows = session.connection().execute(select(*columns).order_by(col(Enterprise.id)))
    return {row[0]: dict(zip(ENTERPRISE_COLUMNS, row, strict=True)) for row in rows}


@dataclass(frozen=True)
class Lookup:
    """A name or None looked up once for each distinct value."""

    names: Names
    _answers: dict[str, int | Refusal]

    @classmethod
    def of(cls, names: Names) -> "Lookup":
        """A lookup that has answered nothing yet."""
        return cls(names, {})

    def __call__(self, name: str | None) -> int | Refusal | None:
        """Number, the refusal as a value, or None for None."""
        if name is None:
            return None
        if name not in self._answers:
            try:
                self._answers[name] = self.names.find(name)
            except Refusal as refusal:
                self._answers[name] = refusal
        return self._answers[name]
