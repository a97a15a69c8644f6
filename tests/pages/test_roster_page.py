"""Who guards what: the roster of any day, a change that is seen before it is saved, drafts, conflicts, undoing."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from dashboard.services.roster_lines import RosterChange
from dashboard.services.roster_plans import carry_out
from dashboard.services.roster_preview import preview
from db.repositories.people import leaders_on, leads_on
from db.repositories.territory import zones
from db.tables.plans import Plan, PlanComment
from db.unit_of_work import reading, unit_of_work
from governance.permissions import Actor, Grant
from governance.roster import Edit
from governance.vocabulary import AssignmentPart, PlanState, Role, ZoneKind
from tests.conftest import NOW, TODAY
from tests.pages.conftest import Opening


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label.startswith(label)).click().run()


def refusals(page: AppTest) -> list[str]:
    return [element.proto.body for element in page.get("html") if 'class="gg-refusal"' in element.proto.body]


def a_zone(engine: Engine) -> tuple[int, int, int]:
    """A township, its lead of today and another leader who leads more than one zone or fewer."""
    with reading(engine) as session:
        zone = zones(session, kind=ZoneKind.TOWNSHIP)[0].key
        leads = leads_on(session, TODAY)
        lead = leads[zone].key
        other = next(row.key for row in leaders_on(session, TODAY) if row.key != lead)
    return zone, lead, other


def lead_of(engine: Engine, zone: int, day: date = TODAY) -> int:
    with reading(engine) as session:
        return leads_on(session, day)[zone].key


def add_line(page: AppTest, zone: int, person: int) -> AppTest:
    page.selectbox[0].set_value(zone)
    page.selectbox[2].set_value(person)
    return press(page, "Add the line")


def a_change(page: AppTest, zone: int, person: int, *, title: str = "Handover in July") -> AppTest:
    page = add_line(page, zone, person)
    page.text_input(key="roster-title").input(title)
    page.text_area(key="roster-reason").input("New division of work")
    return page.run()


def plans(engine: Engine) -> list[Any]:
    with reading(engine) as session:
        return list(session.exec(select(Plan).order_by("id")))


def test_everybody_of_the_district_sees_who_guards_and_only_editors_change_it(
    district: Engine, open_page: Opening
) -> None:
    seen = open_page(district, "leader01", "roster")
    assert (len(seen.exception), len(seen.dataframe), len(seen.segmented_control)) == (0, 2, 0)
    table = seen.dataframe[0].value
    with reading(district) as session:
        names = {person.name_en for person in leads_on(session, TODAY).values()}
    assert set(table["Lead"]) - {"nobody"} == names
    assert len(open_page(district, "bureau01", "roster").segmented_control) == 1
    assert len(open_page(district, "leader01", "roster", part="change").get("form")) == 0
    assert len(open_page(district, "township01", "roster").dataframe) == 0


def test_a_day_of_the_past_is_answered_from_history(district: Engine, open_page: Opening) -> None:
    day = TODAY - timedelta(days=30)
    page = open_page(district, "bureau01", "roster", on=day.isoformat())
    with reading(district) as session:
        names = {zone: person.name_en for zone, person in leads_on(session, day).items()}
        order = {zone.name_en or zone.name: zone.key for zone in zones(session)}
    table = page.dataframe[0].value
    assert {order[row.Zone]: row.Lead for row in table.itertuples() if row.Lead != "nobody"} == names
    assert any("how it stood at the end of that day" in caption.value for caption in page.caption)


def test_an_address_with_no_such_day_shows_today(district: Engine, open_page: Opening) -> None:
    for asked in ("2026-02-30", "yesterday", "0001-01-01"):
        page = open_page(district, "bureau01", "roster", on=asked)
        assert (len(page.exception), page.date_input[0].value) == (0, TODAY)


def test_a_change_is_seen_saved_and_undone(own_district: Engine, open_page: Opening) -> None:
    zone, lead, other = a_zone(own_district)
    page = a_change(open_page(own_district, "bureau01", "roster", part="change"), zone, other)
    assert len(page.exception) == 0
    assert any("gg-passings" in element.proto.body for element in page.get("html"))
    assert (lead_of(own_district, zone), plans(own_district)) == (lead, [])
    if page.error:
        page = add_back(own_district, page, lead)
    page = press(page, "Save")
    assert refusals(page) == []
    assert (lead_of(own_district, zone), [plan.state for plan in plans(own_district)]) == (other, [PlanState.APPLIED])
    assert lead_of(own_district, zone, TODAY - timedelta(days=1)) == lead
    page = open_page(own_district, "bureau01", "roster", part="changes", state="applied")
    page.toggle[0].set_value(True).run()
    page.text_input[0].input("Decided otherwise").run()
    page = press(page, "Undo, as a change")
    assert (len(page.exception), lead_of(own_district, zone)) == (0, lead)


def add_back(engine: Engine, page: AppTest, lead: int) -> AppTest:
    """Give the old lead another zone, so that the rule that each leader guards one holds."""
    with reading(engine) as session:
        leads = leads_on(session, TODAY)
        held = [person.key for person in leads.values()]
        zone = next(zone for zone, person in leads.items() if held.count(person.key) > 1 and person.key != lead)
    return add_line(page, zone, lead)


def test_what_cannot_be_is_refused_and_the_change_stays(own_district: Engine, open_page: Opening) -> None:
    zone, lead, other = a_zone(own_district)
    page = a_change(open_page(own_district, "bureau01", "roster", part="change"), zone, other)
    before = [text.value for text in page.text]
    page.date_input(key="roster-line-to").set_value(TODAY - timedelta(days=3))
    page = add_line(page, zone, other)
    assert len(refusals(page)) == 1
    assert [text.value for text in page.text] == before
    page.date_input(key="roster-line-to").set_value(None)
    page.selectbox[1].set_value("no_deputy")
    page = add_line(page, zone, lead)
    assert "no deputy" in refusals(page)[0]
    page = press(page, "Discard")
    assert page.info[0].value.startswith("Nothing yet")


def test_a_change_without_a_reason_is_refused_and_stays(own_district: Engine, open_page: Opening) -> None:
    zone, _lead, other = a_zone(own_district)
    page = add_line(open_page(own_district, "bureau01", "roster", part="change"), zone, other)
    page = press(page, "Keep as a draft")
    assert ("reason" in refusals(page)[0], plans(own_district)) == (True, [])


def test_a_draft_is_commented_opened_and_given_up(own_district: Engine, open_page: Opening) -> None:
    zone, lead, other = a_zone(own_district)
    page = a_change(open_page(own_district, "bureau01", "roster", part="change"), zone, other, title="Draft one")
    page = press(page, "Keep as a draft")
    assert (lead_of(own_district, zone), plans(own_district)[0].state) == (lead, PlanState.DRAFT)
    page = open_page(own_district, "bureau01", "roster", part="changes")
    page.text_area[0].input("Better after the holidays")
    page = press(page, "Write the remark")
    with reading(own_district) as session:
        assert [row.text for row in session.exec(select(PlanComment))] == ["Better after the holidays"]
    page = press(page, "Open it")
    assert page.text_input(key="roster-title").value == "Draft one"
    page = open_page(own_district, "bureau01", "roster", part="changes")
    page.text_input[0].input("Not needed").run()
    press(page, "Give it up")
    assert plans(own_district)[0].state == PlanState.WITHDRAWN


def test_a_colleague_who_was_faster_is_shown_and_nothing_is_lost(own_district: Engine, open_page: Opening) -> None:
    zone, lead, other = a_zone(own_district)
    page = a_change(open_page(own_district, "bureau01", "roster", part="change"), zone, other)
    faster(own_district, zone, {lead, other})
    page = press(page, "Save")
    assert any("colleague" in warning.value for warning in page.warning)
    assert (plans(own_district)[-1].title, page.text_input(key="roster-title").value) == ("Faster", "Handover in July")
    assert next(button for button in page.button if button.label.startswith("Save")).disabled
    page = press(page, "Keep my lines")
    assert not any("colleague" in warning.value for warning in page.warning)


def faster(engine: Engine, zone: int, apart_from: set[int]) -> None:
    """Somebody else makes a third leader a deputy of the zone."""
    bureau = Actor(person_id=None, name="bureau", grants=(Grant(role=Role.BUREAU),))
    with unit_of_work(engine, actor=bureau, now=NOW) as work:
        third = next(row.key for row in leaders_on(work.session, TODAY) if row.key not in apart_from)
        edit = Edit(zone_id=zone, person_id=third, part=AssignmentPart.DEPUTY, valid_from=TODAY)
        change = RosterChange(title="Faster", reason="help", edits=(edit,))
        base = preview(work.session, change, today=TODAY, yellow_days=3).base
        carry_out(work, change, base=base)
