"""Files that tests hand in as evidence: honest ones with the notes of a camera, and hostile ones."""

import io
import struct
import zlib
from datetime import datetime
from random import Random
from typing import Any

from PIL import ExifTags, Image, ImageDraw, ImageFilter
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

Size = tuple[int, int]


def scene(number: int, size: Size = (640, 480)) -> Image.Image:
    """A drawn picture with much in it; another number is another picture."""
    rng = Random(number)
    picture = Image.new("RGB", size, _colour(rng))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, size[1] * rng.uniform(0.3, 0.6), *size), fill=_colour(rng))
    for _ in range(60):
        _thing(draw, rng, size)
    return picture.filter(ImageFilter.GaussianBlur(0.6))


def jpeg(picture: Image.Image, *, quality: int = 85, **options: Any) -> bytes:
    return saved(picture, "JPEG", quality=quality, **options)


def saved(picture: Image.Image, format_: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, format_, **options)
    return out.getvalue()


def camera_notes(
    taken: str | None = "2026:06:29 15:00:00",
    offset: str | None = "+08:00",
    place: tuple[float, float] | None = (119.05, 35.05),
    orientation: int = 1,
) -> Image.Exif:
    """EXIF as a phone writes it; ``place`` is lon, lat."""
    notes = Image.Exif()
    notes[ExifTags.Base.Make] = "Maker"
    notes[ExifTags.Base.Orientation] = orientation
    inner: dict[int, Any] = {}
    if taken is not None:
        inner[ExifTags.Base.DateTimeOriginal] = taken
    if offset is not None:
        inner[ExifTags.Base.OffsetTimeOriginal] = offset
    notes._ifds[ExifTags.IFD.Exif] = inner
    if place is not None:
        notes._ifds[ExifTags.IFD.GPSInfo] = gps(*place)
    return notes


def gps(lon: float, lat: float) -> dict[int, Any]:
    return {
        ExifTags.GPS.GPSLatitudeRef: "N" if lat >= 0 else "S",
        ExifTags.GPS.GPSLatitude: _sexagesimal(abs(lat)),
        ExifTags.GPS.GPSLongitudeRef: "E" if lon >= 0 else "W",
        ExifTags.GPS.GPSLongitude: _sexagesimal(abs(lon)),
    }


def photo(number: int = 1, size: Size = (640, 480), **notes: Any) -> bytes:
    """A JPEG with the notes of a camera."""
    return jpeg(scene(number, size), exif=camera_notes(**notes))


def pdf(*, password: str | None = None, script: str | None = None, attachment: bytes | None = None) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 100)
    if script is not None:
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(script)}
        )
    if attachment is not None:
        writer.add_attachment("a.exe", attachment)
    if password is not None:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a few kilobytes that would unpack to gigabytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(bytes(width * 3 + 1), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def moving(format_: str) -> bytes:
    frames = [scene(number, (64, 48)) for number in (1, 2)]
    return saved(frames[0], format_, save_all=True, append_images=frames[1:], duration=100)


def at_noon(day: int) -> datetime:
    return datetime.fromisoformat(f"2026-06-{day:02}T12:00:00+08:00")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    minutes = (degrees - int(degrees)) * 60
    return float(int(degrees)), float(int(minutes)), round((minutes - int(minutes)) * 60, 4)


def _colour(rng: Random) -> tuple[int, int, int]:
    return rng.randrange(20, 240), rng.randrange(20, 240), rng.randrange(20, 240)


def _thing(draw: ImageDraw.ImageDraw, rng: Random, size: Size) -> None:
    x, y = rng.uniform(-0.1, 1) * size[0], rng.uniform(-0.1, 1) * size[1]
    box = (x, y, x + rng.uniform(0.02, 0.15) * size[0], y + rng.uniform(0.02, 0.15) * size[1])
    rng.choice((draw.rectangle, draw.ellipse))(box, fill=_colour(rng))
