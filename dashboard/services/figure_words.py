"""What each figure counts, in words: numerator, denominator, period, and the moment of which it tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from dashboard.i18n import _, pgettext, shown_date, shown_time
from governance.counting import DEFINITIONS, Figure, Period, period_of

# Rates with the words of what stands above and beneath the line; the others are counts.
_RATES: Final[Mapping[Figure, tuple[str, str]]] = {
    Figure.ON_TIME_RATE: ("on_time_rate numerator", "on_time_rate denominator")
}


@dataclass(frozen=True, kw_only=True)
class FigureWords:
    """A figure's definition as people read it.

    Attributes
    ----------
    formula
        What is counted, or numerator ÷ denominator.
    period
        Over which days.
    as_of
        The moment of which it tells.
    """

    formula: str
    period: str
    as_of: str

    @property
    def sentence(self) -> str:
        """All three in one text."""
        return " · ".join((self.formula, self.period, self.as_of))


def figure_words(figure: Figure, *, today: date, now: datetime, time_zone: str) -> FigureWords:
    """The definition of a figure in the current language.

    Parameters
    ----------
    figure : Figure
    today : date
        Local day on which it was counted.
    now : datetime
        Aware; said in the district's ``time_zone``.
    time_zone : str
    """
    return FigureWords(
        formula=_formula(figure),
        period=_period(DEFINITIONS[figure].period, today),
        as_of=_("As of {moment}", moment=shown_time(now, zone=time_zone)),
    )


def _formula(figure: Figure) -> str:
    if figure in _RATES:
        above, beneath = (pgettext("figure", part) for part in _RATES[figure])
        return f"{above} ÷ ({beneath})"
    return pgettext("figure", figure.value)


def _period(period: Period, today: date) -> str:
    span = period_of(period, today=today)
    if span is None:
        return _("All that stands now")
    return _("From {first} to {last}", first=shown_date(span[0]), last=shown_date(span[1]))
