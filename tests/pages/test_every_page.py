"""Every page as every role: it draws without an error, and only for whom it is meant."""

import re
from html import unescape

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.registry import PAGES, pages_for
from db.repositories.people import actor_of
from db.unit_of_work import reading
from tests.conftest import TODAY
from tests.pages.conftest import Opening

# By hand from the table of the people: everybody sees within a scope of their own, the district as a whole only some.
OWN = "inbox map heat ledger lists notices"
TALK = "directives messages issue"
SUMMARY = f"wall my-zones {OWN} superior-ledger {TALK}"
EVERYBODY = {
    "leader01": f"{SUMMARY} rankings roster rules",
    "liaison01": f"{SUMMARY} rankings roster rules",
    "bureau01": f"{SUMMARY} batch-report look-backs rankings roster rules import admin",
    "committee01": f"{SUMMARY} look-backs rankings roster rules",
    "township01": f"{OWN} {TALK} batch-report rankings rules",
    "department01": f"{OWN} {TALK} rankings rules",
    "enforcement01": f"{OWN} {TALK} rules",
    "consultant01": f"{OWN} {TALK} rules",
    "butler01": f"{OWN} {TALK} rules",
    "cadre001": f"{OWN} {TALK} rules",
    "director001": f"{OWN} {TALK} rules",
    "display01": "wall",
}
OPEN = [(login, url) for login, urls in EVERYBODY.items() for url in urls.split()]
CLOSED = [(login, page.url) for login in EVERYBODY for page in PAGES if (login, page.url) not in OPEN]
NAMES = re.compile("English|Word|PDF")
CHINESE = re.compile("[\\u4e00-\\u9fff]")


def texts(page: AppTest) -> str:
    """All text that a page draws, tables and labels included."""
    markup = [element.proto.body for element in page.get("html")]
    words = [
        element.value for kind in ("text", "caption", "subheader", "warning", "info") for element in page.get(kind)
    ]
    tables = [table.value.to_csv() for table in page.dataframe]
    labels = [
        str(widget.label) for kind in ("button", "selectbox", "multiselect", "toggle") for widget in page.get(kind)
    ]
    return "\n".join([*markup, *words, *tables, *labels])


def drawn_page(page: AppTest) -> str:
    """What tells the pages apart: the wall's bar, or the title of the page."""
    bodies = " ".join(element.proto.body for element in page.get("html"))
    title = re.search(r'<h1 class="gg-title">.*? · (.*?)</h1>', bodies)
    return "wall" if "gg-bar" in bodies and title is None else unescape(title.group(1)) if title else ""


DOOR = "You are signed out."
TITLES = {
    "wall": "wall",
    "my-zones": "My zones",
    "inbox": "Inbox",
    "map": "Map",
    "heat": "Heat",
    "ledger": "Ledger",
    "lists": "Three lists",
    "notices": "Notices",
    "superior-ledger": "Superior's ledger",
    "directives": "Instructions",
    "messages": "Messages",
    "issue": "Issue",
    "batch-report": "Batch report",
    "look-backs": "Look-backs",
    "rankings": "Rankings",
    "roster": "Who guards what",
    "rules": "Rules",
    "import": "Import",
    "admin": "Administration",
}


@pytest.mark.parametrize(("login", "url"), OPEN)
def test_a_page_draws_for_those_it_is_meant_for(district: Engine, open_page: Opening, login: str, url: str) -> None:
    page = open_page(district, login, url)
    assert (list(page.exception), list(page.error), drawn_page(page)) == ([], [], TITLES[url])


@pytest.mark.parametrize(("login", "url"), CLOSED)
def test_a_page_stays_closed_to_all_others(district: Engine, open_page: Opening, login: str, url: str) -> None:
    page = open_page(district, login, url)
    drawn = [list(page.get(kind)) for kind in ("dataframe", "component_instance", "file_uploader", "button")]
    assert (list(page.exception), len(page.warning), drawn) == ([], 1, [[], [], [], []])
    assert "<section" not in texts(page)


@pytest.mark.parametrize("login", EVERYBODY)
def test_the_address_without_a_page_leads_to_the_roles_home(district: Engine, open_page: Opening, login: str) -> None:
    home = drawn_page(open_page(district, login, ""))
    assert home in {TITLES[url] for url in EVERYBODY[login].split()}


@pytest.mark.parametrize("url", [page.url for page in PAGES])
def test_without_a_session_there_is_nothing_but_the_door(district: Engine, open_page: Opening, url: str) -> None:
    page = open_page(district, None, url)
    assert [DOOR in element.proto.body for element in page.get("html")] == [True]
    assert len(list(page.main)) == 2, "the page's own block and the door in it"


def test_a_withdrawn_session_sees_the_door_at_the_next_rerun(
    own_district: Engine, open_page: Opening, browser_cookies: dict[str, str]
) -> None:
    page = open_page(own_district, "bureau01", "ledger")
    page.session_state["leftover"] = "of the one who was here"
    browser_cookies["gridguard_session"] = "forged"
    page.run()
    assert [DOOR in element.proto.body for element in page.get("html")] == [True]
    assert "leftover" not in page.session_state


@pytest.mark.parametrize("url", [page.url for page in PAGES])
def test_a_page_speaks_chinese(district: Engine, open_page: Opening, url: str) -> None:
    page = open_page(district, "bureau01", url, locale="zh_CN")
    drawn = re.sub(r"<style>.*?</style>", "", texts(page), flags=re.DOTALL)
    foreign = [re.sub(NAMES, "", text) for text in re.findall(r">([^<>]+)<", drawn)]
    words = [text for text in foreign if re.search("[A-Za-z]{3}", text)]
    assert (words, bool(CHINESE.search(drawn))) == ([], True)


@pytest.mark.parametrize("url", [page.url for page in PAGES])
def test_a_pages_own_words_are_english_in_english(district: Engine, open_page: Opening, url: str) -> None:
    page = open_page(district, "bureau01", url)
    labels = [
        str(widget.label) for kind in ("selectbox", "multiselect", "toggle", "text_input") for widget in page.get(kind)
    ]
    heads = [str(name) for table in page.dataframe for name in table.value.columns]
    assert [text for text in labels + heads if CHINESE.search(text)] == []


@pytest.mark.parametrize("url", [page.url for page in PAGES])
def test_a_demo_district_says_so_on_every_page(district: Engine, open_page: Opening, url: str) -> None:
    assert "Demo data" in texts(open_page(district, "bureau01", url))


@pytest.mark.parametrize("login", EVERYBODY)
def test_the_list_of_pages_is_what_the_rights_give(district: Engine, browser_cookies: object, login: str) -> None:
    from dashboard.application import sessions_of
    from dashboard.settings import Settings
    from tests.conftest import NOW

    gate = sessions_of(Settings(), district)
    person = gate.person_of(gate.sign_in_demo(login, now=NOW), now=NOW)
    assert person is not None
    with reading(district) as session:
        actor = actor_of(session, person.person_id, today=TODAY)
    assert [page.url for page in pages_for(actor)] == EVERYBODY[login].split()
