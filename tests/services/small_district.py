"""A district of two townships and a port, small enough to see: what the tests of imports and exports stand on.

Township West reaches from 119.0 to 119.1 degrees, East from 119.1 to 119.2, both from 35.0 to 35.1; the port
lies in West, against the border.
"""

import gzip
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import plotly
import shapely
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.importers.rows import parse_enterprises, parse_issues
from dashboard.importers.table_reading import Table
from dashboard.services.enterprise_import import import_enterprises
from dashboard.services.issue_import import import_issues
from dashboard.services.layer_import import LayerReport, import_layers, preview_layers
from dashboard.services.ledger_import import LedgerReport
from dashboard.services.people import add_person, add_unit
from dashboard.services.territory import add_industry, add_zone, found_district, set_outline
from db.history import data_version
from db.unit_of_work import UnitOfWork, reading, unit_of_work
from governance.credit_code import check_character
from governance.permissions import operator
from governance.vocabulary import UnitKind, ZoneKind
from tests.conftest import NOW, TODAY

ACTOR = operator("test")
WEST, EAST = shapely.box(119.0, 35.0, 119.1, 35.1), shapely.box(119.1, 35.0, 119.2, 35.1)
PORT = shapely.box(119.08, 35.04, 119.1, 35.06)
CODE = "91371103000000000" + check_character("91371103000000000")


@contextmanager
def writing(engine: Engine) -> Iterator[UnitOfWork]:
    with unit_of_work(engine, actor=ACTOR, now=NOW) as work:
        yield work


def found(engine: Engine, *, has_zones: bool = True) -> Engine:
    """Found the district, with its zones and the names that ledgers use."""
    found_district(engine, actor=ACTOR, now=NOW, code="000001", name="000001")
    with writing(engine) as work:
        add_industry(work, code="I01", name="Timber")
        add_unit(work, code="U01", kind=UnitKind.DEPARTMENT, name="Forestry")
        add_unit(work, code="U02", kind=UnitKind.DEPARTMENT, name="Water")
        add_person(work, code="P01", name="Responsible 1")
        for code, name, kind, outline in _ZONES if has_zones else ():
            set_outline(work, add_zone(work, code=code, kind=kind, name=name), outline)
    return engine


_ZONES = (
    ("T1", "West", ZoneKind.TOWNSHIP, WEST),
    ("T2", "East", ZoneKind.TOWNSHIP, EAST),
    ("K1", "Port", ZoneKind.PORT, PORT),
)


def enterprises(engine: Engine, *rows: Sequence[object], **options: Any) -> LedgerReport:
    """Import a table of enterprises, its first row the header."""
    with writing(engine) as work:
        return import_enterprises(work, parse_enterprises(Table("sheet", [list(row) for row in rows])), **options)


def issues(engine: Engine, *rows: Sequence[object], **options: Any) -> LedgerReport:
    """Import a table of issues, its first row the header."""
    with writing(engine) as work:
        return import_issues(work, parse_issues(Table("sheet", [list(row) for row in rows])), **options)


def layers(engine: Engine, path: Path, kind: ZoneKind = ZoneKind.TOWNSHIP, **options: Any) -> LayerReport:
    """Preview a layer and import it."""
    plan = preview_layers(engine, path, kind, day=TODAY, **options)
    with writing(engine) as work:
        return import_layers(work, plan)


def geojson(path: Path, *zones: tuple[dict[str, object], shapely.Geometry]) -> Path:
    """Write outlines with their attributes."""
    features = [
        {"type": "Feature", "properties": facts, "geometry": json.loads(shapely.to_geojson(outline))}
        for facts, outline in zones
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def foreign_wards(folder: Path) -> Path:
    """The 58 wards of a city abroad, as a package ships them: names, no codes."""
    packed = Path(plotly.__file__).parent / "package_data" / "datasets" / "election.geojson.gz"
    path = folder / "wards.geojson"
    path.write_bytes(gzip.decompress(packed.read_bytes()))
    return path


def foreign_points(folder: Path) -> Path:
    """249 points in the same city, as the same package ships them."""
    packed = Path(plotly.__file__).parent / "package_data" / "datasets" / "carshare.csv.gz"
    path = folder / "points.csv"
    path.write_bytes(gzip.decompress(packed.read_bytes()))
    return path


def only(engine: Engine, model: type[Any]) -> Any:
    """The one record of a kind."""
    with reading(engine) as session:
        return session.exec(select(model)).one()


def every(engine: Engine, model: type[Any]) -> list[Any]:
    """All records of a kind, by number."""
    with reading(engine) as session:
        return list(session.exec(select(model).order_by(model.id)))


def version(engine: Engine) -> int:
    """Number of the last event."""
    with reading(engine) as session:
        return data_version(session)
