"""Displays: a link that is told once, a session without a keyboard, and an end that is at once."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.display_links import digest_of
from dashboard.display_watch import noted, write_down
from dashboard.services.accounts import add_account
from dashboard.services.displays import (
    add_display,
    displays,
    note_seen,
    renew_display,
    start_parameters,
    withdraw_display,
)
from dashboard.services.people import add_person, appoint
from dashboard.services.sessions import Sessions
from db.repositories.people import actor_of
from db.tables.history import Event
from db.tables.people import SignIn
from db.tables.watching import Display
from db.unit_of_work import reading, unit_of_work
from db.verification import differences, verify_chain
from governance.errors import Conflict, GridGuardError, InvalidInput, NotAllowed, NotFound
from governance.permissions import Actor, Right, may
from governance.vocabulary import Role
from tests.conftest import NOW, TODAY
from tests.services.small_district import found, writing

HERE = "10.0.0.1"


@pytest.fixture
def gate(engine: Engine) -> Sessions:
    """The gate of a district without zones."""
    found(engine, has_zones=False)
    return Sessions(engine=engine, hours=12, display_days=180, attempts=3, lock_minutes=15)


def added(gate: Sessions, name: str = "Hall", start: str = "") -> tuple[int, str]:
    with writing(gate.engine) as work:
        display, secret = add_display(work, name=name, start=start)
        return display.key, secret


def opened(gate: Sessions, secret: str, *, token: str = "", now: datetime = NOW, client: str = HERE) -> str:
    return gate.open_display(secret, now=now, client=client, token=token).token


def refusal(gate: Sessions, secret: str = "wrong", **more: str) -> str:
    with pytest.raises(GridGuardError) as refused:
        opened(gate, secret, **more)  # type: ignore[arg-type]
    return refused.value.code


def sessions_kept(gate: Sessions) -> int:
    with reading(gate.engine) as session:
        return len(session.exec(select(SignIn)).all())


def test_a_link_signs_its_screen_in_as_a_display(gate: Sessions) -> None:
    _number, secret = added(gate, start="play=1")
    found = gate.open_display(secret, now=NOW, client=HERE, token="")
    person = gate.person_of(found.token, now=NOW + timedelta(days=179))
    assert (found.start, person and person.role, person and person.name) == ("play=1", Role.DISPLAY, "Hall")
    assert gate.person_of(found.token, now=NOW + timedelta(days=180)) is None


def test_a_display_may_see_the_district_and_nothing_else(gate: Sessions) -> None:
    _number, secret = added(gate)
    person = gate.person_of(opened(gate, secret), now=NOW)
    assert person is not None
    with reading(gate.engine) as session:
        actor = actor_of(session, person.person_id, today=TODAY)
    assert {right for right in Right if may(actor, right)} == {Right.SEE_DISTRICT}


def test_the_secret_stands_nowhere_and_is_of_256_bits(gate: Sessions) -> None:
    number, secret = added(gate)
    with reading(gate.engine) as session:
        kept = session.get_one(Display, number)
        told = " ".join(f"{event.params} {event.reason}" for event in session.exec(select(Event)))
    assert (len(secret), kept.secret_sha256) == (43, digest_of(secret))
    assert secret not in told
    assert kept.secret_sha256 not in told


def test_a_withdrawn_display_loses_its_link_and_every_session(gate: Sessions) -> None:
    number, secret = added(gate)
    other = opened(gate, added(gate, "Other")[1])
    tokens = [opened(gate, secret), opened(gate, secret)]
    with writing(gate.engine) as work:
        assert withdraw_display(work, number, reason="moved").withdrawn_on == TODAY
    assert [gate.person_of(token, now=NOW) for token in tokens] == [None, None]
    assert refusal(gate, secret) == "display_refused"
    assert gate.person_of(other, now=NOW) is not None


def test_a_renewed_link_ends_the_one_before(gate: Sessions) -> None:
    number, secret = added(gate)
    token = opened(gate, secret)
    with writing(gate.engine) as work:
        _display, fresh = renew_display(work, number)
    assert (gate.person_of(token, now=NOW), refusal(gate, secret)) == (None, "display_refused")
    assert gate.person_of(opened(gate, fresh), now=NOW) is not None


def test_wrong_and_withdrawn_links_are_told_alike(gate: Sessions) -> None:
    number, secret = added(gate)
    with writing(gate.engine) as work:
        withdraw_display(work, number)
    texts = set()
    for one in (secret, "wrong", "", "\x00", "x" * 5000, "\ud800"):
        with pytest.raises(NotAllowed) as refused:
            opened(gate, one)
        texts.add((refused.value.code, str(refused.value)))
    assert len(texts) == 1


def test_many_wrong_links_lock_their_network_but_no_right_link_and_no_sign_in(gate: Sessions) -> None:
    _number, secret = added(gate)
    codes = [refusal(gate, f"guess-{n}") for n in range(31)]
    assert (set(codes[:30]), codes[30]) == ({"display_refused"}, "too_many_attempts")
    assert gate.person_of(opened(gate, secret), now=NOW) is not None
    with pytest.raises(NotAllowed) as refused:
        gate.sign_in("nobody", "x", now=NOW, client=HERE)
    assert refused.value.code == "sign_in_refused"
    assert refusal(gate, client="10.0.0.2") == "display_refused"


def test_the_link_opened_again_goes_on_with_the_session_while_it_is_young(gate: Sessions) -> None:
    _number, secret = added(gate)
    first = opened(gate, secret)
    assert opened(gate, secret, token=first, now=NOW + timedelta(days=80)) == first
    late = opened(gate, secret, token=first, now=NOW + timedelta(days=100))
    assert (late == first, sessions_kept(gate)) == (False, 1)


def test_a_screen_that_forgets_its_cookies_leaves_few_sessions(gate: Sessions) -> None:
    _number, secret = added(gate)
    tokens = [opened(gate, secret, now=NOW + timedelta(minutes=n)) for n in range(20)]
    later = NOW + timedelta(hours=1)
    assert sessions_kept(gate) == 12
    assert [gate.person_of(token, now=later) is not None for token in tokens] == [False] * 8 + [True] * 12


def test_a_link_ends_no_persons_session(gate: Sessions) -> None:
    _number, secret = added(gate)
    with writing(gate.engine) as work:
        person = add_person(work, code="officer", name="Officer")
        appoint(work, person, Role.BUREAU, valid_from=TODAY)
        account = add_account(work, person, login="officer")
    token = gate._begin(account, NOW)
    with pytest.raises(Conflict) as refused:
        opened(gate, secret, token=token)
    assert refused.value.code == "browser_in_use"
    assert gate.person_of(token, now=NOW) is not None


def test_another_displays_link_takes_the_screen_over(gate: Sessions) -> None:
    first = opened(gate, added(gate)[1])
    second = opened(gate, added(gate, "Other")[1], token=first)
    found = gate.person_of(second, now=NOW)
    assert (gate.person_of(first, now=NOW), found and found.name) == (None, "Other")


def test_displays_are_listed_with_when_they_were_last_seen(gate: Sessions) -> None:
    gone, _secret = added(gate, "Gone")
    _number, secret = added(gate)
    person = gate.person_of(opened(gate, secret), now=NOW)
    assert person is not None
    with writing(gate.engine) as work:
        withdraw_display(work, gone)
    note_seen(gate.engine, {person.person_id: NOW + timedelta(minutes=5)})
    with reading(gate.engine) as session:
        lines = displays(session)
    shown = [(line.display.name, line.login, line.last_seen, line.sessions) for line in lines]
    assert shown == [("Hall", "display-2", NOW + timedelta(minutes=5), 1), ("Gone", "display-1", None, 0)]


def test_looks_of_the_wall_are_written_down_together(gate: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.display_watch._seen", {})  # other tests of this process looked at walls too
    added(gate)
    with reading(gate.engine) as session:
        person_id = session.get_one(Display, displays(session)[0].display.key).account_id
    noted(person_id, NOW)
    noted(person_id, NOW + timedelta(seconds=5))
    assert (write_down(gate.engine), write_down(gate.engine)) == (1, 0)


@pytest.mark.parametrize("start", ["", "play=1", "show=district", "play=1&show=township.T1", "?show=leader.L01"])
def test_the_wall_opens_with_the_playlist_or_a_step(start: str) -> None:
    assert start_parameters(start) == start.lstrip("?")


@pytest.mark.parametrize("start", ["play=2", "next=//evil.example", "show=all", "nonsense", "play=1&x=<b>", "="])
def test_the_wall_opens_with_nothing_else(start: str) -> None:
    with pytest.raises(InvalidInput):
        start_parameters(start)


@pytest.mark.parametrize(("name", "kind"), [("", InvalidInput), ("x" * 121, InvalidInput), (" Hall ", Conflict)])
def test_a_name_is_short_and_taken_once(gate: Sessions, name: str, kind: type[GridGuardError]) -> None:
    added(gate)
    with pytest.raises(kind):
        added(gate, name)


@pytest.mark.parametrize("start", ["show=leader.nobody", "play=1&show=township.999999999"])
def test_a_step_that_the_wall_does_not_have_is_refused(gate: Sessions, start: str) -> None:
    with pytest.raises(InvalidInput, match="no step"):
        added(gate, start=start)


def test_what_was_withdrawn_stays_so_and_its_name_is_free(gate: Sessions) -> None:
    number, _secret = added(gate)
    with writing(gate.engine) as work:
        withdraw_display(work, number)
    for again in (renew_display, withdraw_display):
        with pytest.raises(Conflict), writing(gate.engine) as work:
            again(work, number)
    with pytest.raises(NotFound), writing(gate.engine) as work:
        renew_display(work, 99)
    assert added(gate)[0] != number


def test_only_the_bureau_deals_with_displays(gate: Sessions) -> None:
    number, _secret = added(gate)
    nobody = Actor(person_id=1, name="x")
    for deed in (
        lambda work: add_display(work, name="Mine"),
        lambda work: renew_display(work, number),
        lambda work: withdraw_display(work, number),
    ):
        with pytest.raises(NotAllowed), unit_of_work(gate.engine, actor=nobody, now=NOW) as work:
            deed(work)


def test_the_history_tells_it_all_and_gives_every_record(gate: Sessions) -> None:
    number, _secret = added(gate)
    with writing(gate.engine) as work:
        renew_display(work, number)
    with writing(gate.engine) as work:
        withdraw_display(work, number, reason="moved")
    with reading(gate.engine) as session:
        events = session.exec(select(Event).where(Event.subject_kind == "display").order_by("seq")).all()
        assert (list(verify_chain(session)), list(differences(session))) == ([], [])
    assert [event.code for event in events] == ["display_added", "display_renewed", "display_withdrawn"]
    assert events[-1].reason == "moved"
