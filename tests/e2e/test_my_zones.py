"""The morning page in a real browser: one tap opens a filled form, one more sends it, and the briefing downloads."""

import io

import pypdf
import pytest
from docx import Document
from playwright.sync_api import expect

from tests.e2e.conftest import Visit, sign_in

MATTER = ".st-key-matter-1"


def numbers(visit: Visit) -> list[str]:
    """Numbers of the issues in the cards, in their order."""
    return [text.split(" · ")[0] for text in visit.page.locator(".gg-matter i").all_inner_texts()]


def running(visit: Visit) -> int:
    return int(visit.page.locator(".gg-head span").first.inner_text().split()[-1])


def tapped(visit: Visit, login: str) -> tuple[str, str]:
    """Sign in, send an instruction on the first matter with two taps; return the number and what was asked."""
    sign_in(visit, login)
    page = visit.open("/my-zones")
    before, number = running(visit), numbers(visit)[0]
    page.locator(MATTER).get_by_role("button").first.click()
    form = page.locator(MATTER).locator("[data-testid=stForm]")
    expect(form.locator("textarea")).not_to_have_value("")
    words = form.locator("textarea").input_value()
    form.locator("[data-testid=stFormSubmitButton] button").click()
    page.wait_for_function(
        "before => Number(document.querySelector('.gg-head span').innerText.split(' ').pop()) === before + 1",
        arg=before,
    )
    visit.settled()
    return number, words


@pytest.mark.parametrize("login", ["leader01", "liaison01"])
def test_an_instruction_is_sent_with_two_taps_on_a_desk(desktop: Visit, login: str) -> None:
    number, words = tapped(desktop, login)
    page = desktop.open(f"/issue?id={number}")
    expect(page.get_by_text(words).first).to_be_attached()


def test_an_instruction_is_sent_with_two_taps_on_a_phone(phone: Visit) -> None:
    number, words = tapped(phone, "leader01")
    assert (number != "", words != "") == (True, True)
    assert phone.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_briefing_downloads_as_word_and_pdf(desktop: Visit) -> None:
    sign_in(desktop, "leader01")
    page = desktop.open("/my-zones")
    page.wait_for_selector(".gg-briefing a")
    held = {}
    for kind in ("Word", "PDF"):
        with page.expect_download() as waiting:
            page.locator(".gg-briefing a", has_text=kind).click()
        held[kind] = waiting.value.path().read_bytes()
    assert len(pypdf.PdfReader(io.BytesIO(held["PDF"])).pages) == 1
    assert len(Document(io.BytesIO(held["Word"])).tables) == 3
