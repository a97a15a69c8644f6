"""The drill-down: from the district to one issue by clicks on the map only, back, by link, with layers and search."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Frame, Page, expect
from sqlalchemy import Engine
from sqlmodel import col, func, select
from streamlit.proto.BackMsg_pb2 import BackMsg

from dashboard.application import close_databases, open_database
from dashboard.settings import Settings, overridden
from db.tables.issues import Issue
from db.tables.territory import Enterprise, Zone
from db.unit_of_work import reading
from governance.counting import UNRESOLVED
from governance.vocabulary import ZoneKind
from tests.e2e.conftest import Server, Visit, sign_in

PANEL = "section.gg-panel h2"
NUMBER = "section.gg-panel .gg-figure strong"
MOUNTED = "() => { window.gridguardWitness = true; }"
# Where on the page's frame a thing can be clicked: a place at which it lies on top of everything else.
PLACES = """([target, id]) => {
  const map = Object.values(window).find(value => value instanceof L.Map);
  const places = [];
  map.eachLayer(layer => {
    const known = layer.feature && layer.feature.properties;
    if (!known || known.target !== target || (id && known.id !== id)) return;
    if (!layer.getElement || !layer.getElement()) return;
    const box = layer.getElement().getBoundingClientRect();
    for (let i = 1; i < 12; i++) for (let j = 1; j < 12; j++) {
      const x = box.left + box.width * i / 12, y = box.top + box.height * j / 12;
      if (document.elementFromPoint(x, y) === layer.getElement()) { places.push([known.id, x, y]); return; }
    }
  });
  return places;
}"""


@pytest.fixture
def records(server: Server) -> Any:
    """The database that the server reads."""
    chosen = Settings(home=server.home)
    with overridden(chosen):
        yield open_database(chosen)
    close_databases()


def map_frame(page: Page) -> Frame:
    """The map's frame, when it has drawn its zones."""
    handle = page.wait_for_selector(".st-key-drill-map iframe")
    frame = handle.content_frame() if handle else None
    assert frame is not None
    frame.wait_for_selector("path.leaflet-interactive", state="attached")
    return frame


def click_on(visit: Visit, target: str, *, code: str = "") -> str:
    """Click on a thing of the map where it lies on top, and return its code."""
    frame = map_frame(visit.page)
    found = frame.wait_for_function(
        f"([t, i]) => {{ const f = ({PLACES}); const p = f([t, i]); return p.length && p; }}", arg=[target, code]
    ).json_value()
    name, x, y = found[0]
    box = frame.frame_element().bounding_box()
    assert box is not None
    visit.page.mouse.click(box["x"] + x, box["y"] + y)
    return str(name)


def await_place(visit: Visit, **place: str) -> None:
    """Wait until the address names a place and its script has run."""
    asked = "".join(f"[?&]{name}={re.escape(value)}" for name, value in place.items()) or r"/map$"
    visit.page.wait_for_url(re.compile(asked))
    visit.settled()


def unresolved(engine: Engine, *conditions: Any) -> int:
    with reading(engine) as session:
        return session.exec(
            select(func.count()).select_from(Issue).where(col(Issue.stage).in_(UNRESOLVED), *conditions)
        ).one()


def shown_number(page: Page) -> int:
    return int(page.locator(NUMBER).first.inner_text().replace(",", ""))


def whole_runs(frames: list[bytes]) -> int:
    """How many of the messages to the server ask for a run of the whole script."""
    asked = [BackMsg.FromString(frame) for frame in frames]
    return sum(one.WhichOneof("type") == "rerun_script" and not one.rerun_script.fragment_id for one in asked)


def listen(page: Page) -> list[bytes]:
    """Every message to the server from now on; called before the page is opened."""
    sent: list[bytes] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(bytes(frame))))
    return sent


