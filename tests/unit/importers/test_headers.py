"""Finding the header of a messy table."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.importers.headers import Header, find_header, header_words, load_mapping
from dashboard.importers.table_reading import Table
from dashboard.importers.words import normal_word
from governance.errors import InvalidInput

MakeTable = Callable[..., Table]


def issues_header(table: Table, **mapping: str) -> Header:
    return find_header(table, "issues", required=["title"], mapping=mapping)


def refusal_of(table: Table, **mapping: str) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        issues_header(table, **mapping)
    return caught.value


def test_the_header_is_found_under_title_rows(table: MakeTable) -> None:
    found = issues_header(
        table(
            ["岚山区环境问题台账"] * 3,
            ["填报单位：", "", "2021年6月"],
            [""],
            ["序号", "存在问题", "发现时间"],
            ["1", "扬尘", "x"],
        )
    )
    assert (found.row, dict(found.columns), found.unused) == (4, {"title": 1, "found_on": 2}, ("序号",))


def test_spaces_stars_brackets_and_width_of_a_header_do_not_count(table: MakeTable) -> None:
    found = issues_header(table(["*问 题 描 述（必填）", "整改期限(年月日)", "ＳＴＡＧＥ", "坐标\n（经度,纬度）"]))
    assert list(found.columns) == ["title", "stage", "rectify_due_on", "coordinates"]


def test_a_header_of_two_levels_is_read_by_its_lower_texts(table: MakeTable) -> None:
    found = issues_header(
        table(
            ["序号", "问题描述", "坐标", "坐标", "整改情况", "整改情况"],
            ["序号", "问题描述", "经度", "纬度", "责任人", "完成时限"],
            ["1", "扬尘", "119.3", "35.1", "甲", "2021.6.15"],
        )
    )
    assert found.row == 2
    assert dict(found.columns) == {"title": 1, "rectify_due_on": 5, "person_in_charge": 4, "x": 2, "y": 3}


def test_a_lower_text_that_needs_its_group_takes_it(table: MakeTable) -> None:
    found = issues_header(
        table(
            ["企业", "企业", "整改", "整改", "问题描述"],
            ["名称", "负责人", "期限", "责任人", ""],
            ["甲", "乙", "x", "丙", "扬尘"],
        )
    )
    assert dict(found.columns) == {
        "title": 4, "enterprise": 0, "rectify_due_on": 2, "person_in_charge": 3,
    }  # fmt: skip


def test_a_data_row_is_never_taken_for_the_lower_level(table: MakeTable) -> None:
    found = issues_header(table(["问题描述", "检查领域", "来源"], ["扬尘", "现场", "环保管家"]))
    assert (found.first_row, found.row) == (1, 1)


def test_the_plain_description_is_the_title_unless_there_is_a_title(table: MakeTable) -> None:
    assert dict(issues_header(table(["问题描述", "状态"])).columns) == {"title": 0, "stage": 1}
    assert dict(issues_header(table(["问题描述", "问题标题"])).columns) == {"title": 1, "description": 0}


def test_a_mapping_names_columns_that_nobody_knows(table: MakeTable) -> None:
    found = issues_header(table(["甲栏", "乙栏", "状态"], ["扬尘", "x", "整改"]), title="甲栏", place="乙 栏")
    assert dict(found.columns) == {"title": 0, "place": 1, "stage": 2}


def test_a_mapping_to_nothing_leaves_a_field_unread(table: MakeTable) -> None:
    found = issues_header(table(["问题", "整改情况"], ["扬尘", "已对料场苫盖"]), stage="")
    assert (dict(found.columns), found.unused) == ({"title": 0}, ("整改情况",))


def test_a_mapping_to_an_unknown_field_or_header_is_refused(table: MakeTable) -> None:
    assert refusal_of(table(["问题", "状态"]), colour="状态").code == "mapping_field_unknown"
    assert refusal_of(table(["问题", "状态"]), place="位置在此").code == "mapping_header_unknown"


def test_a_missing_column_is_named_with_the_headers_found(table: MakeTable) -> None:
    refusal = refusal_of(table(["企业名称", "发现时间", "奇怪的列"]))
    assert refusal.code == "columns_missing"
    assert "title" in str(refusal)
    assert "奇怪的列" in str(refusal)


def test_a_table_without_a_header_is_refused(table: MakeTable) -> None:
    assert refusal_of(table(["a", "b"], ["c", "d"])).code == "header_unknown"
    assert refusal_of(Table("sheet", [])).code == "header_unknown"


def test_two_columns_of_one_name_are_refused_if_they_differ(table: MakeTable) -> None:
    same = table(["问题", "镇街", "镇街"], ["扬尘", "甲", "甲"], ["扬尘", "甲", ""])
    assert issues_header(same).columns["township"] == 1
    differing = table(["问题", "镇街", "镇街"], ["扬尘", "甲", "乙"])
    assert refusal_of(differing).code == "column_ambiguous"


@pytest.mark.parametrize("ledger", ["enterprises", "issues"])
def test_a_header_text_stands_once_in_a_list(ledger: str) -> None:
    for texts in header_words(ledger).values():  # type: ignore[arg-type]
        words = [normal_word(text) for text in texts]
        assert len(words) == len(set(words))


def test_a_mapping_file_is_read_and_one_of_another_form_refused(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text('title = "甲栏"\n', encoding="utf-8")
    assert load_mapping(path) == {"title": "甲栏"}
    for text in ("title = 3", "title", "[title]"):
        path.write_text(text)
        with pytest.raises(InvalidInput) as caught:
            load_mapping(path)
        assert caught.value.code == "mapping_broken"
