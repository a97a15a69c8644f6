"""Which dated records cover an enterprise, one by one and against a plain count over a mixture of them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from db import records
from db.repositories.coverage import count_enterprises, enterprises_page, not_covered
from db.repositories.zone_coverage import zone_coverage
from db.tables.issues import Issue, Notice
from db.tables.loop import LookBackItem, LookBackPlan
from db.tables.people import Unit
from db.tables.territory import Enterprise, EnterpriseLink
from db.unit_of_work import UnitOfWork, reading
from governance.coverage import COVERINGS, Coverage, GroupPart, coverage_period
from governance.vocabulary import DrawnBy, LookBackKind, LookBackResult, NoticeKind, Source, Stage, UnitKind
from tests.storage.conftest import Writing, issue_fields

SINCE, UNTIL = date(2026, 1, 1), date(2026, 6, 30)
DAY = timedelta(days=1)
MANY = 40
# Units by number: made in this order.
GROUP, TEAM, TOWNSHIP = 1, 2, 3
KINDS = (UnitKind.INSPECTION_GROUP, UnitKind.CONSULTANT_TEAM, UnitKind.TOWNSHIP)
INSPECTION, HELP, FOLLOW_UP = ({one} for one in Coverage)
# By hand from what the model says of inspection, professional help and follow-up.
COVERED_BY_FINDING: dict[tuple[Source, int | None], set[Coverage]] = {
    (Source.CENTRAL_INSPECTION, None): INSPECTION,
    (Source.PROVINCIAL_INSPECTION, None): INSPECTION,
    (Source.CITY_HAND_OVER, None): INSPECTION,
    (Source.ENFORCEMENT, None): INSPECTION,
    (Source.TOWNSHIP_PATROL, None): INSPECTION,
    (Source.TOWNSHIP_PATROL, TOWNSHIP): INSPECTION,
    (Source.CONSULTANT, GROUP): INSPECTION,
    (Source.CONSULTANT, TEAM): HELP,
    (Source.CONSULTANT, None): HELP,
    (Source.BUTLER, None): HELP,
    (Source.HOTLINE_12345, None): set(),
    (Source.HOTLINE_12369, None): set(),
    (Source.INSTRUCTION, None): set(),
    (Source.CADRE, None): set(),
    (Source.SELF_CHECK, None): set(),
    (Source.MONITORING, None): set(),
}


@dataclass(kw_only=True)
class Records:
    """What is written about enterprises, kept for the plain count."""

    work: UnitOfWork
    issues: list[Issue] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    items: list[tuple[LookBackItem, Issue]] = field(default_factory=list)

    def enterprise(self, name: str) -> int:
        """An enterprise in the first township."""
        made = records.create(self.work, Enterprise(name=name, township_id=1, industry_id=1)).key
        self.work.session.add(
            EnterpriseLink(enterprise_id=made, zone_id=1, valid_from=SINCE, recorded_at=self.work.now)
        )
        return made

    def finding(self, enterprise: int | None, **more: Any) -> Issue:
        fields = issue_fields(len(self.issues) + 1, enterprise_id=enterprise, **{"source": Source.SELF_CHECK, **more})
        self.issues.append(records.create(self.work, Issue(**fields)))
        return self.issues[-1]

    def notice(self, enterprise: int | None, day: date) -> None:
        number, kind = f"N{len(self.notices)}", NoticeKind.TOWNSHIP
        made = Notice(number=number, kind=kind, issuer_id=TOWNSHIP, enterprise_id=enterprise, issued_on=day)
        self.notices.append(records.create(self.work, made))

    def look_back(self, enterprise: int | None, day: date | None) -> None:
        issue, result = self.finding(enterprise), LookBackResult.KEPT if day else None
        fields: dict[str, Any] = {
            "plan_id": 1,
            "issue_id": issue.key,
            "drawn_by": DrawnBy.RISK,
            "due_on": UNTIL,
            "looked_on": day,
        }
        self.items.append((records.create(self.work, LookBackItem(result=result, **fields)), issue))


def begin(work: UnitOfWork) -> Records:
    for number, kind in enumerate(KINDS, 1):
        records.create(work, Unit(code=f"U{number}", kind=kind, name=f"Unit {number}"))
    span: dict[str, Any] = {"closed_from": SINCE, "closed_to": UNTIL, "planned_on": SINCE, "due_on": UNTIL}
    sizes: dict[str, Any] = {"size": 9, "risk_percent": 50, "seed": 1, "population": 9}
    records.create(work, LookBackPlan(number="L1", kind=LookBackKind.CLOSED_ISSUES, **span, **sizes))
    return Records(work=work)


def covered(session: Session, enterprise: int) -> set[Coverage]:
    """The coverages that an enterprise has in the period."""
    here = col(Enterprise.id) == enterprise
    return {
        coverage
        for coverage, covering in COVERINGS.items()
        if not count_enterprises(session, here, not_covered(covering, since=SINCE, until=UNTIL))
    }


def test_every_source_of_a_finding_is_judged_here() -> None:
    assert {source for source, _unit in COVERED_BY_FINDING} == set(Source)


def test_a_finding_covers_by_who_was_there(founded: Engine, writing: Writing) -> None:
    with writing() as work:
        made = begin(work)
        places = {key: made.enterprise(f"E{n}") for n, key in enumerate(COVERED_BY_FINDING)}
        for (source, unit), enterprise in places.items():
            made.finding(enterprise, source=source, finder_unit_id=unit, found_on=UNTIL)
    with reading(founded) as session:
        assert {key: covered(session, enterprise) for key, enterprise in places.items()} == COVERED_BY_FINDING


def test_merged_and_refused_findings_cover_because_somebody_was_there(founded: Engine, writing: Writing) -> None:
    with writing() as work:
        made = begin(work)
        places = {stage: made.enterprise(stage) for stage in (Stage.MERGED, Stage.REFUSED)}
        for stage, enterprise in places.items():
            made.finding(enterprise, source=Source.BUTLER, stage=stage)
    with reading(founded) as session:
        assert [covered(session, enterprise) for enterprise in places.values()] == [HELP, HELP]


def test_notices_inspect_and_checks_and_look_backs_follow_up(founded: Engine, writing: Writing) -> None:
    with writing() as work:
        made = begin(work)
        noticed, checked, looked, waiting = (made.enterprise(name) for name in "ABCD")
        made.notice(noticed, UNTIL)
        made.finding(checked, checked_on=UNTIL)
        made.look_back(looked, UNTIL)
        made.look_back(waiting, None)
    with reading(founded) as session:
        found = [covered(session, enterprise) for enterprise in (noticed, checked, looked, waiting)]
        assert found == [INSPECTION, FOLLOW_UP, FOLLOW_UP, set()]


@pytest.mark.parametrize(("day", "counts"), [(SINCE - DAY, False), (SINCE, True), (UNTIL, True), (UNTIL + DAY, False)])
def test_both_ends_of_the_period_count(founded: Engine, writing: Writing, day: date, counts: bool) -> None:
    with writing() as work:
        made = begin(work)
        enterprise = made.enterprise("A")
        made.finding(enterprise, source=Source.BUTLER, found_on=day, checked_on=day)
        made.notice(enterprise, day)
    with reading(founded) as session:
        assert covered(session, enterprise) == (set(Coverage) if counts else set())


def test_the_period_is_this_year_up_to_today() -> None:
    assert coverage_period(UNTIL) == (SINCE, UNTIL)


def test_what_is_about_no_enterprise_covers_none(founded: Engine, writing: Writing) -> None:
    """A list of numbers with an unknown one in it would leave every enterprise out."""
    with writing() as work:
        made = begin(work)
        enterprise = made.enterprise("A")
        made.finding(None, source=Source.BUTLER, checked_on=UNTIL)
        made.notice(None, UNTIL)
        made.look_back(None, UNTIL)
    with reading(founded) as session:
        for covering in COVERINGS.values():
            missing = not_covered(covering, since=SINCE, until=UNTIL)
            found = enterprises_page(session, missing, limit=9, offset=0)
            assert [one.key for one, _township, _industry in found] == [enterprise]


def test_the_list_goes_by_name_then_number_with_township_and_industry(founded: Engine, writing: Writing) -> None:
    with writing() as work:
        made = begin(work)
        numbers = [made.enterprise(name) for name in ("Kiln", "Dock", "Kiln", "Mill")]
    with reading(founded) as session:
        found = enterprises_page(session, limit=3, offset=1)
        assert [one.key for one, _township, _industry in found] == [numbers[0], numbers[2], numbers[3]]
        assert {(zone.name, industry.name) for _one, zone, industry in found if zone and industry} == {
            ("Zone 1", "Industry 1")
        }


def mix(made: Records, random: Random) -> list[int]:
    """Enterprises with records of every kind, in and out of the period."""
    places: list[int | None] = [None, *(made.enterprise(f"E{n}") for n in range(MANY))]
    for _ in range(MANY):
        day = SINCE + timedelta(days=random.randint(-90, 200))
        source, unit = random.choice(list(COVERED_BY_FINDING))
        checked = day + 9 * DAY if random.random() < 0.3 else None
        made.finding(random.choice(places), source=source, finder_unit_id=unit, found_on=day, checked_on=checked)
        if random.random() < 0.3:
            made.notice(random.choice(places), day)
        if random.random() < 0.3:
            made.look_back(random.choice(places), random.choice([day, None]))
    return [place for place in places if place is not None]


def plainly_covered(made: Records, coverage: Coverage, enterprise: int) -> bool:
    """The definition of `governance.coverage`, over everything that was written."""
    covering = COVERINGS[coverage]
    here = [issue for issue in made.issues if issue.enterprise_id == enterprise]
    found = [issue for issue in here if SINCE <= issue.found_on <= UNTIL]
    by_unit = {True: GroupPart.BY_GROUPS, False: GroupPart.BY_OTHERS}
    days = [issue.checked_on for issue in here if covering.checks]
    days += [notice.issued_on for notice in made.notices if covering.notices and notice.enterprise_id == enterprise]
    days += [item.looked_on for item, issue in made.items if covering.look_backs and issue.enterprise_id == enterprise]
    consulted = [by_unit[issue.finder_unit_id == GROUP] for issue in found if issue.source == Source.CONSULTANT]
    by_source = any(issue.source in covering.sources for issue in found)
    return by_source or covering.consultants in consulted or any(day and SINCE <= day <= UNTIL for day in days)


def test_queries_say_the_same_as_a_plain_count(founded: Engine, writing: Writing) -> None:
    with writing() as work:
        made = begin(work)
        enterprises = mix(made, Random(7))
        plain = {one: {c for c in Coverage if plainly_covered(made, c, one)} for one in enterprises}
    with reading(founded) as session:
        assert {one: covered(session, one) for one in enterprises} == plain
        inspected = sum(Coverage.INSPECTION in found for found in plain.values())
        assert zone_coverage(session, [1, 2], today=UNTIL)[1].inspected == inspected
        assert zone_coverage(session, [1, 2], today=UNTIL)[2].enterprises == 0
        assert 0 < inspected < len(session.exec(select(Enterprise)).all())
