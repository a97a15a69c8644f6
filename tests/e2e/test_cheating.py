"""Attempts to cheat in a real browser, each as the signed-in person: refused with clear words, and nothing changes."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlmodel import select

from dashboard.i18n import _, label, set_locale
from db.tables.issues import Issue
from governance.stages import Action
from governance.vocabulary import EvidenceKind, IssueField, Role, Stage
from tests.e2e.conftest import Server, Visit
from tests.e2e.loop_people import choose, field, fill, open_issue, photo, send, send_button, upload, window_of, word
from tests.e2e.loop_steps import (
    DIRECTOR,
    evidence_of,
    firm_of,
    issue_after,
    looking,
    reported,
    stage_of,
    times,
)

REFUSAL = ".gg-refusal"
Enter = Callable[[str], Visit]
FETCH = """async ([url, fields]) => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields || {})) { body.append(name, value); }
  const answer = await fetch(url, fields ? { method: "POST", body } : {});
  return { status: answer.status, body: await answer.json() };
}"""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="module")
def enter(browser: Browser, server: Server) -> Iterator[Enter]:
    """A window of somebody, signed in once for all tests."""
    windows: dict[str, Visit] = {}
    with ExitStack() as stack:

        def entered(login: str) -> Visit:
            if login not in windows:
                windows[login] = stack.enter_context(window_of(browser, server, login))
            return windows[login]

        yield entered


def sentence(text: str, **params: Any) -> str:
    """A sentence as the pages say it, in Chinese."""
    set_locale("zh_CN")
    return _(text, **params)


def seen_on_site() -> str:
    return sentence("What was seen on site")


def hand_in(visit: Visit, picture: Path) -> None:
    """Choose a file and wait until the server has it: what is sent before goes without it."""
    upload(visit.page, picture)
    visit.page.wait_for_timeout(1_000)
    visit.settled()


def told_why(page: Page, action: Action) -> Locator:
    """Why an action is not possible for the person now."""
    part = page.locator("[data-testid=stExpander]", has_text=sentence("Not possible for you now")).first
    part.locator("summary").click()
    return part.locator("tr", has=page.get_by_role("cell", name=word(action), exact=True))


def offers(page: Page, action: Action) -> bool:
    """Whether the page offers an action: as a choice, or as the only button."""
    exact = page.locator("[data-testid=stButtonGroup], [data-testid=stButton]").get_by_text(word(action), exact=True)
    return exact.count() > 0


def fetched(page: Page, url: str, fields: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
    """Ask the server from within the page, with the person's cookies: the status and the body."""
    answer = page.evaluate(FETCH, [url, fields])
    return answer["status"], answer["body"]


def is_refused(answer: tuple[int, dict[str, Any]], status: int, code: str) -> None:
    """In the one shape of errors, with words."""
    given, body = answer
    assert (given, body["error"]["code"]) == (status, code)
    assert set(body["error"]) == {"code", "message", "fields"}
    assert body["error"]["message"]


def test_measures_without_an_after_photo_are_refused(enter: Enter, server: Server, pictures: Path) -> None:
    number = issue_after(server, pictures, Action.HAND_OVER)
    director = enter(DIRECTOR)
    page = open_issue(director, number)
    fill(page, {field("measures"): "Covered"})
    send_button(page, Action.SUBMIT_MEASURES).click()
    asked = {"action": Action.SUBMIT_MEASURES, "kinds": (EvidenceKind.AFTER,)}
    expect(page.locator(REFUSAL)).to_contain_text(sentence("The action {action} needs evidence: {kinds}", **asked))
    expect(page.get_by_label(field("measures")).first).to_have_value("Covered")
    assert stage_of(server, number) == Stage.RECTIFYING


def test_a_photo_without_measures_is_refused(enter: Enter, server: Server, pictures: Path) -> None:
    number = issue_after(server, pictures, Action.HAND_OVER)
    director = enter(DIRECTOR)
    page = open_issue(director, number)
    hand_in(director, photo(pictures, "silent"))
    send_button(page, Action.SUBMIT_MEASURES).click()
    asked = {"action": Action.SUBMIT_MEASURES, "fields": (IssueField.MEASURES,)}
    expect(page.locator(REFUSAL)).to_contain_text(sentence("The action {action} needs {fields}", **asked))
    assert (stage_of(server, number), evidence_of(server, number, EvidenceKind.AFTER)) == (Stage.RECTIFYING, [])


