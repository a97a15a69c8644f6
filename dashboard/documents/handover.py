"""The sheet by which one leader hands a zone over to another: what is open, what was promised, places to sign."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dashboard.documents.official import Block, OfficialDocument, Paragraph, Slip, SlipRow, Table
from dashboard.documents.wording import SIGNATURE_MM, demo_note, listed, numbered
from dashboard.i18n import _, current_locale, label, pgettext, shown_date, shown_number
from governance.vocabulary import DirectiveKind, DirectiveState, Light, Stage

NOTES_MM: Final = 60
_FACTS: Final = (30.0, 70.0)
_ISSUES: Final = (15.0, 25.0, 9.0, 19.0, 24.0, 8.0)
_PROMISES: Final = (16.0, 18.0, 42.0, 24.0)
_DIRECTIVES: Final = (16.0, 30.0, 17.0, 13.0, 24.0)


@dataclass(frozen=True, kw_only=True)
class OpenIssue:
    """An unresolved issue as the sheet names it.

    Attributes
    ----------
    where
        Enterprise, place and township as they are read.
    next_step
        What must be done next, and by whom; empty when nothing is left.
    """

    number: str
    title: str
    where: str
    stage: Stage
    next_step: str
    due_on: date | None
    light: Light


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What somebody promised for an open issue: ``kind`` in words, and by which day; None without a day."""

    issue: str
    kind: str
    text: str
    due_on: date | None


@dataclass(frozen=True, kw_only=True)
class OpenDirective:
    """An instruction or a supervision order that is not done."""

    number: str
    kind: DirectiveKind
    text: str
    doer: str
    state: DirectiveState
    due_on: date


@dataclass(frozen=True, kw_only=True)
class HandoverFacts:
    """A handover with what goes with the zone on the day of the sheet.

    Attributes
    ----------
    number
        Of the sheet.
    issuer
        The office that keeps the roster.
    giver, taker
        The leaders; empty where nobody led before, or nobody is to lead.
    valid_from, valid_to
        Local days [from, to); without an end None.
    document_number, document_date, approver
        What the change rests on; empty or None where nothing is recorded.
    issues
        Overdue ones first; the sheet may name fewer than the ``unresolved`` that there are.
    is_cut
        There are more promises of one kind, or more directives, than are named.
    """

    number: str
    issuer: str
    zone: str
    giver: str
    taker: str
    valid_from: date
    valid_to: date | None
    reason: str
    document_number: str
    document_date: date | None
    approver: str
    unresolved: int
    overdue: int
    clues: int
    enterprises: int
    issues: tuple[OpenIssue, ...]
    promises: tuple[Promise, ...]
    directives: tuple[OpenDirective, ...]
    as_of: date
    is_cut: bool = False
    is_draft: bool = False
    is_demo: bool = False


def handover_document(facts: HandoverFacts) -> OfficialDocument:
    """Return the sheet of a handover in the current language, with a page for notes and signatures."""
    late = tuple(issue for issue in facts.issues if issue.light == Light.RED)
    others = tuple(issue for issue in facts.issues if issue.light != Light.RED)
    further = facts.unresolved - facts.overdue
    sections: list[tuple[str, list[Block]]] = [
        (_("What is handed over"), [_facts_table(facts)]),
        (_("Overdue issues ({number})", number=facts.overdue), _issues(late, facts.overdue)),
        (_("Other open issues ({number})", number=further), [*_issues(others, further), *_left(facts)]),
        (_("What was promised"), _promises(facts.promises)),
        (_("Open instructions and supervision orders"), [*_directives(facts.directives), *_cut(facts)]),
    ]
    draft = _("Draft: this change of the roster is not carried out yet") if facts.is_draft else ""
    return OfficialDocument(
        language=current_locale(),
        title=(facts.issuer, _("Handover sheet for a zone")),
        number=_("No. {number}", number=facts.number),
        addressee="",
        blocks=(Paragraph(_opening(facts)), *numbered(sections)),
        issuer=facts.issuer,
        day=shown_date(facts.as_of),
        issued_on=facts.as_of,
        slip=_slip(facts),
        note="    ".join(filter(None, (draft, demo_note(facts.is_demo)))),
    )


