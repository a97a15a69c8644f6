"""The map of what is shown: one base map for every place, and upon it what the place and the layers ask for."""

from functools import partial
from typing import Any, Final

from shapely import Point

from dashboard.i18n import _, label
from dashboard.map_component import BaseMap, LiveLayer, last_click, show_map
from dashboard.maps import Bounds, live_layer
from dashboard.screen.address import Place, step_to, zone_key
from dashboard.screen.caches import bounds_of, district_map, outlines
from dashboard.screen.clicks import is_new
from dashboard.screen.issue_table import who_must_act
from dashboard.screen.map_caches import heat_of
from dashboard.screen.map_layer_parts import ENTERPRISES, HEAT
from dashboard.screen.map_parts import Shown, known_zones, thing_of, zone_of
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit
from dashboard.services.ledger import light_of_issue
from db.repositories.issues import IssueLine
from db.tables.territory import Zone
from governance.permissions import Right, may
from governance.vocabulary import ZoneKind

AROUND: Final = 0.012
MOST_NAMED: Final = 400
_LONGEST_LINE: Final = 40
_DECIMALS: Final = 6


def draw(here: Visit, shown: Shown, *, height: int) -> None:
    """Draw the map; a click on a zone, an enterprise or an issue leads there. Panning and zooming say nothing."""
    base, live = map_of(here, shown)
    show_map(base, live, height=height, on_click=partial(follow, base))


def follow(base: BaseMap) -> None:
    """Go where the map was clicked, once for each click."""
    click = last_click(base)
    if click and is_new(click):
        step_to(Place(**{click.target: click.id}))


def map_of(here: Visit, shown: Shown) -> tuple[BaseMap, LiveLayer]:
    """The map of what is shown: always the same base map, so that no step mounts it anew."""
    zone = zone_of(here, shown)
    is_warm = HEAT in shown.layers.on and may(here.actor, Right.SEE_DISTRICT)
    lights = {
        zone_key(item.kind, item.code): standing.light
        for item, standing in known_zones(here, shown.layers)
        if standing.unresolved or not shown.layers.is_lit_in_part
    }
    layer = live_layer(
        lights=lights,
        heat=heat_of(here) if is_warm else (),
        selected=zone_key(zone.kind, zone.code) if zone else None,
        focus=_focus(here, shown),
        faded=_siblings(here, zone) if zone else (),
        extras={"places": _places(here, shown)},
    )
    return district_map(here, key="drill"), layer


def _siblings(here: Visit, zone: Zone) -> list[str]:
    """Zones that the map is not about: all that do not lie in the zone or over it."""
    own = next((item.geometry for item in outlines(here) if item.zone.key == zone.key), None)
    return [
        zone_key(item.zone.kind, item.zone.code)
        for item in outlines(here)
        if item.zone.key != zone.key
        and (item.zone.kind == ZoneKind.TOWNSHIP or own is None or not item.geometry.intersects(own))
    ]


def _places(here: Visit, shown: Shown) -> dict[str, Any]:
    lines = () if not shown.place.parameters else shown.lines
    lines = (shown.issue.line,) if shown.issue else lines
    named = len(shown.dots) <= MOST_NAMED
    return {
        "hidden": list(shown.layers.hidden_kinds),
        "clusters": [[*_at(one.lon, one.lat), one.n, one.light.value] for one in shown.clusters],
        "issues": [row for line in lines if (row := _issue_row(here, line))],
        "enterprises": _enterprise_rows(shown) if ENTERPRISES in shown.layers.on or shown.enterprise else [],
        "dots": [[*_at(dot.lon, dot.lat), dot.code, [_short(name_of(dot))] if named else []] for dot in shown.dots],
        "villages": [[*_at(spot.lon, spot.lat), [_short(name_of(spot)), _("Village")]] for spot in shown.villages],
        "stations": [
            [*_at(spot.lon, spot.lat), [_short(name_of(spot)), _("Air-quality station")]] for spot in shown.stations
        ],
    }


def _issue_row(here: Visit, line: IssueLine) -> list[Any] | None:
    issue = line.issue
    if issue.lon is None or issue.lat is None:
        return None
    light = light_of_issue(issue, today=here.today, yellow_days=here.settings.yellow_days)
    words = (issue.title, f"{issue.number} · {label(issue.stage)}", who_must_act(line))
    told = [_short(word) for word in words]
    return [*_at(issue.lon, issue.lat), issue.number, light.value if light else None, told]


def _enterprise_rows(shown: Shown) -> list[list[Any]]:
    firms = list(shown.zone.enterprises) if shown.zone else []
    firms += [(shown.enterprise.enterprise, shown.standing.unresolved)] if shown.enterprise else []
    return [
        [*_at(firm.lon, firm.lat), str(firm.key), [_short(name_of(firm)), _("{number} unresolved", number=n)]]
        for firm, n in firms
        if firm.lon is not None and firm.lat is not None
    ]


def _at(lon: float, lat: float) -> tuple[float, float]:
    return round(lon, _DECIMALS), round(lat, _DECIMALS)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_LINE else f"{text[: _LONGEST_LINE - 1]}…"


def _focus(here: Visit, shown: Shown) -> Bounds | None:
    if shown.zone:
        number = shown.zone.zone.key
        shapes = [item.geometry for item in outlines(here) if item.zone.key == number]
        return bounds_of(shapes) if shapes else None
    if not shown.enterprise and not shown.issue:
        return _reach(here, shown)
    thing = thing_of(shown)
    if thing is None or thing.lon is None or thing.lat is None:
        return None
    return (thing.lon - AROUND, thing.lat - AROUND, thing.lon + AROUND, thing.lat + AROUND)


def _reach(here: Visit, shown: Shown) -> Bounds | None:
    """What the district's map shows: all of it, or of whoever sees a part only the own zones and listed issues."""
    own = {zone for grant in here.actor.grants for zone in grant.zone_ids}
    everything = [item.geometry for item in outlines(here)]
    shapes = [item.geometry for item in outlines(here) if item.zone.key in own]
    placed = [(issue.lon, issue.lat) for issue in (line.issue for line in shown.lines)]
    around = [Point(lon, lat).buffer(AROUND / 2) for lon, lat in placed if lon is not None and lat is not None]
    seen = everything if may(here.actor, Right.SEE_DISTRICT) else [*shapes, *around] or everything
    return bounds_of(seen) if seen else None
