"""The one module that knows folium: the base map of outlines and the layer of live data upon it.

Polygons are in the base map and never change their look by being redrawn: lights, selection and tags
are painted onto them by the live layer, so that news never remounts the frame.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final

import folium
from folium.elements import JSCSSMixin
from folium.plugins import Draw, HeatMap, MarkerCluster
from folium.template import Template
from folium.utilities import JsCode

from dashboard.assets import map_scripts, map_styles
from dashboard.map_component import BaseMap, LiveLayer, inert, serialise_base, serialise_live
from dashboard.map_shapes import LIGHT_LOOKS as LIGHT_LOOKS  # what callers draw with, beside what draws it
from dashboard.map_shapes import Bounds as Bounds
from dashboard.map_shapes import LightLook as LightLook
from dashboard.map_shapes import MapPoint as MapPoint
from dashboard.map_shapes import ZoneFill as ZoneFill
from dashboard.map_shapes import ZoneShape as ZoneShape
from dashboard.map_shapes import ZoneTag as ZoneTag
from governance.vocabulary import Light, ZoneKind

MAX_ZOOM: Final = 18
_DECIMALS: Final = 6  # a tenth of a metre
_ENTITIES: Final = {ord("`"): "&#96;", ord("$"): "&#36;", ord("{"): "&#123;", ord("}"): "&#125;", ord("\\"): "&#92;"}
_LOCAL_PLUGINS: Final[tuple[type[JSCSSMixin], ...]] = (HeatMap, MarkerCluster, Draw)
_HEAT_GRADIENT: Final = {0.15: "#92400E", 0.45: "#F59E0B", 0.75: "#FCD34D", 1.0: "#FFFFFF"}


def map_text(text: str) -> str:
    """Return ``text`` safe for every string that folium writes into a page or a script.

    HTML is escaped, and the characters with a meaning in a JavaScript template literal become
    entities, so that ``${...}`` is shown and not run.
    """
    return escape(text, quote=True).translate(_ENTITIES)


def keep_links_local() -> None:
    """Give every folium class local addresses, and none where we serve no file; done once at import."""
    scripts, styles = map_scripts(), map_styles()
    for owner in _with_links(JSCSSMixin):
        owner.default_js = []
        owner.default_css = []
    folium.Map.default_js = scripts
    folium.Map.default_css = styles


def _with_links(root: type[JSCSSMixin]) -> Iterable[type[JSCSSMixin]]:
    for owner in root.__subclasses__():
        yield owner
        yield from _with_links(owner)


keep_links_local()


class _Live(folium.MacroElement):
    """Hands the live data that is no layer of its own (lights, selection, tags, view) to our script."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            GridGuard.live({{ this.map_name }}, {{ this._parent.get_name() }}, {{ this.data|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, data: Mapping[str, Any], *, map_name: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # folium is typed in part
        self._name = "Live"
        self.data = inert(data)
        self.map_name = map_name


def base_map(
    zones: Sequence[ZoneShape],
    *,
    bounds: Bounds,
    key: str,
    basemap_urls: Sequence[str] = (),
    basemap_attribution: str = "",
) -> BaseMap:
    """Return the arguments of a map with the outlines of ``zones``, fitted to ``bounds``.

    Parameters
    ----------
    zones : sequence of ZoneShape
        Drawn in the order district, townships, key zones (each in the given order), so that the
        smaller ones lie above and take the click. Empty gives an empty map.
    bounds : tuple of float
        West, south, east, north in WGS84 degrees.
    key : str
        Name of the map on its page; two maps on one page need two keys.
    basemap_urls : sequence of str
        Tile address templates of the administrator, the lowest first; without one the ground is plain.

    Raises
    ------
    ValueError
        An outline is no Polygon or MultiPolygon; the message names the zone.
    """
    fig = _bare_map(bounds, is_attributed=bool(basemap_urls))
    for address in basemap_urls:
        folium.TileLayer(tiles=address, attr=map_text(basemap_attribution) or " ", max_zoom=MAX_ZOOM).add_to(fig)
    ordered = sorted(zones, key=lambda zone: _DRAWING_ORDER.get(zone.kind, 2))
    folium.GeoJson(
        _collection(_zone_feature(zone) for zone in ordered),
        on_each_feature=JsCode("GridGuard.zone"),
        style=JsCode("GridGuard.zoneStyle"),
    ).add_to(fig)
    west, south, east, north = bounds
    fig.fit_bounds([[south, west], [north, east]], padding=(12, 12))
    return serialise_base(fig, key=key)


