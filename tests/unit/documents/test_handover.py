"""The sheet of a handover in words: what it names, and what it says where it cannot name all."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from dashboard.documents.handover import HandoverFacts, OpenIssue, handover_document
from dashboard.documents.official import texts_of
from dashboard.i18n import set_locale
from governance.vocabulary import Light, Stage

DAY = date(2026, 6, 30)
LATE = OpenIssue(
    number="2026-00001", title="Dust", where="West", stage=Stage.RECTIFYING, next_step="Hand in measures",
    due_on=date(2026, 6, 1), light=Light.RED,
)  # fmt: skip
FACTS = HandoverFacts(
    number="1-T1", issuer="Bureau", zone="West", giver="One", taker="Two", valid_from=DAY, valid_to=None,
    reason="division of work", document_number="", document_date=None, approver="", unresolved=1, overdue=1, clues=2,
    enterprises=3, issues=(LATE,), promises=(), directives=(), as_of=DAY,
)  # fmt: skip


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_locale("en")
    yield
    set_locale(None)


def words(facts: HandoverFacts) -> list[str]:
    return list(texts_of(handover_document(facts)))


def test_what_is_empty_is_said_to_be() -> None:
    said = words(FACTS)
    assert said.count("None.") == 3
    assert said[said.index("3. Other open issues (0)") + 1] == "None."


def test_a_sheet_that_cannot_name_all_says_where_the_others_are() -> None:
    said = words(replace(FACTS, unresolved=5000, overdue=4000))
    assert said[said.index("3. Other open issues (1000)") + 1].startswith("The sheet names the 1 open issues")
    assert said.count("None.") == 2


def test_a_sheet_that_leaves_promises_out_says_so() -> None:
    told = "There are more promises or instructions than the sheet names"
    assert [any(text.startswith(told) for text in words(replace(FACTS, is_cut=cut))) for cut in (True, False)] == [
        True,
        False,
    ]


@pytest.mark.parametrize("names", [{"giver": ""}, {"taker": ""}])
def test_a_zone_without_a_lead_is_said_to_have_none(names: dict[str, str]) -> None:
    assert "nobody" in words(replace(FACTS, **names))  # type: ignore[arg-type]  # only words


def test_a_draft_in_a_demo_says_both_on_every_page() -> None:
    note = handover_document(replace(FACTS, is_draft=True, is_demo=True)).note
    assert note.startswith("Draft")
    assert "Demonstration" in note


def test_the_last_page_has_room_for_both_and_a_witness() -> None:
    slip = handover_document(FACTS).slip
    assert slip is not None
    assert [row.label.split("\n")[0] for row in slip.rows if "(signature)" in row.label] == [
        "Handed over by",
        "Taken over by",
        "Witness",
    ]
