"""What a handed-in file is: looked at before it is kept, refused when it is not what it seems."""

import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from dashboard.evidence.documents import require_plain_pdf
from dashboard.evidence.fingerprints import fingerprint
from dashboard.evidence.origins import origin_of
from governance.errors import InvalidInput

MB: Final = 1024 * 1024
MOST_BYTES: Final = 20 * MB
LEAST_SIDE: Final = 16
LONGEST_NAME: Final = 120
PDF: Final = "application/pdf"
MEDIA_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
)
ENDINGS: Final[Mapping[str, str]] = MappingProxyType(
    {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", PDF: ".pdf"}
)
ALLOWED: Final = ("JPEG", "PNG", "WebP", "PDF")
FORMATS: Final = ("JPEG", "PNG", "WEBP")
# A JPEG is decoded at a part of its size; the others need four bytes for each pixel.
MOST_PIXELS: Final[Mapping[str, int]] = MappingProxyType(
    {"image/jpeg": 80_000_000, "image/png": 40_000_000, "image/webp": 40_000_000}
)
_WORKING_SIDE: Final = 1600
_LOOKED_AT: Final = 64 * 1024
_MARKUP: Final = re.compile(rb"<(?:script|html|body|iframe|!doctype|\?php|svg\s)", re.IGNORECASE)
_PDF_WITHIN: Final = 1024
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_QUARTERS: Final = (5, 6, 7, 8)

# Pillow complains of many pixels, which are counted here, and of odd notes, which are read with distrust anyway.
warnings.filterwarnings("ignore", module=r"PIL\.")


@dataclass(frozen=True, kw_only=True)
class Examined:
    """What a file says of itself.

    Attributes
    ----------
    media_type
        By its content, never by its name.
    name
        The given name without folders and control characters, at most 120 characters.
    width, height
        Upright, in pixels; None for documents.
    taken_at
        Aware, UTC.
    lon, lat
        WGS84 degrees.
    fingerprint
        See `dashboard.evidence.fingerprints`; empty for documents and for pictures of one colour.
    """

    media_type: str
    size_bytes: int
    name: str
    width: int | None = None
    height: int | None = None
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    fingerprint: str = ""


def examine(data: bytes, *, name: str, time_zone: str, most_bytes: int = MOST_BYTES) -> Examined:
    """Look at a file before it is kept.

    Parameters
    ----------
    data : bytes
    name : str
        As the browser tells it; says nothing about the content.
    time_zone : str
        Of the district, for photos that note local time only.
    most_bytes : int

    Returns
    -------
    Examined

    Raises
    ------
    InvalidInput
        Empty, too large in bytes or pixels, none of JPEG, PNG, WebP and PDF, cut short, moving, or something else at
        the same time; a PDF that is encrypted or acts when it is opened.
    """
    name = plain_name(name)
    if not data:
        raise InvalidInput("file_empty", "The file {name} is empty", name=name)
    if len(data) > most_bytes:
        raise InvalidInput(
            "evidence_too_large",
            "The file {name} has {size} MB; allowed: {most} MB",
            name=name,
            size=-(-len(data) // MB),
            most=most_bytes // MB,
        )
    if data.startswith(b"%PDF-"):
        require_plain_pdf(data, name=name)
        return Examined(media_type=PDF, size_bytes=len(data), name=name)
    _require_only_a_picture(data, name)
    return _examined_picture(data, name, time_zone)


@contextmanager
def opened_picture(data: bytes, *, name: str) -> Iterator[Image.Image]:
    """Open a picture of the three formats within the limits; nothing is decoded yet.

    Raises
    ------
    InvalidInput
        As `examine`; also for damage that shows while the picture is read within the block.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            _require_allowed(picture, name)
            yield picture
    except UnidentifiedImageError:
        raise _not_taken(name) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(name, min(MOST_PIXELS.values())) from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise InvalidInput("picture_broken", "The picture {name} is damaged or cut short", name=name) from error


def plain_name(name: str) -> str:
    """The last part of a file's name without control characters, shortened; never empty."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(char for char in last if unicodedata.category(char)[0] != "C").strip()
    return shown[-LONGEST_NAME:] or "-"


def is_lying(picture: Image.Image) -> bool:
    """Whether the camera noted that the picture is to be turned by a quarter."""
    try:
        return picture.getexif().get(ExifTags.Base.Orientation) in _QUARTERS
    except (OSError, SyntaxError, ValueError, TypeError, LookupError):
        return False


def upright(picture: Image.Image) -> Image.Image:
    """The picture as it is meant to be seen."""
    try:
        return ImageOps.exif_transpose(picture)
    except (ArithmeticError, LookupError, TypeError, ValueError, SyntaxError):
        return picture


def _examined_picture(data: bytes, name: str, time_zone: str) -> Examined:
    with opened_picture(data, name=name) as picture:
        width, height = picture.size
        origin = origin_of(picture, time_zone)
        picture.draft("RGB", (_WORKING_SIDE, _WORKING_SIDE))
        picture.load()
        shown = upright(picture)
        if is_lying(picture):
            width, height = height, width
        return Examined(
            media_type=MEDIA_TYPES[str(picture.format)],
            size_bytes=len(data),
            name=name,
            width=width,
            height=height,
            taken_at=origin.taken_at,
            lon=origin.lon,
            lat=origin.lat,
            fingerprint=fingerprint(shown),
        )


def _require_allowed(picture: Image.Image, name: str) -> None:
    """Limits of size, asked before anything is decoded."""
    most = MOST_PIXELS[MEDIA_TYPES[str(picture.format)]]
    if picture.width * picture.height > most:
        raise _too_many_pixels(name, most)
    if min(picture.size) < LEAST_SIDE:
        raise InvalidInput(
            "picture_too_small",
            "The picture {name} has {width} × {height} pixels; allowed: at least {least} each way",
            name=name,
            width=picture.width,
            height=picture.height,
            least=LEAST_SIDE,
        )
    if picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1:
        raise InvalidInput("picture_moves", "The picture {name} moves; only single pictures are taken", name=name)


def _require_only_a_picture(data: bytes, name: str) -> None:
    """Refuse a file that a program could take for a page, a document or an archive as well.

    Phones write further data behind a JPEG (a second picture, a short film): that alone is no reason to refuse it.
    """
    if not (data.startswith((_JPEG, _PNG)) or _is_webp(data)):
        raise _not_taken(name)
    ends = data[:_LOOKED_AT] + data[-_LOOKED_AT:]
    is_more = _MARKUP.search(ends) or b"%PDF-" in data[:_PDF_WITHIN] or zipfile.is_zipfile(io.BytesIO(data))
    if is_more or _has_more_behind(data):
        raise InvalidInput(
            "two_files_in_one", "The file {name} is a picture and something else at the same time", name=name
        )


def _has_more_behind(data: bytes) -> bool:
    """Whether a PNG or WebP goes on behind its end; what is cut short is the decoder's matter."""
    if data.startswith(_PNG):
        return _png_end(data) < len(data)
    if _is_webp(data):
        size = int.from_bytes(data[4:8], "little") + 8
        return size + size % 2 < len(data)
    return False


def _is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def _png_end(data: bytes) -> int:
    at = len(_PNG)
    while at + 12 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        at += 12 + length
        if kind == b"IEND":
            return at
    return len(data)


def _too_many_pixels(name: str, most: int) -> InvalidInput:
    return InvalidInput(
        "picture_too_large",
        "The picture {name} has more than {most} million pixels; make it smaller first",
        name=name,
        most=most // 1_000_000,
    )


def _not_taken(name: str) -> InvalidInput:
    return InvalidInput(
        "file_kind_not_taken",
        "The file {name} is none of the kinds that are taken: {allowed}",
        name=name,
        allowed=ALLOWED,
    )
