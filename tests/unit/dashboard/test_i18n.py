"""Languages: every label and sentence is translated, with the same places, and shown as people read it."""

import ast
import inspect
import re
import string
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from dashboard import i18n
from governance import vocabulary
from governance.errors import NotAllowed
from governance.vocabulary import Light, Stage

ROOT = Path(__file__).resolve().parents[3]
SOURCES = ("governance", "geo", "db", "dashboard", "pages")
MARKERS = {"_": (0,), "N_": (0,), "ngettext": (0,), "pgettext": (1,)}
CJK = re.compile(r"[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]")
TEMPLATE_TEXT = re.compile(r"""\b_\(\s*("(?:[^"\\]|\\.)*")""")

Message = tuple[str, str | None]  # msgid, context


def python_files() -> list[Path]:
    return sorted(path for folder in SOURCES for path in (ROOT / folder).rglob("*.py"))


def literal(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def name_of(function: ast.expr) -> str:
    return {ast.Name: "id", ast.Attribute: "attr"}.get(type(function), "") and getattr(
        function, {ast.Name: "id", ast.Attribute: "attr"}[type(function)]
    )


def error_classes(trees: dict[Path, ast.Module]) -> set[str]:
    """Names of all classes that descend from one of the two error families, by their names in the source."""
    bases = {
        node.name: {name_of(base) for base in node.bases}
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {"GridGuardError", "GeoError"}
    while grown := {name for name, parents in bases.items() if parents & found} - found:
        found |= grown
    return found


def texts_of_call(call: ast.Call, errors: set[str]) -> Iterator[Message]:
    name = name_of(call.func)
    context = literal(call.args[0]) if name == "pgettext" and call.args else None
    for place in MARKERS.get(name, ()):
        if place < len(call.args) and (text := literal(call.args[place])):
            yield text, context
    if name in errors:
        keywords = {keyword.arg: keyword.value for keyword in call.keywords}
        template = literal(call.args[1]) if len(call.args) > 1 else literal(keywords.get("template"))
        if template:
            yield template, None


def extracted() -> dict[Message, str]:
    """Every translatable text of the sources with the file it stands in."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in python_files()}
    errors = error_classes(trees)
    found: dict[Message, str] = {}
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                found |= dict.fromkeys(texts_of_call(node, errors), path.relative_to(ROOT).as_posix())
    for path in (ROOT / "dashboard" / "templates").glob("*.html"):
        for text in TEMPLATE_TEXT.findall(path.read_text(encoding="utf-8")):
            found[ast.literal_eval(text), None] = path.name
    return found


def catalogue(locale: str) -> Catalog:
    with i18n.catalogue_path(locale).open("rb") as file:
        return read_po(file, locale=locale)


def places(text: str) -> set[str]:
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(text) if name}


def translations(locale: str, message: Message) -> list[str]:
    found = catalogue_of[locale].get(message[0], context=message[1])
    if found is None or found.fuzzy:
        return []
    return [found.string] if isinstance(found.string, str) else list(found.string)


catalogue_of = {locale: catalogue(locale) for locale in i18n.LOCALES}
MEMBERS = [
    member
    for value in vars(vocabulary).values()
    if inspect.isclass(value) and issubclass(value, Enum) and value.__module__ == vocabulary.__name__
    for member in value
]


@pytest.fixture(autouse=True)
def default_language() -> Iterator[None]:
    i18n.set_locale("zh_CN")
    yield
    i18n.set_locale(None)


@pytest.mark.parametrize("locale", i18n.LOCALES)
@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: f"{type(member).__name__}.{member.name}")
def test_every_word_of_the_vocabulary_has_a_label(member: Enum, locale: str) -> None:
    labels = translations(locale, (str(member.value), type(member).__name__))
    assert any(labels)


def test_every_text_of_the_sources_is_translated() -> None:
    missing = {f"{file}: {text}" for (text, context), file in extracted().items() if not all_filled(text, context)}
    assert sorted(missing) == []


def all_filled(text: str, context: str | None) -> bool:
    found = translations("zh_CN", (text, context))
    return bool(found) and all(found)


@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_every_translation_keeps_the_places_of_its_text(locale: str) -> None:
    changed = []
    for entry in catalogue_of[locale]:
        originals = entry.id if isinstance(entry.id, tuple) else (entry.id,)
        wanted = set().union(*map(places, originals)) if entry.id else set()
        strings = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        if entry.id and any(text and places(text) != wanted for text in strings):
            changed.append(entry.id)
    assert changed == []


def test_no_chinese_stands_in_the_code() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in python_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if CJK.search(line)
    ]
    assert found == []


def test_a_label_follows_the_language() -> None:
    chinese = i18n.label(Stage.CLOSED)
    i18n.set_locale("en")
    assert (chinese, i18n.label(Stage.CLOSED)) == ("销号", "Closed")


def test_the_same_word_has_a_label_of_its_own_in_each_vocabulary() -> None:
    assert i18n.label(vocabulary.Term.LONG_TERM) == "长期整改"
    assert i18n.label(vocabulary.CheckArea.MONITORING) != i18n.label(vocabulary.Source.MONITORING)


def test_an_error_is_told_in_the_language_with_its_values_as_people_read_them() -> None:
    error = NotAllowed("code", "No sentence for {stage} on {day}, only {allowed}.", **ERROR_VALUES)
    assert i18n.message(error) == "No sentence for 销号 on 2026年5月3日, only 临期、正常."


ERROR_VALUES = {"stage": Stage.CLOSED, "day": date(2026, 5, 3), "allowed": [Light.YELLOW, Light.GREEN]}


def test_a_foreign_error_gives_its_own_text() -> None:
    assert i18n.message(ValueError("plain {text}")) == "plain {text}"


def test_braces_in_a_text_without_parameters_stay() -> None:
    assert i18n._("unknown {text}") == "unknown {text}"


def test_a_moment_is_shown_in_the_zone_of_the_district() -> None:
    assert i18n.shown_time(datetime(2026, 1, 1, 17, 30, tzinfo=UTC)) == "2026年1月2日 01:30"


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        i18n.shown_time(datetime(2026, 1, 1))  # noqa: DTZ001


def test_numbers_are_grouped_and_rounded() -> None:
    assert (i18n.shown_number(12345.678, digits=1), i18n.shown_percent(0.914, digits=1)) == ("12,345.7", "91.4%")


@pytest.mark.parametrize(("name", "locale"), [("zh-Hans-CN", "zh_CN"), ("EN_us", "en"), ("fr", None), (None, None)])
def test_a_language_is_known_by_its_first_part(name: str | None, locale: str | None) -> None:
    assert i18n.normal_locale(name) == locale


def test_a_source_is_asked_where_nobody_chose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_sources", [])
    i18n.add_locale_source(lambda: "en")
    i18n.set_locale(None)
    assert i18n.current_locale() == "en"
