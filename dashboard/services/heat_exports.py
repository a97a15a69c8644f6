"""Hot spots out: as a layer or a table, with everything that the page says of them."""

from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, cast

import geopandas as gpd
from sqlmodel import Session

from dashboard.exporters.columns import Column
from dashboard.exporters.layers import write_layer
from dashboard.exporters.tables import write_table
from dashboard.i18n import pgettext
from dashboard.services.exports import Written, digest_of
from dashboard.services.heat_spots import Spot, hot_spots
from db.loop_rules import loop_numbers_of
from geo.codec import cell_name
from governance.permissions import Actor, Right, require

SpotFormat = Literal["xlsx", "geojson"]
SPOT_FORMATS: Final[tuple[SpotFormat, ...]] = ("xlsx", "geojson")
_WIDTHS: Final = {"hot_spot": 20, "zones": 44, "guarded_by": 30, "lead_units": 44, "cells": 60}
_FIELDS: Final = (
    *("hot_spot", "state", "unresolved", "overdue", "weight", "largest_z", "smallest_p", "weeks_hot", "weeks"),
    *("zones", "guarded_by", "lead_units", "cell_count", "cells"),
)


def export_hot_spots(
    session: Session,
    actor: Actor,
    path: Path,
    *,
    format: SpotFormat,  # noqa: A002 - the word of the address
    today: date,
    yellow_days: int,
) -> Written:
    """Write the hot spots of today that somebody may know of, in the order of the page.

    Parameters
    ----------
    session : Session
    actor : Actor
    path : Path
        Replaced when the whole file is written.
    format : {"xlsx", "geojson"}
        A table; or outlines in WGS84, with the same fields in words of no language.
    today : date
    yellow_days : int

    Returns
    -------
    Written

    Raises
    ------
    NotAllowed
    """
    require(actor, Right.EXPORT)
    numbers = loop_numbers_of(session)
    spots = hot_spots(session, actor, today=today, numbers=numbers, yellow_days=yellow_days).spots
    rows = [_row(spot) for spot in spots]
    if format == "xlsx":
        told = [{**row, "state": pgettext("SpotState", row["state"])} for row in rows]
        columns = [Column(name, pgettext("column", name), _WIDTHS.get(name, 12), _as_it_is) for name in _FIELDS]
        count = write_table(columns, [[row[name] for name in _FIELDS] for row in told], path, format="xlsx")
    else:
        outlines = gpd.GeoSeries([spot.outline for spot in spots], crs="EPSG:4326")
        frame = gpd.GeoDataFrame({name: [row[name] for row in rows] for name in _FIELDS}, geometry=outlines)
        count = write_layer(frame, path, format="geojson", layer="hot_spots")
    return Written(written=count, path=path, sha256=digest_of(path))


def _row(spot: Spot) -> dict[str, Any]:
    return {
        "hot_spot": spot.name,
        "state": spot.state.value,
        "unresolved": spot.heat.n,
        "overdue": spot.heat.overdue,
        "weight": round(spot.heat.weight, 2),
        "largest_z": round(spot.z, 4),
        "smallest_p": spot.p,
        "weeks_hot": sum(spot.weeks),
        "weeks": "".join("1" if is_hot else "0" for is_hot in spot.weeks),
        "zones": "; ".join(zone.name for zone, _ in spot.zones),
        "guarded_by": "; ".join(dict.fromkeys(lead.name for _, lead in spot.zones if lead)),
        "lead_units": "; ".join(f"{name} {n}" for name, _, n in spot.units),
        "cell_count": len(spot.cells),
        "cells": " ".join(cell_name(cell) for cell in spot.cells),
    }


def _as_it_is(value: Any) -> str | float | int | None:
    """Text and numbers stand in the table as they are."""
    return cast("str | float | int | None", value)
