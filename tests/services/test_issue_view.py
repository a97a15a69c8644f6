"""What the issue page reads: links, ways back, names, the newest of its history, and what others changed meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from dashboard.services.issue_conflicts import changed_since
from dashboard.services.issue_view import IssueView, fields_of, issue_view
from db.engine import create_engine_for, sqlite_url
from db.history import data_version
from db.schema import upgrade
from db.unit_of_work import reading
from governance.errors import NotFound
from governance.vocabulary import Severity
from tests.conftest import TODAY
from tests.services.loop_district import actor, do, found_loop, issue_of, report, unit_id, walk


@pytest.fixture
def district(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine_for(sqlite_url(tmp_path / "gridguard.db"))
    upgrade(engine)
    yield found_loop(engine)
    engine.dispose()


def view_of(engine: Engine, number: str, *, login: str = "bureau01", newest: int = 30) -> IssueView:
    with reading(engine) as session:
        return issue_view(session, actor(engine, login), number, today=TODAY, newest=newest)


def queries(engine: Engine, number: str) -> int:
    """How many statements it takes to read an issue for its page."""
    who, seen = actor(engine, "bureau01"), []
    listener = lambda *args: seen.append(args[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", listener)
    with reading(engine) as session:
        issue_view(session, who, number, today=TODAY)
    event.remove(engine, "before_cursor_execute", listener)
    return len(seen)


def test_each_link_names_its_person_and_day(district: Engine) -> None:
    view = view_of(district, walk(district, report(district), "closed"))
    people = ["butler01", "township01", "township01", "director01", "township01", "township02"]
    assert [link.person.code for link in view.links if link.person] == people
    assert {link.on for link in view.links} == {TODAY}
    assert (all(link.is_done for link in view.links), view.step) == (True, None)


def test_a_link_that_was_undone_is_open_again(district: Engine) -> None:
    number = walk(district, report(district), "supervised")
    do(district, "township01", number, "return", reason="The net has holes")
    view = view_of(district, number)
    assert [link.is_done for link in view.links] == [True, True, True, False, False, False]
    assert [(code, last.times) for code, last in view.ways_back.items()] == [("returned", 1)]


def test_the_page_knows_whose_the_issue_is(district: Engine) -> None:
    whose = view_of(district, walk(district, report(district), "rectifying")).whose
    assert whose.enterprise is not None
    assert whose.standard is not None
    assert whose.department is not None
    assert whose.guard is not None
    assert whose.guarded is not None
    found = (whose.enterprise.name, whose.standard.text, whose.department.code, whose.guard.code, whose.guarded.code)
    assert found == ("Timber yard", "Cover every heap.", "U-DEP", "leader01", "T1")


def test_joining_units_are_named(district: Engine) -> None:
    number = walk(district, report(district), "ledgered")
    view = view_of(district, number)
    assert view.step is not None
    assert view.step.role == "township"
    charge = view.links[0].person
    assert charge is not None
    units = {"lead_unit_id": unit_id(district, "U-DEP"), "joining_unit_ids": [unit_id(district, "U-T1")]}
    do(district, "township01", number, "hand_over", person_in_charge_id=charge.key, **units)
    assert [unit.code for unit in view_of(district, number).whose.joining] == ["U-T1"]


def test_the_history_is_newest_first_and_holds_what_hangs_on_the_issue(district: Engine) -> None:
    view = view_of(district, walk(district, report(district), "confirmed"))
    assert [each.event.code for each in view.happened] == ["confirmed", "evidence_added", "reported"]
    assert [each.name for each in view.happened] == ["township01 name", "butler01 name", "butler01 name"]
    assert view.has_more is False


def test_older_events_are_left_out_until_they_are_asked_for(district: Engine) -> None:
    number = walk(district, report(district), "confirmed")
    assert (len(view_of(district, number, newest=2).happened), view_of(district, number, newest=2).has_more) == (
        2,
        True,
    )
    assert len(view_of(district, number, newest=10**6).happened) == 3


def test_a_long_history_takes_no_more_queries(district: Engine) -> None:
    short, long = (walk(district, report(district), "supervised") for _ in range(2))
    for number in range(60):
        do(district, "cadre01", long, "witness", minutes=number, reason=f"Seen {number}")
    assert queries(district, long) == queries(district, short)


def test_an_issue_of_others_is_not_found(district: Engine) -> None:
    number = report(district)
    with pytest.raises(NotFound):
        view_of(district, number, login="township03")


def test_what_others_changed_is_told_field_by_field_with_the_last_word(district: Engine) -> None:
    number = report(district)
    with reading(district) as session:
        since = data_version(session)
    do(district, "township01", number, "confirm", severity=Severity.MAJOR)
    with reading(district) as session:
        changed = {each.field: each for each in changed_since(session, issue_of(district, number), since)}
    assert (changed["stage"].value, changed["severity"].value) == ("confirmed", "major")
    assert {each.happened.name for each in changed.values()} == {"township01 name"}
    assert "due_on" not in changed


def test_nothing_changed_since_the_last_event(district: Engine) -> None:
    number = report(district)
    with reading(district) as session:
        assert changed_since(session, issue_of(district, number), data_version(session)) == []


def test_an_events_fields_are_those_it_set(district: Engine) -> None:
    view = view_of(district, walk(district, report(district), "ledgered"))
    assert fields_of(view.happened[0])["requirement"] == "Cover the heap"


def test_links_are_named_however_little_of_the_history_is_shown(district: Engine) -> None:
    view = view_of(district, walk(district, report(district), "rectifying"), newest=1)
    assert [link.person.code for link in view.links if link.person] == ["butler01", "township01", "township01"]
