"""The figures: the demo reproduces the model's, each record counts, and the past can be asked for."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session

from dashboard.services.figures import figures
from db.repositories.figures import FIGURES
from tests.conftest import TODAY

EXACT = {
    "consultant_teams": 5,
    "industries": 16,
    "inspection_groups": 8,
    "notices_district": 47,
    "townships": 8,
    "butlers": 61,
    "stationed_cadres": 438,
    "directors": 607,
    "notices_township": 377,
    "issues_rectified": 1678,
    "leaders": 18,
}
BY_GROUP = "finder_unit_id IN (SELECT id FROM unit WHERE kind = 'inspection_group')"
HOLDS = "id IN (SELECT person_id FROM appointment WHERE role = '{role}')"
# A record that is deleted, and the figures that count it.
COUNTED = {
    "consultant team": ("unit", "kind = 'consultant_team'", {"consultant_teams"}),
    "industry": ("industry", "1", {"industries"}),
    "standard": ("industry_standard", "1", {"industries"}),
    "district notice": ("notice", "kind = 'district'", {"notices_district"}),
    "township notice": ("notice", "kind = 'township'", {"notices_township"}),
    "township": ("zone", "kind = 'township'", {"townships"}),
    "outline": ("outline", "zone_id IN (SELECT id FROM zone WHERE kind = 'township')", {"townships"}),
    "butler": ("person", HOLDS.format(role="butler"), {"butlers"}),
    "butler's appointment": ("appointment", "role = 'butler'", {"butlers"}),
    "cadre": ("person", HOLDS.format(role="village_cadre"), {"stationed_cadres"}),
    "director": ("person", HOLDS.format(role="environment_director"), {"directors"}),
    "leader": ("person", HOLDS.format(role="district_leader"), {"leaders"}),
    "leader's appointment": ("appointment", "role = 'district_leader'", {"leaders"}),
    "group's open issue": ("issue", f"stage = 'rectifying' AND {BY_GROUP}", {"issues_found", "issues_handed_over"}),
    "closed issue": ("issue", f"stage = 'closed' AND NOT {BY_GROUP}", {"issues_found", "issues_rectified"}),
    "group's closed issue": (
        "issue",
        f"stage = 'closed' AND {BY_GROUP}",
        {"issues_found", "issues_rectified", "issues_handed_over"},
    ),
    "refused issue": ("issue", "stage = 'refused'", {"issues_found"}),
    "merged issue": ("issue", "stage = 'merged'", set()),
    "enterprise": ("enterprise", "1", set()),
}


def one_less(session: Session, table: str, condition: str, *, as_of: date = TODAY) -> dict[str, int]:
    """How much each figure changes when one record that meets a condition is gone."""
    before = figures(session, as_of=as_of)
    session.execute(text(f"DELETE FROM {table} WHERE id = (SELECT min(id) FROM {table} WHERE {condition})"))
    after = figures(session, as_of=as_of)
    return {key: after[key] - before[key] for key in before if after[key] != before[key]}


def test_the_demo_reproduces_the_figures_of_the_model(demo_session: Session) -> None:
    found = figures(demo_session, as_of=TODAY)
    assert {key: found[key] for key in EXACT} == EXACT
    assert 1900 <= found["issues_found"] < 2000
    assert 200 <= found["issues_handed_over"] < 300


def test_only_figures_whose_records_exist_are_given(demo_session: Session) -> None:
    assert list(figures(demo_session, as_of=TODAY)) == [figure.key for figure in FIGURES]


@pytest.mark.parametrize("what", COUNTED)
def test_a_record_that_is_gone_takes_one_off_each_figure_that_counts_it(scratch: Session, what: str) -> None:
    table, condition, keys = COUNTED[what]
    assert one_less(scratch, table, condition) == dict.fromkeys(keys, -1)


def test_an_inspection_group_that_is_gone_takes_its_issues_off(scratch: Session) -> None:
    change = one_less(scratch, "unit", "kind = 'inspection_group'")
    assert change.pop("inspection_groups") == -1
    assert list(change) == ["issues_handed_over"]


def test_nothing_is_counted_before_the_district_was_founded(demo_session: Session) -> None:
    assert set(figures(demo_session, as_of=TODAY - timedelta(days=201)).values()) == {0}


def test_the_first_evening_has_people_and_no_issues(demo_session: Session) -> None:
    found = figures(demo_session, as_of=TODAY - timedelta(days=200))
    assert (found["directors"], found["issues_found"], found["notices_township"]) == (607, 0, 0)


def test_what_only_happens_never_becomes_less(demo_session: Session) -> None:
    days = [TODAY - timedelta(days=back) for back in range(200, -1, -25)]
    notices = [figures(demo_session, as_of=day)["notices_township"] for day in days]
    assert notices == sorted(notices)


@pytest.mark.parametrize(("days_before", "keys"), [(1, {"issues_found", "issues_rectified"}), (0, {"issues_found"})])
def test_a_reopened_issue_was_rectified_up_to_the_day_before(
    scratch: Session, days_before: int, keys: set[str]
) -> None:
    first = text("SELECT subject_id, at FROM event WHERE code = 'reopened' ORDER BY seq LIMIT 1")
    number, at = scratch.execute(first).one()
    day = date.fromisoformat(str(at)[:10]) - timedelta(days=days_before)
    assert one_less(scratch, "issue", f"id = {number}", as_of=day) == dict.fromkeys(keys, -1)