def test_a_walk_from_the_district_to_an_issue_by_clicks_on_the_map_only(desktop: Visit, records: Engine) -> None:
    sent = listen(desktop.page)
    sign_in(desktop, "bureau01")
    page = desktop.open("/map")
    frame = map_frame(page)
    frame.evaluate(MOUNTED)
    assert shown_number(page) == unresolved(records)
    with reading(records) as session:
        zone = session.exec(select(Zone).where(Zone.kind == ZoneKind.TOWNSHIP).order_by(col(Zone.code))).first()
        assert zone is not None
    frame.wait_for_timeout(500)
    sent.clear()

    click_on(desktop, "zone", code=f"township.{zone.code}")
    await_place(desktop, zone=f"township.{zone.code}")
    expect(page.locator(PANEL).first).to_have_text(zone.name)
    assert shown_number(page) == unresolved(records, col(Issue.township_id) == zone.key)

    number = click_on(desktop, "enterprise", code=busiest(records, zone))
    await_place(desktop, enterprise=number)
    with reading(records) as session:
        firm = session.get(Enterprise, int(number))
        assert firm is not None
    expect(page.locator(PANEL).first).to_have_text(firm.name)
    assert shown_number(page) == unresolved(records, col(Issue.enterprise_id) == firm.key)

    frame.wait_for_timeout(500)
    chosen = click_on(desktop, "issue")
    await_place(desktop, issue=chosen)
    with reading(records) as session:
        issue = session.exec(select(Issue).where(Issue.number == chosen)).one()
    expect(page.locator(PANEL).first).to_have_text(issue.title)
    assert issue.enterprise_id == firm.key
    assert frame.evaluate("() => window.gridguardWitness") is True
    assert whole_runs(sent) == 0

    page.go_back()
    await_place(desktop, enterprise=number)
    expect(page.locator(PANEL).first).to_have_text(firm.name)
    page.go_back()
    await_place(desktop, zone=f"township.{zone.code}")
    expect(page.locator(PANEL).first).to_have_text(zone.name)
    page.go_forward()
    await_place(desktop, enterprise=number)
    expect(page.locator(PANEL).first).to_have_text(firm.name)


def busiest(records: Engine, zone: Zone) -> str:
    """The enterprise of a township with most unresolved issues."""
    with reading(records) as session:
        query = (
            select(Issue.enterprise_id)
            .join(Enterprise, col(Enterprise.id) == col(Issue.enterprise_id))
            .where(col(Issue.stage).in_(UNRESOLVED), Enterprise.township_id == zone.key, col(Issue.lon).is_not(None))
        )
        return str(session.exec(query.group_by(col(Issue.enterprise_id)).order_by(func.count().desc())).first())


def test_panning_and_zooming_say_nothing_to_the_server(desktop: Visit) -> None:
    sent = listen(desktop.page)
    sign_in(desktop, "bureau01")
    frame = map_frame(desktop.open("/map"))
    box = frame.frame_element().bounding_box()
    assert box is not None
    desktop.page.wait_for_timeout(1500)
    sent.clear()
    x, y = box["x"] + 40, box["y"] + box["height"] - 60
    desktop.page.mouse.move(x, y)
    desktop.page.mouse.down()
    desktop.page.mouse.move(x + 120, y - 80, steps=8)
    desktop.page.mouse.up()
    desktop.page.mouse.wheel(0, -400)
    desktop.page.wait_for_timeout(1500)
    assert [BackMsg.FromString(one).WhichOneof("type") for one in sent] == []


def test_a_shared_link_opens_the_same_view_with_its_layers(desktop: Visit) -> None:
    sign_in(desktop, "bureau01")
    page = desktop.open("/map?zone=township.371103001&light=green")
    expect(page.locator(PANEL).first).to_be_visible()
    frame = map_frame(page)
    frame.wait_for_timeout(500)
    number = shown_number(page)
    drawn = frame.evaluate(
        "() => { let n = 0; Object.values(window).find(v => v instanceof L.Map).eachLayer(l => {"
        " if (l.feature && l.feature.properties.target === 'issue') n += 1; }); return n; }"
    )
    assert drawn == number
    assert parse_qs(urlsplit(page.url).query) == {"zone": ["township.371103001"], "light": ["green"]}


def test_the_search_leads_to_an_enterprise(desktop: Visit, records: Engine) -> None:
    with reading(records) as session:
        firm = session.exec(select(Enterprise).where(col(Enterprise.credit_code).is_not(None))).first()
        assert firm is not None
    sign_in(desktop, "bureau01")
    page = desktop.open("/map")
    page.locator(".st-key-map-search input").fill(str(firm.credit_code))
    page.keyboard.press("Enter")
    page.locator(".st-key-map-found button").first.click()
    await_place(desktop, enterprise=str(firm.key))
    expect(page.locator(PANEL).first).to_have_text(firm.name)


def test_a_phone_shows_the_map_above_its_panel_without_a_sideways_scroll(phone: Visit) -> None:
    sign_in(phone, "bureau01")
    page = phone.open("/map?zone=township.371103001")
    frame = map_frame(page).frame_element().bounding_box()
    panel = page.locator(PANEL).first.bounding_box()
    assert frame is not None
    assert panel is not None
    assert frame["y"] + frame["height"] <= panel["y"]
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    short = [
        box for box in page.locator(".st-key-breadcrumb button").all() if (box.bounding_box() or {})["height"] < 40
    ]
    assert short == []
