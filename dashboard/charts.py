"""The one module that knows plotly: charts in the theme's colours, without mode bar or outside request."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import plotly.graph_objects as go

from dashboard.i18n import _
from dashboard.services.overview import Week

Chart: TypeAlias = go.Figure
TEXT: Final = "#8FA3BF"
FOUND: Final = "#F59E0B"
CLOSED: Final = "#38BDF8"
OPEN: Final = "#E6EDF7"
GRID: Final = "#1E2C46"
FONT: Final = "Noto Sans CJK SC, Noto Sans SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif"
CONFIG: Final[dict[str, Any]] = {"displayModeBar": False, "responsive": True}


def weeks_chart(weeks: Sequence[Week], *, text_px: int = 16) -> Chart:
    """Found and closed as bars, still open as a line, week by week.

    Parameters
    ----------
    weeks : sequence of Week
        Oldest first.
    text_px : int
        Size of every text, in CSS pixels.
    """
    names = [f"{week.monday.month}/{week.monday.day}" for week in weeks]
    figure = go.Figure(
        [
            go.Bar(x=names, y=[week.found for week in weeks], name=_("Found"), marker_color=FOUND),
            go.Bar(x=names, y=[week.closed for week in weeks], name=_("Closed"), marker_color=CLOSED),
            go.Scatter(
                x=names,
                y=[week.still_open for week in weeks],
                name=_("Still open (right scale)"),
                yaxis="y2",
                mode="lines",
                line={"color": OPEN, "width": 3},
            ),
        ]
    )
    figure.update_layout(**_layout(text_px), barmode="group", bargap=0.45, bargroupgap=0.1)
    figure.update_layout(
        yaxis2={
            "overlaying": "y",
            "side": "right",
            "showgrid": False,
            "automargin": True,
            "rangemode": "tozero",
            "nticks": 4,
        }
    )
    return figure


def _layout(text_px: int) -> dict[str, Any]:
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": text_px, "color": TEXT, "family": FONT},
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "legend": {"orientation": "h", "y": 1.04, "yanchor": "bottom", "x": 1, "xanchor": "right"},
        "legend_font_size": text_px,
        "xaxis": {"showgrid": False, "type": "category", "fixedrange": True, "automargin": True},
        "yaxis": {"nticks": 4, "gridcolor": GRID, "rangemode": "tozero", "fixedrange": True, "automargin": True},
        "hovermode": "x unified",
        "hoverlabel": {"bgcolor": "#111B2E"},
    }
