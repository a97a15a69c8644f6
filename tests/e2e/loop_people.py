"""The people of the loop in browsers of their own: each signed in, acting by the forms of the issue's page."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Locator, Page, expect

from dashboard.i18n import label, set_locale
from dashboard.screen.issue_words import field_label, heading
from governance.stages import Action
from tests.e2e.conftest import Server, Visit, sign_in

WAIT_MS = 30_000


def word(action: Action) -> str:
    """An action's word as it stands on the button, in Chinese."""
    set_locale("zh_CN")
    return heading(label(action))


def field(name: str) -> str:
    """A field's label as it stands in the form, in Chinese."""
    set_locale("zh_CN")
    return field_label(name)


def photo(folder: Path, name: str) -> Path:
    """A picture of its own: the name decides what is on it."""
    path = folder / f"{name}.jpg"
    rng = Random(name)
    image = Image.new("RGB", (640, 480), tuple(rng.randrange(256) for _ in range(3)))
    draw = ImageDraw.Draw(image)
    for _ in range(40):
        x, y, size = rng.randrange(640), rng.randrange(480), rng.randrange(20, 160)
        draw.rectangle((x, y, x + size, y + size), fill=tuple(rng.randrange(256) for _ in range(3)))
    image.save(path, quality=90)
    return path


@contextmanager
def window_of(browser: Browser, server: Server, login: str) -> Iterator[Visit]:
    """A browser of somebody's own, signed in."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(WAIT_MS)
    visit = Visit(context.new_page(), server.address)
    sign_in(visit, login)
    yield visit
    context.close()


def open_issue(visit: Visit, number: str) -> Page:
    """The issue's page, drawn to its end."""
    page = visit.open(f"/issue?id={number}")
    expect(page.get_by_text(number).first).to_be_visible()
    return page


def choose(page: Page, action: Action) -> None:
    """Choose an action where there is a choice."""
    group = page.locator("[data-testid=stButtonGroup]").get_by_text(word(action), exact=True)
    if group.count():
        group.first.click()
        page.wait_for_timeout(400)


def send_button(page: Page, action: Action) -> Locator:
    """The button that sends the action's form."""
    return page.locator("[data-testid=stButton] button", has_text=word(action)).last


def fill(page: Page, words: Mapping[str, str]) -> None:
    """Write into the fields with these labels."""
    for title, text in words.items():
        area = page.get_by_label(title).first
        area.fill(text)
        area.press("Tab")
        page.wait_for_timeout(300)


def pick(page: Page, title: str, wanted: str) -> None:
    """Choose from a list by typing."""
    box = page.get_by_role("combobox", name=title).first
    box.click()
    box.fill(wanted)
    page.get_by_role("option", name=wanted).first.click()
    page.wait_for_timeout(400)


def upload(page: Page, *paths: Path) -> None:
    """Put files into the form's uploads, the first of the page, and wait until the server has them."""
    for number, path in enumerate(paths):
        with page.expect_response(lambda answer: "/upload_file/" in answer.url and answer.ok):
            page.locator("[data-testid=stFileUploader] input[type=file]").nth(number).set_input_files(path)
        page.get_by_text(path.name).first.wait_for()
        page.wait_for_timeout(400)


def send(visit: Visit, action: Action) -> None:
    """Send the form and wait until the page says that it was done, or offers the action no more."""
    page = visit.page
    send_button(page, action).click()
    for _again in range(WAIT_MS // 200):
        if page.locator("[data-testid=stToast]").count() or not send_button(page, action).count():
            break
        page.wait_for_timeout(200)
    else:
        refused = page.locator(".gg-refusal").all_inner_texts()
        raise AssertionError(f"nothing says that {action} was done, but: {refused}")
    visit.settled()
