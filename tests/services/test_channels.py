"""Channels: the own ones by everybody, those of roles by the bureau; their addresses are secrets."""

import logging

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from dashboard.services.channels import (
    MOST_OWN,
    add_channel,
    change_channel,
    channel_of,
    last_messages,
    own_channels,
    remove_channel,
    role_channels,
    write_test,
)
from db.tables.history import Event
from db.tables.messages import Channel
from db.unit_of_work import reading
from db.verification import differences, verify_chain
from governance.errors import InvalidInput, NotAllowed, NotFound
from governance.vocabulary import Role
from tests.services.loop_people import Loop, settle

KEY = "0a1b2c3d4e5f6789"
ROBOT = f"wecombot://{KEY}"


@pytest.fixture
def loop(engine: Engine) -> Loop:
    return settle(engine)


def added(loop: Loop, code: str = "west-1", address: str = ROBOT, **details) -> Channel:
    with loop.as_(code) as work:
        return add_channel(work, name="Group", address=address, **details)


def own(loop: Loop, code: str = "west-1"):
    with reading(loop.engine) as session:
        return own_channels(session, loop.actor(code))


def test_everybody_has_channels_of_the_own_and_sees_no_others(loop: Loop) -> None:
    added(loop, daily_at="08:30")
    (view,) = own(loop)
    assert (view.name, view.address, view.daily_at, view.is_enabled) == ("Group", "wecombot://…", "08:30", True)
    assert own(loop, "west-2") == []


def test_the_address_stands_in_no_event(loop: Loop) -> None:
    channel = added(loop)
    with loop.as_("west-1") as work:
        row = channel_of(work.session, work.actor, channel.key)
        change_channel(work, row, address=f"wecombot://{KEY}99")
    with reading(loop.engine) as session:
        events = session.exec(select(Event).where(Event.subject_kind == "channel")).all()
        assert [event.code for event in events] == ["channel_added", "channel_changed"]
        assert KEY not in "".join(event.params + event.reason for event in events)
        assert (verify_chain(session), differences(session)) == ([], [])


def test_adding_logs_nothing_of_the_address(loop: Loop, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        added(loop)
    assert KEY not in caplog.text


def test_another_persons_channel_is_left_alone(loop: Loop) -> None:
    channel = added(loop)
    with pytest.raises(NotAllowed), loop.as_("bureau-1") as work:
        channel_of(work.session, work.actor, channel.key)
    with pytest.raises(NotFound), loop.as_("bureau-1") as work:
        channel_of(work.session, work.actor, 99)


@pytest.mark.parametrize("code", ["west-1", "committee-1", "leader"])
def test_channels_of_roles_are_the_bureaus(loop: Loop, code: str) -> None:
    with pytest.raises(NotAllowed):
        added(loop, code, role=Role.BUREAU)
    added(loop, "bureau-1", role=Role.COMMITTEE_OFFICE)
    with reading(loop.engine) as session:
        assert len(role_channels(session, loop.actor("bureau-2"))) == 1
        assert role_channels(session, loop.actor(code)) == []


@pytest.mark.parametrize("role", [Role.TOWNSHIP, Role.ENVIRONMENT_DIRECTOR, Role.DISTRICT_LEADER])
def test_a_role_whose_people_see_different_things_has_no_channel(loop: Loop, role: Role) -> None:
    with pytest.raises(InvalidInput, match="has no channel"):
        added(loop, "bureau-1", role=role)


def test_an_address_that_reaches_any_machine_is_the_bureaus(loop: Loop) -> None:
    webhook = "https://hooks.example.org/a"
    with pytest.raises(NotAllowed, match="set up by the bureau"):
        added(loop, "west-1", webhook)
    assert added(loop, "bureau-1", webhook).url == "jsons://hooks.example.org/a"


def test_an_e_mail_address_needs_the_districts_mail_account(loop: Loop) -> None:
    with pytest.raises(InvalidInput, match="GRIDGUARD_MAIL_URL"):
        added(loop, "west-1", "west@example.org")
    assert added(loop, "west-1", "west@example.org", has_mail_account=True).url == "mail:west@example.org"


@pytest.mark.parametrize(
    "fault", [{"name": " "}, {"name": "x" * 121}, {"daily_at": "24:00"}, {"daily_at": "8:00"}, {"address": "file:///x"}]
)
def test_a_faulty_channel_is_refused(loop: Loop, fault: dict[str, str]) -> None:
    with pytest.raises(InvalidInput), loop.as_("west-1") as work:
        add_channel(work, **{"name": "Group", "address": ROBOT, **fault})


def test_nobody_collects_channels(loop: Loop) -> None:
    for _number in range(MOST_OWN):
        added(loop)
    with pytest.raises(InvalidInput, match="At most 5"):
        added(loop)


def test_whoever_sees_nothing_has_no_channel(loop: Loop) -> None:
    with pytest.raises(NotAllowed):
        added(loop, "display")


def test_removing_forgets_the_address_and_what_waits(loop: Loop) -> None:
    channel = added(loop)
    with loop.as_("west-1") as work:
        row = channel_of(work.session, work.actor, channel.key)
        write_test(work, row, title="Test", body="It works")
        remove_channel(work, row)
    assert own(loop) == []
    with reading(loop.engine) as session:
        assert session.execute(text("SELECT url FROM channel")).scalars().all() == [""]
        assert last_messages(session, loop.actor("west-1")) == []
        assert session.execute(text("SELECT next_try_at, error FROM message")).all() == [(None, "channel_gone")]
