"""Official documents as Word files: A4 in the proportions of Chinese official documents (GB/T 9704-2012)."""

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Final

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shape import InlineShape
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

from dashboard.documents import official
from dashboard.documents.official import Heading, OfficialDocument, Photos, Slip, Table, lines_of

SONG, FANG_SONG, HEI, LATIN = "SimSun", "FangSong", "SimHei", "Times New Roman"
TITLE, TEXT, CELL, SMALL = Pt(22), Pt(16), Pt(10.5), Pt(9)
LINE, INDENT_CHARACTERS = Pt(28.95), 2
TOP, BOTTOM, LEFT, RIGHT = Mm(37), Mm(35), Mm(28), Mm(26)
TEXT_WIDTH_MM: Final = 156
SHORT_ROW: Final = 400
PHOTO_WIDTH_MM: Final = 72
PHOTO_HEIGHT_MM: Final = 60
_GREY: Final = RGBColor(0x59, 0x59, 0x59)
_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)
_FALLBACKS: Final = {
    SONG: "NSimSun,Noto Serif SC,Noto Serif CJK SC",
    FANG_SONG: "FangSong_GB2312,STFangsong,Noto Serif SC,Noto Serif CJK SC",
    HEI: "STHeiti,Noto Sans SC,Noto Sans CJK SC",
}


def write_word(document: OfficialDocument, path: Path) -> None:
    """Write a document as a Word file.

    Parameters
    ----------
    document : OfficialDocument
    path : Path
        Replaced when the whole file is written.

    Notes
    -----
    The same document gives the same bytes. Text is only ever text: no field, formula or link comes of it.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(word_bytes(document))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def word_bytes(document: OfficialDocument) -> bytes:
    """Return what `write_word` writes."""
    word = Document()
    _set_up(word, document)
    for line in _lines(document.title):
        styled(word.add_paragraph(), line, font=SONG, size=TITLE, align=WD_ALIGN_PARAGRAPH.CENTER, is_bold=True)
    for line in lines_of(document.number):
        styled(word.add_paragraph(), line, align=WD_ALIGN_PARAGRAPH.CENTER)
    for line in lines_of(document.addressee):
        styled(word.add_paragraph(), line)
    for block in document.blocks:
        _block(word, block)
    for place, line in enumerate(_lines((document.issuer, document.day))):
        closing = styled(word.add_paragraph(), line, align=WD_ALIGN_PARAGRAPH.RIGHT).paragraph_format
        closing.right_indent, closing.keep_with_next = Pt(32), place == 0
        closing.space_before = Pt(0 if place else 12)
    if document.slip is not None:
        _slip(word, document.slip)
    held = io.BytesIO()
    word.save(held)
    return with_fixed_dates(held.getvalue())


def _lines(texts: Iterable[str]) -> list[str]:
    return [line for text in texts for line in lines_of(text)]


def _set_up(word: Any, document: OfficialDocument) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.left_margin, section.right_margin = LEFT, RIGHT
    section.footer_distance = Mm(25)
    normal = word.styles["Normal"]
    _set_fonts(normal.element.get_or_add_rPr(), FANG_SONG)
    normal.font.size = TEXT
    _set_language(normal.element.get_or_add_rPr(), document.language)
    _name_fallbacks(word)
    _properties(word.core_properties, document)
    if document.note:
        head = section.header.paragraphs[0]
        styled(head, " ".join(lines_of(document.note)), size=SMALL, align=WD_ALIGN_PARAGRAPH.CENTER, line=None)
        head.runs[0].font.color.rgb = _GREY
    _page_number(section.footer.paragraphs[0])


def _properties(properties: Any, document: OfficialDocument) -> None:
    moment = datetime.combine(document.issued_on, time(), UTC)
    properties.title = " ".join(_lines((*document.title, document.number)))[:255]
    properties.author = properties.last_modified_by = ""
    properties.comments = ""
    properties.created = properties.modified = moment
    properties.language = document.language.replace("_", "-")


def styled(
    paragraph: WordParagraph,
    text: str,
    *,
    font: str = FANG_SONG,
    size: Pt = TEXT,
    align: WD_ALIGN_PARAGRAPH | None = None,
    is_bold: bool = False,
    line: Pt | None = LINE,
    has_indent: bool = False,
) -> WordParagraph:
    """Add a run of text to a paragraph, with its font, its size and the height of its lines; None as the font asks."""
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule = WD_LINE_SPACING.SINGLE if line is None else WD_LINE_SPACING.EXACTLY
    if line is not None:
        form.line_spacing = line
    if has_indent:
        indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
        indent.set(qn("w:firstLineChars"), str(INDENT_CHARACTERS * 100))
        indent.set(qn("w:firstLine"), str(int(size.pt * INDENT_CHARACTERS * 20)))
    if align is not None:
        paragraph.alignment = align
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = size, is_bold
    _set_fonts(run._r.get_or_add_rPr(), font)
    return paragraph


def _set_fonts(properties: Any, font: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for script, name in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN), ("eastAsia", font)):
        fonts.set(qn(f"w:{script}"), name)


def _set_language(properties: Any, language: str) -> None:
    element = OxmlElement("w:lang")
    element.set(qn("w:val"), "en-US")
    element.set(qn("w:eastAsia"), "zh-CN" if language == "zh_CN" else "en-US")
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(element)


def _name_fallbacks(word: Any) -> None:
    """Name the fonts to take where one is missing, in the document's own table of fonts."""
    table = next(part for part in word.part.package.iter_parts() if str(part.partname).endswith("/fontTable.xml"))
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/></w:font>'
        for name, others in _FALLBACKS.items()
    )
    table._blob = table.blob.replace(b"</w:fonts>", fonts.encode() + b"</w:fonts>")


