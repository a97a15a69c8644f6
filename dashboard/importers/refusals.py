"""What a cell or row that cannot be read leads to: a reason with a stable code, and where it stands."""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as stored
from datetime import date, datetime, time, timedelta

from governance.errors import InvalidInput

Cell = str | float | int | bool | date | datetime | time | timedelta | None
"""What a cell may hold; blank is empty text or None."""


class Refusal(InvalidInput):
    """One value cannot be read; the reason names the value and what is allowed."""


@dataclass(frozen=True, slots=True)
class RowError:
    """Why one value of one row was not taken.

    Attributes
    ----------
    row : int
        Row as the table program shows it, from 1.
    field : str
        Name of the field, as in the row classes.
    value : str
        The cell as text; empty for a missing value.
    code : str
        Stable snake_case code of the reason.
    template, params
        English sentence with named places, and what fills them.
    """

    row: int
    field: str
    value: str
    code: str
    template: str
    params: dict[str, object] = stored(default_factory=dict)

    @classmethod
    def of(cls, refusal: InvalidInput, *, row: int, name: str, value: Cell) -> "RowError":
        """Place a refusal at a row and field."""
        return cls(row, name, shown_cell(value), refusal.code, refusal.template, refusal.params)

    @property
    def error(self) -> InvalidInput:
        """The reason as an error of the product, for whoever translates errors."""
        return InvalidInput(self.code, self.template, **self.params)

    def as_dict(self, translate: Callable[[BaseException], str] = str) -> dict[str, object]:
        """Return ``{"row", "field", "value", "reason"}`` with the reason in the person's language.

        Parameters
        ----------
        translate : callable
            `dashboard.i18n.message`; without it the reason is English.
        """
        return {"row": self.row, "field": self.field, "value": self.value, "reason": translate(self.error)}


def shown_cell(value: Cell) -> str:
    """Return a cell as a person would write it: no ``.0`` on whole numbers, ISO dates, empty for None."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return str(value)
