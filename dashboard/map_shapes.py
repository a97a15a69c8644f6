"""What a map draws: outlines, points, tags and fills as data, and the look of the lights."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dashboard.map_component import Target
from governance.vocabulary import Light, ZoneKind

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class LightLook:
    """How a light looks everywhere: colour of figures, colour of areas, and a shape that needs no colour."""

    figure: str
    area: str
    shape: str


LIGHT_LOOKS: Final[Mapping[Light, LightLook]] = {
    Light.GREEN: LightLook("#22C55E", "#22C55E", "●"),
    Light.YELLOW: LightLook("#FACC15", "#FACC15", "▲"),
    Light.RED: LightLook("#FB7185", "#F43F5E", "■"),
}


@dataclass(frozen=True, slots=True)
class ZoneShape:
    """An outline to draw.

    Attributes
    ----------
    code, name : str
        The zone's code and its name as shown; the name is plain text.
    geometry : mapping
        GeoJSON Polygon or MultiPolygon, WGS84 lon/lat, simplified for display.
    approximate : bool
        Said in the tooltip of a key zone.
    """

    code: str
    name: str
    kind: ZoneKind
    geometry: Mapping[str, Any]
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class MapPoint:
    """An issue or enterprise as a point: WGS84 degrees, and the lines of its tooltip as plain text."""

    target: Target
    id: str
    lon: float
    lat: float
    light: Light | None = None
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ZoneTag:
    """A short plain text that stands beside a zone in the colour of its light."""

    code: str
    text: str
    light: Light


@dataclass(frozen=True, slots=True)
class ZoneFill:
    """Colour of a whole zone on a choropleth, ``#rrggbb``, and its opacity from 0 to 1; the edge keeps the light."""

    colour: str
    opacity: float
