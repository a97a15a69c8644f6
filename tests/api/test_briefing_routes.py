"""One-page briefings under ``/api/v1``: for whoever may open the page, drawn once for each data version."""

import io

import pypdf
import pytest

from dashboard.briefings import briefing_pictures
from tests.api.test_document_routes import Site, site, temporary

__all__ = ["site", "temporary"]
OWN, DISTRICT = "briefings/leader/leader", "briefings/district"


@pytest.mark.parametrize(
    ("login", "address", "status"),
    [
        ("leader", f"{OWN}.pdf", 200),
        ("leader", f"{DISTRICT}.pdf", 404),
        ("officer", f"{OWN}.docx", 200),
        ("office", f"{DISTRICT}.docx", 200),
        ("west", f"{OWN}.pdf", 404),
        ("screen", f"{DISTRICT}.pdf", 403),
        ("officer", "briefings/leader/west.pdf", 404),
        ("officer", f"{OWN}.html", 404),
    ],
)
def test_a_briefing_is_handed_to_whoever_may_open_the_page(site: Site, login: str, address: str, status: int) -> None:
    assert site.ask(login, address).status_code == status


def test_it_says_the_zones_on_one_page(site: Site) -> None:
    (page,) = pypdf.PdfReader(io.BytesIO(site.ask("leader", f"{OWN}.pdf").content)).pages
    text = page.extract_text()
    assert ("West" in text, "East" in text, "Unresolved" in text) == (True, False, True)


def test_it_is_drawn_once_for_word_and_pdf(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    monkeypatch.setattr(briefing_pictures, "chart_png", lambda weeks, draw=briefing_pictures.chart_png: (
        drawn.append(1), draw(weeks))[1])  # fmt: skip
    for ending in ("pdf", "docx", "pdf"):
        assert site.ask("leader", f"{OWN}.{ending}").status_code == 200
    assert len(drawn) == 1


def test_without_a_session_there_is_none(site: Site) -> None:
    site.client.cookies.clear()
    assert site.client.get(f"/api/v1/{OWN}.pdf", follow_redirects=False).status_code == 401
