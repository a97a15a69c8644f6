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
_MOST_STEPS: Final = 4
_STEPS: Final = tuple(digit * 10**power for power in range(12) for digit in (1, 2, 5))


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
        yaxis=_scale([number for week in weeks for number in (week.found, week.closed)]),
        yaxis2={
            "overlaying": "y",
            "side": "right",
            "showgrid": False,
            "tickformat": ",.0f",
            "automargin": True,
            "fixedrange": True,
        }
        | _scale([week.still_open for week in weeks]),
    )
    return figure


def _scale(numbers: Sequence[int]) -> dict[str, Any]:
    """From 0 to the next round number above all, in at most four steps.

    It stands still while numbers change a little. A scale that plotly fits to them lays every label elsewhere at each
    change, and plotly remembers the size of each label at each place, up to ten thousand: megabytes on a wall.
    """
    highest = max(numbers, default=0)
    step = next(step for step in _STEPS if highest < _MOST_STEPS * step)
    return {"range": [0, step * (highest // step + 1)], "tick0": 0, "dtick": step}


def _layout(text_px: int, colours: Colours) -> dict[str, Any]:
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": text_px, "color": colours["quiet"], "family": FONT},
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "showlegend": False,
        "xaxis": {"showgrid": False, "type": "category", "fixedrange": True, "automargin": True},
        "yaxis": {
            "gridcolor": colours["line"],
            "fixedrange": True,
            "automargin": True,
        },
        "hovermode": "x unified",
        "hoverlabel": {"bgcolor": colours["panel"]},
    }
