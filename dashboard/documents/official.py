"""What an official document is made of: one model, so that every writer puts the same words on the page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

_UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_LINE_ENDS: Final = re.compile("\r\n|[\r\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its number in it."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; each of its lines is a paragraph of its own."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of text.

    Attributes
    ----------
    heads
        What stands above the columns.
    rows
        Each as long as the heads.
    shares
        Width of each column as a part of the sum.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture of an issue with the line below it; ``content`` is JPEG or PNG as it is shown, not the original."""

    caption: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Photos:
    """Pictures, two in a row."""

    photos: tuple[Photo, ...]


Block = Heading | Paragraph | Table | Photos


@dataclass(frozen=True, slots=True)
class SlipRow:
    """A line of a slip: what is asked, what is known already, and the height left for a hand and a seal in mm."""

    label: str
    value: str = ""
    height_mm: int = 10


@dataclass(frozen=True, slots=True)
class Slip:
    """The part that the addressee fills in, on a page of its own."""

    title: str
    rows: tuple[SlipRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialDocument:
    """A document as it goes out.

    Attributes
    ----------
    language
        ``zh_CN`` or ``en``: the language of its words, told to the programs that open it.
    title
        Lines, each centred.
    number
        As printed below the title.
    addressee
        With the mark that follows it.
    issuer, day
        At the end, to the right.
    issued_on
        Taken for the file's own date, so that the same document gives the same bytes.
    slip
        None where nothing is to be answered.
    note
        Stands on every page, for example that the district is a demonstration; empty for none.
    """

    language: str
    title: tuple[str, ...]
    number: str
    addressee: str
    blocks: tuple[Block, ...]
    issuer: str
    day: str
    issued_on: date
    slip: Slip | None = None
    note: str = ""


def printable(text: str) -> str:
    """Return text without what no page can show: control characters, marks that turn its direction, half characters.

    Line ends become one kind; tabs become spaces.
    """
    return _UNPRINTABLE.sub("", _LINE_ENDS.sub("\n", text)).replace("\t", " ")


def lines_of(text: str) -> list[str]:
    """Return the printable lines of a text without the empty ones; none for an empty text."""
    stripped = (line.strip() for line in printable(text).split("\n"))
    return [line for line in stripped if line]


def texts_of(document: OfficialDocument) -> Iterator[str]:
    """Yield all words of a document line by line in reading order, as every writer puts them on the page."""
    for text in (document.note, *document.title, document.number, document.addressee):
        yield from lines_of(text)
    for block in document.blocks:
        for text in _block_texts(block):
            yield from lines_of(text)
    for text in (document.issuer, document.day):
        yield from lines_of(text)
    if document.slip is not None:
        yield from lines_of(document.slip.title)
        for row in document.slip.rows:
            yield from (*lines_of(row.label), *lines_of(row.value))


def _block_texts(block: Block) -> Iterator[str]:
    match block:
        case Heading(text=text) | Paragraph(text=text):
            yield text
        case Table(heads=heads, rows=rows):
            yield from heads
            for row in rows:
                yield from row
        case Photos(photos=photos):
            yield from (photo.caption for photo in photos)
