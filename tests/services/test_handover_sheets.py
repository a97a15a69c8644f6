"""Handover sheets on both databases: what they say, in Word as in PDF, and who may have them."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from docx import Document
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.documents.official import OfficialDocument, lines_of, texts_of
from dashboard.documents.pdf import pdf_bytes
from dashboard.documents.word import word_bytes
from dashboard.i18n import set_locale
from dashboard.services import handover_sheets, roster_plans
from dashboard.services.directives import give_instruction
from dashboard.services.extensions import ask_extension, decide_extension
from dashboard.services.handover_sheets import handover_as_document
from dashboard.services.people import add_person, appoint, assign_zone
from dashboard.services.roster import fingerprints, roster
from dashboard.services.roster_lines import RosterChange
from db import records
from db.tables.issues import Issue
from db.tables.people import Person
from db.tables.plans import Plan
from db.tables.territory import Zone
from db.unit_of_work import UnitOfWork, reading
from governance.errors import NotFound
from governance.roster import Absence, Edit
from governance.vocabulary import AssignmentPart, Role, Severity
from tests.conftest import TODAY
from tests.services.loop_people import TITLE, Loop, found_issue, handed_over, settle, zone
from tests.services.small_district import writing

LEAD = AssignmentPart.LEAD
TOMORROW, NEXT_WEEK, LATER = (TODAY + timedelta(days=n) for n in (1, 7, 100))
HOSTILE = '#eval("1") <w:t>&amp; =HYPERLINK("x")'
CHANGE: dict[str, Any] = {
    "title": "Swap", "reason": HOSTILE, "document_number": "LZ-2026-7", "document_date": TODAY, "approver": "Committee",
}  # fmt: skip


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_locale("en")
    yield
    set_locale(None)


@pytest.fixture
def loop(engine: Engine) -> Loop:
    """West and East with a leader each, and two issues in West with an instruction and more time granted."""
    loop = settle(engine)
    with writing(engine) as work:
        person = records.get(work.session, Person, loop.key("other-leader"))
        east: dict[str, Any] = {"part": LEAD, "valid_from": TODAY, "reason": "division of work"}
        assign_zone(work, zone_id=zone(loop, "T2").key, person=person, **east)
        appoint(work, add_person(work, code="third-leader", name="third"), Role.DISTRICT_LEADER, valid_from=TODAY)
    issues = [handed_over(loop, found_issue(loop, severity=word).number) for word in (Severity.MINOR, Severity.SEVERE)]
    with loop.as_("leader") as work:
        give_instruction(work, text="Look after the gate", issue=work.session.get(Issue, issues[0].key))
    return loop


def base(work: UnitOfWork) -> dict[int, str]:
    return fingerprints(roster(work.session), [one.key for one in work.session.exec(select(Zone))])


def swap(loop: Loop, day: Any = TOMORROW) -> RosterChange:
    lines = (("T1", "other-leader"), ("T2", "leader"))
    edits = [
        Edit(zone_id=zone(loop, code).key, person_id=loop.key(person), part=LEAD, valid_from=day)
        for code, person in lines
    ]
    return RosterChange(**CHANGE, edits=tuple(edits))


def applied(loop: Loop, change: RosterChange) -> Plan:
    with loop.as_("bureau-1") as work:
        return roster_plans.carry_out(work, change, base=base(work))


def drafted(loop: Loop, change: RosterChange) -> Plan:
    with loop.as_("bureau-1") as work:
        return roster_plans.save_draft(work, change, base=base(work))


def sheet(loop: Loop, plan: Plan, code: str = "T1", *, who: str = "bureau-1", **given: Any) -> OfficialDocument:
    asked: dict[str, Any] = {"today": TODAY, "yellow_days": 3, **given}
    with reading(loop.engine) as session:
        return handover_as_document(session, loop.actor(who), plan.key, code, **asked)


def words(document: OfficialDocument) -> list[str]:
    return list(texts_of(document))


def test_a_sheet_names_who_hands_what_over_to_whom_and_on_which_paper(loop: Loop) -> None:
    said = words(sheet(loop, applied(loop, swap(loop))))
    for text in ("leader", "other-leader", "West", "LZ-2026-7, Jun 30, 2026", "Committee", HOSTILE, "2 / 0"):
        assert text in said, text
    assert "From Jul 1, 2026 on other-leader leads West in place of leader" in " ".join(said)
    assert said.count(TITLE) == 2
    assert [text for text in said if "signature" in text] == ["(signature)"] * 3


def test_overdue_issues_stand_first_with_who_acts_next(loop: Loop) -> None:
    said = words(sheet(loop, applied(loop, swap(loop)), today=LATER))
    assert said.index("1. What is handed over") < said.index("2. Overdue issues (2)") < said.index(TITLE)
    assert said.index(TITLE) < said.index("3. Other open issues (0)")
    assert "west-1" in said or "Township" in " ".join(said)


def test_open_directives_and_promises_are_named(loop: Loop) -> None:
    with loop.as_("west-1") as work:
        issue = work.session.exec(select(Issue).order_by(Issue.id)).first()  # type: ignore[arg-type]  # a column
        assert issue is not None
        asked = ask_extension(work, issue, wanted_due_on=issue.due_on + timedelta(days=3), reason="A part is late")
    with loop.as_("bureau-1") as work:
        decide_extension(
            work, work.session.get(type(asked), asked.key), is_granted=True, answer="Until the part is there"
        )
    said = words(sheet(loop, applied(loop, swap(loop))))
    assert "Look after the gate" in said
    assert {"More time granted", "Until the part is there"} <= set(said)


def test_no_more_than_a_page_can_bear_is_named_and_the_rest_is_said(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = applied(loop, swap(loop))
    monkeypatch.setattr(handover_sheets, "MOST_PROMISES", 0)
    monkeypatch.setattr(handover_sheets, "MOST_ISSUES", 1)
    said = words(sheet(loop, plan))
    assert (said.count(TITLE), said.count("Look after the gate")) == (1, 0)
    assert [text for text in said if text.startswith(("The sheet names the 1 open", "There are more promises"))]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_word_and_pdf_say_the_same_as_the_sheet(loop: Loop, language: str) -> None:
    plan = applied(loop, swap(loop))
    set_locale(language)
    document = sheet(loop, plan)
    word = Document(io.BytesIO(word_bytes(document)))
    written = [p.text for p in word.paragraphs]
    written += [p.text for table in word.tables for row in table.rows for cell in row.cells for p in cell.paragraphs]
    assert set(words(document)) - set(lines_of(document.note)) <= set(written)
    pages = pypdf.PdfReader(io.BytesIO(pdf_bytes(document))).pages
    printed = "".join("".join(page.extract_text().split()) for page in pages)
    assert [text for text in words(document) if "".join(text.split()) not in printed] == []


def test_a_stand_in_takes_a_zone_over_for_some_days_and_a_draft_says_so(loop: Loop) -> None:
    days = {"valid_from": TOMORROW, "valid_to": NEXT_WEEK}
    away = Absence(person_id=loop.key("leader"), stand_in_id=loop.key("other-leader"), **days)
    change = RosterChange(**CHANGE, absence=away)
    draft = sheet(loop, drafted(loop, change))
    assert draft.note.startswith("Draft")
    done = sheet(loop, applied(loop, change))
    assert "up to and including Jul 6, 2026" in " ".join(words(done))
    assert done.note == ""


def test_a_sheet_of_what_was_carried_out_does_not_change_with_the_roster(loop: Loop) -> None:
    plan = applied(loop, swap(loop))
    before = words(sheet(loop, plan))
    with loop.as_("bureau-1", hours=1) as work:
        roster_plans.undo(work, records.get(work.session, Plan, plan.key), reason="no")
    assert words(sheet(loop, plan)) == before


def test_the_day_tells_which_of_two_handovers_is_meant(loop: Loop) -> None:
    def line(person: str, **days: Any) -> Edit:
        return Edit(zone_id=zone(loop, "T1").key, person_id=loop.key(person), part=LEAD, **days)

    edits = (line("other-leader", valid_from=TOMORROW, valid_to=NEXT_WEEK), line("third-leader", valid_from=NEXT_WEEK))
    draft = drafted(loop, RosterChange(**CHANGE, edits=edits))
    assert "other-leader" in words(sheet(loop, draft))
    assert "third" in words(sheet(loop, draft, begins=NEXT_WEEK))
    with pytest.raises(NotFound):
        sheet(loop, draft, begins=LATER)


@pytest.mark.parametrize("who", ["bureau-2", "committee-1", "leader", "other-leader", "liaison", "west-1"])
def test_both_leaders_and_whoever_sees_the_zone_have_the_sheet(loop: Loop, who: str) -> None:
    assert words(sheet(loop, applied(loop, swap(loop)), who=who))


@pytest.mark.parametrize("who", ["east-1", "butler-east", "third-leader", "display"])
def test_nobody_else_has_it(loop: Loop, who: str) -> None:
    plan = applied(loop, swap(loop))
    with pytest.raises(NotFound, match="hands over no zone T1 for you"):
        sheet(loop, plan, who=who)


@pytest.mark.parametrize("who", ["leader", "other-leader", "west-1", "display"])
def test_a_draft_is_for_editors_only(loop: Loop, who: str) -> None:
    plan = drafted(loop, swap(loop))
    assert words(sheet(loop, plan, who="committee-1"))
    with pytest.raises(NotFound):
        sheet(loop, plan, who=who)


def test_a_zone_that_does_not_pass_or_a_plan_given_up_has_no_sheet(loop: Loop) -> None:
    plan = drafted(loop, swap(loop))
    for code in ("K1", "nowhere"):
        with pytest.raises(NotFound):
            sheet(loop, plan, code)
    with loop.as_("bureau-1") as work:
        roster_plans.withdraw(work, records.get(work.session, Plan, plan.key), reason="no longer needed")
    with pytest.raises(NotFound):
        sheet(loop, plan)
