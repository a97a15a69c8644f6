"""Photos of a look-back: kept with the issue that was looked at, whatever was found."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard.evidence.store import FolderStore
from dashboard.services.evidence import add_evidence
from dashboard.services.look_back import Photo, record_look_back
from db import records
from db.tables.issues import Evidence, Issue
from db.tables.loop import LookBackItem
from db.unit_of_work import unit_of_work
from governance.errors import IllegalTransition
from governance.vocabulary import EvidenceKind, LookBackResult, Stage
from tests.conftest import NOW
from tests.services.loop_district import actor, found_loop, report, walk
from tests.services.small_district import every
from tests.services.test_look_back import plan
from tests.unit.dashboard.photo_files import photo


@pytest.fixture
def district(engine: Engine) -> Engine:
    found_loop(engine)
    walk(engine, report(engine), "closed")
    return engine


@pytest.mark.parametrize(("result", "stage"), [("kept", Stage.CLOSED), ("reopened", Stage.RECTIFYING)])
def test_a_look_back_keeps_its_photos(district: Engine, tmp_path: Path, result: str, stage: Stage) -> None:
    (line,) = plan(district)
    before = len(every(district, Evidence))
    with unit_of_work(district, actor=actor(district, "bureau01"), now=NOW + timedelta(days=41)) as work:
        item = work.session.get_one(LookBackItem, line.item.key)
        photos = [Photo(data=photo(), name="bare.jpg")]
        told = {"result": LookBackResult(result), "words": "seen", "photos": photos}
        record_look_back(work, item, store=FolderStore(tmp_path), **told)
    added = every(district, Evidence)[before:]
    assert [(row.issue_id, row.kind) for row in added] == [(line.issue.key, EvidenceKind.CHECK)]
    assert every(district, Issue)[0].stage == stage


def test_beside_a_look_back_a_closed_issue_takes_no_photo(district: Engine, tmp_path: Path) -> None:
    number = every(district, Issue)[0].key
    late = {"kind": EvidenceKind.CHECK, "data": photo(), "name": "late.jpg"}
    with pytest.raises(IllegalTransition), unit_of_work(district, actor=actor(district, "bureau01"), now=NOW) as work:
        add_evidence(work, FolderStore(tmp_path), records.get(work.session, Issue, number), **late)
