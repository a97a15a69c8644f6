"""No page is forgotten by the benchmark of pages."""

from benchmarks.page_cases import CASES
from dashboard.registry import PAGES


def test_every_page_of_the_registry_is_timed() -> None:
    assert {page.url for page in PAGES} - {case.page for case in CASES.values()} == set()
