"""The one module that knows plotly: charts in the theme's colours, without mode bar or outside request."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import plotly.graph_objects as go

from dashboard.i18n import _
from dashboard.services.overview import Week
from dashboard.theme import THEMES, Colours

Chart: TypeAlias = go.Figure
FONT: Final = "Noto Sans CJK SC, Noto Sans SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif"
CONFIG: Final[dict[str, Any]] = {"displayModeBar": False, "responsive": True}


def weeks_chart(weeks: Sequence[Week], *, text_px: int = 16, theme: str = "dark") -> Chart:
    """Found and closed as bars, still open as a line, week by week.

    Parameters
    ----------
    weeks : sequence of Week
        Oldest first.
    text_px : int
        Size of every text in CSS pixels, where no style sheet gives another one.
    theme : str
        Whose colours it has.

    Notes
    -----
    The legend is not part of it: who draws the chart says in words what the colours mean.
    """
    colours = THEMES[theme]
    names = [f"{week.monday.month}/{week.monday.day}" for week in weeks]
    figure = go.Figure(
        [
            go.Bar(x=names, y=[week.found for week in weeks], name=_("Found"), marker_color=colours["found"]),
            go.Bar(x=names, y=[week.closed for week in weeks], name=_("Closed"), marker_color=colours["closed"]),
            go.Scatter(
                x=names,
                y=[week.still_open for week in weeks],
                name=_("Still open (right scale)"),
                yaxis="y2",
                mode="lines",
                line={"color": colours["text"], "width": 3},
            ),
        ]
    )
    figure.update_layout(**_layout(text_px, colours), barmode="group", bargap=0.45, bargroupgap=0.1)
    figure.update_layout(
        yaxis2={
            "overlaying": "y",
            "side": "right",
            "showgrid": False,
            "tickformat": ",.0f",
            "automargin": True,
            "rangemode": "tozero",
            "nticks": 4,
            "fixedrange": True,
        }
    )
    return figure


def _layout(text_px: int, colours: Colours) -> dict[str, Any]:
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": text_px, "color": colours["quiet"], "family": FONT},
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "showlegend": False,
        "xaxis": {"showgrid": False, "type": "category", "fixedrange": True, "automargin": True},
        "yaxis": {
            "nticks": 4,
            "gridcolor": colours["line"],
            "rangemode": "tozero",
            "fixedrange": True,
            "automargin": True,
        },
        "hovermode": "x unified",
        "hoverlabel": {"bgcolor": colours["panel"]},
    }
