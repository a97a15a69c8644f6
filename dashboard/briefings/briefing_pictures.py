"""The two pictures of a briefing, for paper: zones with their issues, and twelve weeks; matplotlib comes in late."""

import io
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import pylopdf_fonts_zh_cn
from geopandas import GeoDataFrame

from dashboard.i18n import _, current_locale, label
from dashboard.services.morning_briefing import BriefingFacts
from dashboard.services.overview import Week
from governance.vocabulary import Light, ZoneKind

WGS84: Final = "EPSG:4326"
INK, GREY, PALE, BLUE, AMBER = "#1F2937", "#6B7280", "#EEF2F7", "#0369A1", "#D97706"
LIGHTS: Final = {Light.GREEN: "#15803D", Light.YELLOW: "#B45309", Light.RED: "#BE123C"}
MARKERS: Final = {Light.GREEN: "o", Light.YELLOW: "^", Light.RED: "s"}
DPI: Final = 200
WIDE, HIGH = 3.7, 2.95


def map_png(facts: BriefingFacts) -> bytes:
    """The zones of the briefing in the colour of their light, the others pale, unresolved issues by light and shape.

    Plotted in WGS84 with the proportions of the middle latitude; north is up. Empty ground without any outline.
    """
    figure, axes = _canvas(WIDE, HIGH)
    axes.set_axis_off()
    shown = {one.zone.key: one.standing.light for one in facts.morning.zones}
    is_all = facts.morning.leader is None
    pale = [one.geometry for one in facts.outlines if one.zone.kind == ZoneKind.TOWNSHIP]
    if pale:
        GeoDataFrame(geometry=pale, crs=WGS84).plot(ax=axes, facecolor=PALE, edgecolor=GREY, linewidth=0.5, aspect=None)
    named = [one for one in facts.outlines if one.zone.key in shown]
    for one in named:
        colour = LIGHTS[shown[one.zone.key]]
        frame = GeoDataFrame(geometry=[one.geometry], crs=WGS84)
        frame.plot(ax=axes, facecolor=colour, edgecolor=colour, alpha=0.18, linewidth=0, aspect=None)
        frame.boundary.plot(ax=axes, color=colour, linewidth=1.1, aspect=None)
    for light in (Light.GREEN, Light.YELLOW, Light.RED):
        _scatter(axes, facts, light)
    around = [one.geometry for one in (facts.outlines if is_all else named)]
    _frame(axes, around)
    for one in named:
        where = one.geometry.representative_point()
        _say(axes, where.x, where.y, _name(one.zone.name, one.zone.name_en))
    if any(one.outline.is_approximate for one in facts.outlines):
        axes.text(0.99, 0.01, _("outlines approximate"), transform=axes.transAxes, ha="right", va="bottom",
                  fontproperties=_font(6.5), color=GREY)  # fmt: skip
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="lower left", prop=_font(6.5), frameon=True, framealpha=0.85, edgecolor="none", borderpad=0.3)
    return _png(figure)


def chart_png(weeks: Sequence[Week]) -> bytes:
    """Found and closed as bars, still open as a line, by week; the first day of every other week beneath."""
    figure, axes = _canvas(WIDE, HIGH)
    places = range(len(weeks))
    axes.bar([p - 0.2 for p in places], [w.found for w in weeks], width=0.38, color=AMBER, label=_("found"))
    axes.bar([p + 0.2 for p in places], [w.closed for w in weeks], width=0.38, color=BLUE, label=_("closed"))
    axes.plot(list(places), [w.still_open for w in weeks], color=INK, linewidth=1.4, marker="o", markersize=2.5,
              label=_("still open"))  # fmt: skip
    if weeks:
        axes.annotate(str(weeks[-1].still_open), (len(weeks) - 1, weeks[-1].still_open), fontproperties=_font(8),
                      xytext=(0, 4), textcoords="offset points", ha="center", color=INK)  # fmt: skip
    axes.set_xticks(list(places)[::2], [f"{w.monday.month}-{w.monday.day}" for w in weeks][::2])
    axes.set_ylim(bottom=0)
    axes.margins(y=0.15)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(GREY)
    axes.yaxis.get_major_locator().set_params(integer=True)
    for text in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        text.set_fontproperties(_font(7))
    axes.legend(loc="upper left", prop=_font(7), frameon=False, ncols=3, bbox_to_anchor=(0, 1.1), borderpad=0)
    return _png(figure)


def _scatter(axes: Any, facts: BriefingFacts, light: Light) -> None:
    points = [point for point in facts.points if point.light == light]
    if not points:
        return
    words = f"{label(light)} {len(points)}"
    axes.scatter([p.lon for p in points], [p.lat for p in points], marker=MARKERS[light], s=9, c=LIGHTS[light],
                 linewidths=0.25, edgecolors="white", zorder=3, label=words)  # fmt: skip


def _frame(axes: Any, shapes: Sequence[Any]) -> None:
    """Show all shapes with a little room, in the true proportions of their latitude."""
    if not shapes:
        return
    west, south, east, north = GeoDataFrame(geometry=list(shapes), crs=WGS84).total_bounds
    stretch = 1 / math.cos(math.radians((south + north) / 2))
    across = 1.12 * max(east - west, (north - south) * stretch * WIDE / HIGH)
    upwards = across * HIGH / WIDE / stretch
    axes.set_xlim((west + east - across) / 2, (west + east + across) / 2)
    axes.set_ylim((south + north - upwards) / 2, (south + north + upwards) / 2)
    axes.set_aspect(stretch, adjustable="box")


def _say(axes: Any, x: float, y: float, text: str) -> None:
    from matplotlib.patheffects import withStroke

    axes.text(x, y, text, fontproperties=_font(7.5), color=INK, ha="center", va="center", zorder=4, clip_on=True,
              path_effects=[withStroke(linewidth=2, foreground="white")])  # fmt: skip


def _canvas(width_inches: float, height_inches: float) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width_inches, height_inches), dpi=DPI, layout="constrained")
    return figure, figure.subplots()


def _png(figure: Any) -> bytes:
    held = io.BytesIO()
    figure.savefig(held, format="png", metadata={"Software": None})
    return held.getvalue()


@cache
def _font(points: float) -> Any:
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=str(Path(pylopdf_fonts_zh_cn.__file__).parent / "NotoSansSC-Regular.otf"), size=points)


def _name(name: str, name_en: str | None) -> str:
    return name_en if name_en and current_locale() == "en" else name
