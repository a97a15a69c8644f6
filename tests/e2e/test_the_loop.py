"""An issue lives its whole life in a browser, each link by the person whose turn it is; who cheats is told so."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlmodel import Session, col, select

from dashboard.i18n import _, set_locale
from dashboard.services.rules import rules_version, set_numbers
from db.engine import create_engine_for
from db.tables.history import Event
from db.tables.issues import Issue, Notice
from db.tables.loop import LookBackItem
from db.tables.people import Account, Appointment, Person
from db.tables.territory import Enterprise
from db.unit_of_work import reading, unit_of_work
from db.verification import differences, verify_chain
from governance.loop_numbers import loop_numbers
from governance.permissions import operator
from governance.stages import Action
from governance.vocabulary import LookBackResult, Stage
from tests.e2e.conftest import Server, Visit
from tests.e2e.loop_people import (
    choose,
    field,
    fill,
    open_issue,
    photo,
    pick,
    send,
    upload,
    window_of,
)

NUMBER = re.compile(r"20\d\d-\d{5}")
REFUSAL = ".gg-refusal"
TITLE = "Open heap at the quay"


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")


@contextmanager
def looking(server: Server) -> Iterator[Session]:
    """The server's database as it stands."""
    engine = create_engine_for(f"sqlite:///{server.home / 'gridguard.db'}")
    with reading(engine) as session:
        yield session
    engine.dispose()


def issue_of(server: Server, number: str) -> Issue:
    with looking(server) as session:
        return session.exec(select(Issue).where(Issue.number == number)).one()


def person_of(server: Server, login: str) -> Person:
    with looking(server) as session:
        query = select(Person).join(Account, col(Account.person_id) == col(Person.id)).where(Account.login == login)
        return session.exec(query).one()


def enterprise_of(server: Server, login: str) -> Enterprise:
    person = person_of(server, login)
    with looking(server) as session:
        query = select(Enterprise).join(Appointment, col(Appointment.enterprise_id) == col(Enterprise.id))
        return session.exec(query.where(Appointment.person_id == person.key)).one()


def report(visit: Visit, server: Server, picture: Path, *, title: str = TITLE) -> str:
    """Report an issue of the demo director's enterprise by the phone form, and return its number."""
    page = visit.page
    page.goto(f"{visit.address}/report")
    page.wait_for_selector("html[data-ready=true]")
    page.fill("#query", enterprise_of(server, "director001").name)
    page.locator("#found button").first.click()
    page.set_input_files("#before", picture)
    page.wait_for_selector("#before-photos img")
    page.fill("#title", title)
    for name, value in (("category", "dust"), ("severity", "minor")):
        page.locator(f"input[name={name}][value='{value}']").check()
    page.click("#send")
    line = page.locator("#queue li.sent p").first
    line.wait_for()
    found = NUMBER.search(line.inner_text())
    assert found is not None
    return found.group()


def stands(server: Server, number: str, stage: Stage) -> None:
    assert issue_of(server, number).stage == stage


@pytest.fixture(scope="module")
def number(browser: Browser, server: Server, pictures: Path) -> str:
    """The issue that a butler reports with a photo."""
    with window_of(browser, server, "butler01") as butler:
        return report(butler, server, photo(pictures, "before"))


def test_an_issue_lives_its_whole_life(browser: Browser, server: Server, pictures: Path, number: str) -> None:
    with window_of(browser, server, "bureau01") as bureau:
        confirm_and_ledger(bureau, number)
        hand_over(bureau, server, number)
    stands(server, number, Stage.RECTIFYING)
    with window_of(browser, server, "director001") as director:
        answer(director, number, photo(pictures, "after"))
    with window_of(browser, server, "cadre001") as cadre:
        judge(cadre, number, Action.WITNESS, "Seen on site: covered")
    with window_of(browser, server, "township01") as officer:
        judge(officer, number, Action.CHECK_ON_SITE, "Checked on site: covered")
    stands(server, number, Stage.SUPERVISED)
    with window_of(browser, server, "township02") as signer:
        open_issue(signer, number)
        choose(signer.page, Action.SIGN_OFF)
        send(signer, Action.SIGN_OFF)
    stands(server, number, Stage.CLOSED)
    look_back(browser, server, number)
    stands(server, number, Stage.RECTIFYING)
    told_truly(server, number)


