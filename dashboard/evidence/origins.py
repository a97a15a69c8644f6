"""When and where a photo says it was taken: the camera's own notes, read with distrust."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from PIL import ExifTags, Image

_TAKEN: Final = "%Y:%m:%d %H:%M:%S"
_FIRST_YEAR: Final = 1990
_LONGEST_OFFSET: Final = timedelta(hours=14)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """When and where, as far as it is known.

    Attributes
    ----------
    taken_at
        Aware, UTC.
    lon, lat
        WGS84 degrees; both or none.
    """

    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


def origin_of(picture: Image.Image, time_zone: str) -> Origin:
    """Read time and place from a picture's EXIF.

    Parameters
    ----------
    picture : PIL.Image.Image
    time_zone : str
        Of the district: for cameras that note local time without its offset.

    Returns
    -------
    Origin
        Time from DateTimeOriginal with OffsetTimeOriginal (else OffsetTime, else the zone); place from the GPS notes,
        which EXIF 2.32 states in WGS84. What cannot be read or cannot be (a year before 1990, 90 degrees and more,
        exactly 0°, 0°) is left out.
    """
    exif = _or_none(picture.getexif) or {}
    taken = _or_none(lambda: exif.get_ifd(ExifTags.IFD.Exif)) if exif else None  # type: ignore[union-attr]
    gps = _or_none(lambda: exif.get_ifd(ExifTags.IFD.GPSInfo)) if exif else None  # type: ignore[union-attr]
    lon, lat = _place(gps or {})
    return Origin(taken_at=_or_none(lambda: _time(taken or {}, time_zone)), lon=lon, lat=lat)


def _or_none(read: Callable[[], Any]) -> Any:
    """What is read, or None where a file's notes are nonsense: that is no reason to refuse the photo."""
    try:
        return read()
    except (ArithmeticError, AttributeError, LookupError, OSError, SyntaxError, TypeError, ValueError):
        return None


def _time(notes: Mapping[int, Any], time_zone: str) -> datetime | None:
    text = str(notes.get(ExifTags.Base.DateTimeOriginal, "")).strip("\0 ")
    offset = notes.get(ExifTags.Base.OffsetTimeOriginal) or notes.get(ExifTags.Base.OffsetTime)
    local = datetime.strptime(text, _TAKEN)  # noqa: DTZ007 - the zone is the next line's matter
    stated = _or_none(lambda: datetime.strptime(str(offset).strip("\0 "), "%z").tzinfo)
    if stated is not None and abs(stated.utcoffset(None)) > _LONGEST_OFFSET:
        stated = None
    taken_at = local.replace(tzinfo=stated or ZoneInfo(time_zone)).astimezone(UTC)
    return taken_at if taken_at.year >= _FIRST_YEAR else None


def _place(notes: Mapping[int, Any]) -> tuple[float | None, float | None]:
    lat = _or_none(lambda: _degrees(notes, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "S"))
    lon = _or_none(lambda: _degrees(notes, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "W"))
    return (lon, lat) if is_place(lon, lat) else (None, None)


def is_place(lon: float | None, lat: float | None) -> bool:
    """Whether two numbers are a place in WGS84 degrees where a photo can have been taken."""
    if lon is None or lat is None:
        return False
    return -180 <= lon <= 180 and -90 < lat < 90 and (lon, lat) != (0, 0)  # not a number is none of these


def _degrees(notes: Mapping[int, Any], value: int, reference: int, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in notes[value])
    size = degrees + minutes / 60 + seconds / 3600
    return -size if str(notes.get(reference, "")).strip("\0 ").upper() == negative else size
