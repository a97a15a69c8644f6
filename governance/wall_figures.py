"""The figures of the wall that open a list, each led back to its one definition."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from governance.counting import COMPLAINTS, INSPECTIONS, INSTRUCTIONS, Figure
from governance.coverage import Coverage
from governance.vocabulary import Source


class WallFigure(StrEnum):
    """A number on the wall, as addresses name it."""

    UNRESOLVED = "unresolved"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    CLOSED = "closed"
    CLUES = "clues"
    JUDGED = "judged"
    INSPECTIONS_OPEN = "inspections_open"
    INSPECTIONS_OVERDUE = "inspections_overdue"
    COMPLAINTS_OPEN = "complaints_open"
    COMPLAINTS_OVERDUE = "complaints_overdue"
    INSTRUCTIONS_OPEN = "instructions_open"
    INSTRUCTIONS_OVERDUE = "instructions_overdue"
    REBOUNDS = "rebounds"
    NOT_INSPECTED = "not_inspected"
    NOT_HELPED = "not_helped"
    NOT_FOLLOWED_UP = "not_followed_up"


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What a number of the wall counts: issues of a figure and some sources, or enterprises that are not covered.

    Attributes
    ----------
    figure
        Of `governance.counting.DEFINITIONS`; None for what is no such figure.
    sources
        Only issues from these; empty for all.
    coverage
        Enterprises without a record of this kind.
    rebounds
        Issues that a look-back reopened this month, each once.
    """

    figure: Figure | None = None
    sources: tuple[Source, ...] = ()
    coverage: Coverage | None = None
    rebounds: bool = False


WALL_FIGURES: Mapping[WallFigure, Counts] = MappingProxyType(
    {
        WallFigure.UNRESOLVED: Counts(figure=Figure.UNRESOLVED),
        WallFigure.OVERDUE: Counts(figure=Figure.OVERDUE),
        WallFigure.DUE_SOON: Counts(figure=Figure.DUE_SOON),
        WallFigure.CLOSED: Counts(figure=Figure.CLOSED),
        WallFigure.CLUES: Counts(figure=Figure.CLUES),
        WallFigure.JUDGED: Counts(figure=Figure.ON_TIME_RATE),
        WallFigure.INSPECTIONS_OPEN: Counts(figure=Figure.UNRESOLVED, sources=INSPECTIONS),
        WallFigure.INSPECTIONS_OVERDUE: Counts(figure=Figure.OVERDUE, sources=INSPECTIONS),
        WallFigure.COMPLAINTS_OPEN: Counts(figure=Figure.UNRESOLVED, sources=COMPLAINTS),
        WallFigure.COMPLAINTS_OVERDUE: Counts(figure=Figure.OVERDUE, sources=COMPLAINTS),
        WallFigure.INSTRUCTIONS_OPEN: Counts(figure=Figure.UNRESOLVED, sources=INSTRUCTIONS),
        WallFigure.INSTRUCTIONS_OVERDUE: Counts(figure=Figure.OVERDUE, sources=INSTRUCTIONS),
        WallFigure.REBOUNDS: Counts(rebounds=True),
        WallFigure.NOT_INSPECTED: Counts(coverage=Coverage.INSPECTION),
        WallFigure.NOT_HELPED: Counts(coverage=Coverage.HELP),
        WallFigure.NOT_FOLLOWED_UP: Counts(coverage=Coverage.FOLLOW_UP),
    }
)
ABOVE: Mapping[tuple[Source, ...], tuple[WallFigure, WallFigure]] = MappingProxyType(
    {
        INSPECTIONS: (WallFigure.INSPECTIONS_OPEN, WallFigure.INSPECTIONS_OVERDUE),
        COMPLAINTS: (WallFigure.COMPLAINTS_OPEN, WallFigure.COMPLAINTS_OVERDUE),
        INSTRUCTIONS: (WallFigure.INSTRUCTIONS_OPEN, WallFigure.INSTRUCTIONS_OVERDUE),
    }
)
NOT_COVERED: Mapping[Coverage, WallFigure] = MappingProxyType(
    {
        Coverage.INSPECTION: WallFigure.NOT_INSPECTED,
        Coverage.HELP: WallFigure.NOT_HELPED,
        Coverage.FOLLOW_UP: WallFigure.NOT_FOLLOWED_UP,
    }
)
