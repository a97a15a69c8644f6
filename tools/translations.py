"""Checks the catalogues against the code: ``python -m tools.translations``.

Every text that is translated somewhere (calls of ``_``, ``ngettext`` and ``pgettext``, and the templates of
errors) and every word of the vocabulary must stand in the Chinese catalogue, with the same places.
"""

import inspect
import string
import sys
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path
from types import ModuleType

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import geo.errors
import governance.errors
import governance.vocabulary

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "dashboard" / "locale"
COMPLETE_LOCALE = "zh_CN"
SOURCES = ("dashboard", "governance", "geo", "db", "pages")
Key = tuple[str | None, str]
Keyword = tuple[int | tuple[int, int] | tuple[int, str], ...] | None
FUNCTIONS: dict[str, Keyword] = {"_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}


def main() -> int:
    """Print every fault of the catalogues; 0 if there is none, else 1."""
    wanted = dict(texts_in_code()) | dict(vocabulary_words())
    faults = [fault for path in sorted(LOCALES.glob("*/LC_MESSAGES/*.po")) for fault in _faults(path, wanted)]
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(wanted)} texts, {len(faults)} faults in the catalogues")
    return 1 if faults else 0


def texts_in_code() -> Iterator[tuple[Key, str]]:
    """Each text that the code hands to a translating function or to an error, with its place in the code."""
    template: Keyword = (2,)
    keywords = FUNCTIONS | dict.fromkeys(_names(governance.errors, geo.errors), template)
    for folder in SOURCES:
        found = extract_from_dir(ROOT / folder, method_map=[("**.py", "python")], keywords=keywords)
        for file, line, text, _, context in found:
            singular = text[0] if isinstance(text, tuple) else text
            yield (context, singular), f"{folder}/{file}:{line}"


def vocabulary_words() -> Iterator[tuple[Key, str]]:
    """Each member of the vocabulary, as its label is looked up."""
    for name, words in inspect.getmembers(governance.vocabulary, inspect.isclass):
        if issubclass(words, Enum) and words.__module__ == governance.vocabulary.__name__:
            yield from (((name, str(word.value)), "governance/vocabulary.py") for word in words)


def catalogue_faults(catalogue: Catalog, wanted: Iterable[tuple[Key, str]]) -> Iterator[str]:
    """What is missing in a catalogue that must be complete: texts without an entry."""
    for (context, text), place in wanted:
        if catalogue.get(text, context) is None:
            yield f"{place}: not in the catalogue: {text!r}" + (f" (context {context})" if context else "")


def entry_faults(catalogue: Catalog) -> Iterator[str]:
    """What is wrong with a catalogue's own entries: empty, fuzzy, or with other {places} than the text."""
    for entry in catalogue:
        if not entry.id:
            continue
        if entry.fuzzy or not all(_strings(entry)):
            yield f"line {entry.lineno}: not translated: {entry.id!r}"
        elif _places(*_strings(entry)) != _places(*_ids(entry)):
            yield f"line {entry.lineno}: the translation has other places than the text: {entry.id!r}"


def _faults(path: Path, wanted: dict[Key, str]) -> Iterator[str]:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parts[-3])
    where = path.relative_to(ROOT)
    if path.parts[-3] == COMPLETE_LOCALE:
        yield from (f"{fault} [{where}]" for fault in catalogue_faults(catalogue, wanted.items()))
    yield from (f"{where}, {fault}" for fault in entry_faults(catalogue))


def _names(*modules: ModuleType) -> Iterator[str]:
    for module in modules:
        for name, member in inspect.getmembers(module, inspect.isclass):
            if issubclass(member, Exception):
                yield name


def _ids(entry: Message) -> tuple[str, ...]:
    return tuple(entry.id) if isinstance(entry.id, list | tuple) else (str(entry.id),)


def _strings(entry: Message) -> tuple[str, ...]:
    return tuple(entry.string) if isinstance(entry.string, list | tuple) else (str(entry.string),)


def _places(*texts: str) -> set[str]:
    return {place for text in texts for _, place, _, _ in string.Formatter().parse(text) if place}


if __name__ == "__main__":
    sys.exit(main())