def confirm_and_ledger(bureau: Visit, number: str) -> None:
    page = open_issue(bureau, number)
    choose(page, Action.CONFIRM)
    send(bureau, Action.CONFIRM)
    page = open_issue(bureau, number)
    fill(page, {field("requirement"): "Cover the heap"})
    set_locale("zh_CN")
    box = page.get_by_role("combobox", name=_("Rectification notice by")).first
    box.click()
    page.get_by_role("option").nth(0).click()
    page.wait_for_timeout(500)
    send(bureau, Action.ENTER_LEDGER)


def hand_over(bureau: Visit, server: Server, number: str) -> None:
    page = open_issue(bureau, number)
    pick(page, field("person_in_charge_id"), person_of(server, "director001").name)
    send(bureau, Action.HAND_OVER)


def answer(director: Visit, number: str, picture: Path) -> None:
    page = open_issue(director, number)
    choose(page, Action.SUBMIT_MEASURES)
    fill(page, {field("measures"): "Covered with a net"})
    upload(page, picture)
    send(director, Action.SUBMIT_MEASURES)


def judge(visit: Visit, number: str, action: Action, words: str) -> None:
    page = open_issue(visit, number)
    choose(page, action)
    set_locale("zh_CN")
    fill(page, {_("What was seen on site"): words})
    send(visit, action)


def look_back(browser: Browser, server: Server, number: str) -> None:
    """Somebody else draws what was closed today and finds that it did not last."""
    engine = create_engine_for(f"sqlite:///{server.home / 'gridguard.db'}")
    issue = issue_of(server, number)
    with unit_of_work(engine, actor=operator("test"), now=datetime.now(UTC)) as work:
        set_numbers(work, loop_numbers({"look_back_after_days": 0}), version=rules_version(work.session))
    engine.dispose()
    set_locale("zh_CN")
    with window_of(browser, server, "bureau02") as officer:
        page = officer.open("/look-backs?view=plans")
        page.get_by_label(_("Issues to draw")).fill("1000")  # all that were closed since the last plan
        page.keyboard.press("Tab")
        page.get_by_role("button", name=_("Draw the sample")).click()
        expect(page.locator("[data-testid=stToast]")).to_be_visible()
        item = item_of(server, issue.key)
        page = officer.open(f"/look-backs?item={item.key}")
        page.locator("[data-testid=stForm] [role=radio]", has_text=re.compile(".")).last.check(force=True)
        page.get_by_label(_("What was seen")).fill("The net lies beside the heap")
        page.get_by_role("button", name=_("Record"), exact=True).click()
        expect(page.locator("[data-testid=stToast]")).to_be_visible()
    assert item_of(server, issue.key).result == LookBackResult.REOPENED


def item_of(server: Server, issue_id: int) -> LookBackItem:
    with looking(server) as session:
        return session.exec(select(LookBackItem).where(LookBackItem.issue_id == issue_id)).one()


def told_truly(server: Server, number: str) -> None:
    """Each link has its own person, the notice its number, and the history holds."""
    issue = issue_of(server, number)
    people = [issue.finder_id, issue.confirmer_id, issue.rectifier_id, issue.signer_id]
    assert people == [person_of(server, login).id for login in ("butler01", "bureau01", "director001", "township02")]
    logins = {"witnessed": "cadre001", "checked_on_site": "township01", "reopened": "bureau02"}
    by = select(Event.code, Event.actor_id).where(Event.subject_kind == "issue", Event.subject_id == issue.key)
    with looking(server) as session:
        judges = {code: actor for code, actor in session.exec(by) if code in logins}
        newest = session.exec(select(Notice).order_by(col(Notice.id).desc())).first()
        faults = (verify_chain(session), differences(session))
    assert judges == {code: person_of(server, login).id for code, login in logins.items()}
    assert newest is not None
    assert newest.enterprise_id == issue.enterprise_id
    assert faults == ([], [])