_DRAWING_ORDER: Final = {ZoneKind.DISTRICT: 0, ZoneKind.TOWNSHIP: 1}


def _bare_map(bounds: Bounds, *, is_attributed: bool) -> folium.Map:
    west, south, east, north = bounds
    return folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        maxZoom=MAX_ZOOM,
        zoom_snap=0.25,
        zoom_delta=0.5,
        zoom_animation=False,
        attribution_control=is_attributed,
        control_scale=False,
    )


def _collection(features: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def _zone_feature(zone: ZoneShape) -> dict[str, Any]:
    properties = {
        "target": "zone",
        "id": zone.code,
        "name": zone.name,
        "kind": zone.kind.value,
        "approximate": zone.approximate,
    }
    return {"type": "Feature", "properties": inert(properties), "geometry": _outline(zone)}


def _outline(zone: ZoneShape) -> dict[str, Any]:
    kind, coordinates = zone.geometry["type"], zone.geometry["coordinates"]
    if kind not in {"Polygon", "MultiPolygon"}:
        raise ValueError(f"The outline of the zone {zone.code} is a {kind}; a map draws Polygon and MultiPolygon.")
    return {"type": kind, "coordinates": _rounded(coordinates)}


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, list | tuple):
        return [_rounded(part) for part in coordinates]
    return round(coordinates, _DECIMALS)


def live_layer(
    *,
    lights: Mapping[str, Light],
    heat: Sequence[tuple[float, float, float]] = (),
    points: Sequence[MapPoint] = (),
    tags: Sequence[ZoneTag] = (),
    selected: str | None = None,
    focus: Bounds | None = None,
    faded: Collection[str] = (),
    fills: Mapping[str, ZoneFill] | None = None,
    extras: Mapping[str, Any] | None = None,
) -> LiveLayer:
    """Return the arguments of everything that changes, to be laid over a mounted base map.

    Parameters
    ----------
    lights : mapping
        Light of each zone by code; a zone without one keeps the neutral outline.
    heat : sequence of (lat, lon, weight)
        WGS84 degrees in Leaflet's order; weights relative to the largest.
    points : sequence of MapPoint
        Drawn in the given order, the last on top.
    tags : sequence of ZoneTag
        Texts beside zones; one for a zone that is not drawn is left out.
    selected : str, optional
        Code of the zone to emphasise.
    focus : tuple of float, optional
        West, south, east, north to show; the map moves there, smoothly, only when this differs from the last one.
    faded : collection of str
        Codes of zones to draw pale, because the map is about others; their names pale with them.
    fills : mapping
        Fill of each zone by code, in place of that of its light.
    extras : mapping
        JSON-like data by the name of a hook in ``GridGuard.extras``, a function (map, group, data) of a script of
        `dashboard.assets`. What it adds to ``group`` is gone at the next news; each hook is called at every news,
        with null where it has no data here.
    """
    group = folium.FeatureGroup(name="live")
    parent = folium.Map(tiles=None)
    if heat:
        HeatMap(
            [(round(lat, _DECIMALS), round(lon, _DECIMALS), weight) for lat, lon, weight in heat],
            radius=22,
            blur=18,
            min_opacity=0.12,
            max_zoom=11,
            gradient=_HEAT_GRADIENT,
        ).add_to(group)
    if points:
        folium.GeoJson(
            _collection(_point_feature(point) for point in points),
            on_each_feature=JsCode("GridGuard.pointTip"),
            point_to_layer=JsCode("GridGuard.point"),
        ).add_to(group)
    data = {
        "looks": {
            light.value: {"area": look.area, "rank": rank} for rank, (light, look) in enumerate(LIGHT_LOOKS.items())
        },
        "lights": {code: light.value for code, light in sorted(lights.items())},
        "tags": [{"id": tag.code, "text": tag.text, "light": tag.light.value} for tag in tags],
        "selected": selected,
        "focus": list(focus) if focus else None,
        "faded": sorted(faded),
        "fills": {code: [fill.colour, fill.opacity] for code, fill in sorted((fills or {}).items())},
        "extras": dict(extras or {}),
    }
    _Live(data, map_name=parent.get_name()).add_to(group)
    return serialise_live(group, parent=parent)


def _point_feature(point: MapPoint) -> dict[str, Any]:
    properties = {
        "target": point.target,
        "id": point.id,
        "light": point.light.value if point.light else None,
        "lines": list(point.lines),
    }
    geometry = {"type": "Point", "coordinates": [round(point.lon, _DECIMALS), round(point.lat, _DECIMALS)]}
    return {"type": "Feature", "properties": inert(properties), "geometry": geometry}
