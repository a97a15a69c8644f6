"""Where a finding lies: what the phone says of its place, held against the enterprise and the township."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sqlmodel import Session

from dashboard.services.placing import Placing, in_township, place_one
from db.tables.territory import Enterprise, Zone
from db.unit_of_work import UnitOfWork
from geo.metric import points_in_metres
from governance.errors import InvalidInput
from governance.vocabulary import ZoneKind

# A phone that knows its place less well than this says nothing about where an issue lies.
GOOD_PLACE_M: Final = 200.0
# Farther from the enterprise than this, the phone has left it: the report is written at home or on the road.
AT_ENTERPRISE_M: Final = 1000.0


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where the phone was: WGS84 degrees, and within how many metres it knows that."""

    lon: float
    lat: float
    accuracy_m: float


def place_of_finding(
    work: UnitOfWork,
    placing: Placing,
    *,
    enterprise: Enterprise | None,
    township_id: int | None,
    place: str,
    spot: Spot | None,
) -> dict[str, Any]:
    """Place fields of a finding: the phone's point where it fits, else the enterprise's, else the township alone.

    Parameters
    ----------
    work : UnitOfWork
    placing : Placing
        The zones of today.
    enterprise : Enterprise or None
        The phone's point counts when it lies in the same township and within 1 km of the enterprise's place.
    township_id : int or None
        Without an enterprise: the zone that the person chose; a point in another one does not count.
    place : str
        In words; needed without an enterprise.
    spot : Spot or None
        Of the phone; counts when it is known within 200 m.

    Returns
    -------
    dict
        See `dashboard.services.placing.place`.

    Raises
    ------
    InvalidInput
        Neither an enterprise nor a place in words, or no township.
    """
    spot = spot if spot and spot.accuracy_m <= GOOD_PLACE_M else None
    pointed = place_one(placing, spot.lon, spot.lat) if spot else None
    if enterprise is not None:
        own = {name: getattr(enterprise, name) for name in in_township(None)}
        return pointed if pointed and spot and _is_at(work, enterprise, spot, pointed) else own
    if not place.strip():
        raise InvalidInput("place_missing", "Name the enterprise, or the place in words", field="place")
    if pointed and pointed["township_id"] is not None and township_id in (None, pointed["township_id"]):
        return pointed
    return in_township(_township(work.session, township_id))


def _is_at(work: UnitOfWork, enterprise: Enterprise, spot: Spot, pointed: dict[str, Any]) -> bool:
    """Whether the phone was at the enterprise: in the same township, and near it where its place is known."""
    if pointed["township_id"] != enterprise.township_id:
        return False
    if enterprise.lon is None or enterprise.lat is None or work.district.metric_epsg is None:
        return True
    x, y = points_in_metres(
        np.array([spot.lon, enterprise.lon]), np.array([spot.lat, enterprise.lat]), work.district.metric_epsg
    )
    return bool(np.hypot(x[1] - x[0], y[1] - y[0]) <= AT_ENTERPRISE_M)


def _township(session: Session, number: int | None) -> int:
    zone = session.get(Zone, number) if number is not None else None
    if zone is None or zone.kind != ZoneKind.TOWNSHIP:
        raise InvalidInput(
            "township_missing", "Choose the township, or let the phone say where you are", field="township"
        )
    return zone.key
