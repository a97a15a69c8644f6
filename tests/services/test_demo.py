"""The demo district as it stands: how many of what, where, with which lights, and nobody's name."""

import re
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlmodel import Session, col, select

from dashboard.demo.recipe import DATA, problems, reasons, recipe
from dashboard.demo.sites import credit_code
from db.repositories.people import leads_on
from db.repositories.territory import standards_on, zones, zones_on
from db.tables.issues import Issue, IssueLink
from db.tables.people import Account, Appointment, Assignment, Person, Unit
from db.tables.territory import District, Enterprise, Village, Zone
from geo.metric import points_in_metres
from governance.counting import UNRESOLVED
from governance.credit_code import require_credit_code
from governance.lights import light_of, worst
from governance.vocabulary import Category, Light, Role, UnitKind, ZoneKind
from tests.conftest import TODAY

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from dashboard.demo.build import DemoSummary

COMPANY_WORDS = re.compile("\\u516c\\u53f8|\\u96c6\\u56e2|\\u80a1\\u4efd|\\u5408\\u4f5c\\u793e")
DAYS = [TODAY - timedelta(days=back) for back in range(201)]
YELLOW_DAYS = 3


def unresolved(session: Session) -> list[Issue]:
    return list(session.exec(select(Issue).where(col(Issue.stage).in_(UNRESOLVED))))


def lights(session: Session) -> dict[str, Light]:
    """Light of each zone with unresolved issues, by code."""
    links = select(IssueLink.issue_id, Zone.code).join(Zone, col(Zone.id) == col(IssueLink.zone_id))
    zone_codes: dict[int, list[str]] = {}
    for issue_id, code in session.exec(links):
        zone_codes.setdefault(issue_id, []).append(code)
    found: dict[str, list[Light]] = {}
    for issue in unresolved(session):
        for code in zone_codes[issue.key]:
            found.setdefault(code, []).append(light_of(issue.due_on, today=TODAY, yellow_days=YELLOW_DAYS))
    return {code: worst(values) for code, values in found.items()}


def category_counts(session: Session, kind: ZoneKind) -> Counter[Category]:
    query = select(Issue.category).join(IssueLink).join(Zone).where(Zone.kind == kind)
    return Counter(session.exec(query))


def test_it_is_marked_as_a_demo(demo_session: Session) -> None:
    assert demo_session.exec(select(District.is_demo)).all() == [True]


def test_it_has_12_key_zones_and_240_villages(demo_session: Session) -> None:
    kinds = Counter(zone.kind for zone in zones(demo_session))
    assert (kinds.pop(ZoneKind.TOWNSHIP), kinds.total()) == (8, 12)
    assert len(demo_session.exec(select(Village)).all()) == 240


def test_outlines_keep_their_source_and_say_that_they_are_approximate(demo_session: Session) -> None:
    outlines = [item.outline for item in zones_on(demo_session, TODAY)]
    assert {(outline.is_approximate, bool(outline.source)) for outline in outlines} == {(True, True)}


def test_each_industry_has_a_department_and_a_standard(demo_session: Session) -> None:
    standards = standards_on(demo_session, TODAY)
    kinds = {unit.kind for _, unit in standards.values()}
    assert (len(standards), kinds) == (16, {UnitKind.DEPARTMENT})
    assert all(standard.text for standard, _ in standards.values())


def test_each_township_has_an_office_and_a_leader_in_charge(demo_session: Session) -> None:
    query = select(Appointment.zone_id).where(Appointment.role == Role.TOWNSHIP)
    assert sorted(Counter(demo_session.exec(query)).values()) == [2] * 8


def test_each_enterprise_has_a_director_a_cadre_and_a_township(demo_session: Session) -> None:
    firms = {firm.key for firm in demo_session.exec(select(Enterprise)) if firm.township_id is not None}
    query = select(Appointment.role, Appointment.enterprise_id).where(col(Appointment.enterprise_id).is_not(None))
    held = set(demo_session.exec(query))
    assert len(firms) == 607
    assert all({(Role.ENVIRONMENT_DIRECTOR, firm), (Role.VILLAGE_CADRE, firm)} <= held for firm in firms)


def test_66_enterprises_are_key_units(demo_session: Session) -> None:
    assert sum(demo_session.exec(select(Enterprise.is_key_unit))) == 66


def test_enterprises_off_shore_lie_within_the_margin(demo_session: Session) -> None:
    margin_m = demo_session.exec(select(District.sea_margin_m)).one()
    assert max(demo_session.exec(select(Enterprise.distance_m))) <= margin_m


@pytest.mark.parametrize("number", [1, 607])
def test_credit_codes_are_well_formed_and_of_no_division(number: int) -> None:
    assert require_credit_code(credit_code(number))[2:8] == "000000"


def test_every_credit_code_is_the_demos_own(demo_session: Session) -> None:
    codes = set(demo_session.exec(select(Enterprise.credit_code)))
    assert codes == {credit_code(number) for number in range(1, 608)}


