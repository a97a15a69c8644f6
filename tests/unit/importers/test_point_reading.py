"""Points as tables: attributes and coordinates by row, blanks where there is no place, shapes refused by row."""

import json
from pathlib import Path

import pytest

from dashboard.importers.table_reading import read_table
from governance.errors import InvalidInput


def features(path: Path, *geometries: dict[str, object] | None) -> Path:
    held = [
        {"type": "Feature", "properties": {"title": f"Dust {n}", "due": None}, "geometry": geometry}
        for n, geometry in enumerate(geometries, start=1)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": held}), encoding="utf-8")
    return path


def test_points_are_rows_with_their_coordinates(tmp_path: Path) -> None:
    path = features(tmp_path / "issues.geojson", {"type": "Point", "coordinates": [119.1, 35.1]}, None)
    assert read_table(path).rows == [
        ["title", "due", "x", "y"],
        ["Dust 1", "", 119.1, 35.1],
        ["Dust 2", "", None, None],
    ]


def test_a_feature_that_is_no_point_is_refused_by_row(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[119.1, 35.1], [119.2, 35.1]]}
    path = features(tmp_path / "roads.geojson", {"type": "Point", "coordinates": [119.1, 35.1]}, line)
    with pytest.raises(InvalidInput, match=r"Row 2 of .* is no point: LineString"):
        read_table(path)
