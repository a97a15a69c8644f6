"""Table files of every kind: what they hold, and how those that mean harm end."""

import time
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from dashboard.importers import limits
from dashboard.importers.table_reading import read_table
from governance.errors import InvalidInput
from tests.unit.importers.conftest import WriteBook

SHEET = "xl/worksheets/sheet1.xml"


def refusal_of(path: Path) -> str:
    """The code with which the file is refused."""
    with pytest.raises(InvalidInput) as caught:
        read_table(path)
    return caught.value.code


def with_part(path: Path, part: str, text: str) -> Path:
    """Replace one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (parts | {part: text.encode()}).items():
            archive.writestr(name, data)
    return path


def sheet_xml(cells: str) -> str:
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData></worksheet>"
    )


@pytest.fixture
def book(write_book: WriteBook) -> Path:
    """A small workbook to be spoiled."""
    return write_book([["名称", "镇"], ["甲", "乙"]])


def test_rows_stand_where_the_sheet_shows_them(write_book: WriteBook) -> None:
    table = read_table(write_book([[], [], ["", "名称", "日期"], [], ["", "甲", date(2021, 6, 15)]]))
    assert table.rows[2] == ["名称", "日期"]
    assert table.rows[3] == ["", ""]
    assert table.rows[4] == ["甲", date(2021, 6, 15)]


def test_cells_keep_their_kind(write_book: WriteBook) -> None:
    path = write_book([["x"] * 5, [1.5, True, "'=1+1", "", "a\nb"]])
    assert read_table(path).rows[1] == [1.5, True, "'=1+1", "", "a\nb"]


def test_a_merged_range_shows_its_value_in_every_cell(write_book: WriteBook) -> None:
    path = write_book([["", "", "z"], [], ["a", "b", "c"]], merged=[("A1:B1", "标题"), ("C2:C3", "直")])
    assert read_table(path).rows == [["标题", "标题", "z"], ["", "", "直"], ["a", "b", "直"]]


def test_the_first_visible_sheet_with_a_table_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name in ("填表说明", "字典", "台账", "空", "附表"):
            book.add_worksheet(name)
        book.get_worksheet_by_name("填表说明").write_column(0, 0, ["一", "二"])
        book.get_worksheet_by_name("字典").hide()
        for name in ("字典", "台账", "附表"):
            book.get_worksheet_by_name(name).write_row(0, 0, ["a", "b"])
            book.get_worksheet_by_name(name).write_row(1, 0, ["c", "d"])
    table = read_table(path)
    assert (table.sheet, table.other_sheets) == ("台账", ("填表说明", "附表"))
    assert read_table(path, sheet="附表").sheet == "附表"


def test_a_formula_without_a_value_is_marked_and_one_with_a_value_gives_it(book: Path) -> None:
    cells = (
        '<row r="1"><c r="A1"><f>1+1</f></c><c r="B1"><f>1+1</f><v>2</v></c></row>'
        '<row r="2"><c r="A2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B2" t="str"><f>""</f><v></v></c></row>'
        '<row r="3"><c r="A3"><v>7</v></c><c r="B3"><f>C3</f><v/></c></row>'
        '<row r="4"><c r="A4"><v>8</v></c><c r="B4"><v>9</v></c></row>'
    )
    table = read_table(with_part(book, SHEET, sheet_xml(cells)))
    assert table.rows == [["#CALC!", 2.0], ["#DIV/0!", ""], [7.0, "#CALC!"], [8.0, 9.0]]


def test_a_workbook_of_the_old_format_reads_alike() -> None:
    table = read_table(Path(__file__).with_name("ledger_97.xls"))
    assert table.rows[0] == ["环境问题台账"] * 4
    assert table.rows[2] == [1, "料场未苫盖", date(2021, 6, 15), "整改中"]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert refusal_of(tmp_path / "ledger.xlsx") == "file_missing"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_separated_values_read_in_every_usual_encoding(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "ledger.xls"
    lines = ["企业名称|所属镇街|问题", '甲|"两|行\n字"|扬尘,废气', "", "丙|丁|戊"]
    text = "\r\n".join(lines).replace(",", "，").replace("|", separator)
    path.write_bytes(text.encode(encoding))
    assert read_table(path).rows[1] == ["甲", f"两{separator}行\n字", "扬尘，废气"]
    assert len(read_table(path).rows) == 4


def test_the_separator_that_excel_names_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text("sep=;\na;b,c\n1;2,3\n")
    assert read_table(path).rows == [["", ""], ["a", "b,c"], ["1", "2,3"]]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"<html><table><tr><td>1</td></tr></table>", "file_web_page"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "file_web_page"),
        (b"%PDF-1.7", "file_kind_unknown"),
        (b"\x00\x01\x02", "file_kind_unknown"),
        (b"\xff\xfe\xfd\xfa\x00", "text_encoding_unknown"),
        (b"\x81\x20\xff\xff", "text_encoding_unknown"),
        (b"PK\x03\x04 no archive", "file_broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000, "file_broken"),
        (b"\n", "table_empty"),
    ],
)
def test_a_file_that_is_no_table_is_refused_by_what_it_holds(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "ledger.xlsx"
    path.write_bytes(data)
    assert refusal_of(path) == code


def test_an_archive_without_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a")
    assert refusal_of(path) == "file_kind_unknown"


def test_a_workbook_without_a_value_is_refused(write_book: WriteBook) -> None:
    assert refusal_of(write_book([[]])) == "table_empty"


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", "XFD1", "AAA2"])
def test_a_far_cell_is_refused_before_room_is_made_for_it(book: Path, cell: str) -> None:
    rows = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="{cell}"><v>1</v></c></row>'
    started = time.monotonic()
    assert refusal_of(with_part(book, SHEET, sheet_xml(rows))) == "table_too_large"
    assert time.monotonic() - started < 5


def test_more_columns_than_allowed_are_refused(write_book: WriteBook) -> None:
    wide = ["a"] * (limits.MOST_COLUMNS + 1)
    assert refusal_of(write_book([wide, wide])) == "table_too_large"


def test_a_zip_bomb_is_refused_by_its_declared_sizes(book: Path) -> None:
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/a.bin", "w") as part:
        for _ in range(limits.MOST_PART_BYTES // 2**24 + 1):
            part.write(bytes(2**24))
    assert refusal_of(book) == "file_limit"


def test_a_long_text_repeated_without_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_CHARACTERS", 1_000_000)
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for row in range(200):
            sheet.write_row(row, 0, ["x" * 30_000, "y"])
    assert refusal_of(path) == "file_limit"


def test_a_reading_that_takes_too_long_is_stopped(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CHILD_WALL_SECONDS", 0)
    assert refusal_of(book) == "file_limit"


def test_a_reading_that_takes_too_much_memory_is_stopped(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CHILD_MEMORY_BYTES", 200 * 1024**2)
    rows = "".join(f'<row r="{n}"><c r="{c}{n}"><v>1</v></c></row>' for n, c in ((1, "A"), (200_000, "AZ")))
    assert refusal_of(with_part(book, SHEET, sheet_xml(rows))) in {"file_limit", "table_too_large"}


def test_merged_ranges_upon_each_other_are_refused(book: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="9000"><c r="B9000"><v>1</v></c></row></sheetData>'
    merges = '<mergeCell ref="A1:B9000"/>' * 1000
    text = sheet_xml(rows).replace("</sheetData></sheetData>", f"</sheetData><mergeCells>{merges}</mergeCells>")
    assert refusal_of(with_part(book, SHEET, text)) == "table_too_large"


@pytest.mark.parametrize("part", ["xl/workbook.xml", SHEET, "xl/sharedStrings.xml"])
def test_entities_are_never_expanded(book: Path, part: str) -> None:
    with zipfile.ZipFile(book) as archive:
        text = archive.read(part).decode()
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol" * 10}">' for n in range(9))
    head, _, body = text.partition("?>")
    spoiled = f"{head}?><!DOCTYPE x [{bomb}]>{body}".replace("<v>0</v>", "<v>&e8;</v>")
    assert refusal_of(with_part(book, part, spoiled)) == "file_broken"
