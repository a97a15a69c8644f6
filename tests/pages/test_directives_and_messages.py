"""The pages of instructions and messages: what they show to whom, and what their forms write."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.application import sessions_of
from dashboard.i18n import LOCALE_COOKIE, label, set_locale
from dashboard.screen import message_parts
from dashboard.security.gate import SESSION_COOKIE
from dashboard.services.accounts import add_account
from dashboard.services.channels import add_channel
from dashboard.services.directives import give_instruction
from dashboard.settings import Settings
from db.tables.directives import Directive
from db.tables.messages import Channel, Message
from db.tables.people import Person
from db.unit_of_work import reading
from governance.directives import DirectiveAction
from governance.vocabulary import DirectiveState
from tests.conftest import NOW, ROOT
from tests.pages.conftest import RUN_SECONDS, _in_force
from tests.services.loop_people import Loop, found_issue, handed_over, settle, zone
from tests.services.outside_world import Webhook, running_webhook
from tests.services.small_district import writing

PASSWORD = "a long password"
PEOPLE = ("leader", "west-1", "east-1", "bureau-1", "committee-1")
Opened = Callable[..., AppTest]


@pytest.fixture
def loop(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Loop]:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(migrated_sqlite, home / "gridguard.db")
    for engine in _in_force(home):
        found = settle(engine)
        with writing(engine) as work:
            for code in PEOPLE:
                add_account(work, work.session.get_one(Person, found.key(code)), login=code, password=PASSWORD)
        yield found


@pytest.fixture
def opened(loop: Loop, browser_cookies: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Open a page as somebody: ``opened("west-1", "directives", directive="…")``."""
    monkeypatch.setattr(message_parts, "utc_now", lambda: NOW)

    def open_page(login: str, url: str, **parameters: str) -> AppTest:
        sessions = sessions_of(Settings(), loop.engine)
        browser_cookies[SESSION_COOKIE] = sessions.sign_in(login, PASSWORD, now=NOW, client="test")
        browser_cookies[LOCALE_COOKIE] = "en"
        page = AppTest.from_file(ROOT / "dashboard" / "app.py", default_timeout=RUN_SECONDS)
        page._page_hash = calc_hash(url)
        for name, value in parameters.items():
            page.query_params[name] = value
        return page.run()

    return open_page


def markup(page: AppTest) -> str:
    return "\n".join(element.proto.body for element in page.get("html"))


def press(page: AppTest, words: str) -> AppTest:
    """Press the one button with these words."""
    (button,) = [button for button in page.button if button.label == words]
    return button.click().run()


def write(page: AppTest, words: str, text: str) -> None:
    """Write into the one field with these words, whatever kind it is."""
    fields = [*page.text_area, *page.text_input]
    next(field for field in fields if field.label == words).set_value(text)


def propose() -> str:
    """The step's word in English."""
    set_locale("en")
    word = label(DirectiveAction.PROPOSE)
    set_locale(None)
    return word


def instructed(loop: Loop) -> str:
    with loop.as_("leader") as work:
        return give_instruction(work, text="Cover <b>all</b> heaps", zone=zone(loop, "T1")).number


def directive(loop: Loop) -> Directive:
    with reading(loop.engine) as session:
        return session.exec(select(Directive)).one()


def test_the_list_shows_what_the_person_may_see(loop: Loop, opened: Opened) -> None:
    number = instructed(loop)
    page = opened("west-1", "directives")
    assert list(page.dataframe[0].value["Number"]) == [number]
    assert re.findall(r"<strong[^>]*>(.*?)</strong>", markup(page)) == ["1", "1", "0"]
    assert not opened("east-1", "directives").dataframe


def test_one_shows_its_steps_as_text_and_links_its_documents(loop: Loop, opened: Opened) -> None:
    number = instructed(loop)
    page = opened("west-1", "directives", directive=number)
    assert "Cover &lt;b&gt;all&lt;/b&gt; heaps" in markup(page)
    links = [element.proto.url for element in page.get("link_button")]
    assert f"/api/v1/directives/{number}.docx" in links
    assert f"/api/v1/directives/{number}.pdf" in links


def test_what_somebody_may_not_see_is_answered_with_a_sentence(loop: Loop, opened: Opened) -> None:
    page = opened("east-1", "directives", directive=instructed(loop))
    assert "There is no directive with the number PS-2026-001" in markup(page)
    assert not page.exception


@pytest.mark.parametrize("number", ["x", "<script>alert(1)</script>", ":red[x]", "' OR 1=1 --"])
def test_an_address_of_nothing_is_answered_with_a_sentence(opened: Opened, number: str) -> None:
    page = opened("bureau-1", "directives", directive=number)
    assert "There is no directive with the number" in markup(page)
    assert "<script>" not in markup(page)


