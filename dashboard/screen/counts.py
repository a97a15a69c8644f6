"""Numbers that were counted only so far, as they are shown."""

from dashboard.i18n import shown_number
from db.repositories.ledger_pages import MOST_COUNTED


def shown_count(number: int) -> str:
    """A number, or the most that is counted with a plus sign where there are more."""
    return f"{shown_number(MOST_COUNTED)}+" if number > MOST_COUNTED else shown_number(number)
