"""A long-term item without steps is no plan, also where several issues are dealt with at once."""

from datetime import date

import pytest
from sqlalchemy import Engine

from dashboard.services.issue_actions import ManyRefused, act_on_many
from db.tables.issues import Issue
from governance.stages import Action
from governance.vocabulary import Stage
from tests.services.loop_people import found_issue, handed_over, settle
from tests.services.small_district import only


def test_nothing_becomes_long_term_in_bulk_without_a_plan(engine: Engine) -> None:
    loop = settle(engine)
    issue = handed_over(loop, found_issue(loop).number)
    values = {"reason": "takes long", "review_due_on": date(2099, 1, 1)}
    with pytest.raises(ManyRefused), loop.as_("bureau-1") as work:
        act_on_many(work, [issue.number], Action.KEEP_LONG_TERM, values)
    assert only(engine, Issue).stage == Stage.RECTIFYING
