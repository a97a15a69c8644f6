"""From tables to rows, duplicates and refusals."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from dashboard.importers.rows import EnterpriseRow, parse_enterprises, parse_issues
from dashboard.importers.table_reading import Table, read_table
from governance.vocabulary import CheckArea, Severity, Source, Stage
from tests.unit.importers.conftest import WriteBook

MakeTable = Callable[..., Table]
DISTRICT = (119.1, 34.9, 119.6, 35.4)


def test_a_messy_workbook_reads_as_meant(write_book: WriteBook) -> None:
    path = write_book(
        [
            [],
            ["", "", "", "", "", "", "", "制表：环委办"],
            ["序号", "问题来源", "企业", "存在的主要问题", "检查方面", "程度", "整改情况", "排查时间"],
            [1, "管家排查", "示例木业", "料场未苫盖", "现场", "一般", "整改中", "２０２１．６．１５"],
            [],
            [2, "12345", "", "夜间异味", "台账", "严重", "已销号", date(2021, 7, 1)],
            ["", "合计", "", "", "", "", "", "2件"],
        ],
        merged=[("A1:H1", "环境问题台账（2021年）")],
    )
    parsed = parse_issues(read_table(path))
    first, second = parsed.rows
    assert (first.row, first.source, first.enterprise, first.title) == (4, Source.BUTLER, "示例木业", "料场未苫盖")
    assert (first.check_area, first.severity, first.stage) == (CheckArea.SITE, Severity.MINOR, Stage.RECTIFYING)
    assert (second.row, second.stage, second.found_on) == (6, Stage.CLOSED, date(2021, 7, 1))
    assert (parsed.read, parsed.blank, parsed.skipped, parsed.errors) == (2, 1, [7], [])


def test_a_gbk_file_of_enterprises_reads_as_meant(tmp_path: Path) -> None:
    path = tmp_path / "企业.csv"
    head = "企业名称,统一社会信用代码,乡镇（街道）,是否重点,经纬度,电话"
    text = f'{head}\r\n示例钢铁,９１３７11000000000000 ,碑廓镇,√,"E119°20′53″,N35°05′56″",无\r\n'
    path.write_bytes(text.encode("gbk"))
    [row] = parse_enterprises(read_table(path)).rows
    assert row == EnterpriseRow(
        row=2, credit_code="913711000000000000", name="示例钢铁", name_en=None, township="碑廓镇", industry=None,
        address=None, x=pytest.approx(119.348056), y=pytest.approx(35.098889), is_key_unit=True,
        contact_phone=None, director_name=None,
    )  # fmt: skip


def test_all_faults_of_all_rows_are_told(table: MakeTable) -> None:
    parsed = parse_issues(
        table(["问题", "发现时间", "状态"], ["a", "6/7/21", "完成"], ["b", "2021.6.15", "整改"], ["", "明天", "整改"])
    )
    assert [(error.row, error.field, error.code) for error in parsed.errors] == [
        (2, "stage", "word_unknown"),
        (2, "found_on", "date_short_year"),
        (4, "title", "value_missing"),
        (4, "found_on", "date_unclear"),
    ]
    assert ([row.row for row in parsed.rows], parsed.refused, parsed.read) == ([3], 2, 3)


def test_a_refusal_is_shown_in_the_persons_language(table: MakeTable) -> None:
    [error] = parse_issues(table(["问题", "状态"], ["a", "完成"])).errors
    shown = error.as_dict(lambda refusal: f"<{getattr(refusal, 'code', '')}>")
    assert shown == {"row": 2, "field": "stage", "value": "完成", "reason": "<word_unknown>"}
    assert "“完成”" in str(error.as_dict()["reason"])


def test_repeated_rows_are_taken_once_and_told(table: MakeTable) -> None:
    parsed = parse_issues(
        table(["序号", "问题", "日期"], ["1", "a", "2021.6.15"], ["2", "b", ""], ["3", " a", "2021年6月15日"])
    )
    assert ([row.row for row in parsed.rows], parsed.duplicates, parsed.read) == ([2, 3], [(4, 2)], 3)


def test_blank_rows_totals_and_repeated_headers_are_no_records(table: MakeTable) -> None:
    head = ["序号", "问题", "状态"]
    parsed = parse_issues(
        table(
            head,
            ["1", "a", "整改"],
            ["2", "", " "],
            ["", "/", ""],
            head,
            ["小计", "", "1件"],
            ["3", "b", ""],
            ["填表人：", "", ""],
        )
    )
    assert ([row.title for row in parsed.rows], parsed.blank) == (["a", "b"], 3)
    assert parsed.skipped == [5, 6]


def test_words_for_nothing_are_nothing_but_in_free_text(table: MakeTable) -> None:
    [row] = parse_issues(table(["问题", "企业", "销号时间", "配合单位", "整改要求"], ["a", "无", "/", "—", "无"])).rows
    assert (row.enterprise, row.closed_on, row.joining_units, row.requirement) == (None, None, (), "无")


def test_exchanged_coordinates_are_refused_where_the_district_is_known(table: MakeTable) -> None:
    rows = table(["问题", "经度", "纬度"], ["a", 35.1, 119.3], ["b", 119.3, 35.1], ["c", 116.4, 39.9])
    parsed = parse_issues(rows, extent=DISTRICT)
    assert [(error.row, error.field, error.code) for error in parsed.errors] == [(2, "x", "coordinate_exchanged")]
    assert [(row.x, row.y) for row in parsed.rows] == [(119.3, 35.1), (116.4, 39.9)]


def test_half_a_position_is_refused_once(table: MakeTable) -> None:
    parsed = parse_issues(table(["问题", "经度", "纬度"], ["a", 119.3, ""], ["b", "x", 35.1], ["c", "", ""]))
    assert [(error.row, error.field, error.code) for error in parsed.errors] == [
        (2, "y", "coordinate_half"),
        (3, "x", "coordinate_unclear"),
    ]


def test_a_position_in_one_column_that_is_unclear_is_refused_with_its_cell(table: MakeTable) -> None:
    [error] = parse_issues(table(["问题", "坐标"], ["a", "48.1,11.5"])).errors
    assert (error.field, error.value, error.code) == ("coordinates", "48.1,11.5", "coordinate_order_unclear")


def test_a_row_that_says_there_is_no_problem_is_no_issue(table: MakeTable) -> None:
    [error] = parse_issues(table(["企业名称", "存在问题"], ["甲", "无"])).errors
    assert (error.field, error.code) == ("title", "value_missing")


def test_a_table_with_a_header_alone_has_no_rows(table: MakeTable) -> None:
    parsed = parse_issues(table(["问题", "状态"]))
    assert (parsed.rows, parsed.errors, parsed.read) == ([], [], 0)
