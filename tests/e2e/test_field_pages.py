"""The field's pages at a desk: a batch typed into its table, the quick path confirmed, the codes to print."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard.evidence.store import FolderStore
from dashboard.services.placing import placing_on
from dashboard.services.reporting import Finding, Photo, report_finding
from db.engine import create_engine_for
from db.tables.issues import Issue
from governance.on_the_spot import PutRight
from governance.vocabulary import Category, CheckArea, EvidenceKind, Severity, Source, Stage
from tests.e2e.conftest import SCREENSHOTS, Server, Visit, serving
from tests.e2e.field_home import database_of, enter, field_home, stored
from tests.services.field_people import as_, numbers, picture

TITLE_X, ENTERPRISE_X, CATEGORY_X, SEVERITY_X = 200, 560, 930, 1030
FIRST_ROW_Y, ROW_HEIGHT = 52, 35


@pytest.fixture(scope="module")
def server(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real server on the small district; one issue in it was put right on the spot."""
    folder = tmp_path_factory.mktemp("field")
    home = field_home(migrated_sqlite, folder)
    put_right(home)
    with serving(home, folder) as running:
        yield running


def put_right(home: Path) -> None:
    engine = create_engine_for(database_of(home))
    with as_(engine, "west") as work:
        finding = Finding(
            title="Heap without a net",
            category=Category.DUST,
            severity=Severity.MINOR,
            check_area=CheckArea.SITE,
            enterprise_id=1,
            put_right=PutRight(measures="covered with nets", rectifier_id=numbers(engine)["director"]),
        )
        kinds = (EvidenceKind.BEFORE, EvidenceKind.AFTER)
        photos = [Photo(kind=kind, data=picture(n * 90), name="a.jpg") for n, kind in enumerate(kinds)]
        placing = placing_on(work.session, work.district, work.today)
        report_finding(work, placing, finding, store=FolderStore(home), photos=photos)
    engine.dispose()


def type_into(page: Page, x: int, row: int, text: str) -> None:
    """Type into a cell of the table, which is drawn on a canvas."""
    table = page.locator("[data-testid=stDataFrame]")
    table.click(position={"x": x, "y": FIRST_ROW_Y + (row - 1) * ROW_HEIGHT})
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    page.keyboard.type(text, delay=15)
    page.wait_for_timeout(200)
    page.keyboard.press("Enter")
    page.wait_for_timeout(400)


def button(page: Page, icon: str) -> None:
    page.get_by_role("button").filter(has=page.get_by_text(icon, exact=True)).click()


def test_a_batch_is_refused_by_row_kept_over_a_reload_and_taken_whole(desktop: Visit, server: Server) -> None:
    before = len(stored(server.home, Issue))
    desktop.page.set_viewport_size({"width": 1400, "height": 900})
    enter(desktop, "west", "/batch-report")
    page = desktop.settled()
    type_into(page, TITLE_X, 1, "Heap at the mill")
    type_into(page, TITLE_X, 2, "Drain at the shed")
    button(page, "send")
    expect(page.locator(".gg-refusal")).to_be_visible()
    assert len(stored(server.home, Issue)) == before
    page.reload()
    desktop.settled()
    page.wait_for_timeout(500)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for _again in range(3):  # the grid drops keys on a busy machine; it says which row, and nothing is lost
        for row, name in enumerate(("Mill", "Shed"), start=1):
            type_into(page, ENTERPRISE_X, row, name)
            type_into(page, CATEGORY_X, row, "\u626c")
            type_into(page, SEVERITY_X, row, "\u4e00")
        page.screenshot(path=SCREENSHOTS / "batch-filled.png")
        button(page, "send")
        page.wait_for_timeout(3000)
        if page.get_by_test_id("stAlert").filter(has_text="2026-").count():
            break
    expect(page.get_by_test_id("stAlert")).to_contain_text("2026-")
    found = stored(server.home, Issue)[before:]
    assert [(issue.title, issue.enterprise_id, issue.source) for issue in found] == [
        ("Heap at the mill", 1, Source.TOWNSHIP_PATROL),
        ("Drain at the shed", 3, Source.TOWNSHIP_PATROL),
    ]


def test_another_officer_confirms_what_was_put_right_on_the_spot(desktop: Visit, server: Server) -> None:
    enter(desktop, "west2", "/issue?id=2026-00001")
    page = desktop.settled()
    page.get_by_test_id("stFormSubmitButton").filter(has=page.get_by_text("done_all", exact=True)).get_by_role(
        "button"
    ).click()
    expect(page.get_by_test_id("stToast")).to_be_visible()
    issue = stored(server.home, Issue)[0]
    people = numbers(create_engine_for(database_of(server.home)))
    assert (issue.stage, issue.rectifier_id, issue.checker_id, issue.signer_id) == (
        Stage.CLOSED,
        people["director"],
        people["west"],
        people["west2"],
    )


def test_the_navigation_leads_to_the_report_and_the_batch_to_the_codes(desktop: Visit) -> None:
    enter(desktop, "west", "/batch-report")
    page = desktop.settled()
    page.get_by_test_id("stTopNavSection").filter(has_text="办理").press("Enter")  # by keyboard as well
    expect(page.locator(f"a[href='{desktop.address}/report']").first).to_be_visible()
    page.keyboard.press("Escape")
    sheet = page.get_by_test_id("stLinkButton").locator("a").get_attribute("href")
    page.goto(f"{desktop.address}{sheet}")
    expect(page.locator("li svg")).to_have_count(2)
    assert page.locator("li svg").first.evaluate("it => it.getBoundingClientRect().width") > 100
