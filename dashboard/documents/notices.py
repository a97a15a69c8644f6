"""Rectification notices in words, in the language of whoever asks, with the slip by which they are answered."""

from dataclasses import dataclass
from datetime import date

from dashboard.documents.official import Block, OfficialDocument, Paragraph, Slip, SlipRow
from dashboard.documents.wording import (
    SEAL_MM,
    SIGNATURE_MM,
    WORDS_MM,
    Answer,
    NamedIssue,
    answered_by,
    answered_on,
    demo_note,
    issues_blocks,
    listed,
    numbered,
)
from dashboard.i18n import _, current_locale, label, ngettext, shown_date
from governance.vocabulary import NoticeKind


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
        (_("What was found"), issues_blocks(facts.issues)),
        (_("What is required"), _required(facts)),
        (_("By when"), [Paragraph(_deadline(facts.due_on, facts.issues))]),
        (_("How to answer"), [Paragraph(text) for text in _how_to_answer()]),
    ]
    return OfficialDocument(
        language=current_locale(),
        title=(facts.issuer, label(facts.kind)),
        number=_("No. {number}", number=facts.number),
        addressee=_("To {addressee}:", addressee=facts.addressee),
        blocks=(Paragraph(opening), *numbered(sections)),
        issuer=facts.issuer,
        day=shown_date(facts.issued_on),
        issued_on=facts.issued_on,
        slip=reply_slip(facts),
        note=demo_note(facts.is_demo),
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
            SlipRow(_("Numbers of the issues"), listed(issue.number for issue in facts.issues)),
            SlipRow(_("What was put right, and how"), answer.text if answer else "", WORDS_MM),
            SlipRow(_("Environment director (signature)"), answered_by(answer), SIGNATURE_MM),
            SlipRow(_("Enterprise (seal)"), "", SEAL_MM),
            SlipRow(_("Date of the reply"), answered_on(answer)),
        ),
    )


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
