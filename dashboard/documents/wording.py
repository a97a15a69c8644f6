"""What the documents have in common: issues as they are named, numbered headings, answers, the demo's note."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.documents.official import Block, Heading, Photo, Photos, Table
from dashboard.i18n import _, pgettext, shown_date

SIGNATURE_MM, SEAL_MM, WORDS_MM = 16, 32, 70
_ISSUE_SHARES: Final = (8.0, 15.0, 33.0, 22.0, 22.0)


@dataclass(frozen=True, kw_only=True)
class NamedIssue:
    """An issue as a document names it.

    Attributes
    ----------
    where
        Enterprise, place and township as they are read.
    standard
        By which it was judged; empty where none applies.
    """

    number: str
    title: str
    where: str = ""
    description: str = ""
    requirement: str = ""
    standard: str = ""
    due_on: date | None = None
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was answered: the words, by whom, on which day."""

    text: str
    by: str
    on: date | None


def numbered(sections: Iterable[tuple[str, Iterable[Block]]]) -> Iterator[Block]:
    """Headings with their numbers, each followed by its blocks."""
    for number, (title, blocks) in enumerate(sections, 1):
        yield Heading(pgettext("heading number", f"{number}. ") + title)
        yield from blocks


def issues_blocks(issues: tuple[NamedIssue, ...]) -> list[Block]:
    """A table of the issues in the order given, and their photos."""
    heads = (_("No."), _("Number"), _("Issue"), _("Requirement"), _("Due on"))
    rows = tuple(_issue_row(place, issue) for place, issue in enumerate(issues, 1))
    photos = tuple(photo for issue in issues for photo in issue.photos)
    return [Table(heads, rows, _ISSUE_SHARES), *([Photos(photos)] if photos else [])]


def _issue_row(place: int, issue: NamedIssue) -> tuple[str, ...]:
    what = "\n".join(text for text in (issue.title, issue.where, issue.description) if text)
    standard = _("Standard: {standard}", standard=issue.standard) if issue.standard else ""
    required = "\n".join(text for text in (issue.requirement, standard) if text)
    return str(place), issue.number, what, required, shown_date(issue.due_on) if issue.due_on else "—"


def answered_by(answer: Answer | None) -> str:
    """Who answered online; empty without an answer."""
    return _("Entered online by {name}", name=answer.by) if answer and answer.by else ""


def answered_on(answer: Answer | None) -> str:
    """On which day it was answered; empty without an answer."""
    return shown_date(answer.on) if answer and answer.on else ""


def listed(texts: Iterable[str]) -> str:
    """Texts one after the other, as lists are written in the language."""
    return pgettext("list separator", ", ").join(texts)


def demo_note(is_demo: bool) -> str:  # noqa: FBT001 - one switch, named by the function
    """What stands on every page of a demo district's documents; empty for a real one."""
    return _("Demonstration: synthetic data, without any force") if is_demo else ""
