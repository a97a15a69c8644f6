"""``gridguard display``: links for screens, told once and never listed."""

import json
from pathlib import Path
from typing import Any

import pytest

from dashboard.cli.app import main

Ask = Any


@pytest.fixture
def ask(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Runs a command on a new district, in English; gives exit status and JSON."""
    monkeypatch.setenv("GRIDGUARD_LOCALE", "en")
    monkeypatch.setenv("GRIDGUARD_PUBLIC_URL", "https://grid.example")

    def asked(*words: str) -> tuple[int, dict[str, Any]]:
        with pytest.raises(SystemExit) as left:
            main([*words, "--home", str(tmp_path / "home"), "--json"])
        out = capsys.readouterr().out
        return int(left.value.code or 0), json.loads(out)

    asked("init", "--district-code", "000001", "--district-name", "Harbour")
    return asked


def test_a_display_is_added_and_its_link_told_once(ask: Ask) -> None:
    status, added = ask("display", "add", "Hall 1", "--start", "show=district")
    assert (status, added["display"], added["name"], added["start"]) == (0, 1, "Hall 1", "show=district")
    assert added["link"].startswith("https://grid.example/display/")
    _status, listed = ask("display", "list")
    (row,) = listed["displays"]
    assert row == {name: value for name, value in added.items() if name != "link"}


def test_a_new_link_is_another_one(ask: Ask) -> None:
    _status, added = ask("display", "add", "Hall 1")
    status, renewed = ask("display", "renew", "1")
    assert (status, added["start"], renewed["link"] == added["link"]) == (0, "play=1", False)


def test_a_display_is_withdrawn_for_good(ask: Ask) -> None:
    ask("display", "add", "Hall 1")
    status, gone = ask("display", "withdraw", "1", "--reason", "moved")
    assert (status, gone["withdrawn_on"] is not None, "link" in gone) == (0, True, False)
    status, refused = ask("display", "renew", "1")
    assert (status, refused["error"]["code"]) == (1, "display_withdrawn")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("add", ""), "display_name"),
        (("add", "x", "--start", "next=//evil.example"), "display_start"),
        (("renew", "7"), "no_such_record"),
    ],
)
def test_what_cannot_be_is_refused(ask: Ask, words: tuple[str, ...], code: str) -> None:
    status, refused = ask("display", *words)
    assert (status, refused["error"]["code"]) == (1, code)
