"""Rounds of the messenger beside the server, and by command: from an act in the product to a webhook outside."""

import dataclasses
import json
import shutil
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard.application import close_databases
from dashboard.cli.app import main
from dashboard.messenger.outbox import Sent
from dashboard.messenger.rounds import Messenger, Round, messenger_of, rounds_of
from dashboard.services.channels import add_channel
from dashboard.services.issues import act, report_issue
from dashboard.services.messages import tell
from dashboard.services.placing import placing_on
from dashboard.settings import Settings
from db.engine import create_engine_for
from db.repositories import messages
from db.repositories.messages import MessageState
from db.unit_of_work import reading
from governance.stages import Action
from governance.vocabulary import Category, Role, Severity, Source, Term
from tests.services.loop_people import Loop, settle
from tests.services.outside_world import Webhook, running_webhook


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with running_webhook() as running:
        yield running


@pytest.fixture
def loop(engine: Engine, hook: Webhook) -> Loop:
    """The district whose bureau is told through the webhook, with nothing of the past to tell."""
    found = settle(engine)
    with found.as_("bureau-1") as work:
        add_channel(work, name="Hook", address=hook.url, role=Role.COMMITTEE_OFFICE, daily_at="00:00")
    tell(engine, now=datetime.now(UTC))
    return found


def messenger(loop: Loop, **options: object) -> Messenger:
    settings = Settings.model_validate({"locale": "en", **options})
    return messenger_of(settings, loop.engine, lambda: datetime.now(UTC))


def complaint(loop: Loop) -> None:
    """An issue that a complaint brought, entered in the ledger: the committee office hands it over."""
    with loop.as_("bureau-1") as work:
        placing = placing_on(work.session, work.district, work.today)
        kind = {"severity": Severity.MINOR, "category": Category.DUST, "source": Source.HOTLINE_12345}
        issue = report_issue(work, placing, title="Dust", lon=119.05, lat=35.05, **kind)
    with loop.as_("bureau-2") as work:
        issue = work.session.merge(issue)
        act(work, issue, Action.CONFIRM)
        act(work, issue, Action.ENTER_LEDGER, term=Term.LIMITED, requirement="water it")


def test_one_round_writes_and_sends(loop: Loop, hook: Webhook) -> None:
    complaint(loop)
    done = messenger(loop, public_url="https://grid.example.org").go_round()
    assert done == Round(written=2, sent=2, failed=0)  # the event, and the daily message whose hour has come
    assert "https://grid.example.org/issue?id=2026-00001" in "".join(taken["message"] for taken in hook.taken)
    assert messenger(loop).go_round() == Round()


def test_messages_are_in_the_districts_language(loop: Loop, hook: Webhook) -> None:
    complaint(loop)
    messenger(loop, locale="zh_CN").go_round()
    assert any("\N{CJK UNIFIED IDEOGRAPH-5165}" in taken["message"] for taken in hook.taken)  # entered in the ledger


def test_beside_the_server_rounds_are_gone_until_it_stops(loop: Loop, hook: Webhook) -> None:
    complaint(loop)
    with rounds_of(messenger(loop)):
        _until(lambda: len(hook.taken) == 2)
    assert [thread.name for thread in threading.enumerate() if "APScheduler" in thread.name] == []


def test_stopping_waits_for_the_message_that_is_being_sent(loop: Loop, hook: Webhook) -> None:
    complaint(loop)
    hook.pause.clear()
    threading.Timer(1, hook.pause.set).start()
    with rounds_of(messenger(loop)):
        _until(lambda: hook.taken)
    assert messenger(loop).send() == Sent()  # nothing is left in between


def test_switched_off_nothing_goes_round(loop: Loop, hook: Webhook) -> None:
    complaint(loop)
    with rounds_of(messenger(loop, messages=False)):
        time.sleep(0.3)
    assert hook.taken == []


def test_a_round_that_fails_is_noted_and_the_next_one_goes_on(loop: Loop, hook: Webhook) -> None:
    complaint(loop)
    calls = iter([OSError("no network")])

    def post(address: str, title: str, body: str) -> str:
        for error in calls:
            raise error
        return ""

    failing = dataclasses.replace(messenger(loop, message_seconds=5), post=post)
    with rounds_of(failing):
        _until(lambda: next(calls, None) is None)
        _until(lambda: any(line.state == MessageState.SENT for line in states(loop)))


def states(loop: Loop) -> list[messages.MessageLine]:
    with reading(loop.engine) as session:
        return messages.last_of(session, [1], limit=9)


def test_the_commands_do_what_the_server_does(
    migrated_sqlite: Path, tmp_path: Path, hook: Webhook, capsys: pytest.CaptureFixture[str]
) -> None:
    loop = _home_district(migrated_sqlite, tmp_path, hook)
    assert _run(tmp_path, capsys, "messages", "send") == {"written": 0, "sent": 0, "failed": 0}
    complaint(loop)
    assert _run(tmp_path, capsys, "messages", "send") == {"written": 1, "sent": 1, "failed": 0}
    assert _run(tmp_path, capsys, "messages", "daily", "--at", "00:00") == {"written": 0, "sent": 0, "failed": 0}
    assert _run(tmp_path, capsys, "messages", "daily", "--at", "23:59") == {"written": 1, "sent": 1, "failed": 0}


def _home_district(migrated: Path, home: Path, hook: Webhook) -> Loop:
    shutil.copy(migrated, home / "gridguard.db")
    loop = settle(create_engine_for(f"sqlite:///{home / 'gridguard.db'}"))
    with loop.as_("bureau-1") as work:
        add_channel(work, name="Hook", address=hook.url, role=Role.COMMITTEE_OFFICE, daily_at="23:59")
    return loop


def _run(home: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, int]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        main([*words, "--home", str(home), "--json"])
    close_databases()
    assert left.value.code in (0, None)
    answer: dict[str, int] = json.loads(capsys.readouterr().out)
    return answer


def _until(happened: object, *, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not happened():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
