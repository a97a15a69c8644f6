"""Rectification notices and supervision orders in words: what stands where, in the language of whoever asks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.documents.official import (
    Block,
    Heading,
    OfficialDocument,
    Paragraph,
    Photo,
    Photos,
    Slip,
    SlipRow,
    Table,
)
from dashboard.i18n import _, current_locale, label, ngettext, pgettext, shown_date
from governance.vocabulary import DirectiveKind, NoticeKind

_SIGNATURE_MM, _SEAL_MM, _WORDS_MM = 16, 32, 70
_ISSUE_SHARES: Final = (8.0, 17.0, 33.0, 26.0, 16.0)


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


@dataclass(frozen=True, kw_only=True)
class NoticeFacts:
    """A rectification notice as it is recorded.

    Attributes
    ----------
    addressee
        The enterprise, or the place where there is none.
    due_on
        By when all of it is put right; None where each issue has a day of its own only.
    """

    kind: NoticeKind
    number: str
    issuer: str
    addressee: str
    credit_code: str = ""
    issued_on: date
    due_on: date | None = None
    requirement: str = ""
    issues: tuple[NamedIssue, ...] = ()
    answer: Answer | None = None
    is_demo: bool = False


@dataclass(frozen=True, kw_only=True)
class OrderFacts:
    """A supervision order, or a leader's instruction as it is passed on.

    Attributes
    ----------
    issuer
        The office that presses and follows to the end.
    leader
        Who gave the instruction, or for whom the order was given; empty for none.
    addressee
        The unit or the person that carries it out.
    text
        What is asked for.
    times_urged, urged_on
        Reminders so far.
    """

    number: str
    kind: DirectiveKind = DirectiveKind.SUPERVISION_ORDER
    issuer: str
    addressee: str
    leader: str = ""
    text: str
    issued_on: date
    due_on: date
    issues: tuple[NamedIssue, ...] = ()
    times_urged: int = 0
    urged_on: date | None = None
    answer: Answer | None = None
    is_demo: bool = False


def notice_document(facts: NoticeFacts) -> OfficialDocument:
    """Return a rectification notice with its reply slip, in the current language.

    Parameters
    ----------
    facts : NoticeFacts

    Returns
    -------
    OfficialDocument
        The issues in the order given. It claims no legal force: orders to correct are enforcement's own acts.
    """
    count = len(facts.issues)
    opening = ngettext(
        "In a check {number} environmental problem was found on your premises. "
        "You are hereby notified to put it right as follows.",
        "In checks {number} environmental problems were found on your premises. "
        "You are hereby notified to put them right as follows.",
        count,
    )
    sections: list[tuple[str, list[Block]]] = [
        (_("What was found"), _issues_blocks(facts.issues)),
        (_("What is required"), _required(facts)),
        (_("By when"), [Paragraph(_deadline(facts.due_on, facts.issues))]),
        (_("How to answer"), [Paragraph(text) for text in _how_to_answer()]),
    ]
    return OfficialDocument(
        language=current_locale(),
        title=(facts.issuer, label(facts.kind)),
        number=_("No. {number}", number=facts.number),
        addressee=_("To {addressee}:", addressee=facts.addressee),
        blocks=(Paragraph(opening), *_numbered(sections)),
        issuer=facts.issuer,
        day=shown_date(facts.issued_on),
        issued_on=facts.issued_on,
        slip=reply_slip(facts),
        note=_demo_note(facts.is_demo),
    )


def supervision_order_document(facts: OrderFacts) -> OfficialDocument:
    """Return a supervision order, or the form for an instruction, with the slip for its report.

    Parameters
    ----------
    facts : OrderFacts

    Returns
    -------
    OfficialDocument
        Issues as in a notice.
    """
    is_order = facts.kind == DirectiveKind.SUPERVISION_ORDER
    due = _("Please report in writing by {day} how the matter was dealt with.", day=facts.due_on)
    matter = _("The matter") if is_order else _("The instruction")
    sections: list[tuple[str, list[Block]]] = [(matter, [Paragraph(facts.text)])]
    if facts.issues:
        sections.append((_("Issues concerned"), _issues_blocks(facts.issues)))
    sections.append((_("Deadline and report"), [Paragraph(due), *_reminders(facts)]))
    return OfficialDocument(
        language=current_locale(),
        title=(facts.issuer, _("Supervision order") if is_order else _("Form for a leader's instruction")),
        number=_("No. {number}", number=facts.number),
        addressee=_("To {addressee}:", addressee=facts.addressee),
        blocks=(Paragraph(_order_opening(facts)), *_numbered(sections)),
        issuer=facts.issuer,
        day=shown_date(facts.issued_on),
        issued_on=facts.issued_on,
        slip=_report_slip(facts),
        note=_demo_note(facts.is_demo),
    )


def reply_slip(facts: NoticeFacts) -> Slip:
    """Return the slip by which an enterprise answers a notice; what was answered already stands in it."""
    answer = facts.answer
    return Slip(
        title=_("Reply on the rectification"),
        rows=(
            SlipRow(_("Number of the notice"), facts.number),
            SlipRow(_("Enterprise or place"), facts.addressee),
            SlipRow(_("Unified social credit code"), facts.credit_code),
            SlipRow(_("Numbers of the issues"), _listed(issue.number for issue in facts.issues)),
            SlipRow(_("What was put right, and how"), answer.text if answer else "", _WORDS_MM),
            SlipRow(_("Environment director (signature)"), _answered_by(answer), _SIGNATURE_MM),
            SlipRow(_("Enterprise (seal)"), "", _SEAL_MM),
            SlipRow(_("Date of the reply"), _answered_on(answer)),
        ),
    )


def _report_slip(facts: OrderFacts) -> Slip:
    answer = facts.answer
    return Slip(
        title=_("Report on how the matter was dealt with"),
        rows=(
            SlipRow(_("Number of the form"), facts.number),
            SlipRow(_("Unit that carries it out"), facts.addressee),
            SlipRow(_("Report by"), shown_date(facts.due_on)),
            SlipRow(_("How the matter was dealt with"), answer.text if answer else "", _WORDS_MM),
            SlipRow(_("Who reports (signature)"), _answered_by(answer), _SIGNATURE_MM),
            SlipRow(_("Unit (seal)"), "", _SEAL_MM),
            SlipRow(_("Date of the report"), _answered_on(answer)),
        ),
    )


def _numbered(sections: Iterable[tuple[str, Iterable[Block]]]) -> Iterator[Block]:
    for number, (title, blocks) in enumerate(sections, 1):
        yield Heading(pgettext("heading number", f"{number}. ") + title)
        yield from blocks


def _issues_blocks(issues: tuple[NamedIssue, ...]) -> list[Block]:
    heads = (_("No."), _("Number"), _("Issue"), _("Requirement"), _("Due on"))
    rows = tuple(_issue_row(place, issue) for place, issue in enumerate(issues, 1))
    photos = tuple(photo for issue in issues for photo in issue.photos)
    return [Table(heads, rows, _ISSUE_SHARES), *([Photos(photos)] if photos else [])]


def _issue_row(place: int, issue: NamedIssue) -> tuple[str, ...]:
    what = "\n".join(text for text in (issue.title, issue.where, issue.description) if text)
    standard = _("Standard: {standard}", standard=issue.standard) if issue.standard else ""
    required = "\n".join(text for text in (issue.requirement, standard) if text)
    return str(place), issue.number, what, required, shown_date(issue.due_on) if issue.due_on else "—"


def _required(facts: NoticeFacts) -> list[Block]:
    usual = _("Put each issue right as the table requires, keep records of it, and see to it that it does not recur.")
    return [Paragraph(facts.requirement or usual)]


def _deadline(due_on: date | None, issues: tuple[NamedIssue, ...]) -> str:
    if due_on is None:
        return _("The day of each issue is given in the table.")
    if any(issue.due_on and issue.due_on != due_on for issue in issues):
        return _(
            "The day of each issue is given in the table; all of it is to be put right by {day} at the latest.",
            day=due_on,
        )
    return _("All of it is to be put right by {day}.", day=due_on)


def _how_to_answer() -> tuple[str, ...]:
    return (
        _(
            "When the rectification is done, please hand in the attached reply, signed by the environment director, "
            "with photos of before and after; the reply can also be entered online. "
            "We shall then check on the spot before the issues are signed off."
        ),
        _(
            "If you need longer, please ask for an extension with the reasons before the deadline. "
            "If you do not agree with what was found, please tell us in time."
        ),
        _(
            "This notice belongs to the everyday management of environmental problems. "
            "It does not take the place of decisions that the enforcement authority takes by law."
        ),
    )


def _order_opening(facts: OrderFacts) -> str:
    if facts.kind == DirectiveKind.INSTRUCTION:
        return _(
            "The instruction of {leader} is passed on to you. Please name a person in charge, "
            "carry it out within the time given, and report the result.",
            leader=facts.leader,
        )
    return _(
        "The following matter is now under supervision. Please name a person in charge, "
        "deal with it within the time given, and report the result."
    )


def _reminders(facts: OrderFacts) -> list[Block]:
    if not facts.times_urged or facts.urged_on is None:
        return []
    return [
        Paragraph(
            ngettext(
                "{number} reminder has been sent, on {day}.",
                "{number} reminders have been sent, the last one on {day}.",
                facts.times_urged,
                day=facts.urged_on,
            )
        )
    ]


def _answered_by(answer: Answer | None) -> str:
    return _("Entered online by {name}", name=answer.by) if answer and answer.by else ""


def _answered_on(answer: Answer | None) -> str:
    return shown_date(answer.on) if answer and answer.on else ""


def _listed(texts: Iterable[str]) -> str:
    return pgettext("list separator", ", ").join(texts)


def _demo_note(is_demo: bool) -> str:  # noqa: FBT001 - one switch, named by the function
    return _("Demonstration: synthetic data, without any force") if is_demo else ""
