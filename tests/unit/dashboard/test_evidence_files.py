"""Bytes under their digest, written once; copies without the camera's notes."""

import hashlib
import io
import threading
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from dashboard.evidence.copies import Copies, copy_of
from dashboard.evidence.store import FolderStore
from governance.errors import Conflict, InvalidInput, NotFound
from tests.unit.dashboard.photo_files import jpeg, pdf, photo, saved, scene

DATA = b"some bytes"
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path)


def file_of(home: Path, sha256: str) -> Path:
    return home / "evidence" / sha256[:2] / sha256


def test_bytes_lie_under_their_digest_for_their_owner_only(store: FolderStore, tmp_path: Path) -> None:
    assert store.put(DATA) == SHA
    path = file_of(tmp_path, SHA)
    assert (path.read_bytes(), path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (DATA, 0o600, 0o700)
    with store.open(SHA) as file:
        assert (store.has(SHA), store.read(SHA), file.read()) == (True, DATA, DATA)


def test_the_same_bytes_are_written_once(store: FolderStore, tmp_path: Path) -> None:
    store.put(DATA)
    before = file_of(tmp_path, SHA).stat().st_ino
    store.put(DATA)
    assert (file_of(tmp_path, SHA).stat().st_ino, list(store.all())) == (before, [SHA])


def test_nothing_that_is_kept_is_overwritten(store: FolderStore, tmp_path: Path) -> None:
    store.put(DATA)
    file_of(tmp_path, SHA).write_bytes(b"changed")
    store.put(DATA)
    assert store.read(SHA) == b"changed"


def test_changed_bytes_are_not_proven(store: FolderStore, tmp_path: Path) -> None:
    store.put(DATA)
    file_of(tmp_path, SHA).write_bytes(b"changed")
    with pytest.raises(Conflict, match=SHA):
        store.read(SHA, is_proving=True)


@pytest.mark.parametrize("name", [SHA, "../../gridguard.db", "", SHA.upper(), f"{SHA}/.."])
def test_what_is_not_kept_is_not_found(store: FolderStore, name: str) -> None:
    with pytest.raises(NotFound):
        store.read(name)


def test_nothing_is_left_of_a_write_that_failed(
    store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.put(DATA)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_many_writers_of_the_same_bytes_leave_one_whole_file(store: FolderStore, tmp_path: Path) -> None:
    writers = [threading.Thread(target=store.put, args=(DATA * 1000,)) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()] == [DATA * 1000]


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_copy_holds_pixels_and_nothing_else() -> None:
    original = photo(1, (2400, 1800))
    assert b"Maker" in original
    copy = opened(copy_of(original))
    assert (copy.format, copy.size, len(copy.getexif())) == ("JPEG", (1600, 1200), 0)
    assert set(copy.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("format_", ["PNG", "WEBP"])
def test_notes_of_every_kind_stay_behind(format_: str) -> None:
    picture = scene(1)
    picture.info = {"comment": "secret place", "Author": "secret person"}
    data = saved(picture, format_, exif=_exif_with(b"secret place"), xmp=b"<x>secret place</x>")
    assert b"secret" in data
    assert b"secret" not in copy_of(data)


def _exif_with(text: bytes) -> Image.Exif:
    notes = Image.Exif()
    notes[0x010E] = text.decode()
    return notes


def test_a_comment_of_a_jpeg_stays_behind() -> None:
    assert b"secret" not in copy_of(jpeg(scene(1), comment=b"secret place"))


def test_a_copy_stands_upright() -> None:
    assert opened(copy_of(photo(orientation=6))).size == (480, 640)


def test_what_is_transparent_is_white() -> None:
    clear = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    assert min(opened(copy_of(saved(clear, "PNG"))).getpixel((200, 200))) > 250  # type: ignore[arg-type]


def test_a_watermark_changes_the_lower_edge_only() -> None:
    bare, marked = (opened(copy_of(photo(), marks=marks)) for marks in ((), ("2026-00001", "2026-06-29 15:00")))
    difference = ImageChops.difference(bare, marked).convert("L")
    upper, lower = (difference.crop(box) for box in ((0, 0, 640, 380), (0, 440, 640, 480)))
    assert ImageStat.Stat(upper).mean[0] < 1
    assert ImageStat.Stat(lower).mean[0] > 20


def test_a_picture_too_small_to_read_on_stays_bare() -> None:
    small = photo(1, (160, 120))
    assert copy_of(small, marks=("2026-00001",)) == copy_of(small)


def test_a_document_has_no_copy() -> None:
    with pytest.raises(InvalidInput):
        copy_of(pdf())


def test_copies_are_made_once_and_can_be_thrown_away(store: FolderStore, tmp_path: Path) -> None:
    copies, sha256 = Copies(tmp_path, store), store.put(photo(1, (800, 600)))
    small = copies.thumbnail(sha256)
    made = small.stat().st_ino
    assert (copies.thumbnail(sha256).stat().st_ino, opened(small.read_bytes()).size) == (made, (320, 240))
    small.unlink()
    assert copies.thumbnail(sha256).is_file()
    assert len({copies.shown(sha256), copies.shown(sha256, marks=("1",)), copies.shown(sha256, marks=("2",))}) == 3


def test_no_copy_is_made_of_a_changed_original(store: FolderStore, tmp_path: Path) -> None:
    sha256 = store.put(photo())
    file_of(tmp_path, sha256).write_bytes(photo(2))
    with pytest.raises(Conflict):
        Copies(tmp_path, store).shown(sha256)
