"""``gridguard link``: points of a file with the zones that they lie in; nothing is stored."""

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from dashboard.cli.call import Call, command
from dashboard.i18n import _
from dashboard.services.link_points import LinkedPoint, link_points
from db.unit_of_work import current_district, reading


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    command(app, "link", example="gridguard link points.csv --json")(link)


def link(
    call: Call,
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="CSV with lon and lat.")],
    crs: Annotated[str, typer.Option(metavar="C", help="EPSG:n, WGS84, CGCS2000, GCJ02 or BD09.")] = "WGS84",
) -> None:
    """Say for each point which township, key zones and primary zone it belongs to.

    Rows count as in the file: the header is row 1. A point outside every township has none, unless one is
    within the distance that the district allows; that distance is then told.
    """
    with reading(call.engine()) as session:
        day = call.now.astimezone(ZoneInfo(current_district(session).time_zone)).date()
        points = link_points(session, file, day=day, crs=crs)
    outside = sum(point.township is None for point in points)
    rows = [point.as_dict() for point in points]
    answer = {"read": len(points), "linked": len(points) - outside, "outside": outside, "rows": rows}
    call.answer(answer, [_line(point) for point in points])
    call.say(_("{read} points, {outside} outside every township", read=len(points), outside=outside))


def _line(point: LinkedPoint) -> str:
    township = point.township.name if point.township else _("outside")
    names = (township, *(zone.name for zone in point.zones))
    near = f"  ({point.distance_m} m)" if point.distance_m else ""
    return f"{point.row}\t{' + '.join(names)}{near}"
