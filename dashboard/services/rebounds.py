"""Rebound rates: how many of the closed issues that were looked back at had to be opened again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from db.repositories import look_back as stored
from db.repositories.look_back import Grouping, Rebounds
from governance.counting import rebound_rate

SINCE_EVER = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Rate:
    """The rebound rate of a group, with what it is made of; None where nothing was looked back at."""

    key: Any
    reopened: int
    looked_back: int
    rate: float | None


def rebound_rates(session: Session, by: Grouping, *, since: date = SINCE_EVER, until: date) -> list[Rate]:
    """Rebound rates of a period by group, the highest first; equal ones by how much was looked back at, then by key.

    Parameters
    ----------
    session : Session
    by : Grouping
    since, until : date
        Local days of the look-backs, both included.

    Returns
    -------
    list of Rate
        Groups in which nothing was looked back at are left out.
    """
    return _ranked(stored.rebounds(session, by, since=since, until=until))


def signers_rates(session: Session, *, since: date = SINCE_EVER, until: date) -> list[Rate]:
    """The same by the person who signed off: whoever accepts answers for it."""
    return _ranked(stored.rebounds_of_signers(session, since=since, until=until))


def _ranked(found: Iterable[Rebounds]) -> list[Rate]:
    rates = [
        Rate(one.key, one.reopened, one.looked_back, rebound_rate(reopened=one.reopened, looked_back=one.looked_back))
        for one in found
    ]
    return sorted(rates, key=lambda one: (-(one.rate or 0.0), -one.looked_back, str(one.key)))