def test_who_checked_is_told_why_somebody_else_must_sign(enter: Enter, server: Server, pictures: Path) -> None:
    number = issue_after(server, pictures, Action.CHECK_ON_SITE)
    checker = enter("township01")
    page = open_issue(checker, number)
    asked = {"action": Action.SIGN_OFF, "field": IssueField.CHECKER}
    why = sentence("The action {action} needs somebody other than the person recorded as {field}", **asked)
    assert not offers(page, Action.SIGN_OFF)
    expect(told_why(page, Action.SIGN_OFF)).to_contain_text(why)


def test_nobody_signs_before_a_check(enter: Enter, server: Server, pictures: Path) -> None:
    number = issue_after(server, pictures, Action.SUBMIT_MEASURES)
    signer = enter("township02")
    page = open_issue(signer, number)
    asked = {"action": Action.SIGN_OFF, "fields": (IssueField.CHECKER,)}
    assert not offers(page, Action.SIGN_OFF)
    expect(told_why(page, Action.SIGN_OFF)).to_contain_text(sentence("The action {action} needs {fields}", **asked))


def test_a_butler_confirms_no_finding_and_sees_whose_turn_it_is(enter: Enter, server: Server, pictures: Path) -> None:
    number = reported(server, pictures)
    butler = enter("butler01")
    page = open_issue(butler, number)
    expect(page.locator(".gg-next")).to_contain_text(word(Action.CONFIRM))
    expect(page.locator(".gg-next")).to_contain_text(label(Role.TOWNSHIP))
    assert not any(offers(page, action) for action in (Action.CONFIRM, Action.REFUSE, Action.MERGE))


def test_a_township_officer_is_told_that_the_own_finding_is_confirmed_by_another(
    enter: Enter, server: Server, pictures: Path
) -> None:
    number = reported(server, pictures, finder="township01")
    officer = enter("township01")
    page = open_issue(officer, number)
    asked = {"action": Action.CONFIRM, "field": IssueField.FINDER}
    why = sentence("The action {action} needs somebody other than the person recorded as {field}", **asked)
    expect(told_why(page, Action.CONFIRM)).to_contain_text(why)


def test_the_bureau_does_not_sign_a_townships_minor_issue(enter: Enter, server: Server, pictures: Path) -> None:
    number = issue_after(server, pictures, Action.CHECK_ON_SITE)
    bureau = enter("bureau01")
    page = open_issue(bureau, number)
    expect(page.locator(".gg-next")).to_contain_text(word(Action.SIGN_OFF))
    expect(page.locator(".gg-next")).to_contain_text(label(Role.TOWNSHIP))
    assert not offers(page, Action.SIGN_OFF)
    assert stage_of(server, number) == Stage.SUPERVISED


def test_another_enterprises_issue_does_not_open_by_its_address(enter: Enter, server: Server) -> None:
    with looking(server) as session:
        own = firm_of(session, DIRECTOR).key
        foreign = session.exec(select(Issue).where(Issue.enterprise_id != own)).first()
    assert foreign is not None
    director = enter(DIRECTOR)
    page = director.open(f"/issue?id={foreign.number}")
    asked = {"number": foreign.number}
    why = sentence("There is no issue with the number {number} for you", **asked)
    expect(page.locator(REFUSAL)).to_contain_text(why)
    assert foreign.title not in page.locator("body").inner_text()


def test_a_display_opens_no_issue(enter: Enter, server: Server) -> None:
    with looking(server) as session:
        issue = session.exec(select(Issue)).first()
    assert issue is not None
    display = enter("display01")
    page = display.open(f"/issue?id={issue.number}")
    expect(page.locator("[data-testid=stAlert]")).to_contain_text(sentence("This page is not open to your role."))
    assert issue.title not in page.locator("body").inner_text()


def test_a_page_that_calls_itself_a_photo_is_refused(enter: Enter, server: Server, pictures: Path) -> None:
    number, false = issue_after(server, pictures, Action.HAND_OVER), pictures / "page.jpg"
    false.write_text("<!doctype html><script>alert(1)</script>")
    director = enter(DIRECTOR)
    page = open_issue(director, number)
    fill(page, {field("measures"): "Covered"})
    hand_in(director, false)
    send_button(page, Action.SUBMIT_MEASURES).click()
    why = sentence("The file {name} is none of the kinds that are taken: {allowed}", name=false.name, allowed="")
    expect(page.locator(REFUSAL)).to_contain_text(why.strip())
    assert (stage_of(server, number), evidence_of(server, number, EvidenceKind.AFTER)) == (Stage.RECTIFYING, [])


