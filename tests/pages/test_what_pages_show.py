"""The pages show the services' numbers, refuse bad addresses with a sentence, and take records for plain text."""

import re
from html import escape, unescape

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from dashboard.services.issues import report_issue
from dashboard.services.my_zones import my_zones
from dashboard.services.placing import placing_on
from dashboard.services.wall import wall_picture
from db import records
from db.repositories.people import leaders_on
from db.tables.issues import Issue
from db.tables.people import Person
from db.tables.territory import Enterprise, Zone
from db.unit_of_work import reading, unit_of_work
from governance.counting import UNRESOLVED
from governance.permissions import operator
from governance.playlist import DISTRICT_STEP
from governance.vocabulary import Category, Severity, Source
from tests.conftest import NOW, TODAY
from tests.pages.conftest import Opening

DAY = {"today": TODAY, "yellow_days": 3}
HOSTILE = ":red[done] <img src=x onerror=alert(1)> ![x](http://e.vil/x.png) {{7*7}} ${1} **b** $x^2$ `c`"
BAD_ADDRESSES = (
    {"zone": "port.X99"},
    {"zone": "nonsense"},
    {"zone": "<script>alert(1)</script>"},
    {"zone": "port."},
    {"enterprise": "999999"},
    {"enterprise": "99999999999999999999999999"},
    {"enterprise": "-1"},
    {"enterprise": "²"},
    {"enterprise": "1; DROP TABLE issue"},
    {"issue": "2026-99999"},
    {"issue": ":red[x] ![x](http://e.vil/x.png)"},
    {"issue": "' OR 1=1 --"},
)


def markup(page: AppTest) -> str:
    return "\n".join(element.proto.body for element in page.get("html"))


def numbers(page: AppTest) -> list[str]:
    """Key numbers of the page's panels, in their order; a link to the rows that a number counts is taken off."""
    return [re.sub(r"<[^>]*>", "", number) for number in re.findall(r"<strong[^>]*>(.*?)</strong>", markup(page))]


def refusals(page: AppTest) -> list[str]:
    return re.findall(r'<p class="gg-refusal" role="alert">(.*?)</p>', markup(page))


def how_many(page: AppTest) -> str:
    """The ledger's sentence about how many issues its filters find."""
    return next(text.value for text in page.text if re.search(r"\d issues?$", text.value))


def issues(engine: Engine) -> list[Issue]:
    with reading(engine) as session:
        return list(session.exec(select(Issue)))


def test_the_wall_shows_the_services_numbers(district: Engine, open_page: Opening) -> None:
    picture = wall_picture(district, DISTRICT_STEP, **DAY)
    now = picture.standing
    page = open_page(district, "display01", "wall")
    counts = [now.unresolved, now.overdue, now.due_soon, picture.month.closed]
    assert numbers(page)[:4] == [f"{n:,}" for n in counts]
    assert numbers(page)[4] == f"{picture.month.on_time_rate:.1%}"


def test_a_leaders_page_shows_the_services_numbers(district: Engine, open_page: Opening) -> None:
    with reading(district) as session:
        mine = my_zones(session, leaders_on(session, TODAY)[0], **DAY)
    page = open_page(district, "leader01", "my-zones")
    now = mine.together
    counts = [now.unresolved, now.overdue, now.due_soon, now.clues]
    assert numbers(page)[:4] == [str(n) for n in counts]
    assert list(page.dataframe[0].value["Unresolved"]) == [standing.unresolved for _zone, standing in mine.zones]
    assert len(page.dataframe[1].value) == now.unresolved


def test_a_liaison_opens_the_page_of_the_leader(district: Engine, open_page: Opening) -> None:
    assert numbers(open_page(district, "liaison01", "my-zones")) == numbers(open_page(district, "leader01", "my-zones"))


def test_a_bureau_officer_opens_any_leaders_page(district: Engine, open_page: Opening) -> None:
    page = open_page(district, "bureau01", "my-zones")
    assert len(page.selectbox[0].options) == 18
    page.selectbox[0].select_index(4).run()
    assert (list(page.exception), page.query_params["leader"]) == ([], page.selectbox[0].value)
    assert numbers(page) == numbers(open_page(district, "bureau01", "my-zones", leader=page.selectbox[0].value))


