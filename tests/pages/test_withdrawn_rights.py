"""A role that ends while its page stays open: the next refresh shows nothing more of it."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.screen import wall_live
from dashboard.screen.visit import Visit
from db import records
from db.tables.issues import Issue
from db.tables.people import Account, Appointment
from db.unit_of_work import reading, unit_of_work
from governance.permissions import Actor, Grant, operator
from governance.vocabulary import Role
from tests.conftest import NOW, TODAY
from tests.pages.conftest import Opening


class Reran(Exception):
    """The whole page was asked to run anew."""


def test_an_open_wall_is_left_when_the_role_no_longer_sees_the_district(monkeypatch: pytest.MonkeyPatch) -> None:
    def rerun(**_scope: Any) -> None:
        raise Reran

    monkeypatch.setattr(wall_live.st, "rerun", rerun)
    narrow = Actor(person_id=1, name="1", grants=(Grant(role=Role.TOWNSHIP),))
    values = dict.fromkeys(("signed_in", "engine", "settings", "district", "now", "version"))
    with pytest.raises(Reran):
        wall_live.current(Visit(actor=narrow, **values))  # type: ignore[arg-type]


def test_an_open_ledger_follows_the_role_of_the_moment(own_district: Engine, open_page: Opening) -> None:
    page = open_page(own_district, "bureau01", "ledger")
    everything = page.text[1].value
    with unit_of_work(own_district, actor=operator("test"), now=NOW) as work:
        person = work.session.exec(select(Account.person_id).where(Account.login == "bureau01")).one()
        west = work.session.exec(select(Appointment.zone_id).where(Appointment.role == Role.TOWNSHIP)).first()
        for row in work.session.exec(select(Appointment).where(Appointment.person_id == person)).all():
            records.change(work, row, {"valid_to": TODAY}, code="appointment_ended")
        narrow = Appointment(person_id=person, role=Role.TOWNSHIP, zone_id=west, valid_from=TODAY, recorded_at=NOW)
        records.create(work, narrow, code="appointed")
    page.run()
    with reading(own_district) as session:
        own = [issue for issue in session.exec(select(Issue)) if west in issue.zone_ids]
    assert (list(page.exception), page.text[1].value != everything) == ([], True)
    assert page.text[1].value.startswith(f"{len(own)} ")


def test_a_login_disabled_meanwhile_sees_the_door(own_district: Engine, open_page: Opening) -> None:
    page = open_page(own_district, "leader01", "my-zones")
    with unit_of_work(own_district, actor=operator("test"), now=NOW) as work:
        account = work.session.exec(select(Account).where(Account.login == "leader01")).one()
        records.change(work, account, {"is_disabled": True}, code="account_disabled")
    page.run()
    drawn = " ".join(element.proto.body for element in page.get("html"))
    assert ("You are signed out." in drawn, "gg-panel" in drawn, len(page.dataframe)) == (True, False, 0)