def test_the_photo_from_before_as_the_one_from_after_is_marked(enter: Enter, server: Server, pictures: Path) -> None:
    number = issue_after(server, pictures, Action.HAND_OVER)
    again = shutil.copy(pictures / f"{number}-before.jpg", pictures / "again.jpg")
    director = enter(DIRECTOR)
    page = open_issue(director, number)
    fill(page, {field("measures"): "Covered"})
    hand_in(director, Path(again))
    send(director, Action.SUBMIT_MEASURES)
    officer = enter("township01")
    marks = open_issue(officer, number).locator(".gg-gallery .gg-reused")
    expect(marks).to_have_count(1)
    expect(marks).to_contain_text(sentence("Used before, in issue {number}", number=number))


def test_a_double_click_is_one_event(enter: Enter, server: Server, pictures: Path) -> None:
    number = issue_after(server, pictures, Action.SUBMIT_MEASURES)
    officer = enter("township01")
    page = open_issue(officer, number)
    choose(page, Action.CHECK_ON_SITE)
    fill(page, {seen_on_site(): "Covered"})
    send_button(page, Action.CHECK_ON_SITE).dblclick()
    expect(page.locator("[data-testid=stToast]").first).to_be_visible()
    page.wait_for_timeout(1_000)
    officer.settled()
    assert times(server, number, "checked_on_site") == 1


def test_the_second_of_two_windows_is_told_and_loses_nothing(enter: Enter, server: Server, pictures: Path) -> None:
    number = issue_after(server, pictures, Action.SUBMIT_MEASURES)
    first = enter("township01")
    second = enter("township02")
    for officer, words in ((first, "Seen by the first"), (second, "Seen by the second")):
        page = open_issue(officer, number)
        choose(page, Action.CHECK_ON_SITE)
        fill(page, {seen_on_site(): words})
    send(first, Action.CHECK_ON_SITE)
    send_button(second.page, Action.CHECK_ON_SITE).click()
    is_told_of_both(second)
    assert times(server, number, "checked_on_site") == 1


def is_told_of_both(second: Visit) -> None:
    """What the record says now stands beside what was written, which still stands in the form."""
    why = sentence("Somebody changed this issue while you wrote. Nothing was saved, and nothing you wrote is lost.")
    expect(second.page.locator(REFUSAL)).to_contain_text(why)
    expect(second.page.get_by_text(sentence("Two versions")).first).to_be_visible()
    expect(second.page.get_by_label(seen_on_site()).first).to_have_value("Seen by the second")


def test_the_bytes_of_a_photo_are_not_for_a_cadre(enter: Enter, server: Server, pictures: Path) -> None:
    number = issue_after(server, pictures, Action.SUBMIT_MEASURES)
    evidence = evidence_of(server, number, EvidenceKind.AFTER)[0]
    cadre = enter("cadre001")
    page = open_issue(cadre, number)
    expect(page.locator(".gg-gallery li")).to_have_count(2)
    is_refused(fetched(page, f"/api/v1/evidence/{evidence.key}/original"), 403, "not_allowed")


def test_a_photo_needs_a_session(browser: Browser, server: Server, pictures: Path) -> None:
    evidence = evidence_of(server, reported(server, pictures), EvidenceKind.BEFORE)[0]
    context = browser.new_context()
    for form in ("", "/thumbnail", "/original"):
        answer = context.request.get(f"{server.address}/api/v1/evidence/{evidence.key}{form}")
        is_refused((answer.status, answer.json()), 401, "signed_out")
    context.close()


def test_a_report_of_one_is_not_sent_again_by_another(enter: Enter, server: Server) -> None:
    with looking(server) as session:
        firm = firm_of(session, DIRECTOR).key
    report = {"token": "sent-once", "title": "Heap", "category": "dust", "severity": "minor", "enterprise": str(firm)}
    butler = enter("butler01")
    cadre = enter("cadre001")
    first = fetched(butler.page, "/api/v1/issues", report)
    again = fetched(butler.page, "/api/v1/issues", report)
    is_refused(fetched(cadre.page, "/api/v1/issues", report), 409, "token_taken")
    assert (first[0], again) == (201, first)
