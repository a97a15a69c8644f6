"""Supervision orders and leaders' instructions in words, with the slip for the report on them."""

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
    numbered,
)
from dashboard.i18n import _, current_locale, ngettext, shown_date
from governance.vocabulary import DirectiveKind


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
        sections.append((_("Issues concerned"), issues_blocks(facts.issues)))
    sections.append((_("Deadline and report"), [Paragraph(due), *_reminders(facts)]))
    return OfficialDocument(
        language=current_locale(),
        title=(facts.issuer, _("Supervision order") if is_order else _("Form for a leader's instruction")),
        number=_("No. {number}", number=facts.number),
        addressee=_("To {addressee}:", addressee=facts.addressee),
        blocks=(Paragraph(_order_opening(facts)), *numbered(sections)),
        issuer=facts.issuer,
        day=shown_date(facts.issued_on),
        issued_on=facts.issued_on,
        slip=_report_slip(facts),
        note=demo_note(facts.is_demo),
    )


def _report_slip(facts: OrderFacts) -> Slip:
    answer = facts.answer
    return Slip(
        title=_("Report on how the matter was dealt with"),
        rows=(
            SlipRow(_("Number of the form"), facts.number),
            SlipRow(_("Unit that carries it out"), facts.addressee),
            SlipRow(_("Report by"), shown_date(facts.due_on)),
            SlipRow(_("How the matter was dealt with"), answer.text if answer else "", WORDS_MM),
            SlipRow(_("Who reports (signature)"), answered_by(answer), SIGNATURE_MM),
            SlipRow(_("Unit (seal)"), "", SEAL_MM),
            SlipRow(_("Date of the report"), answered_on(answer)),
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
