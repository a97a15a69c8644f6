"""Gi*: agreement with esda on its own example data, and what any such statistic must do."""

import csv
from pathlib import Path
from typing import Any

import h3.api.basic_int as h3
import libpysal
import numpy as np
import pytest
from esda import G_Local, fdr
from scipy.stats import norm

from geo.codec import cell_of, parent_cell
from geo.hexagons import connected, neighbours
from geo.hot_spots import GiStar, HotCells, Undefined, contiguity, gi_star, hot_cells

CENTRE = parent_cell(cell_of(119.3, 35.1), 8)
AREA = sorted(h3.grid_disk(CENTRE, 9))
ALPHA = 0.05


def example(name: str) -> Path:
    return Path(libpysal.examples.get_path(name))


def states(year: str) -> tuple[list[float], Any]:
    """Income of 48 states and their neighbours, as they ship with libpysal."""
    with example("usjoin.csv").open() as file:
        values = [float(row[year]) for row in csv.DictReader(file)]
    return values, neighbours_in("states48.gal")


def neighbours_in(name: str) -> Any:
    file = libpysal.io.open(str(example(name)))
    try:
        return file.read()
    finally:
        file.close()


def sids() -> tuple[list[float], Any]:
    """Sudden infant deaths in 100 counties, as they ship with libpysal."""
    table = libpysal.io.open(str(example("sids2.dbf")))
    try:
        return [float(value) for value in table.by_col("SID74")], neighbours_in("sids2.gal")
    finally:
        table.close()


EXAMPLES = {"incomes-1929": lambda: states("1929"), "incomes-2009": lambda: states("2009"), "sids": sids}


def by_formula(values: list[float], weights: Any) -> np.ndarray[Any, Any]:
    """Ord and Getis 1995, equation for Gi* as a standard score, written out."""
    x, n = np.asarray(values), len(values)
    w = np.array(weights.full()[0] > 0, float)
    np.fill_diagonal(w, 1)
    mean, spread = x.mean(), np.sqrt((x**2).mean() - x.mean() ** 2)
    sums = w.sum(axis=1)
    return (w @ x - mean * sums) / (spread * np.sqrt((n * (w**2).sum(axis=1) - sums**2) / (n - 1)))


@pytest.mark.parametrize("name", EXAMPLES)
def test_scores_and_probabilities_agree_with_esda_on_its_own_examples(name: str) -> None:
    values, weights = EXAMPLES[name]()
    found = gi_star(values, weights, alpha=ALPHA)
    theirs = G_Local(np.array(values), weights, transform="B", permutations=0, star=True)
    assert isinstance(found, GiStar)
    np.testing.assert_allclose(found.z, theirs.Zs, rtol=0, atol=1e-9)
    np.testing.assert_allclose(np.minimum(found.p, 1 - found.p), theirs.p_norm, rtol=0, atol=1e-9)
    assert found.threshold == pytest.approx(fdr(norm.sf(theirs.Zs), ALPHA), abs=1e-9)


@pytest.mark.parametrize("name", EXAMPLES)
def test_scores_agree_with_the_published_formula(name: str) -> None:
    values, weights = EXAMPLES[name]()
    found = gi_star(values, weights, alpha=ALPHA)
    assert isinstance(found, GiStar)
    np.testing.assert_allclose(found.z, by_formula(values, weights), rtol=0, atol=1e-9)


def test_the_six_points_of_esdas_documents_score_as_printed_there() -> None:
    points = [(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)]
    weights = libpysal.weights.DistanceBand(points, threshold=15, silence_warnings=True)
    printed = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    values = [2, 3, 3.2, 5, 8, 7]
    np.testing.assert_allclose(by_formula(values, weights), printed, atol=1e-8)
    assert gi_star(values, weights, alpha=ALPHA) is Undefined.FEW_CELLS


def test_the_weights_are_left_as_they_were() -> None:
    values, weights = states("1929")
    weights.transform = "R"
    gi_star(values, weights, alpha=ALPHA)
    assert weights.transform == "R"


def planted() -> dict[int, float]:
    return {**dict.fromkeys(h3.grid_disk(CENTRE, 1), 6.0), AREA[3]: 1.0, AREA[-5]: 1.0, AREA[40]: 2.0}


def test_a_planted_cluster_is_found_and_lies_where_it_was_planted() -> None:
    found = hot_cells(planted(), AREA, alpha=ALPHA)
    assert isinstance(found, HotCells)
    assert found.hot >= set(h3.grid_disk(CENTRE, 1))
    assert found.hot <= set(h3.grid_disk(CENTRE, 2))
    assert len(connected(found.hot)) == 1


def test_the_order_of_the_cells_changes_nothing() -> None:
    shuffled = list(np.random.default_rng(7).permutation(np.array(AREA)).tolist())
    one, other = hot_cells(planted(), AREA, alpha=ALPHA), hot_cells(planted(), shuffled, alpha=ALPHA)
    assert one == other


def test_weights_may_be_made_once_for_several_weeks() -> None:
    weights = contiguity(AREA)
    assert hot_cells(planted(), AREA, alpha=ALPHA, weights=weights) == hot_cells(planted(), AREA, alpha=ALPHA)


def test_a_pattern_as_even_as_it_can_be_has_no_hot_spot() -> None:
    even = {cell: 1.0 for place, cell in enumerate(AREA) if place % 2}
    found = hot_cells(even, AREA, alpha=0.001)
    assert isinstance(found, HotCells)
    assert found.hot == frozenset()


@pytest.mark.parametrize("value", [0.0, 3.0])
def test_the_same_value_everywhere_leaves_nothing_to_say(value: float) -> None:
    assert hot_cells(dict.fromkeys(AREA, value), AREA, alpha=ALPHA) is Undefined.CONSTANT
    assert gi_star([value] * 48, states("1929")[1], alpha=ALPHA) is Undefined.CONSTANT


def test_few_cells_leave_nothing_to_say() -> None:
    assert hot_cells({AREA[0]: 5.0}, AREA[:29], alpha=ALPHA) is Undefined.FEW_CELLS


def test_neighbours_share_an_edge_and_are_mutual() -> None:
    found = neighbours(h3.grid_disk(CENTRE, 1))
    assert sorted(len(beside) for beside in found.values()) == [3, 3, 3, 3, 3, 3, 6]
    assert all(cell in found[other] for cell, beside in found.items() for other in beside)
