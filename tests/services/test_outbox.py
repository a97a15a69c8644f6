"""The outbox: each message goes out once, is tried again when it fails, and is not lost when a sender dies."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.messenger.outbox import CLAIMED_FOR, PAUSES, send_due, send_one
from dashboard.messenger.posting import post
from dashboard.services.channels import add_channel, own_channels
from db.repositories import messages
from db.repositories.messages import MessageState
from db.tables.messages import Message
from db.unit_of_work import reading
from tests.conftest import NOW, ROOT, Clock
from tests.services.loop_people import Loop, settle
from tests.services.outside_world import Webhook, running_mail_server, running_webhook

MIDDLE = """
import sys
from datetime import datetime
from dashboard.messenger.outbox import send_one
from dashboard.messenger.posting import post
from db.engine import create_engine_for
url, number, now = sys.argv[1:]
send_one(create_engine_for(url), int(number), lambda a, t, b: post(a, title=t, body=b),
         clock=lambda: datetime.fromisoformat(now))
"""


@pytest.fixture
def loop(engine: Engine) -> Loop:
    return settle(engine)


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with running_webhook() as running:
        yield running


def posted(address: str, title: str, body: str) -> str:
    return post(address, title=title, body=body)


def waiting(loop: Loop, address: str, *, count: int = 1) -> list[int]:
    """Messages of one channel of the bureau that are due."""
    with loop.as_("bureau-1") as work:
        channel = add_channel(work, name="Hook", address=address, has_mail_account=True)
        given = {"title": "1 matter for you", "body": "cover the heap", "now": NOW}
        return [messages.write(work.session, channel.key, key=f"test:{n}", **given) for n in range(count)]


def message(loop: Loop, number: int) -> Message:
    with reading(loop.engine) as session:
        return session.get_one(Message, number)


def state(loop: Loop) -> list[MessageState]:
    with reading(loop.engine) as session:
        return [line.state for line in messages.last_of(session, [1], limit=50)]


def test_a_message_reaches_the_webhook_once(loop: Loop, hook: Webhook, clock: Clock) -> None:
    (number,) = waiting(loop, hook.url)
    first, second = (send_due(loop.engine, posted, clock=clock) for _round in range(2))
    assert (first.sent, second.sent) == (1, 0)
    assert [(taken["title"], taken["message"]) for taken in hook.taken] == [("1 matter for you", "cover the heap")]
    assert message(loop, number).sent_at == NOW


def test_a_message_reaches_an_e_mail_address_through_the_districts_account(loop: Loop, clock: Clock) -> None:
    with running_mail_server() as mail:
        account = f"mailto://127.0.0.1:{mail.port}?from=grid@example.org&mode=insecure"
        waiting(loop, "west@example.org")
        sent = send_due(loop.engine, lambda a, t, b: post(a, title=t, body=b, mail_url=account), clock=clock)
    assert (sent.sent, [recipients for recipients, _text in mail.mails]) == (1, [["west@example.org"]])
    assert "Subject: 1 matter for you" in mail.mails[0][1]


def test_what_fails_is_tried_again_after_growing_pauses_and_then_given_up(
    loop: Loop, hook: Webhook, clock: Clock
) -> None:
    (number,) = waiting(loop, hook.url)
    hook.status = 503
    pauses = []
    for _attempt in range(len(PAUSES)):
        send_due(loop.engine, posted, clock=clock)
        pauses.append((message(loop, number).next_try_at or NOW) - clock.now)
        clock.now += pauses[-1]
    send_due(loop.engine, posted, clock=clock)
    assert pauses == list(PAUSES)
    assert (state(loop), len(hook.taken)) == ([MessageState.GIVEN_UP], len(PAUSES) + 1)


def test_a_failure_is_shown_with_its_reason_and_without_the_address(loop: Loop, hook: Webhook, clock: Clock) -> None:
    waiting(loop, hook.url)
    hook.status = 401
    send_due(loop.engine, posted, clock=clock)
    with reading(loop.engine) as session:
        (view,) = own_channels(session, loop.actor("bureau-1"))
    assert "401" in view.last_error
    assert "secret-token" not in view.last_error
    assert view.waiting == 1


def test_what_failed_and_then_arrives_shows_no_error(loop: Loop, hook: Webhook, clock: Clock) -> None:
    waiting(loop, hook.url)
    hook.status = 503
    send_due(loop.engine, posted, clock=clock)
    hook.status = 200
    clock.advance(minutes=2)
    send_due(loop.engine, posted, clock=clock)
    with reading(loop.engine) as session:
        (view,) = own_channels(session, loop.actor("bureau-1"))
    assert (view.last_error, view.waiting, view.last_sent_at) == ("", 0, clock.now)


def test_nothing_listens_and_nothing_breaks(loop: Loop, clock: Clock) -> None:
    (number,) = waiting(loop, "json://127.0.0.1:1/hooks")
    assert send_due(loop.engine, posted, clock=clock).failed == 1
    assert "onnection" in (message(loop, number).error or "")


def test_a_dead_channel_does_not_hold_the_others_up(loop: Loop, hook: Webhook, clock: Clock) -> None:
    waiting(loop, "json://127.0.0.1:1/hooks")
    with loop.as_("bureau-2") as work:
        channel = add_channel(work, name="Hook", address=hook.url)
        messages.write(work.session, channel.key, title="t", body="b", key="other", now=NOW)
    sent = send_due(loop.engine, posted, clock=clock)
    assert (sent.sent, sent.failed) == (1, 1)


def test_several_senders_send_each_message_once(loop: Loop, hook: Webhook, clock: Clock) -> None:
    numbers = waiting(loop, hook.url, count=12)
    with ThreadPoolExecutor(4) as pool:
        rounds = list(pool.map(lambda _n: send_due(loop.engine, posted, clock=clock), range(4)))
    assert sum(done.sent for done in rounds) == len(hook.taken) == len(numbers)


def test_a_sender_that_comes_late_leaves_what_another_has_claimed(loop: Loop, hook: Webhook, clock: Clock) -> None:
    (number,) = waiting(loop, hook.url)
    hook.pause.clear()
    slow = threading.Thread(target=lambda: send_one(loop.engine, number, posted, clock=clock))
    slow.start()
    _until(lambda: hook.taken)
    assert send_one(loop.engine, number, posted, clock=clock) is None
    hook.pause.set()
    slow.join()
    assert (len(hook.taken), state(loop)) == (1, [MessageState.SENT])


def test_killed_in_the_middle_of_sending_it_is_sent_again_and_not_lost(
    loop: Loop, database_url: str, hook: Webhook, clock: Clock
) -> None:
    (number,) = waiting(loop, hook.url)
    hook.pause.clear()
    arguments = (sys.executable, "-c", MIDDLE, database_url, str(number), NOW.isoformat())
    with subprocess.Popen(arguments, cwd=ROOT) as sender:
        _until(lambda: hook.taken)
        sender.kill()
    hook.pause.set()
    assert message(loop, number).sent_at is None
    assert send_due(loop.engine, posted, clock=clock).sent == 0  # its claim still stands
    clock.advance(seconds=CLAIMED_FOR.total_seconds())
    assert send_due(loop.engine, posted, clock=clock).sent == 1
    assert (len(hook.taken), state(loop)) == (2, [MessageState.SENT])


def test_a_sender_that_died_before_it_spoke_leaves_the_message(loop: Loop, hook: Webhook, clock: Clock) -> None:
    (number,) = waiting(loop, hook.url)
    with messages.writing_messages(loop.engine) as session:
        messages.claim(session, number, now=NOW, until=NOW + CLAIMED_FOR)
    clock.advance(minutes=5)
    send_due(loop.engine, posted, clock=clock)
    assert len(hook.taken) == 1


def test_a_sender_that_is_stopped_begins_nothing_more(loop: Loop, hook: Webhook, clock: Clock) -> None:
    waiting(loop, hook.url, count=3)
    stop = threading.Event()
    stop.set()
    assert send_due(loop.engine, posted, clock=clock, stop=stop).sent == 0
    assert state(loop) == [MessageState.WAITING] * 3


def test_a_claim_outlasts_any_sending() -> None:
    from dashboard.messenger.posting import WHOLE_S

    assert 2 * timedelta(seconds=WHOLE_S) < CLAIMED_FOR


def test_the_key_of_a_message_is_written_once(loop: Loop) -> None:
    waiting(loop, "json://127.0.0.1:1/hooks")
    row = {"channel_id": 1, "title": "t", "body": "b", "key": "test:0"}
    with messages.writing_messages(loop.engine) as session:
        assert messages.write_new(session, [row, {**row, "key": "new"}], now=NOW) == 1
    with reading(loop.engine) as session:
        assert len(session.exec(select(Message)).all()) == 2


def _until(happened: object, *, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not happened():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
