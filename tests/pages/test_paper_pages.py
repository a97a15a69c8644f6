"""The pages of notices, of the three lists and of the superior's ledger on the demo district."""

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select
from streamlit.testing.v1 import AppTest

from dashboard.screen import notice_forms, notice_parts
from dashboard.services.layouts import layout_of, layouts
from db.tables.issues import Issue, Notice
from db.unit_of_work import reading
from governance.notices import IN_THE_LEDGER
from governance.vocabulary import ListKind
from tests.pages.conftest import Opening

PAPERS = ("lists", "notices", "superior-ledger")


def words(page: AppTest) -> str:
    markup = [element.proto.body for element in page.get("html")]
    said = [element.value for kind in ("text", "caption", "warning", "info") for element in page.get(kind)]
    return "\n".join([*markup, *said])


def links(page: AppTest) -> list[str]:
    return [link.proto.url for link in page.get("link_button")]


def whole(page: AppTest) -> AppTest:
    assert [error.value for error in page.exception] == []
    return page


@pytest.mark.parametrize("url", PAPERS)
@pytest.mark.parametrize("locale", ["en", "zh_CN"])
def test_a_page_is_drawn_with_its_rows(district: Engine, open_page: Opening, url: str, locale: str) -> None:
    page = whole(open_page(district, "bureau01", url, locale=locale))
    assert len(page.dataframe[0].value) > 5


@pytest.mark.parametrize(
    ("login", "url"), [(login, url) for login in ("township01", "director001") for url in PAPERS[:2]]
)
def test_others_see_their_own_part(district: Engine, open_page: Opening, login: str, url: str) -> None:
    page = whole(open_page(district, login, url))
    assert "Save" not in [button.label for button in page.button]


def test_a_list_has_its_workbook_in_an_offices_layout(district: Engine, open_page: Opening) -> None:
    page = whole(open_page(district, "bureau01", "lists", list="rectification", severity="major"))
    assert links(page) == ["/api/v1/lists/rectification.xlsx?severity=major"]


def test_the_three_lists_stand_under_one_filter(district: Engine, open_page: Opening) -> None:
    page = whole(open_page(district, "bureau01", "lists", severity="severe"))
    totals = [page.text[0].value]
    for kind in ("responsibilities", "rectification"):
        page.get("button_group")[0].set_value(kind)
        totals.append(whole(page.run()).text[0].value)
    assert len(set(totals)) == 1


def test_the_bureau_names_a_list_and_its_columns(own_district: Engine, open_page: Opening) -> None:
    page = whole(open_page(own_district, "bureau01", "lists"))
    name = next(field for field in page.text_input if field.label == "Name")
    name.set_value("What we found")
    next(button for button in page.button if button.label == "Save").click()
    whole(page.run())
    with reading(own_district) as session:
        assert layout_of(session, ListKind.PROBLEMS).name == "What we found"


def test_a_layout_is_added_for_the_superior(own_district: Engine, open_page: Opening) -> None:
    page = whole(open_page(own_district, "committee01", "superior-ledger"))
    next(field for field in page.text_input if field.label == "Name").set_value("Province 2026")
    next(field for field in page.multiselect if field.label == "Columns, in their order").set_value(["number", "title"])
    next(button for button in page.button if button.label == "Save").click()
    whole(page.run())
    with reading(own_district) as session:
        (stored,) = layouts(session, ListKind.SUPERIOR)
    assert (stored.name, stored.keys) == ("Province 2026", ("number", "title"))


def test_the_superiors_ledger_comes_with_its_evidence(district: Engine, open_page: Opening) -> None:
    page = whole(open_page(district, "committee01", "superior-ledger", source="hotline_12345"))
    assert "/api/v1/superior-ledger.zip?source=hotline_12345" in links(page)
    assert "What came from above" in words(page)


def test_a_notice_leads_to_its_documents(district: Engine, open_page: Opening) -> None:
    with reading(district) as session:
        number = session.exec(select(Notice.number).order_by(col(Notice.id))).first()
    page = whole(open_page(district, "bureau01", "notices", notice=number or ""))
    assert {link.rsplit(".")[-1] for link in links(page)} == {"docx", "pdf", "pdf?photos=yes"}
    assert number in words(page)


def test_a_notice_that_is_not_there_is_told_in_a_sentence(district: Engine, open_page: Opening) -> None:
    page = whole(open_page(district, "director001", "notices", notice="<b>x</b>"))
    assert "There is no notice with the number &lt;b&gt;x&lt;/b&gt; for you" in words(page)


def test_the_bureau_issues_a_notice(own_district: Engine, open_page: Opening) -> None:
    page = opened(open_page(own_district, "bureau01", "notices"), notice_forms.OPENED)
    issues = next(field for field in page.multiselect if field.label == "Issues")
    number = issues.options[0].split()[0]
    issues.set_value([number])
    whole(page.run())
    next(button for button in page.button if button.label == "Issue the notice").click()
    page = whole(page.run())
    with reading(own_district) as session:
        newest = session.exec(select(Notice).order_by(col(Notice.id).desc())).first()
        stage = session.exec(select(Issue.stage).where(Issue.number == number)).one()
    assert newest is not None
    assert (newest.number in words(page), stage in IN_THE_LEDGER) == (True, True)


def test_notices_are_counted_once_their_counts_are_opened(district: Engine, open_page: Opening) -> None:
    page = whole(open_page(district, "bureau01", "notices"))
    closed = [list(table.value.columns) for table in page.dataframe]
    counts = opened(page, notice_parts.COUNTS).dataframe[-1].value
    assert (len(closed), "All issues closed" in counts.columns, counts["Issued"].sum() > 0) == (1, True, True)


def opened(page: AppTest, part: str) -> AppTest:
    """The page with one of its folded parts opened."""
    page.session_state[part] = True
    return whole(page.run())


def test_a_director_answers_a_notice(own_district: Engine, open_page: Opening) -> None:
    page = whole(open_page(own_district, "director001", "notices"))
    numbers = list(page.dataframe[0].value["Number"])
    page = whole(open_page(own_district, "director001", "notices", notice=numbers[0]))
    page.text_area[0].set_value("Covered with nets")
    whole(page.run())
    next(button for button in page.button if button.label == "Hand in the reply").click()
    page = whole(page.run())
    with reading(own_district) as session:
        notice = session.exec(select(Notice).where(Notice.number == numbers[0])).one()
    assert (notice.reply, "Covered with nets" in words(page)) == ("Covered with nets", True)
