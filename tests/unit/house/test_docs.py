"""The documents keep up: a setting, command, page or stage that nobody wrote about fails here."""

import re
from collections.abc import Iterator

import pytest
import typer

from governance.vocabulary import Stage
from tests.unit.house.conftest import ROOT

VARIABLE = re.compile(r"\bGRIDGUARD_(?!TEST_)[A-Z0-9_]+\b")


def document(name: str) -> str:
    path = ROOT / "docs" / name
    assert path.exists(), f"docs/{name} is missing"
    return path.read_text(encoding="utf-8")


def setting_variables() -> set[str]:
    from dashboard.settings import Settings

    return {f"GRIDGUARD_{name.upper()}" for name in Settings.model_fields}


def commands(command: object, words: tuple[str, ...] = ()) -> Iterator[str]:
    """Each command of the command line with its group, as it is typed."""
    inner: dict[str, object] = getattr(command, "commands", {})
    for name, part in inner.items():
        yield from commands(part, (*words, name))
    if not inner:
        yield " ".join(words)


def command_line() -> list[str]:
    from dashboard.cli.app import app

    return sorted(commands(typer.main.get_command(app)))


def page_addresses() -> list[str]:
    from dashboard.registry import PAGES

    return sorted(f"/{page.url.strip('/')}" for page in PAGES)


def test_every_setting_is_documented() -> None:
    assert setting_variables() - set(VARIABLE.findall(document("settings.md"))) == set()


def test_every_documented_setting_exists() -> None:
    assert set(VARIABLE.findall(document("settings.md"))) - setting_variables() == set()


def test_every_command_is_documented() -> None:
    text = document("commands.md")
    assert [name for name in command_line() if not re.search(rf"`(?:gridguard )?{name}\b", text)] == []


def test_every_page_is_documented() -> None:
    text = document("glossary.md")
    assert [address for address in page_addresses() if f"`{address}`" not in text] == []


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_is_documented(stage: Stage) -> None:
    assert re.search(rf"\b{stage.value}\b", document("glossary.md"))


@pytest.mark.parametrize("name", ["README.md", "README*zh*.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"])
def test_a_stranger_finds_the_usual_files(name: str) -> None:
    assert [path for path in ROOT.glob(name) if path.stat().st_size > 0] != []
