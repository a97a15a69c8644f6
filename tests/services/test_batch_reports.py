"""Several findings at once: all or none, every fault by its row and field, once per form; on both databases."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard.services.batch_reports import BatchRefused, Row, choices_for, report_batch
from dashboard.services.desk import once
from db import records
from db.tables.issues import Issue
from db.tables.territory import Village
from db.unit_of_work import reading
from governance.errors import InvalidInput
from governance.vocabulary import Category, Severity, Source, Stage
from tests.conftest import TODAY
from tests.services.field_people import as_, peopled, who
from tests.services.small_district import every, version, writing

MILL, QUAY, SHED = 1, 2, 3
WEST_END, EAST_END = 1, 2


@pytest.fixture
def district(engine: Engine) -> Engine:
    peopled(engine)
    with writing(engine) as work:
        for code, township in (("west-end", 1), ("east-end", 2)):
            records.create(work, Village(code=code, name=code, township_id=township))
    return engine


def row(number: int = 1, **told: Any) -> Row:
    usual = {"title": f"Heap {number}", "enterprise_id": SHED, "category": Category.DUST, "severity": Severity.MINOR}
    return Row(number=number, **{**usual, **told})


def report(district: Engine, *rows: Row, code: str = "west", **given: Any) -> list[str]:
    with as_(district, code) as work:
        return report_batch(work, rows, **given)


def faults(district: Engine, *rows: Row, code: str = "west") -> list[tuple[int, str, str]]:
    with pytest.raises(BatchRefused) as refused:
        report(district, *rows, code=code)
    return [(fault.row, fault.field, fault.error.code) for fault in refused.value.faults]


def test_a_batch_is_numbered_in_the_order_of_its_rows(district: Engine) -> None:
    village = row(2, enterprise_id=None, village_id=WEST_END, place="behind the school")
    assert report(district, row(1), village, row(3, enterprise_id=MILL)) == ["2026-00001", "2026-00002", "2026-00003"]
    found = every(district, Issue)
    assert [(issue.title, issue.source, issue.stage) for issue in found] == [
        (f"Heap {n}", Source.TOWNSHIP_PATROL, Stage.DISCOVERED) for n in (1, 2, 3)
    ]
    assert (found[1].place, found[1].township_id, found[1].enterprise_id) == ("west-end behind the school", 1, None)


def test_one_bad_row_takes_the_whole_batch_back(district: Engine) -> None:
    before = version(district)
    assert faults(district, row(1), row(2, enterprise_id=QUAY), row(3)) == [(2, "enterprise", "no_enterprise")]
    assert (every(district, Issue), version(district)) == ([], before)
    assert report(district, row(1)) == ["2026-00001"]


def test_all_that_is_missing_is_named_at_once(district: Engine) -> None:
    blank = row(4, title=" ", category=None, enterprise_id=None)
    assert faults(district, row(1), blank, row(7, severity=None)) == [
        (4, "title", "cell_blank"),
        (4, "category", "cell_blank"),
        (4, "enterprise", "whose_missing"),
        (7, "severity", "cell_blank"),
    ]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"enterprise_id": None, "village_id": EAST_END}, ""),
        ({"enterprise_id": None, "village_id": 99}, "village"),
        ({"title": "x" * 201}, "title"),
        ({"found_on": TODAY + timedelta(days=1)}, "found_on"),
        ({"found_on": TODAY - timedelta(days=61)}, "found_on"),
        ({"found_on": date(1, 1, 1)}, "found_on"),
    ],
)
def test_a_fault_names_its_row_and_field(district: Engine, told: dict[str, Any], field: str) -> None:
    assert [fault[:2] for fault in faults(district, row(5, **told))] == [(5, field)]


def test_a_day_within_two_months_is_the_day_of_the_finding(district: Engine) -> None:
    report(district, row(1, found_on=TODAY - timedelta(days=60)))
    assert every(district, Issue)[0].found_on == TODAY - timedelta(days=60)


@pytest.mark.parametrize("n", [0, 101])
def test_a_batch_has_1_to_100_rows(district: Engine, n: int) -> None:
    with pytest.raises(InvalidInput, match="1 to 100"):
        report(district, *(row(number) for number in range(1, n + 1)))


def test_the_bureau_states_one_source_for_the_batch(district: Engine) -> None:
    assert faults(district, row(1), code="officer") == [(1, "source", "source_missing")]
    report(district, row(1, enterprise_id=QUAY), code="officer", source=Source.HOTLINE_12345, source_document="D 7")
    issue = every(district, Issue)[0]
    assert (issue.source, issue.source_document) == (Source.HOTLINE_12345, "D 7")


def test_the_same_form_twice_is_one_batch(district: Engine) -> None:
    for _ in range(2):
        with as_(district, "west") as work:
            once(work, "token", lambda work=work: report_batch(work, [row(1), row(2)])[0])
    assert len(every(district, Issue)) == 2


def test_rows_may_name_what_lies_in_the_own_township(district: Engine) -> None:
    with reading(district) as session:
        offered = choices_for(session, who(district, "west"))
    assert [firm.name for firm in offered.enterprises] == ["Mill", "Shed"]
    assert [village.name for village in offered.villages] == ["west-end"]
