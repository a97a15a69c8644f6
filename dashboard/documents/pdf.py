"""Official documents as PDF files, set by Typst with the fonts of a package: no system font, no network."""

import json
import re
import tempfile
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import pylopdf_fonts_zh_cn
import typst

from dashboard.documents import official
from dashboard.documents.official import Heading, OfficialDocument, Photos, Slip, Table, lines_of, printable

TEMPLATE: Final = Path(__file__).with_name("official.typ")
LONGEST_WORD: Final = 16
PIECE: Final = 4
_LONG_WORD: Final = re.compile(rf"([!-~\xa1-\u1fff]{{{LONGEST_WORD + 1},}})")
Line = list[str | list[str]]
"""Parts of a line; a long word is a list of pieces and may be broken where they meet, and nothing stands there."""


def write_pdf(document: OfficialDocument, path: Path) -> None:
    """Write a document as a PDF file.

    Parameters
    ----------
    document : OfficialDocument
    path : Path
        Replaced when the whole file is written.

    Notes
    -----
    The same document gives the same bytes. Words reach the page as data, never as markup. A word of more than
    16 letters may be broken, so that it stays on the page.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(pdf_bytes(document))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def pdf_bytes(document: OfficialDocument) -> bytes:
    """Return what `write_pdf` writes."""
    with tempfile.TemporaryDirectory(prefix="gridguard-") as name:
        folder = Path(name)
        (folder / "document.json").write_text(json.dumps(_held(document, folder)), encoding="utf-8")
        page = folder / TEMPLATE.name
        page.write_bytes(TEMPLATE.read_bytes())
        compiler = typst.Compiler(str(page), root=str(folder), font_paths=package_fonts())
        made = compiler.compile(format="pdf", timestamp=0)
    if not isinstance(made, bytes):
        raise TypeError(f"one file was expected, not {type(made).__name__}")
    return made


@cache
def package_fonts() -> typst.Fonts:
    """The package's fonts and no others, whatever the machine has."""
    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])


def _held(document: OfficialDocument, folder: Path) -> dict[str, Any]:
    """The document as the template reads it; photos are put beside it as files."""
    day = document.issued_on
    return {
        "language": document.language,
        "file_title": " ".join(line for text in (*document.title, document.number) for line in lines_of(text)),
        "year": day.year,
        "month": day.month,
        "day": day.day,
        "note": _lines((document.note,)),
        "title": _lines(document.title),
        "number": _lines((document.number,)),
        "addressee": _lines((document.addressee,)),
        "parts": [_part(block, folder, place) for place, block in enumerate(document.blocks)],
        "closing": _lines((document.issuer, document.day)),
        "slip": None if document.slip is None else _slip(document.slip),
    }


def _part(block: official.Block, folder: Path, place: int) -> dict[str, Any]:
    match block:
        case Heading(text=text):
            return {"kind": "heading", "lines": _lines((text,))}
        case official.Paragraph(text=text):
            return {"kind": "paragraph", "lines": _lines((text,))}
        case Table(heads=heads, rows=rows, shares=shares):
            cells = [[{"lines": _lines((text,))} for text in row] for row in rows]
            shown = {"heads": [_lines((text,)) for text in heads], "rows": cells, "shares": shares}
            return {"kind": "table", **shown} if rows else {"kind": "paragraph", "lines": []}
        case Photos():
            return {"kind": "photos", "photos": _photos(block, folder, place)}


def _photos(block: Photos, folder: Path, place: int) -> Sequence[dict[str, Any]]:
    held = []
    for number, photo in enumerate(block.photos):
        file = folder / f"photo-{place}-{number}{_ending(photo.content)}"
        file.write_bytes(photo.content)
        held.append({"file": file.name, "caption": _lines((photo.caption,)), "words": printable(photo.caption)})
    return held


def _ending(content: bytes) -> str:
    return ".png" if content.startswith(b"\x89PNG") else ".jpg"


def _slip(slip: Slip) -> dict[str, Any]:
    rows = [
        {"label": _lines((row.label,)), "value": _lines((row.value,)), "height_mm": row.height_mm} for row in slip.rows
    ]
    return {"title": _lines((slip.title,)), "rows": rows}


def _lines(texts: Iterable[str]) -> list[Line]:
    return [_parts(line) for text in texts for line in lines_of(text)]


def _parts(line: str) -> Line:
    """Splitting at long words leaves one at every second place."""
    found = _LONG_WORD.split(line)
    return [_pieces(part) if place % 2 else part for place, part in enumerate(found)]


def _pieces(word: str) -> list[str]:
    return [word[at : at + PIECE] for at in range(0, len(word), PIECE)]
