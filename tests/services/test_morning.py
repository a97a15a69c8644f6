"""A leader's morning from real records: the five matters, what the leader has in hand, visits, changes, briefings."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.i18n import set_locale
from dashboard.services.directives import carry_out, give_instruction, propose, report
from dashboard.services.morning import Morning, morning_of
from dashboard.services.morning_briefing import leader_for
from dashboard.services.morning_visits import NEW_AFTER, Change, Since, changes_since, look
from dashboard.services.morning_words import words_of
from db import records
from db.history import data_version
from db.tables.directives import Directive
from db.tables.history import Event
from db.tables.issues import Issue
from db.tables.people import Person
from db.tables.watching import LastVisit
from db.unit_of_work import reading
from governance.errors import NotFound
from governance.morning import Reason
from governance.vocabulary import Severity
from tests.conftest import NOW, TODAY
from tests.services.loop_people import Loop, found_issue, handed_over, settle, zone
from tests.services.small_district import version, writing

ZONE = "Asia/Shanghai"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_locale("en")
    yield
    set_locale(None)


@pytest.fixture
def loop(engine: Engine) -> Loop:
    return settle(engine)


def late_issue(loop: Loop, *, days: int, **details: Any) -> tuple[Issue, Any]:
    """An issue in West, and the day on which it is so many days late."""
    issue = handed_over(loop, found_issue(loop, **details).number)
    assert issue.due_on is not None
    return issue, issue.due_on + timedelta(days=days)


def morning(loop: Loop, today: Any = TODAY, code: str | None = "leader") -> Morning:
    with reading(loop.engine) as session:
        leader = session.get_one(Person, loop.key(code)) if code else None
        return morning_of(session, leader, today=today, yellow_days=3)


def instructed(loop: Loop, issue: Issue, **details: Any) -> Directive:
    with loop.as_("leader") as work:
        return give_instruction(work, text="Cover it", issue=records.get(work.session, Issue, issue.key), **details)


def test_a_severe_late_issue_names_why_who_and_since_when(loop: Loop) -> None:
    issue, today = late_issue(loop, days=2, severity=Severity.SEVERE)
    (matter,) = morning(loop, today).matters
    words = words_of(matter, today=today)
    assert (matter.matter.reason, matter.matter.number) == (Reason.SEVERE_LATE, issue.number)
    assert ("2 days late" in words.why, words.since, words.who) == (
        True,
        "since 2 days",
        "west-1 West submit measures",
    )


@pytest.mark.parametrize("code", ["other-leader", None])
def test_the_matters_are_those_of_the_guarded_zones_or_the_district(loop: Loop, code: str | None) -> None:
    _issue, today = late_issue(loop, days=2, severity=Severity.SEVERE)
    assert len(morning(loop, today, code).matters) == (0 if code else 1)


def test_what_the_leader_asked_for_leaves_the_list_until_it_is_late(loop: Loop) -> None:
    issue, today = late_issue(loop, days=20)
    instructed(loop, issue, due_on=today + timedelta(days=2))
    assert (morning(loop, today).matters, morning(loop, today).running) == ((), 1)
    (matter,) = morning(loop, today + timedelta(days=3)).matters
    assert [cause.reason for cause in matter.matter.causes] == [Reason.DIRECTIVE_LATE, Reason.LADDER]


def test_what_was_reported_waits_for_the_leader_first(loop: Loop) -> None:
    issue, today = late_issue(loop, days=20)
    key = instructed(loop, issue, due_on=today).key
    for step in (propose, carry_out, report):
        with loop.as_("west-1") as work:
            step(work, records.get(work.session, Directive, key), "done")
    (matter,) = morning(loop, today).matters
    assert (matter.matter.reason, matter.phone) == (Reason.REPORTED, "")
    assert matter.doer is not None
    assert matter.doer.person.code == "west-1"


def test_the_phone_is_the_persons_own(loop: Loop) -> None:
    _issue, today = late_issue(loop, days=20)
    with writing(loop.engine) as work:
        person = records.get(work.session, Person, loop.key("west-1"))
        records.change(work, person, {"phone": "0633-1234"}, code="phone_changed")
    assert morning(loop, today).matters[0].phone == "0633-1234"


def test_a_visit_begins_after_half_an_hour_and_is_no_event(loop: Loop) -> None:
    found_issue(loop)
    before = version(loop.engine)

    def seen(minutes: float, seq: int) -> Since:
        moment = NOW + timedelta(minutes=minutes)
        return look(loop.engine, person_id=loop.key("leader"), page="mz:leader", now=moment, seq=seq, time_zone=ZONE)

    looks = [seen(0, 3), seen(2, 4), seen(20, 5), seen(45, 6), seen(45 + 31, 7)]
    assert [(since.is_first, since.seq) for since in looks][:4] == [(True, looks[0].seq)] * 4
    assert (looks[4].is_first, looks[4].seq, looks[4].at) == (False, 3, NOW)
    assert version(loop.engine) == before


def test_on_another_day_a_new_visit_begins_and_within_five_minutes_nothing_is_written(loop: Loop) -> None:
    given: dict[str, Any] = {"person_id": loop.key("leader"), "page": "mz:leader", "time_zone": ZONE}
    look(loop.engine, now=NOW, seq=1, **given)
    look(loop.engine, now=NOW + timedelta(minutes=3), seq=2, **given)
    with reading(loop.engine) as session:
        assert session.exec(select(LastVisit)).one().seen_at == NOW
    since = look(loop.engine, now=NOW + timedelta(days=1), seq=9, **given)
    assert (since.seq, since.at, NEW_AFTER) == (1, NOW, timedelta(minutes=30))


def test_what_changed_is_counted_from_the_events_since_then(loop: Loop) -> None:
    found_issue(loop)
    since = Since(at=NOW, seq=version(loop.engine), is_first=False)
    issue = handed_over(loop, found_issue(loop).number)
    instructed(loop, issue)
    upto = version(loop.engine)
    west = frozenset({zone(loop, "T1").key})
    given: dict[str, Any] = {"today": TODAY, "upto": upto, "time_zone": ZONE}
    found = changes_since(loop.engine, west, since, **given)
    counts = {one.change: one.count for one in found}
    assert counts == {Change.FOUND: 1, Change.DIRECTIVES: 1, Change.CONFIRMED: 1}
    assert changes_since(loop.engine, frozenset({zone(loop, "T2").key}), since, **given) == []


def test_the_change_on_a_week_ago_follows_from_the_events(loop: Loop) -> None:
    handed_over(loop, found_issue(loop).number)
    assert morning(loop).week.unresolved_change == 1
    assert morning(loop, TODAY + timedelta(days=8)).week.unresolved_change == 0


def test_an_instruction_of_a_liaison_is_recorded_with_both_names(loop: Loop) -> None:
    issue, _today = late_issue(loop, days=0)
    with loop.as_("liaison") as work:
        give_instruction(work, text="Cover it", issue=records.get(work.session, Issue, issue.key))
    with reading(loop.engine) as session:
        event = session.exec(select(Event).where(Event.code == "instruction_given")).one()
        assert data_version(session) == event.seq
    assert (event.actor_id, event.on_behalf_of_id) == (loop.key("liaison"), loop.key("leader"))


@pytest.mark.parametrize(
    ("who", "code", "is_allowed"),
    [
        ("leader", "leader", True),
        ("liaison", "leader", True),
        ("leader", "other-leader", False),
        ("leader", None, False),
        ("bureau-1", "other-leader", True),
        ("committee-1", None, True),
        ("west-1", "leader", False),
        ("display", "leader", False),
        ("bureau-1", "west-1", False),
    ],
)
def test_a_briefing_is_for_whoever_may_open_the_page(loop: Loop, who: str, code: str | None, is_allowed: bool) -> None:
    with reading(loop.engine) as session:
        try:
            leader_for(session, loop.actor(who), code, today=TODAY)
        except NotFound:
            assert not is_allowed
        else:
            assert is_allowed