def test_the_next_step_is_taken_on_the_page(loop: Loop, opened: Opened) -> None:
    page = opened("west-1", "directives", directive=instructed(loop))
    write(page, propose(), "with nets by Friday")
    page = press(page, propose())
    assert not page.exception
    assert (directive(loop).state, directive(loop).proposal) == (DirectiveState.PROPOSED, "with nets by Friday")
    assert "with nets by Friday" in markup(page)


def test_a_step_without_words_says_why_and_keeps_nothing(loop: Loop, opened: Opened) -> None:
    page = press(opened("west-1", "directives", directive=instructed(loop)), propose())
    assert "have 1 to 4,000 characters" in markup(page).replace("4000", "4,000")
    assert directive(loop).state == DirectiveState.RECEIVED


def test_a_leader_instructs_from_the_own_zones_in_one_form(loop: Loop, opened: Opened) -> None:
    handed_over(loop, found_issue(loop).number)
    page = opened("leader", "my-zones")
    write(page, "What is asked", "Cover all heaps")
    page = press(page, "Send")
    assert not page.exception
    row = directive(loop)
    assert (row.text, row.giver_id, row.unit_id) == ("Cover all heaps", loop.key("leader"), loop.unit("west"))


def test_a_leader_comments_and_instructs_on_an_issues_page(loop: Loop, opened: Opened) -> None:
    number = handed_over(loop, found_issue(loop).number).number
    page = opened("leader", "issue", id=number)
    write(page, "Your comment", "seen <b>again</b>")
    page = press(page, "Comment")
    write(page, "What is asked", "Cover all heaps")
    page = press(page, "Send")
    assert not page.exception
    assert "Cover all heaps" in markup(page)
    assert "seen <b>again</b>" in [text.value for text in page.text]


def test_whoever_may_not_ask_comments_only(loop: Loop, opened: Opened) -> None:
    number = handed_over(loop, found_issue(loop).number).number
    fields = [field.label for field in opened("west-1", "issue", id=number).text_area]
    assert "Your comment" in fields
    assert "What is asked" not in fields


def test_the_bureau_asks_nothing_there(loop: Loop, opened: Opened) -> None:
    page = opened("bureau-1", "my-zones")
    assert [field for field in page.text_area if field.label == "What is asked"] == []


def test_a_channel_is_added_on_the_page_and_its_address_not_shown(loop: Loop, opened: Opened) -> None:
    page = opened("west-1", "messages")
    write(page, "Name", "Our group")
    write(page, "Address", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0a1b2c3d4e5f")
    page = press(page, "Add")
    assert not page.exception
    with reading(loop.engine) as session:
        channel = session.exec(select(Channel)).one()
    assert (channel.url, channel.daily_at) == ("wecombot://0a1b2c3d4e5f", "07:30")
    shown = "\n".join(str(element.value) for element in (*page.text, *page.markdown, *page.caption))
    assert "Our group" in shown
    assert "0a1b2c3d4e5f" not in shown


def test_a_refused_address_says_why(opened: Opened, loop: Loop) -> None:
    page = opened("west-1", "messages")
    write(page, "Name", "Our group")
    write(page, "Address", "file:///etc/passwd")
    page = press(page, "Add")
    assert "This address cannot be taken" in markup(page)
    with reading(loop.engine) as session:
        assert session.exec(select(Channel)).all() == []


@pytest.fixture
def hook(loop: Loop) -> Iterator[Webhook]:
    """A webhook that is a channel of the bureau's officer."""
    with running_webhook() as running:
        with loop.as_("bureau-1") as work:
            add_channel(work, name="Hook", address=running.url)
        yield running


def test_the_button_tests_the_channel(hook: Webhook, opened: Opened) -> None:
    page = press(opened("bureau-1", "messages"), "Test")
    assert [taken["title"] for taken in hook.taken] == ["Test of GridGuard"]
    assert [note.value for note in page.success] == ["It arrived at the service."]
    assert list(page.dataframe[0].value["Attempts"]) == [1]


def test_the_button_says_why_nothing_arrived(hook: Webhook, opened: Opened, loop: Loop) -> None:
    hook.status = 403
    page = press(opened("bureau-1", "messages"), "Test")
    assert "403" in page.error[0].value
    assert "secret-token" not in page.error[0].value
    with reading(loop.engine) as session:
        assert session.exec(select(Message)).one().attempts == 1


def test_only_the_bureau_sees_channels_of_roles(opened: Opened) -> None:
    titles = {code: [one.value for one in opened(code, "messages").subheader] for code in ("bureau-1", "west-1")}
    assert "Channels of roles" in titles["bureau-1"]
    assert "Channels of roles" not in titles["west-1"]
