"""Pages: each has its script and its title in both languages."""

import pytest

from dashboard import i18n
from dashboard.registry import PAGES, PageEntry, Section, by_section


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.url)
def test_every_page_has_its_script(page: PageEntry) -> None:
    assert page.file.is_file()


@pytest.mark.parametrize("locale", i18n.LOCALES)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.url)
def test_every_page_has_a_title_in_both_languages(page: PageEntry, locale: str) -> None:
    i18n.set_locale(locale)
    title = page.title
    i18n.set_locale(None)
    assert title != page.url


@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_every_group_of_the_menu_has_a_heading(locale: str) -> None:
    i18n.set_locale(locale)
    headings = [section.heading for section in Section]
    i18n.set_locale(None)
    assert headings[0] == ""
    assert not set(headings) & {section.value for section in Section if section.value}


def test_the_menu_holds_every_page_once_in_the_order_of_the_list() -> None:
    groups = by_section(PAGES)
    assert list(groups) == list(Section)
    assert sorted(page.url for pages in groups.values() for page in pages) == sorted(page.url for page in PAGES)
    assert [page.url for page in groups[Section.FRONT]] == ["inbox"]


def test_a_group_without_pages_is_left_out() -> None:
    wall = next(page for page in PAGES if page.url == "wall")
    assert by_section([wall]) == {Section.OVERVIEW: [wall]}
