"""``gridguard verify`` counts the evidence and names each file that is not as it was handed in."""

import json
from pathlib import Path
from typing import Any

import pytest

from dashboard.cli.app import main
from dashboard.evidence.store import FolderStore
from dashboard.services.evidence import add_evidence
from db.engine import create_engine_for
from db.tables.issues import Issue
from governance.vocabulary import EvidenceKind
from tests.services.small_district import every, found, issues, writing
from tests.unit.dashboard.photo_files import photo


@pytest.fixture
def kept_file(migrated_sqlite: Path, tmp_path: Path) -> Path:
    """The file of the only evidence of a district."""
    (tmp_path / "gridguard.db").write_bytes(migrated_sqlite.read_bytes())
    served = create_engine_for(f"sqlite:///{tmp_path / 'gridguard.db'}", heads=tmp_path / "heads.log")
    engine, store = found(served), FolderStore(tmp_path)
    issues(engine, ("title", "x", "y"), ("Dust", 119.05, 35.05))
    with writing(engine) as work:
        issue = every(engine, Issue)[0]
        sha256 = add_evidence(work, store, issue, kind=EvidenceKind.BEFORE, data=photo(), name="a.jpg").sha256
    engine.dispose()
    return tmp_path / "evidence" / sha256[:2] / sha256


def verified(home: Path, capture: pytest.CaptureFixture[str]) -> tuple[object, dict[str, Any]]:
    with pytest.raises(SystemExit) as ended:
        main(["verify", "--json", "--home", str(home)])
    return ended.value.code, json.loads(capture.readouterr().out)


def test_evidence_as_it_was_handed_in_is_counted(kept_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, answer = verified(kept_file.parents[2], capsys)
    assert (code, answer["evidence"], answer["faults"]) == (0, 1, [])


def test_a_changed_file_is_a_fault(kept_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept_file.write_bytes(b"X" + kept_file.read_bytes()[1:])
    code, answer = verified(kept_file.parents[2], capsys)
    (fault,) = answer["faults"]
    assert (code, fault["kind"], fault["id"]) == (1, "evidence", 1)
    assert f"its file {kept_file.name} was changed" in fault["what"]


def test_a_missing_file_is_a_fault(kept_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept_file.unlink()
    _, answer = verified(kept_file.parents[2], capsys)
    assert [fault["what"] for fault in answer["faults"]] == [f"its file {kept_file.name} is missing"]
