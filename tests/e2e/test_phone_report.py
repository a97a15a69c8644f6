"""Reporting on a phone, on a good line and a bad one: kept, sent once, numbered, and small enough for the road."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from db.tables.issues import Evidence, Issue
from governance.vocabulary import EvidenceKind, Source
from tests.e2e.conftest import SCREENSHOTS, Server, Visit, serving
from tests.e2e.field_home import enter, field_home
from tests.e2e.field_home import stored as records

MILL, QUAY = 1, 2
NUMBER = re.compile(r"20\d\d-\d{5}")
FORM_BYTES = 60_000
SECONDS = 5.0
AWAY = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "Failed to fetch", "ERR_CONNECTION")


@pytest.fixture(scope="module")
def server(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real server on the small district with its people, each with a password."""
    folder = tmp_path_factory.mktemp("field")
    with serving(field_home(migrated_sqlite, folder), folder) as running:
        yield running


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture as a phone takes it: 12 megapixels."""
    path = tmp_path / "photo.jpg"
    Image.effect_mandelbrot((4000, 3000), (-2.1, -1.2, 0.7, 1.2), 40).convert("RGB").save(path, quality=90)
    return path


@pytest.fixture
def other_photo(tmp_path: Path) -> Path:
    path = tmp_path / "other.jpg"
    Image.radial_gradient("L").resize((2000, 1500)).convert("RGB").save(path, quality=90)
    return path


@pytest.fixture
def detailed_photo(tmp_path: Path) -> Path:
    """A picture with as much detail as a yard full of gravel."""
    path = tmp_path / "gravel.jpg"
    Image.effect_noise((1000, 750), 60).resize((4000, 3000)).convert("RGB").save(path, quality=90)
    return path


def stored(server: Server, model: type) -> list:
    return records(server.home, model)


def sign_in(visit: Visit, login: str, path: str) -> Page:
    enter(visit, login, path)
    return ready(visit.page)


def ready(page: Page) -> Page:
    page.wait_for_selector("html[data-ready=true]")
    return page


def take(page: Page, kind: str, path: Path) -> None:
    path.touch()
    page.set_input_files(f"#{kind}", path)
    page.wait_for_selector(f"#{kind}-photos img")


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"input[name={name}][value='{value}']").check()


def fill(page: Page, words: str) -> None:
    page.fill("#title", words)
    choose(page, "category", "dust")


def picture_of(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"phone-{name}.png", full_page=True)


def sent(page: Page) -> str:
    line = page.locator("#queue li.sent p").first
    expect(line).to_be_visible(timeout=20_000)
    found = NUMBER.search(line.inner_text())
    assert found is not None
    return found.group()


def test_a_scanned_code_leads_through_the_sign_in_to_a_number(phone: Visit, server: Server, photo: Path) -> None:
    phone.page.context.grant_permissions(["geolocation"])
    phone.page.context.set_geolocation({"longitude": 119.052, "latitude": 35.051, "accuracy": 9})
    page = sign_in(phone, "director", f"/report?enterprise={MILL}")
    expect(page.locator("#chosen-name")).to_have_text("Mill")
    picture_of(page, "opened")
    take(page, "before", photo)
    fill(page, "Dust at the gate")
    picture_of(page, "filled")
    begun = time.monotonic()
    page.click("#send")
    number = sent(page)
    taken = time.monotonic() - begun
    picture_of(page, "sent")
    issue = next(issue for issue in stored(server, Issue) if issue.number == number)
    assert (issue.enterprise_id, issue.source, issue.title) == (MILL, Source.SELF_CHECK, "Dust at the gate")
    assert (round(issue.lon, 3), round(issue.lat, 3)) == (119.052, 35.051)
    evidence = [row for row in stored(server, Evidence) if row.issue_id == issue.id]
    assert [(row.kind, row.is_taken_in_page, row.width) for row in evidence] == [(EvidenceKind.BEFORE, True, 1600)]
    print(f"from tap to number: {taken:.2f} s, photo {evidence[0].size_bytes} bytes")  # noqa: T201
    assert taken < SECONDS


def test_without_a_line_it_is_kept_over_a_reload_and_sent_once_when_the_line_is_back(
    phone: Visit, server: Server, photo: Path
) -> None:
    phone.forgiven += AWAY
    before = len(stored(server, Issue))
    page = sign_in(phone, "cadre", "/report")
    page.wait_for_function("navigator.serviceWorker.controller || navigator.serviceWorker.ready")
    page.wait_for_function("caches.open('gridguard-report').then(kept => kept.match('/report')).then(Boolean)")
    page.context.set_offline(True)
    take(page, "before", photo)
    fill(page, "Oil on the yard")
    page.click("#send")
    expect(page.locator("#queue li.waiting")).to_have_count(1)
    expect(page.locator("#queue li.waiting p")).to_contain_text("▲")
    picture_of(page, "waiting")
    page.reload()
    ready(page)
    expect(page.locator("#queue li.waiting")).to_have_count(1)
    picture_of(page, "reloaded-without-a-line")
    assert len(stored(server, Issue)) == before
    page.context.set_offline(False)
    number = sent(page)
    found = stored(server, Issue)[before:]
    assert [(issue.number, issue.title) for issue in found] == [(number, "Oil on the yard")]


def test_an_answer_that_gets_lost_makes_no_second_issue(phone: Visit, server: Server, photo: Path) -> None:
    phone.forgiven += AWAY
    before = len(stored(server, Issue))
    page = sign_in(phone, "cadre", "/report")
    losses = iter((True, False))

    def losing(route) -> None:
        answer = route.fetch()
        if next(losses, False):
            route.abort("connectionfailed")
        else:
            route.fulfill(response=answer)

    page.route("**/api/v1/issues", losing)
    take(page, "before", photo)
    fill(page, "Smell of paint")
    page.click("#send")
    sent(page)
    assert [issue.title for issue in stored(server, Issue)[before:]] == ["Smell of paint"]


def test_a_half_filled_form_is_there_after_a_reload(phone: Visit, photo: Path) -> None:
    page = sign_in(phone, "director", "/report")
    take(page, "before", photo)
    fill(page, "Half a sentence")
    choose(page, "check_area", "records")
    page.wait_for_timeout(400)
    page.reload()
    ready(page)
    assert page.input_value("#title") == "Half a sentence"
    assert page.is_checked("input[name=category][value=dust]")
    assert page.is_checked("input[name=check_area][value=records]")
    expect(page.locator("#before-photos img")).to_have_count(1)


def test_what_was_put_right_on_the_spot_is_one_form_with_two_photos(
    phone: Visit, server: Server, photo: Path, other_photo: Path
) -> None:
    page = sign_in(phone, "butler", f"/report?enterprise={MILL}")
    take(page, "before", photo)
    fill(page, "Uncovered heap")
    page.locator(".switch").click()
    take(page, "after", other_photo)
    page.click("#send")
    expect(page.locator("#fault-measures")).not_to_be_empty()
    page.fill("#measures", "Covered with nets")
    page.locator("#rectifiers input").first.check()
    picture_of(page, "on-the-spot")
    page.click("#send")
    number = sent(page)
    issue = next(issue for issue in stored(server, Issue) if issue.number == number)
    kinds = {row.kind for row in stored(server, Evidence) if row.issue_id == issue.id}
    assert (issue.is_on_the_spot, issue.measures, kinds) == (
        True,
        "Covered with nets",
        {EvidenceKind.BEFORE, EvidenceKind.AFTER},
    )


def test_an_enterprise_is_found_by_its_name_and_a_refused_place_does_not_matter(phone: Visit, server: Server) -> None:
    page = sign_in(phone, "butler", "/report")
    page.fill("#query", "She")
    page.click("#found button:has-text('Shed')")
    expect(page.locator("#chosen-name")).to_have_text("Shed")
    fill(page, "No lid")
    expect(page.locator("#spot")).not_to_be_empty()
    page.click("#send")
    number = sent(page)
    assert next(issue for issue in stored(server, Issue) if issue.number == number).township_id == 1


def test_what_the_server_refuses_is_said_and_can_be_mended(phone: Visit, server: Server, photo: Path) -> None:
    phone.forgiven += ("422", "404")
    page = sign_in(phone, "director", f"/report?enterprise={MILL}")
    page.route(
        "**/api/v1/issues",
        lambda route: route.continue_(post_data=route.request.post_data_buffer.replace(b"dust", b"fog!")),
    )
    fill(page, "Fog")
    page.click("#send")
    expect(page.locator("#queue li.stopped")).to_have_count(1)
    picture_of(page, "refused")
    page.unroute("**/api/v1/issues")
    page.locator("#queue li.stopped button").first.click()
    expect(page.locator("#title")).to_have_value("Fog")
    choose(page, "category", "dust")
    page.click("#send")
    sent(page)
    expect(page.locator("#queue li.stopped")).to_have_count(0)


def test_a_session_that_ended_keeps_the_report_and_leads_to_the_sign_in(phone: Visit, server: Server) -> None:
    phone.forgiven += ("401", *AWAY)
    page = sign_in(phone, "director", f"/report?enterprise={MILL}")
    fill(page, "After the session")
    page.context.clear_cookies()
    page.click("#send")
    expect(page.locator("#notice a")).to_have_attribute("href", "/sign-in?next=%2Freport")
    expect(page.locator("#queue li.waiting")).to_have_count(1)
    sign_in(phone, "cadre", "/sign-in?next=%2Freport")
    expect(page.locator("#others")).to_be_visible()
    assert all(issue.title != "After the session" for issue in stored(server, Issue))
    page.context.clear_cookies()
    sign_in(phone, "director", "/sign-in?next=%2Freport")
    sent(page)


def test_on_a_slow_line_it_is_filled_and_numbered_within_a_minute(phone: Visit, detailed_photo: Path) -> None:
    page = phone.page
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 600, "downloadThroughput": 30_000, "uploadThroughput": 20_000}
    sign_in(phone, "butler", "/report")
    line.send("Network.emulateNetworkConditions", slow)
    begun = time.monotonic()
    page.goto(f"{phone.address}/report?enterprise={MILL}")
    ready(page)
    opened = time.monotonic() - begun
    take(page, "before", detailed_photo)
    fill(page, "Slow line")
    page.click("#send")
    number = page.locator("#queue li.sent p").first
    expect(number).to_be_visible(timeout=60_000)
    print(f"slow line: opened {opened:.1f} s, number {time.monotonic() - begun:.1f} s")  # noqa: T201
    assert time.monotonic() - begun < 60


def test_the_form_is_small_and_nothing_scrolls_sideways(phone: Visit) -> None:
    sizes: dict[str, int] = {}
    phone.page.on("response", lambda answer: sizes.setdefault(answer.url, len(answer.body()) if answer.ok else 0))
    page = sign_in(phone, "butler", f"/report?enterprise={MILL}")
    page.wait_for_timeout(500)
    own = {url: size for url, size in sizes.items() if "/report" in url or "/camera" in url}
    total = sum(size for url, size in own.items() if "report-worker" not in url)
    print(f"the form with its files: {total} bytes in {len(own)} answers")  # noqa: T201
    assert total < FORM_BYTES
    assert page.evaluate("document.documentElement.scrollWidth") == 390