@pytest.mark.parametrize("login", ["bureau01", "leader01", "township01", "director001"])
def test_a_zones_number_is_that_of_its_list(district: Engine, open_page: Opening, login: str) -> None:
    page = open_page(district, login, "map")
    zones = page.dataframe[0].value
    with reading(district) as session:
        first = session.exec(select(Zone).where(Zone.name_en == zones["Zone"].iloc[0])).one()
    page = open_page(district, login, "map", zone=f"{first.kind.value}.{first.code}")
    assert (list(page.exception), numbers(page)[0]) == ([], str(zones["Unresolved"].iloc[0]))
    listed = len(page.dataframe[0].value) if page.dataframe else 0
    assert listed == int(numbers(page)[0]) or page.caption


def test_the_ledger_counts_what_its_filter_finds(district: Engine, open_page: Opening) -> None:
    page = open_page(district, "bureau01", "ledger", stage="rectifying", light="red")
    late = [i for i in issues(district) if i.stage == "rectifying" and i.due_on and i.due_on < TODAY]
    assert how_many(page).startswith(f"{len(late)} issue")
    assert late == [] or set(page.dataframe[0].value["Stage"]) == {"Rectifying"}


def test_a_filter_goes_into_the_address_by_code_and_back(district: Engine, open_page: Opening) -> None:
    page = open_page(district, "bureau01", "ledger", locale="zh_CN")
    page.multiselect(key="stage").select("rectifying").select("supervised")
    page.multiselect(key="zone").select("P01").run()
    assert page.query_params == {"stage": ["rectifying", "supervised"], "zone": "P01"}
    again = open_page(district, "bureau01", "ledger", locale="en", **page.query_params)
    assert list(again.dataframe[0].value["Number"]) == list(page.dataframe[0].value.iloc[:, 1])


def test_a_changed_filter_begins_at_the_first_page(district: Engine, open_page: Opening) -> None:
    page = open_page(district, "bureau01", "ledger", page="3")
    assert page.query_params == {"page": "3"}
    page.toggle(key="urgent").set_value(True).run()
    assert page.query_params == {"urgent": "true"}


def test_the_filters_are_cleared_together(district: Engine, open_page: Opening) -> None:
    page = open_page(district, "bureau01", "ledger", stage="closed", light="red", q="nothing like this")
    assert (len(page.dataframe), "No issue here." in [caption.value for caption in page.caption]) == (0, True)
    next(button for button in page.button if button.label == "Clear the filters").click().run()
    assert (page.query_params, page.multiselect(key="stage").value, page.text_input[0].value) == ({}, [], "")


def test_an_address_that_changes_in_the_browser_changes_the_filter(district: Engine, open_page: Opening) -> None:
    page = open_page(district, "bureau01", "ledger", stage="rectifying")
    page.query_params["stage"] = "closed"
    page.run()
    assert set(page.dataframe[0].value["Stage"]) == {"Closed"}


@pytest.mark.parametrize("page_number", ["999", "0", "-3", "x", "99999999999999999999"])
def test_a_page_of_the_ledger_that_is_not_there_shows_the_nearest(
    district: Engine, open_page: Opening, page_number: str
) -> None:
    page = open_page(district, "bureau01", "ledger", page=page_number)
    assert (list(page.exception), len(page.dataframe[0].value) > 0) == ([], True)


@pytest.mark.parametrize("name", ["stage", "zone", "light", "industry", "severity", "source", "category", "urgent"])
def test_a_filter_that_means_nothing_is_left_out(district: Engine, open_page: Opening, name: str) -> None:
    page = open_page(district, "bureau01", "ledger", **{name: "<script>alert(1)</script>"})
    assert list(page.exception) == []
    assert how_many(page).replace(",", "") == f"{len(issues(district))} issues"


