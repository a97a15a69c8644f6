"""Files are looked at before they are kept: what a photo says of itself, and ten hostile ones."""

import contextlib
import io
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from dashboard.evidence.photos import Examined, examine, plain_name
from governance.errors import InvalidInput
from tests.unit.dashboard.photo_files import bomb, camera_notes, jpeg, moving, pdf, photo, saved, scene

SEVEN = datetime(2026, 6, 29, 7, 0, tzinfo=UTC)
PHOTO, PDF_FILE = photo(), pdf()


def look(data: bytes, **options: object) -> Examined:
    return examine(data, **{"name": "a.jpg", "time_zone": "Asia/Shanghai", **options})  # type: ignore[arg-type]


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.class", "x")
    return out.getvalue()


HOSTILE = {
    "nothing": (b"", "file_empty"),
    "a page": (b"<html><script>alert(1)</script></html>", "file_kind_not_taken"),
    "a drawing with scripts": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_kind_not_taken"),
    "another format": (saved(scene(1), "GIF"), "file_kind_not_taken"),
    "a TIFF": (saved(scene(1, (64, 64)), "TIFF"), "file_kind_not_taken"),
    "a bomb": (bomb(), "picture_too_large"),
    "a smaller bomb": (bomb(7000, 7000), "picture_too_large"),
    "a photo cut short": (PHOTO[: len(PHOTO) // 2], "picture_broken"),
    "a photo without its end": (PHOTO[:-200], "picture_broken"),
    "a picture cut short": (saved(scene(1), "PNG")[:-2000], "picture_broken"),
    "a page in a photo": (jpeg(scene(1), comment=b"<script>alert(1)</script>"), "two_files_in_one"),
    "a program behind a photo": (PHOTO + b"<?php system($_GET[0]); ?>", "two_files_in_one"),
    "an archive behind a photo": (PHOTO + zipped(), "two_files_in_one"),
    "a document in a photo": (jpeg(scene(1), comment=b"%PDF-1.4 1 0 obj"), "two_files_in_one"),
    "something behind a PNG": (saved(scene(1), "PNG") + b"more", "two_files_in_one"),
    "something behind a WebP": (saved(scene(1), "WEBP") + b"more", "two_files_in_one"),
    "a moving PNG": (moving("PNG"), "picture_moves"),
    "a moving WebP": (moving("WEBP"), "picture_moves"),
    "a dot": (saved(scene(1, (4, 4)), "PNG"), "picture_too_small"),
    "no document": (b"%PDF-1.7\nhello\n%%EOF", "pdf_broken"),
    "a document cut short": (PDF_FILE[:-120], "pdf_broken"),
    "an encrypted document": (pdf(password="secret"), "pdf_encrypted"),
    "a document that acts": (pdf(script="app.alert(1)"), "pdf_active"),
    "a document with a program in it": (pdf(attachment=b"MZ"), "pdf_active"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_by_its_code(name: str) -> None:
    data, code = HOSTILE[name]
    with pytest.raises(InvalidInput) as refusal:
        look(data)
    assert refusal.value.code == code


def test_a_file_over_the_limit_is_refused_with_both_sizes() -> None:
    with pytest.raises(InvalidInput, match=r"a\.jpg has 3 MB; allowed: 2 MB"):
        look(b"x" * (2 * 1024 * 1024 + 1), most_bytes=2 * 1024 * 1024)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(at=st.integers(0, len(PHOTO) - 1), junk=st.binary(max_size=40))
@example(at=20, junk=b"\xff\xe1\xff\xff")
def test_a_damaged_photo_is_taken_or_refused_and_nothing_else(at: int, junk: bytes) -> None:
    damaged = PHOTO[:at] + junk + PHOTO[at + len(junk) :]
    with contextlib.suppress(InvalidInput):
        assert look(damaged).media_type == "image/jpeg"


@pytest.mark.parametrize(
    ("format_", "media_type"), [("PNG", "image/png"), ("WEBP", "image/webp"), ("JPEG", "image/jpeg")]
)
def test_the_content_says_what_a_file_is(format_: str, media_type: str) -> None:
    seen = look(saved(scene(1), format_), name="a.pdf")
    assert (seen.media_type, seen.width, seen.height, seen.name) == (media_type, 640, 480, "a.pdf")


def test_a_document_is_taken_without_the_facts_of_a_photo() -> None:
    seen = look(PDF_FILE, name="report.pdf")
    assert (seen.media_type, seen.width, seen.taken_at, seen.fingerprint) == ("application/pdf", None, None, "")


@pytest.mark.parametrize(
    ("offset", "zone"),
    [("+08:00", "UTC"), (None, "Asia/Shanghai"), ("x", "Asia/Shanghai"), ("+25:00", "Asia/Shanghai")],
)
def test_the_time_is_the_cameras_with_its_offset_else_the_districts(offset: str | None, zone: str) -> None:
    assert look(photo(offset=offset), time_zone=zone).taken_at == SEVEN


@pytest.mark.parametrize("taken", [None, "", "0000:00:00 00:00:00", "2026-06-29", "1970:01:01 00:00:00", "\0" * 19])
def test_a_time_that_cannot_be_is_none(taken: str | None) -> None:
    assert look(photo(taken=taken)).taken_at is None


@pytest.mark.parametrize("place", [(119.35, 35.1), (-71.5, -33.25), (0.0001, 51.4)])
def test_the_place_is_the_cameras_in_degrees(place: tuple[float, float]) -> None:
    seen = look(photo(place=place))
    assert (seen.lon, seen.lat) == pytest.approx(place, abs=1e-6)


@pytest.mark.parametrize("place", [None, (0.0, 0.0), (190.0, 35.0), (119.0, 95.0)])
def test_a_place_that_cannot_be_is_none(place: tuple[float, float] | None) -> None:
    seen = look(photo(place=place))
    assert (seen.lon, seen.lat) == (None, None)


def test_notes_that_are_nonsense_do_not_refuse_a_photo() -> None:
    notes = camera_notes()
    notes._ifds[ExifTags.IFD.GPSInfo] = {ExifTags.GPS.GPSLatitude: (1.0, 2.0), ExifTags.GPS.GPSLongitude: 5}
    seen = look(jpeg(scene(1), exif=notes))
    assert (seen.lon, seen.taken_at) == (None, SEVEN)


@pytest.mark.parametrize(("orientation", "size"), [(1, (640, 480)), (3, (640, 480)), (6, (480, 640)), (8, (480, 640))])
def test_width_and_height_are_those_of_the_upright_picture(orientation: int, size: tuple[int, int]) -> None:
    seen = look(photo(orientation=orientation))
    assert (seen.width, seen.height) == size


def test_a_film_behind_a_phones_photo_is_no_reason_to_refuse_it() -> None:
    assert look(PHOTO + b"\0\0\0\x18ftypmp42" + bytes(5000)).media_type == "image/jpeg"


@pytest.mark.parametrize("mode", ["P", "L", "CMYK", "I;16"])
def test_pictures_of_every_mode_are_taken(mode: str) -> None:
    picture = Image.new("I;16", (300, 300), 9) if mode == "I;16" else scene(1).convert(mode)
    assert look(saved(picture, "JPEG" if mode == "CMYK" else "PNG")).width in {300, 640}


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [("C:\\photos\\a.jpg", "a.jpg"), ("../../etc/passwd", "passwd"), ("a\r\nb\0.jpg", "ab.jpg"), ("", "-"), ("/", "-")],
)
def test_a_name_loses_folders_and_control_characters(given_name: str, kept: str) -> None:
    assert plain_name(given_name) == kept
    assert len(plain_name("x" * 999)) == 120
