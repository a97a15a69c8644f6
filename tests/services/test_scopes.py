"""What each role sees: the ledger's pages, counts and details agree, and reach no further than the role."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session, col, select

from dashboard.services.drilldown import enterprise_view, zone_view
from dashboard.services.ledger import issue_file, ledger_page, open_issues, open_points
from dashboard.services.overview import seen_standing, seen_standings
from db.repositories.issues import LedgerFilter, lines, lines_of
from db.repositories.people import actor_of
from db.repositories.scopes import issues_within
from db.tables.issues import Issue
from db.tables.people import Account, Appointment, Assignment
from db.tables.territory import Enterprise, EnterpriseLink, Zone
from governance.counting import UNRESOLVED
from governance.errors import NotFound
from governance.permissions import Actor
from governance.vocabulary import Role, ZoneKind
from tests.conftest import TODAY

DAY = {"today": TODAY, "yellow_days": 3}
SEES_ALL = {Role.BUREAU, Role.COMMITTEE_OFFICE}
SEES_SOME = set(Role) - SEES_ALL - {Role.DISPLAY}
SEES_DISTRICT = SEES_ALL | {Role.DISTRICT_LEADER, Role.LIAISON, Role.DISPLAY}


def actor(session: Session, role: Role) -> Actor:
    """The person who has the demo's login of a role."""
    accounts = select(Account.person_id).join(Appointment, col(Appointment.person_id) == col(Account.person_id))
    person = session.exec(accounts.where(Appointment.role == role)).first()
    assert person is not None
    return actor_of(session, person, today=TODAY)


def issues(session: Session) -> list[Issue]:
    return list(session.exec(select(Issue)))


def reachable(session: Session, who: Actor) -> set[str]:
    """Numbers of the issues that a person may see, told from the raw records one by one."""
    return {issue.number for issue in issues(session) if any(_reaches(session, grant, issue) for grant in who.grants)}


def _reaches(session: Session, grant, issue: Issue) -> bool:
    units = {issue.finder_unit_id, issue.lead_unit_id} - {None}
    match grant.role:
        case Role.BUREAU | Role.COMMITTEE_OFFICE:
            return True
        case Role.DISTRICT_LEADER | Role.LIAISON | Role.TOWNSHIP | Role.BUTLER:
            return bool(set(issue.zone_ids) & grant.zone_ids)
        case Role.INDUSTRY_DEPARTMENT:
            return issue.industry_id in grant.industry_ids or bool(units & grant.unit_ids)
        case Role.ENFORCEMENT:
            return issue.enforcement_unit_id is not None
        case Role.CONSULTANT:
            return bool(units & grant.unit_ids) or issue.enterprise_id in grant.enterprise_ids
        case Role.VILLAGE_CADRE | Role.ENVIRONMENT_DIRECTOR:
            return issue.enterprise_id in grant.enterprise_ids
    return False


def all_pages(session: Session, who: Actor, wanted: LedgerFilter) -> Iterator[str]:
    page, pages = 1, 1
    while page <= pages:
        found = ledger_page(session, who, wanted, page=page, **DAY)
        yield from (line.issue.number for line in lines_of(session, found.ids))
        page, pages = page + 1, found.pages


@pytest.mark.parametrize("role", Role)
def test_the_ledgers_pages_hold_exactly_what_the_role_reaches(demo_session: Session, role: Role) -> None:
    who = actor(demo_session, role)
    listed = list(all_pages(demo_session, who, LedgerFilter()))
    assert len(listed) == len(set(listed)) == ledger_page(demo_session, who, LedgerFilter(), **DAY).total
    assert set(listed) == reachable(demo_session, who)


@pytest.mark.parametrize("role", SEES_SOME - {Role.ENFORCEMENT}, ids=str)
def test_a_narrow_role_sees_something_but_not_everything(demo_session: Session, role: Role) -> None:
    total = ledger_page(demo_session, actor(demo_session, role), LedgerFilter(), **DAY).total
    assert 0 < total < len(issues(demo_session))


@pytest.mark.parametrize("role", Role)
def test_every_listed_issue_opens_and_no_other(demo_session: Session, role: Role) -> None:
    who = actor(demo_session, role)
    seen = reachable(demo_session, who)
    for issue in issues(demo_session)[::9]:
        if issue.number in seen:
            assert issue_file(demo_session, who, issue.number).line.issue.id == issue.id
        else:
            with pytest.raises(NotFound):
                issue_file(demo_session, who, issue.number)


