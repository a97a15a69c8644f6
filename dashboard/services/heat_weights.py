"""How much weight unresolved problems have where, added up by cells that a browser can bear."""

from datetime import date

from sqlmodel import Session

from db.repositories.standing import heat_groups
from db.tally_keys import COARSE
from geo.codec import cell_centre, coarse_cell
from governance.heat import heat_of
from governance.loop_numbers import LoopNumbers

MOST_CELLS = 900


def heat(
    session: Session, *, today: date, numbers: LoopNumbers, resolution: int = COARSE
) -> list[tuple[float, float, float]]:
    """Heat of the unresolved issues as points for a map: (lat, lon, weight) at the centres of `heat_cells`."""
    weights = heat_cells(session, today=today, numbers=numbers, resolution=resolution)
    centres = ((cell_centre(cell), weight) for cell, weight in weights.items())
    return [(lat, lon, weight) for (lon, lat), weight in centres]


def heat_cells(session: Session, *, today: date, numbers: LoopNumbers, resolution: int = COARSE) -> dict[int, float]:
    """Weight of the unresolved issues by cell.

    Parameters
    ----------
    session : Session
    today : date
    numbers : LoopNumbers
        Say how much an issue weighs, see `governance.heat`.
    resolution : int
        H3 resolution, 8 (about 0.7 km²) or coarser; a finer one gives 8.

    Returns
    -------
    dict
        Cell → weight, without unit, in the order of the cells. At most 900: where there are more, all are of the next
        coarser resolution that has no more; each cell tells its resolution. Empty without unresolved issues.
    """
    groups = heat_groups(session, today=today)
    weighed = [(cell, heat_of(group, today=today, numbers=numbers)) for cell, group in groups]
    size = min(resolution, COARSE)
    weights = _by_coarser(weighed, size)
    while len(weights) > MOST_CELLS:
        size -= 1
        weights = _by_coarser(weighed, size)
    return dict(sorted(weights.items()))


def _by_coarser(weighed: list[tuple[int, float]], resolution: int) -> dict[int, float]:
    found: dict[int, float] = {}
    for cell, weight in weighed:
        coarse = coarse_cell(cell, resolution)
        found[coarse] = found.get(coarse, 0.0) + weight
    return found
