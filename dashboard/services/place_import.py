"""Villages and air-quality stations in: points of a table or layer, all or none, each refusal with its row."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from sqlmodel import col, select

from dashboard.importers.coordinates import parse_latitude, parse_longitude
from dashboard.importers.refusals import Cell, Refusal, RowError, shown_cell
from dashboard.importers.table_reading import Table
from dashboard.importers.values import is_blank
from dashboard.importers.words import normal_word
from dashboard.services.placing import Placing, place, placing_on
from db import records
from db.repositories.territory import zones
from db.tables.territory import Village, Zone
from db.tables.watching import Station
from db.unit_of_work import UnitOfWork
from geo.crs import parse_crs, to_wgs84
from governance.errors import InvalidInput
from governance.permissions import Right, require
from governance.vocabulary import ZoneKind

LONGEST_CODE: Final = 20
LONGEST_NAME: Final = 120
_FIELDS_FILE: Final = Path(__file__).with_name("place_fields.toml")


class PlaceKind(StrEnum):
    """What the points of a file are."""

    VILLAGE = "village"
    STATION = "station"


@dataclass(frozen=True, kw_only=True)
class PlaceReport:
    """What an import of points did; with any of ``errors`` nothing was stored."""

    read: int
    imported: int
    changed: int
    unchanged: int
    errors: tuple[RowError, ...]

    @property
    def refused(self) -> int:
        """How many rows are refused."""
        return len({error.row for error in self.errors})


def import_places(work: UnitOfWork, table: Table, kind: PlaceKind, *, crs: str = "WGS84") -> PlaceReport:
    """Store the villages or stations of a table, all or none.

    Parameters
    ----------
    work : UnitOfWork
    table : Table
        As `dashboard.importers.table_reading.read_table` reads it; its first row is the header. Headers are known by
        ``place_fields.toml``: code, name, and of villages the township (code or name; without one, where the point
        lies). A station needs a place; a village may be without.
    kind : PlaceKind
    crs : str
        What the numbers are in; see `geo.crs.parse_crs`.

    Returns
    -------
    PlaceReport
        A record is known by its code. A blank cell leaves what is known. The same table again changes nothing.

    Raises
    ------
    NotAllowed
    InvalidInput
        ``place_columns_missing``; single rows are refused in the report.
    """
    require(work.actor, Right.IMPORT)
    require(work.actor, Right.EDIT_ZONES)
    columns = _columns(table, kind)
    ground = _Ground(
        placing_on(work.session, work.district, work.today), zones(work.session, kind=ZoneKind.TOWNSHIP), crs
    )
    rows = [(number, row) for number, row in enumerate(table.rows[1:], start=2) if not all(map(is_blank, row))]
    found, errors, seen = [], [], dict[str, int]()
    for number, row in rows:
        cells = {field: row[place] for field, place in columns.items()}
        try:
            found.append(_facts(cells, kind, ground, seen, number))
        except InvalidInput as refusal:
            errors.append(RowError.of(refusal, row=number, name="code", value=cells["code"]))
    if errors:
        return PlaceReport(read=len(rows), imported=0, changed=0, unchanged=0, errors=tuple(errors))
    return _stored(work, found, kind)


@dataclass(frozen=True)
class _Ground:
    placing: Placing
    townships: Sequence[Zone]
    crs: str


def _facts(
    cells: Mapping[str, Cell], kind: PlaceKind, ground: _Ground, seen: dict[str, int], number: int
) -> dict[str, Any]:
    code = shown_cell(cells["code"]).strip()
    name = shown_cell(cells["name"]).strip()
    if not code or not name or len(code) > LONGEST_CODE or len(name) > LONGEST_NAME:
        raise Refusal(
            "place_unnamed",
            "The row needs a code of at most {code} characters and a name of at most {name}.",
            code=LONGEST_CODE, name=LONGEST_NAME,
        )  # fmt: skip
    first = seen.setdefault(code, number)
    if first != number:
        raise Refusal("place_twice", "The code {code} stands in row {first} already.", code=code, first=first)
    point = _point(cells, ground)
    facts: dict[str, Any] = {"code": code, "name": name}
    facts |= {field: text for field in ("name_en", "source") if (text := shown_cell(cells.get(field)).strip())}
    if point is None and kind == PlaceKind.STATION:
        raise Refusal("station_without_place", "The station {code} has no place.", code=code)
    facts |= {"lon": point["lon"], "lat": point["lat"]} if point else {}
    if kind == PlaceKind.VILLAGE:
        facts["township_id"] = _township(cells, point, ground)
    return facts


def _point(cells: Mapping[str, Cell], ground: _Ground) -> dict[str, Any] | None:
    """Where the row lies, within the district; None without coordinates."""
    x, y = cells.get("x"), cells.get("y")
    if is_blank(x) and is_blank(y):
        return None
    lon, lat = to_wgs84([parse_longitude(x)], [parse_latitude(y)], parse_crs(ground.crs))
    (found,) = place(ground.placing, [round(float(lon[0]), 7)], [round(float(lat[0]), 7)])
    if found["primary_zone_id"] is None:
        raise Refusal(
            "place_outside",
            "The point {lon}, {lat} lies outside of the district; its coordinates were taken as {crs}.",
            lon=found["lon"], lat=found["lat"], crs=ground.crs,
        )  # fmt: skip
    return found


def _township(cells: Mapping[str, Cell], point: Mapping[str, Any] | None, ground: _Ground) -> int:
    said = shown_cell(cells.get("township")).strip()
    known = [zone.key for zone in ground.townships if said in (zone.code, zone.name)] if said else []
    if not said and point and point["township_id"]:
        return int(point["township_id"])
    if len(known) != 1:
        raise Refusal(
            "township_unknown",
            "{township} is no township of the district; allowed: {allowed}",
            township=said or "-", allowed=tuple(f"{zone.code} {zone.name}" for zone in ground.townships),
        )  # fmt: skip
    return known[0]


def _stored(work: UnitOfWork, found: list[dict[str, Any]], kind: PlaceKind) -> PlaceReport:
    model: type[Any] = Village if kind == PlaceKind.VILLAGE else Station
    codes = [facts["code"] for facts in found]
    known: dict[str, Any] = {
        row.code: row for row in work.session.exec(select(model).where(col(model.code).in_(codes)))
    }
    imported = changed = 0
    for facts in found:
        row = known.get(facts["code"])
        if row is None:
            records.create(work, model(**facts))
            imported += 1
            continue
        news = {field: value for field, value in facts.items() if getattr(row, field) != value}
        if news:
            records.change(work, row, news, code="amended")
            changed += 1
    unchanged = len(found) - imported - changed
    return PlaceReport(read=len(found), imported=imported, changed=changed, unchanged=unchanged, errors=())


def _columns(table: Table, kind: PlaceKind) -> dict[str, int]:
    """Which column holds which field."""
    titles = [normal_word(shown_cell(cell)) for cell in table.rows[0]]
    found = {
        field: titles.index(word)
        for field, words in _field_words().items()
        if (word := next((word for word in words if word in titles), None)) is not None
    }
    needed = {"code", "name"} | ({"x", "y"} if kind == PlaceKind.STATION else set())
    if missing := sorted(needed - found.keys()):
        raise InvalidInput(
            "place_columns_missing",
            "The table lacks the columns {fields}; its header holds: {found}.",
            fields=missing,
            found=[shown_cell(cell) for cell in table.rows[0] if not is_blank(cell)],
        )
    return found


@lru_cache(maxsize=1)
def _field_words() -> Mapping[str, tuple[str, ...]]:
    tables = tomllib.loads(_FIELDS_FILE.read_text(encoding="utf-8"))
    return {field: tuple(normal_word(word) for word in words) for field, words in tables.items()}
