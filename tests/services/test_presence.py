"""Who is present by a token: as the sessions say it, and never longer than they do."""

from datetime import timedelta

from sqlalchemy import Engine, event
from sqlmodel import select

from dashboard.services.accounts import add_account, disable_account
from dashboard.services.people import add_person, appoint
from dashboard.services.presence import Presence, presence_of
from dashboard.services.sessions import Sessions
from db import records
from db.tables.people import Account, Appointment
from governance.vocabulary import Role
from tests.conftest import NOW, TODAY
from tests.services.small_district import found, writing


def signed_in(engine: Engine, role: Role = Role.BUREAU) -> tuple[Sessions, str]:
    found(engine, has_zones=False)
    with writing(engine) as work:
        work.district.is_demo = True
        person = add_person(work, code="officer", name="officer")
        appoint(work, person, role, valid_from=TODAY)
        add_account(work, person, login="officer", is_demo=True)
    gate = Sessions(engine=engine, hours=12, display_days=180, attempts=3, lock_minutes=15)
    return gate, gate.sign_in_demo("officer", now=NOW)


def present(gate: Sessions, token: str, hours: int = 0) -> Presence | None:
    now = NOW + timedelta(hours=hours)
    return presence_of(gate.engine, token, now=now, hours=12, display_days=180)


def test_whoever_is_present_is_whom_the_session_names(engine: Engine) -> None:
    gate, token = signed_in(engine)
    here = present(gate, token)
    assert here is not None
    assert (here.signed_in, here.today) == (gate.person_of(token, now=NOW), TODAY)
    assert (here.actor.roles, here.version > 0) == ({Role.BUREAU}, True)


def test_a_session_that_ended_is_gone_though_nothing_was_written_to_the_history(engine: Engine) -> None:
    gate, token = signed_in(engine)
    assert present(gate, token) is not None
    gate.sign_out(token, now=NOW)
    assert present(gate, token) is None


def test_a_session_lasts_as_long_as_its_role_lets_it(engine: Engine) -> None:
    gate, token = signed_in(engine)
    assert present(gate, token, hours=11) is not None
    assert present(gate, token, hours=12) is None


def test_a_disabled_account_is_gone(engine: Engine) -> None:
    gate, token = signed_in(engine)
    assert present(gate, token) is not None
    with writing(engine) as work:
        disable_account(work, "officer")
    assert present(gate, token) is None


def test_rights_follow_the_role_of_the_moment(engine: Engine) -> None:
    gate, token = signed_in(engine)
    assert present(gate, token) is not None
    with writing(engine) as work:
        person = work.session.exec(select(Account.person_id)).one()
        for row in work.session.exec(select(Appointment)):
            records.change(work, row, {"valid_to": TODAY}, code="appointment_ended")
        later = Appointment(person_id=person, role=Role.BUTLER, valid_from=TODAY, recorded_at=NOW)
        records.create(work, later, code="appointed")
    here = present(gate, token)
    assert here is not None
    assert (here.actor.roles, here.signed_in.role) == ({Role.BUTLER}, Role.BUTLER)


def test_while_nothing_is_written_it_costs_one_query(engine: Engine) -> None:
    gate, token = signed_in(engine)
    present(gate, token)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_rest: asked.append(statement))
    present(gate, token)
    assert [statement.split()[0] for statement in asked if "PRAGMA" not in statement and "BEGIN" not in statement] == [
        "SELECT"
    ]