@pytest.mark.parametrize("role", Role)
def test_lists_points_and_counts_of_open_issues_agree(demo_session: Session, role: Role) -> None:
    who = actor(demo_session, role)
    seen = {issue.number for issue in issues(demo_session) if issue.stage in UNRESOLVED} & reachable(demo_session, who)
    listed = {line.issue.number for line in open_issues(demo_session, who, LedgerFilter(), limit=5000, **DAY)}
    points = {issue.number for issue in open_points(demo_session, who, LedgerFilter(), limit=5000, **DAY)}
    placed = {issue.number for issue in issues(demo_session) if issue.lon is not None}
    assert (listed, points) == (seen, seen & placed)


@pytest.mark.parametrize("role", Role)
def test_the_maps_numbers_reach_as_far_as_the_role(demo_session: Session, role: Role) -> None:
    who = actor(demo_session, role)
    known = {issue.number for issue in issues(demo_session)} if role in SEES_DISTRICT else reachable(demo_session, who)
    alive = [issue for issue in issues(demo_session) if issue.number in known and issue.stage in UNRESOLVED]
    assert seen_standing(demo_session, who, **DAY).unresolved == len(alive)
    by_zone = {zone: found.unresolved for zone, found in seen_standings(demo_session, who, **DAY).items()}
    for zone in demo_session.exec(select(Zone).where(Zone.kind != ZoneKind.DISTRICT)):
        assert by_zone.get(zone.key, 0) == sum(zone.key in issue.zone_ids for issue in alive), zone.code


def test_a_leader_sees_a_foreign_zone_in_summary_only(demo_session: Session) -> None:
    who = actor(demo_session, Role.DISTRICT_LEADER)
    guarded = {
        row.zone_id for row in demo_session.exec(select(Assignment).where(Assignment.person_id == who.person_id))
    }
    foreign = demo_session.exec(
        select(Zone).where(Zone.kind == ZoneKind.TOWNSHIP, Zone.code == "371103108", col(Zone.id).not_in(guarded))
    ).one()
    view = zone_view(demo_session, who, foreign.kind, foreign.code, **DAY)
    wanted = LedgerFilter(zone_ids=frozenset({foreign.key}))
    assert view.standing.unresolved > 0
    assert (view.enterprises, open_issues(demo_session, who, wanted, limit=99, **DAY)) == ([], [])


@pytest.mark.parametrize("role", Role)
def test_who_guards_a_zone_is_told_where_something_in_it_is_open(demo_session: Session, role: Role) -> None:
    who = actor(demo_session, role)
    seen = reachable(demo_session, who)
    reached = {zone for issue in issues(demo_session) if issue.number in seen for zone in issue.zone_ids}
    reached |= {zone for grant in who.grants for zone in grant.zone_ids}
    own = {number for grant in who.grants for number in grant.enterprise_ids}
    links = demo_session.exec(select(EnterpriseLink).where(col(EnterpriseLink.enterprise_id).in_(own)))
    reached |= {link.zone_id for link in links}
    for zone in demo_session.exec(select(Zone).where(Zone.kind != ZoneKind.DISTRICT)).all():
        guards = zone_view(demo_session, who, zone.kind, zone.code, **DAY).guards
        if role in SEES_DISTRICT or zone.id in reached:
            assert guards, zone.code
        elif role not in {Role.INDUSTRY_DEPARTMENT, Role.ENFORCEMENT, Role.CONSULTANT}:
            assert guards == [], zone.code


def test_a_directors_own_enterprise_opens_and_no_other(demo_session: Session) -> None:
    who = actor(demo_session, Role.ENVIRONMENT_DIRECTOR)
    own = {number for grant in who.grants for number in grant.enterprise_ids}
    for number in demo_session.exec(select(Enterprise.id).limit(40)):
        if number in own:
            assert enterprise_view(demo_session, who, number, **DAY).enterprise.id == number
        else:
            with pytest.raises(NotFound, match="no enterprise with the number"):
                enterprise_view(demo_session, who, number, **DAY)


def test_a_display_gets_no_line_of_any_issue(demo_session: Session) -> None:
    display = actor(demo_session, Role.DISPLAY)
    assert lines(demo_session, issues_within(display)) == []
    assert ledger_page(demo_session, display, LedgerFilter(), **DAY).total == 0


def test_a_liaison_sees_nothing_more_when_the_leader_has_left(scratch: Session) -> None:
    liaison = actor(scratch, Role.LIAISON)
    leader = next(grant.leader_id for grant in liaison.grants)
    for row in scratch.exec(
        select(Appointment).where(Appointment.person_id == leader, Appointment.role == Role.DISTRICT_LEADER)
    ):
        row.valid_to = TODAY
        scratch.add(row)
    scratch.flush()
    assert liaison.person_id is not None
    left = actor_of(scratch, liaison.person_id, today=TODAY)
    assert (ledger_page(scratch, left, LedgerFilter(), **DAY).total, left.on_behalf_of_id) == (0, None)
