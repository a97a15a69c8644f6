"""Remarks on an issue: whoever sees it may write, with the leader's name where a liaison does."""

import pytest
from sqlalchemy import Engine

from dashboard.services.comments import comments_on, write_comment
from db.unit_of_work import reading
from governance.errors import InvalidInput, NotAllowed
from tests.services.loop_people import Loop, found_issue, settle


@pytest.fixture
def loop(engine: Engine) -> Loop:
    return settle(engine)


def said(loop: Loop, code: str, issue_id: int) -> list[tuple[str, str | None, str | None]]:
    with reading(loop.engine) as session:
        rows = comments_on(session, loop.actor(code), issue_id)
    return [(comment.text, by and by.name, leader and leader.name) for comment, by, leader in rows]


def test_a_liaisons_remark_carries_both_names(loop: Loop) -> None:
    issue = found_issue(loop)
    with loop.as_("butler-west") as work:
        write_comment(work, issue, " seen again ")
    with loop.as_("liaison") as work:
        write_comment(work, issue, "by Friday")
    assert said(loop, "west-1", issue.key) == [
        ("seen again", "butler-west", None),
        ("by Friday", "liaison", "leader"),
    ]


@pytest.mark.parametrize("code", ["east-1", "butler-east", "other-leader", "display"])
def test_whoever_does_not_see_the_issue_neither_writes_nor_reads(loop: Loop, code: str) -> None:
    issue = found_issue(loop)
    with loop.as_("west-1") as work:
        write_comment(work, issue, "seen")
    with pytest.raises(NotAllowed), loop.as_(code) as work:
        write_comment(work, issue, "me too")
    assert said(loop, code, issue.key) == []


@pytest.mark.parametrize("text", ["", "  \n", "x" * 2001])
def test_a_remark_says_something_and_not_too_much(loop: Loop, text: str) -> None:
    issue = found_issue(loop)
    with pytest.raises(InvalidInput, match="1 to 2000 characters"), loop.as_("west-1") as work:
        write_comment(work, issue, text)