def test_people_are_roles_with_numbers(demo_session: Session) -> None:
    forms = [
        re.escape(name).replace(r"\{n:02\}", r"\d\d+").replace(r"\{n:03\}", r"\d\d\d")
        for name, _ in recipe().roles.values()
    ]
    allowed = re.compile("|".join(forms))
    assert [name for name in demo_session.exec(select(Person.name)) if not allowed.fullmatch(name)] == []


def test_people_and_units_have_english_names(demo_session: Session) -> None:
    names = [*demo_session.exec(select(Person.name_en)), *demo_session.exec(select(Unit.name_en))]
    assert all(name and name.isascii() for name in names)


def test_enterprises_are_an_industry_with_a_number(demo_session: Session) -> None:
    nouns = "|".join(industry.enterprise[0] for industry in recipe().industries.values())
    names = demo_session.exec(select(Enterprise.name)).all()
    assert [name for name in names if not re.fullmatch(rf"(?:{nouns})\d{{3}}", name)] == []


def test_no_text_of_the_demo_names_a_company() -> None:
    texts = [(DATA / name).read_text(encoding="utf-8") for name in ("district.toml", "problems.csv", "reasons.toml")]
    assert [COMPANY_WORDS.findall(text) for text in texts] == [[], [], []]


def test_every_industry_has_its_problems() -> None:
    assert {kind for kind in problems() if not kind.startswith("@")} == set(recipe().industries)
    assert all(reasons().of(move) for move in ("confirm", "return", "sign_off"))


def test_a_login_of_each_role_three_of_them_twice_and_no_password(demo_session: Session) -> None:
    query = select(Account, Appointment.role).join(Appointment, col(Appointment.person_id) == col(Account.person_id))
    rows = demo_session.exec(query).all()
    assert {role for _, role in rows} == set(Role)
    assert len({account.key for account, _ in rows}) == 15
    assert {(account.password_hash, account.is_demo) for account, _ in rows} == {(None, True)}


def test_every_zone_has_exactly_one_lead_on_each_day(demo_session: Session) -> None:
    codes = {zone.key for zone in zones(demo_session)}
    wrong = [day for day in DAYS if set(leads_on(demo_session, day)) != codes]
    spans = demo_session.exec(select(Assignment).where(Assignment.part == "lead")).all()
    counts = {day: sum(s.valid_from <= day and (s.valid_to is None or s.valid_to > day) for s in spans) for day in DAYS}
    assert (wrong, set(counts.values())) == ([], {20})


def test_assignments_change_on_the_strength_of_documents(demo_session: Session) -> None:
    rows = demo_session.exec(select(Assignment)).all()
    assert all(row.reason and row.document_number and row.document_date and row.approver for row in rows)
    assert sum(row.valid_to is not None for row in rows) >= 6


def test_zones_show_all_three_lights(demo_session: Session) -> None:
    found = Counter(lights(demo_session).values())
    assert found[Light.RED] >= 3
    assert found[Light.YELLOW] >= 2
    assert found[Light.GREEN] >= 4


def test_only_zones_in_trouble_are_late(demo_session: Session) -> None:
    red = {code for code, light in lights(demo_session).items() if light == Light.RED}
    assert red == recipe().trouble.late


def test_some_late_issues_are_severe(demo_session: Session) -> None:
    late = [issue for issue in unresolved(demo_session) if issue.due_on and issue.due_on < TODAY]
    assert 20 <= len(late) <= 60
    assert any(issue.severity == "severe" for issue in late)


@pytest.mark.parametrize(
    ("kind", "category"),
    [
        (ZoneKind.PORT, Category.DUST),
        (ZoneKind.TIMBER_PARK, Category.EXHAUST_GAS),
        (ZoneKind.FISHING_HARBOUR, Category.OILY_WATER),
        (ZoneKind.SHIPYARD, Category.EXHAUST_GAS),
        (ZoneKind.KEY_ROAD, Category.DUST),
    ],
)
def test_what_is_found_fits_the_place(demo_session: Session, kind: ZoneKind, category: Category) -> None:
    counts = category_counts(demo_session, kind)
    assert category in dict(counts.most_common(3))


def test_issues_lie_on_the_ground_of_their_enterprises(demo_session: Session) -> None:
    query = select(Issue, Enterprise).join(Enterprise, col(Enterprise.id) == col(Issue.enterprise_id))
    rows = demo_session.exec(query).all()
    epsg = demo_session.exec(select(District.metric_epsg)).one() or 0
    x, y = points_in_metres([issue.lon for issue, _ in rows], [issue.lat for issue, _ in rows], epsg)
    x0, y0 = points_in_metres([firm.lon for _, firm in rows], [firm.lat for _, firm in rows], epsg)
    assert float(max(abs(x - x0).max(), abs(y - y0).max())) <= 46.0
    assert all(issue.zone_ids == firm.zone_ids for issue, firm in rows)


def test_dates_lie_within_the_200_days(demo_session: Session) -> None:
    found: list[date] = list(demo_session.exec(select(Issue.found_on)))
    assert min(found) > TODAY - timedelta(days=200)
    assert max(found) < TODAY


def test_the_summary_tells_what_was_built(demo: "tuple[Engine, DemoSummary]") -> None:
    assert (demo[1].enterprises, demo[1].issues) == (607, 1943)
