"""Pages: each has its script and its title in both languages."""

import pytest

from dashboard import i18n
from dashboard.registry import PAGES, PageEntry


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
