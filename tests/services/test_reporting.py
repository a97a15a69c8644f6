"""Findings told from the field: scope, source, place, photos and the day they are of; on both databases."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard.evidence.store import FolderStore
from dashboard.services.finding_places import Spot
from dashboard.services.placing import placing_on
from dashboard.services.reporting import Finding, Photo, report_finding, townships_to_report
from db.tables.issues import Evidence, Issue
from db.tables.people import Unit
from db.tables.territory import Enterprise, Zone
from db.unit_of_work import reading
from governance.errors import GridGuardError, InvalidInput, NotAllowed, NotFound
from governance.on_the_spot import PutRight
from governance.vocabulary import Category, EvidenceKind, Severity, SignOffLevel, Source, Stage
from tests.conftest import NOW, TODAY
from tests.services.field_people import as_, numbers, peopled, picture, who
from tests.services.small_district import every

MILL, QUAY, SHED = 1, 2, 3
AT_MILL, AT_HOME, VAGUE = (
    Spot(lon=119.052, lat=35.051, accuracy_m=8),
    Spot(lon=119.02, lat=35.02, accuracy_m=8),
    Spot(lon=119.052, lat=35.051, accuracy_m=900),
)
Report = Callable[..., Issue]


@pytest.fixture
def district(engine: Engine) -> Engine:
    return peopled(engine)


@pytest.fixture
def report(district: Engine, tmp_path: Path) -> Report:
    """Report something minor; the rest as given."""

    def do(code: str, *photos: Photo, **told: Any) -> Issue:
        usual = {"title": "Dust", "category": Category.DUST, "severity": Severity.MINOR}
        with as_(district, code) as work:
            placing = placing_on(work.session, work.district, work.today)
            finding = Finding(**{**usual, **told})
            return report_finding(work, placing, finding, store=FolderStore(tmp_path), photos=photos)

    return do


@pytest.mark.parametrize(
    ("code", "source", "unit"),
    [
        ("west", Source.TOWNSHIP_PATROL, "TW"),
        ("butler", Source.BUTLER, "BW"),
        ("cadre", Source.CADRE, None),
        ("director", Source.SELF_CHECK, None),
        ("consultant", Source.CONSULTANT, "C"),
        ("brigade", Source.ENFORCEMENT, "E"),
    ],
)
def test_the_source_follows_from_the_role(
    district: Engine, report: Report, code: str, source: Source, unit: str | None
) -> None:
    issue = report(code, enterprise_id=MILL)
    units = {number: name for name, number in numbers(district, Unit).items()}
    assert (issue.source, units.get(issue.finder_unit_id or 0), issue.stage) == (source, unit, Stage.DISCOVERED)
    assert issue.finder_id == numbers(district)[code]


def test_the_bureau_states_the_source_with_its_number_document_and_deadline(report: Report) -> None:
    above = {"source": Source.CITY_HAND_OVER, "source_number": "7", "source_document": "D", "source_due_on": TODAY}
    issue = report("officer", enterprise_id=MILL, **above)
    assert (issue.sign_off_level, issue.source_number, issue.source_due_on) == (SignOffLevel.ABOVE, "7", TODAY)
    with pytest.raises(InvalidInput, match="Choose where"):
        report("officer", enterprise_id=MILL)


@pytest.mark.parametrize(
    ("code", "told", "error"),
    [
        ("east", {"enterprise_id": MILL}, NotFound),
        ("director", {"enterprise_id": QUAY}, NotFound),
        ("cadre", {"enterprise_id": SHED}, NotFound),
        ("west", {"place": "Road", "township_id": 2}, NotAllowed),
        ("director", {"place": "Road", "township_id": 1}, NotAllowed),
        ("leader", {"enterprise_id": MILL}, NotFound),
        ("forestry", {"enterprise_id": MILL}, NotFound),
        ("screen", {"place": "Road", "township_id": 1}, NotAllowed),
        ("west", {"enterprise_id": 99}, NotFound),
    ],
)
def test_nobody_reports_outside_the_own_scope(
    district: Engine, report: Report, code: str, told: dict[str, Any], error: type[GridGuardError]
) -> None:
    with pytest.raises(error):
        report(code, **told)
    assert every(district, Issue) == []


@pytest.mark.parametrize(("spot", "lon"), [(AT_MILL, 119.052), (AT_HOME, 119.05), (VAGUE, 119.05), (None, 119.05)])
def test_the_phones_place_counts_at_the_enterprise_only(report: Report, spot: Spot | None, lon: float) -> None:
    issue = report("director", enterprise_id=MILL, spot=spot)
    assert (issue.lon, issue.township_id) == (lon, 1)


def test_an_enterprise_without_coordinates_gives_its_township(report: Report) -> None:
    issue = report("butler", enterprise_id=SHED)
    assert (issue.lon, issue.township_id, issue.zone_ids) == (None, 1, (1,))


def test_a_place_in_words_lies_where_the_phone_says_or_in_the_chosen_township(report: Report) -> None:
    pointed = report("butler", place="Road", spot=AT_HOME)
    chosen = report("butler", place="Road", township_id=1)
    assert [(issue.lon, issue.township_id) for issue in (pointed, chosen)] == [(119.02, 1), (None, 1)]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"title": "  ", "enterprise_id": MILL}, "title"),
        ({"title": "x" * 201, "enterprise_id": MILL}, "title"),
        ({"place": ""}, "place"),
        ({"place": "Road"}, "township"),
        ({"place": "Road", "township_id": 3}, "township"),
        ({"enterprise_id": 99}, "enterprise"),
        ({"enterprise_id": MILL, "source": Source.MONITORING}, "source"),
        ({"enterprise_id": MILL, "found_at": NOW - timedelta(days=15)}, "found_at"),
        ({"enterprise_id": MILL, "found_at": NOW + timedelta(hours=1)}, "found_at"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(report: Report, told: dict[str, Any], field: str) -> None:
    with pytest.raises(GridGuardError) as refused:
        report("west", **told)
    assert refused.value.params["field"] == field


def test_a_report_that_waited_for_the_line_is_of_its_own_day(report: Report) -> None:
    waited = report("west", enterprise_id=MILL, found_at=NOW - timedelta(hours=10))
    fast = report("west", enterprise_id=MILL, found_at=NOW + timedelta(minutes=5))
    assert (waited.found_on, fast.found_on) == (TODAY - timedelta(days=1), TODAY)


def test_photos_lie_with_the_issue(district: Engine, report: Report) -> None:
    photos = [Photo(kind=EvidenceKind.BEFORE, data=picture(shade), name=f"{shade}.jpg") for shade in (10, 200)]
    issue = report("cadre", *photos, enterprise_id=MILL)
    assert [(row.issue_id, row.kind) for row in every(district, Evidence)] == [(issue.id, EvidenceKind.BEFORE)] * 2


def test_a_bad_photo_takes_the_whole_report_back(district: Engine, report: Report) -> None:
    with pytest.raises(InvalidInput):
        report("cadre", Photo(kind=EvidenceKind.BEFORE, data=b"no picture", name="a.jpg"), enterprise_id=MILL)
    assert (every(district, Issue), every(district, Evidence)) == ([], [])
    assert report("cadre", enterprise_id=MILL).number == "2026-00001"


@pytest.mark.parametrize("kind", [EvidenceKind.BEFORE, EvidenceKind.AFTER])
def test_the_quick_path_needs_both_photos(report: Report, kind: EvidenceKind) -> None:
    one = Photo(kind=kind, data=picture(1), name="a.jpg")
    with pytest.raises(InvalidInput, match="needs the photo"):
        report("director", one, enterprise_id=MILL, put_right=PutRight(measures="swept", rectifier_id=10))


def test_the_same_photo_cannot_show_before_and_after(report: Report) -> None:
    both = [Photo(kind=kind, data=picture(1), name="a.jpg") for kind in (EvidenceKind.BEFORE, EvidenceKind.AFTER)]
    with pytest.raises(InvalidInput, match="same file"):
        report("director", *both, enterprise_id=MILL, put_right=PutRight(measures="swept", rectifier_id=10))


def test_somebody_who_reports_finds_the_townships_of_the_own_scope(district: Engine) -> None:
    with reading(district) as session:
        found = {
            code: [zone.code for zone in townships_to_report(session, who(district, code))]
            for code in ("officer", "west", "butler", "consultant", "director", "leader")
        }
    everywhere = ["T1", "T2"]
    assert found == {
        "officer": everywhere, "west": ["T1"], "butler": ["T1"], "consultant": everywhere, "director": [], "leader": []
    }  # fmt: skip


def test_enterprises_keep_the_numbers_that_these_tests_use(district: Engine) -> None:
    assert numbers(district, Enterprise, "name") == {"Mill": MILL, "Quay": QUAY, "Shed": SHED}
    assert numbers(district, Zone)["T1"] == 1
