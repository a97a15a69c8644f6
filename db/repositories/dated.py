"""What was valid on a day: rows with valid-from and valid-to, [from, to)."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col


def valid_on(model: Any, day: date) -> ColumnElement[bool]:
    """Condition: the row was valid at the end of local day ``day``."""
    begun = col(model.valid_from) <= day
    return and_(begun, or_(col(model.valid_to).is_(None), col(model.valid_to) > day))
