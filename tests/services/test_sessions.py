"""Signing in against real accounts: what opens a session, what locks, and what ends it at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.services.accounts import add_account, disable_account, set_password
from dashboard.services.people import add_person, appoint
from dashboard.services.sessions import Sessions
from db import records
from db.tables.history import Event
from db.tables.people import Account, Appointment, SignIn, SignInAttempt
from db.unit_of_work import reading
from governance.errors import NotAllowed
from governance.vocabulary import Role
from tests.conftest import NOW, TODAY, Clock
from tests.services.small_district import every, found, writing

PASSWORD = "correct horse battery"
HERE, THERE = "10.0.0.1", "10.0.0.2"


@pytest.fixture
def gate(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Sessions:
    """The gate of a district with one officer and one display; passwords are hashed cheaply."""
    cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    monkeypatch.setattr("dashboard.services.accounts.HASHER", cheap)
    monkeypatch.setattr("dashboard.services.sessions._NOBODY", cheap.hash("nobody"))
    found(engine, has_zones=False)
    with writing(engine) as work:
        for login, role in (("officer", Role.BUREAU), ("screen", Role.DISPLAY)):
            person = add_person(work, code=login, name=login)
            appoint(work, person, role, valid_from=TODAY)
            add_account(work, person, login=login, password=PASSWORD)
    return Sessions(engine=engine, hours=12, display_days=180, attempts=3, lock_minutes=15)


def sign_in(gate: Sessions, login: str = "officer", password: str = PASSWORD, **more: Any) -> str:
    return gate.sign_in(login, password, **{"now": NOW, "client": HERE, **more})


def refusal(gate: Sessions, login: str = "officer", password: str = "wrong", **more: Any) -> str:
    with pytest.raises(NotAllowed) as refused:
        sign_in(gate, login, password, **more)
    return refused.value.code


def test_only_the_digest_of_a_token_is_kept(gate: Sessions) -> None:
    token = sign_in(gate)
    with reading(gate.engine) as session:
        kept = session.exec(select(SignIn)).one()
    assert (len(token), kept.token_hash == token, len(kept.token_hash)) == (43, False, 64)


def test_unknown_disabled_and_wrong_are_told_alike(gate: Sessions) -> None:
    with writing(gate.engine) as work:
        disable_account(work, "screen")
    codes = [refusal(gate, "nobody"), refusal(gate, "screen", PASSWORD), refusal(gate), refusal(gate, "'; --")]
    assert codes == ["sign_in_refused"] * 4


def test_a_login_is_locked_from_everywhere_and_opens_again(gate: Sessions) -> None:
    codes = [refusal(gate, client=f"10.0.1.{number}") for number in range(4)]
    assert codes == ["sign_in_refused"] * 3 + ["too_many_attempts"]
    assert refusal(gate, password=PASSWORD, client=THERE) == "too_many_attempts"
    assert sign_in(gate, now=NOW + timedelta(minutes=15))


def test_an_address_that_tries_many_logins_is_locked(gate: Sessions) -> None:
    codes = [refusal(gate, f"guess-{number}") for number in range(31)]
    assert set(codes[:30]) == {"sign_in_refused"}
    assert (codes[30], refusal(gate, password=PASSWORD)) == ("too_many_attempts", "too_many_attempts")
    assert sign_in(gate, client=THERE)
    assert sign_in(gate, now=NOW + timedelta(minutes=15))


def test_the_many_addresses_of_one_network_are_one(gate: Sessions) -> None:
    codes = [refusal(gate, f"guess-{number}", client=f"2001:db8:0:1::{number:x}") for number in range(31)]
    assert codes[30] == "too_many_attempts"
    assert sign_in(gate, client="2001:db8:0:2::1")


def test_now_and_then_a_wrong_password_locks_no_office_out(gate: Sessions) -> None:
    for number in range(60):
        refusal(gate, f"guess-{number}", now=NOW + number * timedelta(minutes=2))
    assert sign_in(gate, now=NOW + timedelta(minutes=121))


def test_nobody_locks_an_address_by_typing_it(gate: Sessions) -> None:
    refusal(gate, "guess")
    keys = {row.login for row in attempts(gate)} - {"guess"}
    for number in range(40):
        refusal(gate, *keys, client=f"10.9.0.{number}")
    assert sign_in(gate)


def test_a_right_password_forgets_the_logins_wrong_ones(gate: Sessions) -> None:
    assert [refusal(gate), refusal(gate)] == ["sign_in_refused"] * 2
    sign_in(gate)
    assert [refusal(gate), refusal(gate)] == ["sign_in_refused"] * 2


def test_old_attempts_are_forgotten(gate: Sessions) -> None:
    for number in range(5):
        refusal(gate, f"guess-{number}")
    sign_in(gate, now=NOW + timedelta(minutes=16))
    assert attempts(gate) == []


@pytest.mark.parametrize("login", ["a\x00b", "x" * 10_000, "", "OFFICER", "@10.0.0.9"])
def test_what_can_be_no_login_is_refused_like_any_other(gate: Sessions, login: str) -> None:
    assert refusal(gate, login) == "sign_in_refused"
    assert login not in [row.login for row in attempts(gate)]


def attempts(gate: Sessions) -> list[SignInAttempt]:
    with reading(gate.engine) as session:
        return list(session.exec(select(SignInAttempt)))


def test_a_disabled_account_and_a_new_password_end_every_session(gate: Sessions) -> None:
    first, second = sign_in(gate), sign_in(gate, "screen")
    with writing(gate.engine) as work:
        disable_account(work, "officer")
        set_password(work, "screen", "another long password")
    assert (gate.person_of(first, now=NOW), gate.person_of(second, now=NOW)) == (None, None)


def end_appointments(gate: Sessions, login: str, day: date) -> None:
    with writing(gate.engine) as work:
        person = work.session.exec(select(Account.person_id).where(Account.login == login)).one()
        for row in work.session.exec(select(Appointment).where(Appointment.person_id == person)):
            records.change(work, row, {"valid_to": day}, code="appointment_ended")


def test_an_ended_appointment_ends_the_session_and_opens_none(gate: Sessions) -> None:
    token = sign_in(gate)
    end_appointments(gate, "officer", TODAY)
    assert gate.person_of(token, now=NOW) is None
    assert refusal(gate, password=PASSWORD) == "sign_in_refused"
    assert len(every_sign_in(gate)) == 1


def every_sign_in(gate: Sessions) -> list[SignIn]:
    with reading(gate.engine) as session:
        return list(session.exec(select(SignIn)))


def test_a_session_lasts_as_long_as_the_role_of_today_may(gate: Sessions, clock: Clock) -> None:
    token = sign_in(gate, "screen")
    assert gate.person_of(token, now=clock.advance(days=2)) is not None
    end_appointments(gate, "screen", TODAY)
    with writing(gate.engine) as work:
        person = work.session.exec(select(Account).where(Account.login == "screen")).one()
        row = Appointment(person_id=person.person_id, role=Role.BUREAU, valid_from=TODAY, recorded_at=NOW)
        records.create(work, row, code="appointed")
    assert gate.person_of(token, now=clock.now) is None
    assert gate.person_of(sign_in(gate, "screen", now=clock.now), now=clock.now) is not None


def test_signing_out_ends_one_session_only(gate: Sessions) -> None:
    first, second = sign_in(gate), sign_in(gate)
    gate.sign_out(first, now=NOW)
    assert (gate.person_of(first, now=NOW), gate.person_of(second, now=NOW) is not None) == (None, True)


def test_no_demo_button_works_in_a_district_that_is_none(gate: Sessions) -> None:
    with writing(gate.engine) as work:
        account = work.session.exec(select(Account).where(Account.login == "officer")).one()
        records.change(work, account, {"is_demo": True}, code="account_changed")
    assert gate.demo_logins() == ()
    with pytest.raises(NotAllowed):
        gate.sign_in_demo("officer", now=NOW)


def test_no_secret_is_among_the_events(gate: Sessions) -> None:
    with reading(gate.engine) as session:
        texts = " ".join(session.exec(select(Event.params)))
    hashes = [account.password_hash for account in every(gate.engine, Account)]
    assert not any(str(kept) in texts for kept in hashes)
    assert PASSWORD not in texts