@pytest.mark.parametrize("parameters", BAD_ADDRESSES, ids=str)
def test_a_bad_address_is_answered_with_a_sentence(
    district: Engine, open_page: Opening, parameters: dict[str, str]
) -> None:
    page = open_page(district, "bureau01", "map", **parameters)
    assert (list(page.exception), len(refusals(page)), len(page.dataframe)) == ([], 1, 0)
    assert "<" not in refusals(page)[0]
    page.button[0].click().run()
    assert (list(page.exception), refusals(page), page.query_params) == ([], [], {})


@pytest.mark.parametrize("login", ["director001", "cadre001", "township01", "leader01"])
def test_a_foreign_issue_and_a_foreign_enterprise_do_not_exist(
    district: Engine, open_page: Opening, login: str
) -> None:
    seen = set(open_page(district, login, "ledger").dataframe[0].value["Number"])
    far = next(i for i in issues(district) if i.township_id == 9 and i.key_zone_ids == "" and i.number not in seen)
    for parameters in ({"issue": far.number}, {"enterprise": str(far.enterprise_id)}):
        page = open_page(district, login, "map", **parameters)
        assert (list(page.exception), len(refusals(page))) == ([], 1)
        assert far.title not in markup(page)


def with_hostile_names(engine: Engine) -> str:
    """Give an issue, its enterprise, its zone and a leader a name full of markup; return the issue's number."""
    with unit_of_work(engine, actor=operator("test"), now=NOW) as work:
        zone = work.session.exec(select(Zone).where(Zone.code == "P01")).one()
        firm = work.session.exec(select(Enterprise).where(Enterprise.primary_zone_id == zone.key)).first()
        leader = work.session.exec(select(Person).where(Person.name == leaders_on(work.session, TODAY)[0].name)).one()
        assert firm is not None
        for row in (zone, firm, leader):
            records.change(work, row, {"name": HOSTILE, "name_en": HOSTILE}, code="renamed")
        issue = report_issue(
            work,
            placing_on(work.session, work.district, TODAY),
            title=HOSTILE,
            description=HOSTILE,
            severity=Severity.SEVERE,
            category=Category.DUST,
            source=Source.TOWNSHIP_PATROL,
            enterprise=firm,
        )
        return issue.number


@pytest.mark.parametrize("url", ["wall", "my-zones", "map", "zone", "enterprise", "issue", "ledger"])
def test_names_are_shown_as_text_and_nothing_else(own_district: Engine, open_page: Opening, url: str) -> None:
    number = with_hostile_names(own_district)
    with reading(own_district) as session:
        firm = session.exec(select(Issue).where(Issue.number == number)).one().enterprise_id
    places = {"zone": {"zone": "port.P01"}, "enterprise": {"enterprise": str(firm)}, "issue": {"issue": number}}
    page = open_page(own_district, "bureau01", "map" if url in places else url, **places.get(url, {}))
    assert list(page.exception) == []
    assert "<img" not in markup(page)
    for kind in ("markdown", "caption", "subheader", "warning", "info"):
        assert HOSTILE not in [element.value for element in page.get(kind)]
    assert HOSTILE not in [button.label for button in page.button]


def test_an_issues_page_holds_its_text_literally(own_district: Engine, open_page: Opening) -> None:
    number = with_hostile_names(own_district)
    page = open_page(own_district, "bureau01", "map", issue=number)
    assert markup(page).count(escape(HOSTILE)) >= 2
    assert HOSTILE in unescape(markup(page))


def test_numbers_of_the_district_map_reach_no_further_than_the_role(district: Engine, open_page: Opening) -> None:
    own = numbers(open_page(district, "director001", "map"))[0]
    everything = numbers(open_page(district, "bureau01", "map"))[0]
    assert int(everything) == sum(issue.stage in UNRESOLVED for issue in issues(district))
    assert int(own) < int(everything)


@pytest.mark.parametrize(("login", "is_part"), [("township01", True), ("leader01", False), ("bureau01", False)])
def test_a_part_of_the_district_is_called_a_part(
    district: Engine, open_page: Opening, login: str, is_part: bool
) -> None:
    assert ("only what is open to you" in markup(open_page(district, login, "map"))) == is_part
