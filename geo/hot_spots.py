"""Hot cells by Getis-Ord Gi* with false-discovery control, and the cells that hang together as one hot spot.

esda and libpysal load slowly and are imported with the first computation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from geo.hexagons import neighbours

Floats = NDArray[np.float64]
FEWEST_CELLS = 30


class Undefined(StrEnum):
    """Why there is no statistic."""

    FEW_CELLS = "few_cells"
    CONSTANT = "constant"


@dataclass(frozen=True, kw_only=True)
class GiStar:
    """Gi* of each place, in the order of the places.

    Attributes
    ----------
    z
        Standard scores, without unit.
    p
        Probability of a score at least as high without any clustering (one-sided, normal); where z ≥ 0 this is
        esda's ``p_norm``, where z < 0 it is one minus that.
    threshold
        Largest p that counts as significant at ``alpha`` with the false-discovery rate controlled over all places.
    """

    z: Floats
    p: Floats
    threshold: float

    @property
    def is_hot(self) -> NDArray[np.bool_]:
        """Significantly high places."""
        hot: NDArray[np.bool_] = (self.z > 0) & (self.p <= self.threshold)
        return hot


def gi_star(values: Sequence[float], weights: Any, *, alpha: float) -> GiStar | Undefined:
    """Getis-Ord Gi* of places with binary weights, the place itself included.

    Parameters
    ----------
    values : sequence of float
        Not negative, one per place, zeros included.
    weights : libpysal.weights.W
        Binary neighbours in the order of ``values``; its own transformation is left as it was.
    alpha : float
        Rate of false discoveries among the places called hot, 0 to 1.

    Returns
    -------
    GiStar or Undefined
        Undefined with fewer than 30 places, where the normal approximation does not hold, and where all values are
        the same: then nothing varies.

    Notes
    -----
    Getis and Ord 1992, Ord and Getis 1995; esda's ``G_Local(transform="B", star=True)`` with the moments under
    randomisation, without permutations, so that the same values always give the same hot spots. The threshold is
    that of Benjamini and Hochberg 1995, as ``esda.fdr``.
    """
    numbers = np.asarray(values, float)
    if numbers.size < FEWEST_CELLS:
        return Undefined.FEW_CELLS
    if np.ptp(numbers) == 0:
        return Undefined.CONSTANT
    local, fdr = _esda()
    own = weights.transform
    try:
        z = np.asarray(local(numbers, weights, transform="B", permutations=0, star=True).Zs, float)
    finally:
        weights.transform = own
    p = norm.sf(z)
    return GiStar(z=z, p=p, threshold=float(fdr(p, alpha)))


def contiguity(cells: Sequence[int]) -> Any:
    """Binary weights of cells that share an edge, in ascending order of the cells: a ``libpysal.weights.W``."""
    return _libpysal_w()(neighbours(cells), silence_warnings=True)


@dataclass(frozen=True, kw_only=True)
class HotCells:
    """What Gi* says of a district: cell → score and probability of all cells, and the cells that are hot."""

    z: Mapping[int, float]
    p: Mapping[int, float]
    hot: frozenset[int]


def hot_cells(
    counts: Mapping[int, float], cells: Sequence[int], *, alpha: float, weights: Any | None = None
) -> HotCells | Undefined:
    """Cells in and around which more stands than chance explains.

    Parameters
    ----------
    counts : mapping
        Cell → number; cells without one count zero. Those outside of ``cells`` are left out.
    cells : sequence of int
        H3 cells of one resolution: the whole study area, in any order.
    alpha : float
        As `gi_star`.
    weights : libpysal.weights.W, optional
        `contiguity` of the same cells, where it is used several times.

    Returns
    -------
    HotCells or Undefined
    """
    ordered = sorted(set(cells))
    if len(ordered) < FEWEST_CELLS:
        return Undefined.FEW_CELLS
    values = [float(counts.get(cell, 0)) for cell in ordered]
    if min(values) == max(values):
        return Undefined.CONSTANT
    found = gi_star(values, weights if weights is not None else contiguity(ordered), alpha=alpha)
    if isinstance(found, Undefined):
        return found
    return HotCells(
        z=dict(zip(ordered, found.z.tolist(), strict=True)),
        p=dict(zip(ordered, found.p.tolist(), strict=True)),
        hot=frozenset(cell for cell, is_hot in zip(ordered, found.is_hot, strict=True) if is_hot),
    )


def load() -> None:
    """Load the libraries; some seconds at the first call, nothing afterwards."""
    _esda()
    _libpysal_w()


@cache
def _esda() -> tuple[Any, Any]:
    from esda import G_Local, fdr

    return G_Local, fdr


@cache
def _libpysal_w() -> Any:
    from libpysal.weights import W

    return W
