"""The wall's numbers against the raw records: counted one by one, replayed event by event."""

import json
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from dashboard.services import overview
from dashboard.services.my_zones import my_zones
from dashboard.services.wall import WallPicture, wall_picture
from db.repositories.people import guarded_zone_ids, leaders_on, leads_on
from db.tables.history import Event
from db.tables.issues import Issue
from db.tables.territory import Zone
from geo.codec import parent_cell
from governance.counting import UNRESOLVED, is_on_time
from governance.heat import heat_weight
from governance.lights import light_of, worst
from governance.loop_numbers import USUAL
from governance.playlist import DISTRICT_STEP
from governance.vocabulary import Light, Severity, Stage, ZoneKind
from tests.conftest import TODAY

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from dashboard.demo.build import DemoSummary

YELLOW_DAYS = 3
HERE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def picture(demo: "tuple[Engine, DemoSummary]") -> WallPicture:
    return wall_picture(demo[0], DISTRICT_STEP, today=TODAY, yellow_days=YELLOW_DAYS)


@pytest.fixture(scope="module")
def issues(demo: "tuple[Engine, DemoSummary]") -> list[Issue]:
    with Session(demo[0], expire_on_commit=False) as session:
        return list(session.exec(select(Issue)))


def counted(issues: list[Issue]) -> tuple[int, int, int, int, Light]:
    """Unresolved, overdue, due soon, clues and light of issues, one by one."""
    alive = [issue for issue in issues if issue.stage in UNRESOLVED]
    lights = [light_of(issue.due_on, today=TODAY, yellow_days=YELLOW_DAYS) for issue in alive]
    clues = sum(issue.stage == Stage.DISCOVERED for issue in issues)
    return len(alive), lights.count(Light.RED), lights.count(Light.YELLOW), clues, worst(lights)


def shown(standing: overview.Standing) -> tuple[int, int, int, int, Light]:
    return standing.unresolved, standing.overdue, standing.due_soon, standing.clues, standing.light


def test_the_district_is_counted(picture: WallPicture, issues: list[Issue]) -> None:
    assert shown(picture.standing) == counted(issues)


def test_every_zone_is_counted(picture: WallPicture, issues: list[Issue], demo_session: Session) -> None:
    ranked = [*picture.townships, *picture.key_zones]
    assert len(ranked) == 20
    for zone, standing in ranked:
        assert shown(standing) == counted([issue for issue in issues if zone.key in issue.zone_ids]), zone.code


def test_townships_and_what_is_outside_add_up_to_the_district(picture: WallPicture, issues: list[Issue]) -> None:
    outside = counted([issue for issue in issues if issue.township_id is None])
    townships = [shown(standing)[:4] for _zone, standing in picture.townships]
    assert [sum(column) for column in zip(*townships, outside[:4], strict=True)] == list(shown(picture.standing)[:4])


def test_zones_needing_attention_stand_first(picture: WallPicture) -> None:
    for pairs in (picture.townships, picture.key_zones):
        ranks = [(standing.light == Light.RED, standing.light != Light.GREEN) for _zone, standing in pairs]
        assert ranks == sorted(ranks, reverse=True)


def test_severities_add_up_to_the_unresolved(demo_session: Session, issues: list[Issue]) -> None:
    alive = Counter(issue.severity for issue in issues if issue.stage in UNRESOLVED)
    found = overview.district_severities(demo_session, today=TODAY)
    assert found == {severity: alive[severity] for severity in Severity}


def test_what_came_from_above_is_counted_by_kind(picture: WallPicture, issues: list[Issue]) -> None:
    for sources, standing in picture.above.items():
        alive = [issue for issue in issues if issue.source in sources and issue.stage in UNRESOLVED]
        assert shown(standing)[:3] == counted(alive)[:3]


def test_the_most_urgent_are_the_longest_overdue(picture: WallPicture, issues: list[Issue]) -> None:
    late = sorted(issue.due_on for issue in issues if issue.stage in UNRESOLVED and issue.due_on)
    assert [line.issue.due_on for line in picture.urgent] == late[: len(picture.urgent)]
    assert all(day < TODAY for day in late[:3])