def _block(word: Any, block: official.Block) -> None:
    match block:
        case Heading(text=text):
            for line in lines_of(text):
                heading = styled(word.add_paragraph(), line, font=HEI, has_indent=True)
                heading.paragraph_format.keep_with_next = True
        case official.Paragraph(text=text):
            for line in lines_of(text):
                styled(word.add_paragraph(), line, has_indent=True, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
        case Table():
            _table(word, block)
        case Photos():
            _photos(word, block)


def _table(word: Any, table: Table) -> None:
    if not table.rows:
        return
    grid = _grid(word, len(table.rows) + 1, [TEXT_WIDTH_MM * share / sum(table.shares) for share in table.shares])
    _repeat_on_each_page(grid.rows[0])
    for place, (row, texts) in enumerate(zip(grid.rows, (table.heads, *table.rows), strict=True)):
        if sum(map(len, texts)) <= SHORT_ROW:
            _keep_together(row)
        for cell, text in zip(row.cells, texts, strict=True):
            _fill(cell, text, is_head=place == 0)
    _gap(word)


def _grid(word: Any, rows: int, widths_mm: list[float]) -> Any:
    grid = word.add_table(rows=rows, cols=len(widths_mm))
    grid.style, grid.alignment, grid.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(grid.columns, widths_mm, strict=True):
        column.width = Mm(width)
    for row in grid.rows:
        for cell, width in zip(row.cells, widths_mm, strict=True):
            cell.width = Mm(width)
    return grid


def _fill(cell: Any, text: str, *, is_head: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    for place, line in enumerate(lines_of(text)):
        current = paragraph if place == 0 else cell.add_paragraph()
        align = WD_ALIGN_PARAGRAPH.CENTER if is_head else None
        styled(current, line, font=HEI if is_head else FANG_SONG, size=CELL, align=align, line=None)


def _repeat_on_each_page(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _keep_together(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _gap(word: Any) -> None:
    """A little room below a grid, where Word needs a paragraph anyway."""
    styled(word.add_paragraph(), "", size=SMALL, line=None)


def _photos(word: Any, block: Photos) -> None:
    if not block.photos:
        return
    width = TEXT_WIDTH_MM / 2
    rows = -(-len(block.photos) // 2)
    grid = _grid(word, rows, [width, width])
    grid.style = "Normal Table"
    for place, photo in enumerate(block.photos):
        cell = grid.rows[place // 2].cells[place % 2]
        picture = cell.paragraphs[0]
        styled(picture, "", line=None, align=WD_ALIGN_PARAGRAPH.CENTER)
        run: Run = picture.add_run()
        _fitted(run.add_picture(io.BytesIO(photo.content)))
        for line in lines_of(photo.caption):
            styled(cell.add_paragraph(), line, size=CELL, align=WD_ALIGN_PARAGRAPH.CENTER, line=None)
    for row in grid.rows:
        _keep_together(row)
    _gap(word)


def _fitted(picture: InlineShape) -> None:
    """As large as its place allows, in its own proportions."""
    scale = min(Mm(PHOTO_WIDTH_MM) / picture.width, Mm(PHOTO_HEIGHT_MM) / picture.height)
    picture.width, picture.height = Emu(int(picture.width * scale)), Emu(int(picture.height * scale))


def _slip(word: Any, slip: Slip) -> None:
    for place, line in enumerate(lines_of(slip.title)):
        title = styled(
            word.add_paragraph(), line, font=SONG, size=Pt(18), align=WD_ALIGN_PARAGRAPH.CENTER, is_bold=True
        )
        title.paragraph_format.page_break_before = place == 0
    grid = _grid(word, len(slip.rows), [TEXT_WIDTH_MM * 0.28, TEXT_WIDTH_MM * 0.72])
    for row, asked in zip(grid.rows, slip.rows, strict=True):
        row.height = Mm(asked.height_mm)
        _fill(row.cells[0], asked.label, is_head=True)
        _fill(row.cells[1], asked.value)


def _page_number(paragraph: WordParagraph) -> None:
    styled(paragraph, "\N{EM DASH} ", size=Pt(14), align=WD_ALIGN_PARAGRAPH.CENTER, line=None)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(14)
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)
    run = paragraph.add_run(" \N{EM DASH}")
    run.font.size = Pt(14)


def with_fixed_dates(content: bytes) -> bytes:
    """The same archive without the moments at which its parts were packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            info = zipfile.ZipInfo(item.filename, _ZIP_DATE)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(info, old.read(item))
    return out.getvalue()
