"""Who guards what in a browser: a zone given to another leader, seen before it is saved, and taken back."""

import re
from contextlib import suppress

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit, sign_in

ZONE, LEADERS = "官草汪渔港", ("区级领导05", "区级领导06")


def lead_shown(visit: Visit) -> str:
    """The zone as the form offers it, with its lead of today."""
    box = visit.open("/roster?part=change").get_by_role("combobox", name="责任区")
    expect(box).to_have_value(re.compile(ZONE))
    return box.input_value()


def choose(page: Page, label: str, name: str) -> None:
    box = page.get_by_role("combobox", name=label)
    box.click()
    page.get_by_role("option", name=name).click()
    expect(box).to_have_value(name)


def write(page: Page, label: str, text: str) -> None:
    box = page.get_by_label(label, exact=True).first
    box.fill(text)
    box.press("Tab")


def turn_on(page: Page, name: str) -> None:
    """Turn a switch on; a click that falls on a line that is just being redrawn is made again."""
    switch = page.get_by_role("switch", name=name).first
    for patience in (2000, 4000):
        if switch.is_checked():
            break
        page.get_by_text(name).first.click()
        with suppress(AssertionError):
            expect(switch).to_be_checked(timeout=patience)
    expect(switch).to_be_checked()


def test_a_zone_is_given_to_another_leader_and_taken_back(desktop: Visit) -> None:
    sign_in(desktop, "bureau01")
    before = lead_shown(desktop)
    # Not the leader of today: an attempt that broke off may have left the zone with either of the two.
    leader = next(one for one in LEADERS if one not in before)
    page = desktop.page
    choose(page, "区级领导", leader)
    desktop.settled()
    page.get_by_role("button", name="加入调整").click()
    expect(page.locator(".gg-passings")).to_contain_text(leader)
    write(page, "标题", "浏览器中的调整")
    write(page, "原因", "分工调整")
    desktop.settled()
    page.get_by_role("button", name="保存：").click()
    expect(page.locator("[data-testid=stToast]")).to_contain_text("浏览器中的调整")
    assert leader in lead_shown(desktop)
    desktop.open("/roster?part=changes&state=applied")
    page.locator("[data-testid=stExpander] summary", has_text="浏览器中的调整").first.click()
    turn_on(page, "撤销本次调整")
    expect(page.locator(".gg-passings")).to_contain_text(leader)
    write(page, "原因", "另有安排")
    desktop.settled()
    page.get_by_role("button", name="撤销（作为今日起的新调整）").click()
    expect(page.locator("[data-testid=stToast]")).to_contain_text("已撤销")
    assert lead_shown(desktop) == before