def test_the_months_sign_offs_are_counted(picture: WallPicture, issues: list[Issue]) -> None:
    closed = [issue for issue in issues if issue.closed_on and issue.closed_on >= TODAY.replace(day=1)]
    in_time = [i for i in closed if is_on_time(measures_on=i.measures_on, rectify_due_on=i.rectify_due_on)]
    rate = len(in_time) / (len(closed) + picture.standing.overdue)
    assert (picture.month.closed, picture.month.closed_on_time) == (len(closed), len(in_time))
    assert picture.month.on_time_rate == pytest.approx(rate)


def stages_at_the_end_of(session: Session, days: list[date]) -> dict[date, Counter[Stage]]:
    """Stages of all issues at the end of local days, replayed from the events alone."""
    query = select(Event.subject_id, Event.at, Event.params).where(Event.subject_kind == "issue")
    events = [
        (at.astimezone(HERE).date(), number, params)
        for number, at, params in session.exec(query.order_by(col(Event.seq)))
    ]
    found = {}
    for day in days:
        stage: dict[int, str] = {}
        for at, number, params in events:
            if at <= day:
                stage[number] = json.loads(params)["set"].get("stage", stage.get(number))
        found[day] = Counter(map(Stage, stage.values()))
    return found


def test_the_trend_is_what_a_replay_of_the_events_gives(picture: WallPicture, demo_session: Session) -> None:
    sundays = [week.monday + timedelta(days=6) for week in picture.weeks]
    replayed = stages_at_the_end_of(demo_session, sundays)
    assert [week.still_open for week in picture.weeks] == [
        sum(n for stage, n in replayed[sunday].items() if stage in UNRESOLVED) for sunday in sundays
    ]


def test_the_trends_bars_are_counted(picture: WallPicture, issues: list[Issue]) -> None:
    assert len(picture.weeks) == 12
    for week in picture.weeks:
        days = [week.monday + timedelta(days=back) for back in range(7)]
        assert week.found == sum(issue.found_on in days and issue.stage != Stage.MERGED for issue in issues), week


def test_a_townships_trend_ends_with_what_is_unresolved_there(demo_session: Session, issues: list[Issue]) -> None:
    zone = demo_session.exec(select(Zone).where(Zone.kind == ZoneKind.TOWNSHIP)).first()
    assert zone is not None
    alive = [issue for issue in issues if zone.key in issue.zone_ids and issue.stage in UNRESOLVED]
    trend = overview.weeks(demo_session, today=TODAY, still_open=len(alive), zone=zone)
    assert trend[-1].still_open == len(alive)
    assert all(week.still_open >= 0 for week in trend)


@pytest.mark.parametrize("resolution", [7, 8])
def test_the_heat_holds_the_weight_of_every_unresolved_issue(
    demo_session: Session, issues: list[Issue], resolution: int
) -> None:
    alive = [issue for issue in issues if issue.stage in UNRESOLVED and issue.cell is not None]
    weight = sum(heat_weight(i.severity, i.due_on, i.found_on, today=TODAY, numbers=USUAL) for i in alive)
    warm = overview.heat(demo_session, today=TODAY, numbers=USUAL, resolution=resolution)
    assert sum(point[2] for point in warm) == pytest.approx(weight)
    assert len(warm) == len({parent_cell(issue.cell, resolution) for issue in alive if issue.cell})


def test_a_leaders_zones_together_count_each_issue_once(demo_session: Session, issues: list[Issue]) -> None:
    for leader in leaders_on(demo_session, TODAY):
        mine = my_zones(demo_session, leader, today=TODAY, yellow_days=YELLOW_DAYS)
        guarded = guarded_zone_ids(demo_session, leader.key, day=TODAY)
        assert {zone.key for zone, _standing in mine.zones} == guarded
        assert shown(mine.together) == counted([i for i in issues if guarded & set(i.zone_ids)]), leader.code


def test_each_key_zone_names_the_leader_who_guards_it(picture: WallPicture, demo_session: Session) -> None:
    leads = {zone: person.code for zone, person in leads_on(demo_session, TODAY).items()}
    assert {zone.key: picture.leads[zone.key].code for zone, _ in picture.key_zones} == {
        zone.key: leads[zone.key] for zone, _ in picture.key_zones
    }
    assert len(leads) == 20


def test_an_empty_district_is_all_zeros_and_no_rate() -> None:
    nothing = overview.standing_of([], today=TODAY, yellow_days=YELLOW_DAYS)
    assert nothing == overview.nothing()
