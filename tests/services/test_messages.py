"""Messages: whoever must act next is told, once, of what was committed, and nobody of what is not theirs to see."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.i18n import set_locale
from dashboard.services import directives
from dashboard.services.accounts import add_account, disable_account
from dashboard.services.channels import add_channel, change_channel, channel_of
from dashboard.services.directives import give_instruction
from dashboard.services.issues import act
from dashboard.services.messages import tell
from db import records
from db.repositories import messages
from db.tables.directives import Directive
from db.tables.issues import Issue
from db.tables.messages import Message
from db.tables.people import Person
from db.unit_of_work import reading, rehearsal, unit_of_work
from governance.stages import Action
from governance.vocabulary import Role
from tests.conftest import NOW
from tests.services.loop_people import Loop, found_issue, handed_over, settle, zone
from tests.services.small_district import ACTOR, writing

PEOPLE = ("bureau-1", "committee-1", "west-1", "west-2", "east-1", "leader", "liaison", "butler-west", "butler-east")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_locale("en")
    yield
    set_locale(None)


@pytest.fixture
def loop(engine: Engine) -> Loop:
    found = settle(engine)
    for number, code in enumerate(PEOPLE):
        with found.as_(code) as work:
            add_channel(work, name=code, address=f"wecombot://key-of-{number:04}")
    tell(engine, now=NOW)
    return found


def told(loop: Loop, *, now: Any = NOW, **options: Any) -> dict[str, str]:
    """Tell, and give the words of what was written now by the names of the channels."""
    with reading(loop.engine) as session:
        before = len(session.exec(select(Message)).all())
    tell(loop.engine, now=now, **options)
    with reading(loop.engine) as session:
        rows = session.exec(select(Message).order_by(Message.id)).all()[before:]  # type: ignore[arg-type]
        names = {code: channel for channel, code in enumerate(PEOPLE, start=1)}
        return {name: row.body for name, number in names.items() for row in rows if row.channel_id == number}


def moved(loop: Loop, number: str, action: Action, *, code: str | None = None, **given: Any) -> None:
    with loop.as_(code) if code else unit_of_work(loop.engine, actor=ACTOR, now=NOW) as work:
        act(work, work.session.exec(select(Issue).where(Issue.number == number)).one(), action, **given)


def test_a_clue_is_told_to_the_township_that_confirms_it_and_not_to_the_finder(loop: Loop) -> None:
    found_issue(loop)
    assert set(told(loop)) == {"west-1", "west-2"}


def test_a_handed_over_issue_is_told_to_the_unit_and_the_person_in_charge(loop: Loop) -> None:
    handed_over(loop, found_issue(loop).number)
    words = told(loop)
    assert set(words) == {"west-1", "west-2"}
    assert "2026-00001 Heap of sand without a cover" in words["west-1"]


def test_what_happened_before_is_told_once_and_only_as_it_stands_now(loop: Loop) -> None:
    handed_over(loop, found_issue(loop).number)
    assert words_count(told(loop), "2026-00001") == {"west-1": 1, "west-2": 1}
    assert told(loop) == {}


def words_count(words: dict[str, str], part: str) -> dict[str, int]:
    return {name: body.count(part) for name, body in words.items()}


def test_a_refused_clue_is_told_to_its_finder(loop: Loop) -> None:
    number = found_issue(loop).number
    told(loop)
    moved(loop, number, Action.REFUSE, code="west-1", reason="it is covered")
    assert "it is covered" in told(loop)["butler-west"]


def test_nobody_is_told_of_the_own_act(loop: Loop) -> None:
    number = found_issue(loop).number
    told(loop)
    moved(loop, number, Action.CONFIRM, code="west-1")
    assert set(told(loop)) == {"west-2"}


def instructed(loop: Loop) -> Directive:
    with loop.as_("liaison") as work:
        return give_instruction(work, text="Cover <at all> heaps", zone=zone(loop, "T1"))


def step(loop: Loop, code: str, directive: Directive, name: str, words: str) -> None:
    with loop.as_(code) as work:
        getattr(directives, name)(work, records.get(work.session, Directive, directive.key), words)


def test_an_instruction_is_told_to_the_unit_that_carries_it_out(loop: Loop) -> None:
    number = instructed(loop).number
    words = told(loop, public_url="https://grid.example.org")
    assert set(words) == {"west-1", "west-2"}
    assert f"https://grid.example.org/directives?directive={number}" in words["west-1"]


def test_records_cannot_call_everybody_of_a_group(loop: Loop) -> None:
    instructed(loop)
    assert "<" not in "".join(told(loop).values())


def test_a_reminder_reaches_the_doers_and_a_report_whoever_asked(loop: Loop) -> None:
    directive = instructed(loop)
    told(loop)
    step(loop, "leader", directive, "urge", "this week please")
    assert set(told(loop)) == {"west-1", "west-2"}
    for name in ("propose", "carry_out", "report"):
        step(loop, "west-1", directive, name, name)
    assert set(told(loop)) == {"leader", "liaison", "committee-1"}


def test_a_roles_channel_gets_what_is_the_roles_turn(loop: Loop) -> None:
    with loop.as_("bureau-1") as work:
        channel = add_channel(work, name="Office", address="dingtalk://token12345", role=Role.BUREAU)
    with unit_of_work(loop.engine, actor=ACTOR, now=NOW) as work:
        moved_from_west = found_issue_of_nobody(work)
    tell(loop.engine, now=NOW)
    with reading(loop.engine) as session:
        bodies = [row.body for row in session.exec(select(Message).where(Message.channel_id == channel.key))]
    assert len(bodies) == 1
    assert moved_from_west in bodies[0]


def found_issue_of_nobody(work: Any) -> str:
    """An issue that a complaint brought: the bureau confirms it."""
    from dashboard.services.issues import report_issue
    from dashboard.services.placing import placing_on
    from governance.vocabulary import Category, Severity, Source

    kind = {"severity": Severity.MINOR, "category": Category.DUST, "source": Source.HOTLINE_12345}
    placing = placing_on(work.session, work.district, work.today)
    return report_issue(work, placing, title="Dust", lon=119.05, lat=35.05, **kind).number


def test_what_happens_much_is_one_message(loop: Loop) -> None:
    for _number in range(30):
        found_issue(loop)
    words = told(loop)
    assert set(words) == {"west-1", "west-2"}
    assert "more" in words["west-1"]
    assert len(words["west-1"].encode()) <= 2048


def test_switched_off_a_channel_is_told_nothing(loop: Loop) -> None:
    with loop.as_("west-1") as work:
        change_channel(work, channel_of(work.session, work.actor, PEOPLE.index("west-1") + 1), is_enabled=False)
    found_issue(loop)
    assert set(told(loop)) == {"west-2"}


def test_whoever_may_not_sign_in_any_more_is_told_nothing(loop: Loop) -> None:
    with writing(loop.engine) as work:
        add_account(work, work.session.get_one(Person, loop.key("west-1")), login="west.one")
        disable_account(work, "west.one")
    found_issue(loop)
    assert set(told(loop)) == {"west-2"}


def test_the_first_time_nothing_of_the_past_is_told(engine: Engine) -> None:
    loop = settle(engine)
    found_issue(loop)
    with loop.as_("west-1") as work:
        add_channel(work, name="west-1", address="wecombot://key-0001")
    assert tell(engine, now=NOW) == 0
    found_issue(loop)
    assert tell(engine, now=NOW + timedelta(minutes=1)) == 1


def test_what_was_not_committed_is_not_told(loop: Loop) -> None:
    with rehearsal(loop.engine, actor=loop.actor("leader"), now=NOW) as work:
        give_instruction(work, text="Cover all heaps", zone=zone(loop, "T1"))
    assert told(loop) == {}


def test_old_messages_are_forgotten_with_the_names_in_them(loop: Loop) -> None:
    found_issue(loop)
    tell(loop.engine, now=NOW)
    with messages.writing_messages(loop.engine) as session:
        claims = [messages.claim(session, number, now=NOW, until=NOW) for number in (1, 2)]
        messages.mark_sent(session, claims[0], now=NOW)  # type: ignore[arg-type]  # it is due
    for days, kept in ((89, 2), (91, 1)):
        instructed(loop)
        told(loop, now=NOW + timedelta(days=days))
        with reading(loop.engine) as session:
            old = session.exec(select(Message).where(Message.created_at == NOW)).all()
        assert len(old) == kept
