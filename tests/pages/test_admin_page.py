"""The page of administration: displays by form, links that are shown once, settings without secrets."""

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from dashboard.screen.admin_parts import shown_setting
from db.tables.desk import SentForm
from db.tables.watching import Display
from db.unit_of_work import reading
from tests.pages.conftest import Opening


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def add(page: AppTest, name: str = "Hall") -> AppTest:
    next(box for box in page.text_input if box.label == "Where the screen hangs").input(name)
    return press(page, "Add a display")


def links(page: AppTest) -> list[str]:
    return [code.value for code in page.code if "/display/" in code.value]


def kept(engine: Engine) -> list[Display]:
    with reading(engine) as session:
        return list(session.exec(select(Display).order_by("id")))


def test_a_display_is_added_and_its_link_shown_until_it_is_put_down(own_district: Engine, open_page: Opening) -> None:
    page = add(open_page(own_district, "bureau01", "admin"))
    (link,) = links(page)
    assert [(row.name, row.start) for row in kept(own_district)] == [("Hall", "play=1")]
    assert any("data:image/svg" in element.proto.body for element in page.get("html"))
    assert links(press(page, "I have put the link down")) == []
    with reading(own_district) as session:
        answers = [row.answer for row in session.exec(select(SentForm))]
    assert not any(link.rsplit("/", 1)[1] in answer for answer in answers)


def test_a_taken_name_is_refused_and_nothing_is_shown(own_district: Engine, open_page: Opening) -> None:
    page = press(add(open_page(own_district, "bureau01", "admin")), "I have put the link down")
    page = add(page)
    assert (links(page), len(kept(own_district))) == ([], 1)
    assert any("Hall already" in element.proto.body for element in page.get("html"))


def test_a_link_is_renewed(own_district: Engine, open_page: Opening) -> None:
    page = add(open_page(own_district, "bureau01", "admin"))
    (before,) = links(page)
    old = kept(own_district)[0].secret_sha256
    page = press(page, "I have put the link down")
    page = page.button(key="display-renew-sure").click().run()
    assert kept(own_district)[0].secret_sha256 != old
    assert links(page) != [before]


def test_a_display_is_withdrawn(own_district: Engine, open_page: Opening) -> None:
    page = press(add(open_page(own_district, "bureau01", "admin")), "I have put the link down")
    page.button(key="display-withdraw-sure").click().run()
    assert kept(own_district)[0].withdrawn_on is not None


def test_accounts_and_settings_stand_there_to_be_read(district: Engine, open_page: Opening) -> None:
    page = open_page(district, "bureau01", "admin")
    text = "".join(table.value.to_csv() for table in page.dataframe)
    assert "bureau01" in text
    assert "GRIDGUARD_POLL_SECONDS" in text
    assert "GRIDGUARD_MAIL_URL" not in text
    assert "GRIDGUARD_DATABASE_URL" not in text


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("basemap_url", "https://user:pw@t0.tianditu.gov.cn:8443/vec?tk=abc", "https://t0.tianditu.gov.cn:8443"),
        ("basemap_key", "abc", "set, not shown"),
        ("basemap_key", SecretStr(""), "not set"),
        ("basemap_url", None, "not set"),
        ("trusted_hosts", ("a", "b"), "a, b"),
        ("secure_cookies", True, "Yes"),
        ("poll_seconds", 5, "5"),
    ],
)
def test_a_setting_is_shown_without_its_secret(name: str, value: object, shown: str) -> None:
    from dashboard.i18n import set_locale

    set_locale("en")
    assert shown_setting(name, value) == shown
    set_locale(None)
