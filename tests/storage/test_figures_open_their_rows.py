"""Each figure opens exactly the rows that it counts: for every role and place the ledger's total is the figure."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count, product
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from dashboard.services import overview
from dashboard.services.figure_rows import is_whole_for, rows_behind
from dashboard.services.ledger import ledger_page
from dashboard.services.ledger_address import filter_of, parameters_of
from dashboard.services.overview import Month, Standing
from dashboard.services.placing import begin_links
from db import records
from db.repositories import issues
from db.repositories.ledger_filter import LedgerFilter, condition_of
from db.repositories.ledger_totals import tallied_total
from db.repositories.scopes import issues_in_zones, issues_within
from db.repositories.tallies import issue_groups
from db.tables.issues import Issue, IssueLink
from db.tables.territory import Enterprise, Zone
from db.unit_of_work import reading
from governance.counting import DEFINITIONS, INSPECTIONS, RECTIFIED, Figure
from governance.permissions import Actor, Grant
from governance.stages import CLOCK
from governance.vocabulary import Light, Role, Severity, Source, Stage
from tests.storage.conftest import Writing, new_issue

TODAY = date(2026, 6, 30)
DAY = {"today": TODAY, "yellow_days": 3}
GRANTS = (
    Grant(role=Role.BUREAU),
    Grant(role=Role.TOWNSHIP, zone_ids=frozenset({1})),
    Grant(role=Role.BUTLER, zone_ids=frozenset({2})),
    Grant(role=Role.DISTRICT_LEADER, zone_ids=frozenset({1, 3})),
    Grant(role=Role.LIAISON, zone_ids=frozenset({4})),
    Grant(role=Role.INDUSTRY_DEPARTMENT, industry_ids=frozenset({1})),
    Grant(role=Role.ENVIRONMENT_DIRECTOR, enterprise_ids=frozenset({1})),
    Grant(role=Role.DISPLAY),
)
PLACES = (
    LedgerFilter(),
    *(LedgerFilter(zone_ids=frozenset({zone})) for zone in (1, 2, 3, 4)),
    LedgerFilter(zone_ids=frozenset({1, 3})),
    LedgerFilter(sources=frozenset(INSPECTIONS)),
    LedgerFilter(enterprise_id=1),
)
FRESH = count(1)
PHASES = (Phase.explicit, Phase.generate)  # a smaller example of so many queries would take minutes to find
days = st.none() | st.integers(-40, 10).map(lambda n: TODAY + timedelta(days=n))
lives = st.fixed_dictionaries(
    {
        "stage": st.sampled_from(Stage),
        "severity": st.sampled_from(Severity),
        "source": st.sampled_from([Source.BUTLER, Source.CENTRAL_INSPECTION]),
        "due": days,
        "rectify_due_on": days,
        "measures_on": days,
        "closed_on": st.integers(-40, 0).map(lambda n: TODAY + timedelta(days=n)),
        "township_id": st.sampled_from([None, 1, 2]),
        "key_zone_ids": st.sampled_from(["", "3", "3,4"]),
        "industry_id": st.sampled_from([None, 1, 2]),
        "enterprise_id": st.sampled_from([None, 1]),
    }
)


def store(writing: Writing, founded: Engine, found: list[dict[str, Any]]) -> None:
    """Add the issues as the loop leaves them: a deadline where a clock runs, a closing day where one is closed."""
    with writing() as work:
        if work.session.get(Enterprise, 1) is None:
            records.create(work, Enterprise(name="Works"))
        for life in found:
            fields = {key: value for key, value in life.items() if key != "due"}
            stage = fields["stage"]
            fields["due_on"] = life["due"] if CLOCK[stage] else None
            fields["closed_on"] = life["closed_on"] if stage in RECTIFIED else None
            issue = records.create(work, new_issue(next(FRESH), **fields))
            begin_links(work, IssueLink, [(issue.key, issue.zone_ids)])


def figures(session: Session, actor: Actor, within: LedgerFilter) -> Iterator[tuple[Figure, int]]:
    """The figures that pages show a person of a place, as the services of the pages give them."""
    now = standing(session, actor, within)
    yield from ((Figure.UNRESOLVED, now.unresolved), (Figure.OVERDUE, now.overdue))
    yield Figure.DUE_SOON, now.due_soon
    if not within.sources:  # of what came from above, pages show what is unresolved
        yield Figure.CLUES, now.clues
    month = month_of(session, actor, within, overdue=now.overdue)
    if month is not None:
        yield Figure.CLOSED, month.closed
        yield Figure.CLOSED_ON_TIME, month.closed_on_time
        yield Figure.ON_TIME_RATE, month.closed + now.overdue


def standing(session: Session, actor: Actor, within: LedgerFilter) -> Standing:
    if within == LedgerFilter():
        return overview.seen_standing(session, actor, **DAY)
    if within.sources:
        return overview.from_above(session, condition=issues_within(actor), **DAY)[INSPECTIONS]
    if within.enterprise_id:
        own = (Issue.enterprise_id == within.enterprise_id) & issues_within(actor)
        return overview.standing_of(issue_groups(session, own), **DAY)  # type: ignore[arg-type]
    if len(within.zone_ids) > 1:
        both = issues_in_zones(within.zone_ids) & issues_within(actor)
        return overview.standing_of(issue_groups(session, both), **DAY)
    (zone,) = within.zone_ids
    return overview.seen_standings(session, actor, **DAY).get(zone, overview.nothing())


def month_of(session: Session, actor: Actor, within: LedgerFilter, *, overdue: int) -> Month | None:
    """Sign-offs of the month: of the district and of single zones, for whoever sees the district."""
    is_shown = actor.roles & {Role.BUREAU, Role.DISTRICT_LEADER, Role.LIAISON, Role.DISPLAY}
    if not is_shown or within.sources or within.enterprise_id or len(within.zone_ids) > 1:
        return None
    zone = session.get(Zone, next(iter(within.zone_ids))) if within.zone_ids else None
    return overview.month(session, today=TODAY, overdue=overdue, zone=zone)


@settings(max_examples=3, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.lists(lives, min_size=12, max_size=12))
def test_the_total_of_the_linked_ledger_is_the_figure(
    founded: Engine, writing: Writing, found: list[dict[str, Any]]
) -> None:
    store(writing, founded, found)
    with reading(founded) as session:
        for grant, within in product(GRANTS, PLACES):
            actor = Actor(person_id=1, name="x", grants=(grant,))
            if not is_whole_for(actor, within):
                continue
            for figure, value in figures(session, actor, within):
                said = parameters_of(session, rows_behind(figure, today=TODAY, within=within))
                page = ledger_page(session, actor, filter_of(session, said), **DAY)
                assert (page.total, page.is_more, len(page.ids)) == (value, False, min(value, 50)), (
                    grant,
                    figure,
                    said,
                )


filters = st.builds(
    LedgerFilter,
    stages=st.frozensets(st.sampled_from(Stage), max_size=2),
    severities=st.frozensets(st.sampled_from(Severity), max_size=2),
    zone_ids=st.sampled_from([frozenset(), frozenset({1}), frozenset({1, 2}), frozenset({3}), frozenset({1, 3})]),
    industry_ids=st.sampled_from([frozenset(), frozenset({1}), frozenset({1, 2})]),
    closed_from=st.sampled_from([None, TODAY - timedelta(days=20)]),
    closed_to=st.sampled_from([None, TODAY - timedelta(days=2)]),
    due_from=st.sampled_from([None, TODAY - timedelta(days=5)]),
    due_to=st.sampled_from([None, TODAY + timedelta(days=5)]),
    is_unresolved=st.booleans(),
    is_overdue=st.booleans(),
    is_judged=st.booleans(),
    on_time=st.sampled_from([None, True, False]),
    light=st.none() | st.sampled_from(Light),
)


@settings(max_examples=3, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.lists(lives, min_size=12, max_size=12), asked=st.lists(filters, min_size=20, max_size=20))
def test_what_the_summaries_tell_is_what_counting_gives(
    founded: Engine, writing: Writing, found: list[dict[str, Any]], asked: list[LedgerFilter]
) -> None:
    store(writing, founded, found)
    until = TODAY + timedelta(days=3)
    with reading(founded) as session:
        for grant, wanted in product(GRANTS, asked):
            actor = Actor(person_id=1, name="x", grants=(grant,))
            told = tallied_total(session, actor, wanted, today=TODAY, yellow_until=until)
            condition = issues_within(actor) & condition_of(wanted, today=TODAY, yellow_until=until)
            assert told in (None, issues.count(session, condition)), (grant, wanted)


@pytest.mark.parametrize("figure", Figure)
def test_every_figure_has_a_definition(figure: Figure) -> None:
    assert DEFINITIONS[figure].numerator is not None


@pytest.mark.parametrize("grant", GRANTS[3:5], ids=str)
def test_leaders_are_given_no_link_to_rows_that_they_do_not_see(grant: Grant) -> None:
    leader = Actor(person_id=1, name="x", grants=(grant,))
    assert not is_whole_for(leader)
    assert is_whole_for(leader, LedgerFilter(zone_ids=grant.zone_ids))
    assert not is_whole_for(leader, LedgerFilter(zone_ids=frozenset({2})))


def test_a_screen_is_given_no_link_at_all() -> None:
    assert not is_whole_for(Actor(person_id=1, name="x", grants=(Grant(role=Role.DISPLAY),)))
