"""Mistakes on the page of administration: each is answered with a sentence, and nothing is written."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from db.tables.watching import Display
from db.unit_of_work import reading
from tests.pages.conftest import Opening


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def add(page: AppTest, name: str) -> AppTest:
    next(box for box in page.text_input if box.label == "Where the screen hangs").input(name)
    return press(page, "Add a display")


def drawn(page: AppTest) -> str:
    assert list(page.exception) == []
    return "".join(element.proto.body for element in page.get("html"))


def kept(engine: Engine) -> list[Display]:
    with reading(engine) as session:
        return list(session.exec(select(Display).order_by("id")))


@pytest.mark.parametrize(("name", "number"), [("", 0), ("   ", 0)])
def test_a_name_of_no_length_is_refused(own_district: Engine, open_page: Opening, name: str, number: int) -> None:
    page = add(open_page(own_district, "bureau01", "admin"), name)
    assert f"1 to 120 characters; this one has {number}" in drawn(page)
    assert kept(own_district) == []


def test_withdrawn_in_another_tab_it_stays_withdrawn_and_the_list_says_so(
    own_district: Engine, open_page: Opening
) -> None:
    first = press(add(open_page(own_district, "bureau01", "admin"), "Hall"), "I have put the link down")
    second = open_page(own_district, "bureau01", "admin")
    first.button(key="display-withdraw-sure").click().run()
    (before,) = kept(own_district)
    page = second.button(key="display-withdraw-sure").click().run()
    assert 'class="gg-refusal"' not in drawn(page)
    assert kept(own_district)[0].version == before.version
    assert any("Withdrawn on" in str(state) for state in page.dataframe[0].value["State"])


@pytest.mark.parametrize("login", ["leader01", "committee01", "township01", "director001", "display01"])
def test_it_is_open_to_the_bureau_alone(district: Engine, open_page: Opening, login: str) -> None:
    page = open_page(district, login, "admin")
    assert [box for box in page.text_input if box.label == "Where the screen hangs"] == []
    assert any("not open to your role" in warning.value for warning in page.warning)