def _opening(facts: HandoverFacts) -> str:
    if facts.valid_to is None:
        return _(
            "From {day} on {taker} leads {zone} in place of {giver}. What is open there on {today} goes with it.",
            day=facts.valid_from,
            taker=_somebody(facts.taker),
            zone=facts.zone,
            giver=_somebody(facts.giver),
            today=facts.as_of,
        )
    return _(
        "From {day} up to and including {last} {taker} leads {zone} in place of {giver}. "
        "What is open there on {today} goes with it.",
        day=facts.valid_from,
        last=facts.valid_to - timedelta(days=1),
        taker=_somebody(facts.taker),
        zone=facts.zone,
        giver=_somebody(facts.giver),
        today=facts.as_of,
    )


def _somebody(name: str) -> str:
    return name or pgettext("lead", "nobody")


def _facts_table(facts: HandoverFacts) -> Table:
    paper = listed(
        filter(None, (facts.document_number, shown_date(facts.document_date) if facts.document_date else ""))
    )
    rows = (
        (_("Zone"), facts.zone),
        (_("Handed over by"), _somebody(facts.giver)),
        (_("Taken over by"), _somebody(facts.taker)),
        (_("From day"), shown_date(facts.valid_from)),
        (_("Rests on"), paper or "—"),
        (_("Approved by"), facts.approver or "—"),
        (_("Reason"), facts.reason),
        (_("Unresolved, of them overdue"), f"{shown_number(facts.unresolved)} / {shown_number(facts.overdue)}"),
        (_("Clues to be confirmed"), shown_number(facts.clues)),
        (_("Enterprises"), shown_number(facts.enterprises)),
    )
    return Table((_("Item"), _("Content")), rows, _FACTS)


def _issues(issues: tuple[OpenIssue, ...], total: int) -> list[Block]:
    """A table of those that the sheet names; nothing where there are some and it names none."""
    if not issues:
        return [] if total else [Paragraph(pgettext("section", "None."))]
    heads = (_("Number"), _("Issue"), _("Stage"), _("Who acts next"), _("Due on"), _("Light"))
    return [Table(heads, tuple(_issue_row(issue) for issue in issues), _ISSUES)]


def _issue_row(issue: OpenIssue) -> tuple[str, ...]:
    what = "\n".join(text for text in (issue.title, issue.where) if text)
    return issue.number, what, label(issue.stage), issue.next_step or "—", _day(issue.due_on), label(issue.light)


def _left(facts: HandoverFacts) -> list[Block]:
    """Say how many open issues the sheet does not name."""
    if len(facts.issues) >= facts.unresolved:
        return []
    return [
        Paragraph(
            _(
                "The sheet names the {shown} open issues with the earliest deadlines of {total}; "
                "the ledger of the zone has all of them.",
                shown=len(facts.issues),
                total=facts.unresolved,
            )
        )
    ]


def _promises(promises: tuple[Promise, ...]) -> list[Block]:
    if not promises:
        return [Paragraph(pgettext("section", "None."))]
    heads = (_("Number"), _("Promise"), _("Content"), _("By day"))
    rows = tuple((one.issue, one.kind, one.text, _day(one.due_on)) for one in promises)
    return [Table(heads, rows, _PROMISES)]


def _directives(directives: tuple[OpenDirective, ...]) -> list[Block]:
    if not directives:
        return [Paragraph(pgettext("section", "None."))]
    heads = (_("Number"), _("Content"), _("Carried out by"), _("State"), _("Due on"))
    rows = tuple(
        (one.number, f"{label(one.kind)}\n{one.text}", one.doer or "—", label(one.state), _day(one.due_on))
        for one in directives
    )
    return [Table(heads, rows, _DIRECTIVES)]


def _cut(facts: HandoverFacts) -> list[Block]:
    told = _("There are more promises or instructions than the sheet names; the pages of the issues have all of them.")
    return [Paragraph(told)] if facts.is_cut else []


def _slip(facts: HandoverFacts) -> Slip:
    return Slip(
        title=_("Handing over and taking over"),
        rows=(
            SlipRow(_("Zone"), facts.zone),
            SlipRow(_("From day"), shown_date(facts.valid_from)),
            SlipRow(_("Notes"), "", NOTES_MM),
            SlipRow(_signature(_("Handed over by"), facts.giver), "", SIGNATURE_MM),
            SlipRow(_signature(_("Taken over by"), facts.taker), "", SIGNATURE_MM),
            SlipRow(_signature(_("Witness"), ""), "", SIGNATURE_MM),
            SlipRow(_("Date of signing"), ""),
        ),
    )


def _signature(part: str, name: str) -> str:
    return "\n".join(filter(None, (part, name, _("(signature)"))))


def _day(day: date | None) -> str:
    return shown_date(day) if day else "—"
