"""Files that people hand in: kept once, for their owner alone, and forgotten."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from dashboard.application import close_databases, open_database
from dashboard.services import uploads
from dashboard.services.uploads import file_for, forget_old, keep_upload
from dashboard.settings import Settings
from governance.errors import InvalidInput, NotFound
from tests.conftest import NOW

ENDINGS = ("csv", "xlsx")


def keep(home: Path, content: bytes = b"a,b", *, name: str = "ledger.csv", person: int = 7) -> Path:
    return keep_upload(home, person, name=name, content=content, endings=ENDINGS).path


def age(path: Path, **amount: float) -> None:
    moment = (NOW - timedelta(**amount)).timestamp()
    os.utime(path, (moment, moment))


def test_a_file_is_open_to_nobody_else_on_the_machine(tmp_path: Path) -> None:
    path = keep(tmp_path)
    modes = [one.stat().st_mode & 0o077 for one in (path, path.parent, path.parent.parent)]
    assert (path.read_bytes(), modes) == (b"a,b", [0, 0, 0])


def test_the_same_file_is_kept_once_and_never_half(tmp_path: Path) -> None:
    path = keep(tmp_path)
    written = path.stat().st_ino, path.stat().st_mtime_ns
    age(path, hours=23)
    assert keep(tmp_path, name="other.csv") == path
    assert path.stat().st_ino == written[0], "whoever reads it just now would read half a file"
    assert forget_old(tmp_path, now=NOW + timedelta(hours=2)) == 0
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_two_people_have_two_files(tmp_path: Path) -> None:
    assert keep(tmp_path, person=7) != keep(tmp_path, person=8)


def test_old_files_are_forgotten(tmp_path: Path) -> None:
    old, new = keep(tmp_path, b"old"), keep(tmp_path, b"new")
    age(old, days=1, seconds=1)
    age(new, hours=23)
    assert (forget_old(tmp_path, now=NOW), old.exists(), new.exists()) == (1, False, True)


def test_a_file_that_somebody_else_forgets_at_the_same_time_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / uploads.FOLDER / "7" / "gone.csv"
    monkeypatch.setattr(Path, "glob", lambda *_args: iter([gone]))
    assert forget_old(tmp_path, now=NOW) == 0


@pytest.mark.parametrize("name", ["ledger.exe", "csv", ".csv/../x", "ledger.csv\x00.exe", "ledger.csv "])
def test_another_ending_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match="is not taken here"):
        keep(tmp_path, name=name)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a" * 32, f"{'A' * 32}.csv", f"{'a' * 32}.csv\n", f"/{'a' * 32}.csv"]
)
def test_a_name_of_another_form_is_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        file_for(tmp_path, 7, name)


def test_a_new_database_is_open_to_nobody_else_even_in_a_shared_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    open_database(Settings(home=tmp_path), upgrade=True)
    close_databases()
    assert [path.stat().st_mode & 0o077 for path in tmp_path.glob("gridguard.db*")] == [0]
