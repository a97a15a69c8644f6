"""Who guards what in the demo, from the beginning and through the changes of its 200 days."""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from dashboard.demo.cast import Cast
from dashboard.demo.days import Days
from dashboard.demo.layers import Layers
from dashboard.demo.recipe import recipe
from dashboard.services.people import assign_zone, end_assignment
from db import records
from db.tables.people import Assignment, Person
from db.unit_of_work import UnitOfWork
from governance.vocabulary import AssignmentPart

# Minutes after midnight: a change of guards comes before the day's other acts.
BEFORE_WORK = (8 * 60 + 1, 8 * 60 + 25)


@dataclass(frozen=True, kw_only=True)
class Relief:
    """A change of guards on a day: (zone, part) loses its guard, or gets one by the leader's number (from 0)."""

    at: datetime
    reason: str
    ends: tuple[tuple[str, AssignmentPart], ...] = ()
    begins: tuple[tuple[str, AssignmentPart, int], ...] = ()


@dataclass
class Guards:
    """The running assignments; ``leads`` keeps every lead as (zone, from, leader's number)."""

    layers: Layers
    cast: Cast
    documents: int = 0
    running: dict[tuple[str, AssignmentPart], tuple[int, int]] = field(default_factory=dict)
    leads: list[tuple[str, date, int]] = field(default_factory=list)

    def begin(self, work: UnitOfWork) -> None:
        """Assign every zone its lead, and some a deputy, by the yearly plan."""
        guarding = recipe().guarding
        self.documents += 1
        for number, zones in enumerate(guarding.leads):
            for zone in zones:
                self._assign(work, zone, AssignmentPart.LEAD, number, guarding.begin)
        for zone, leader in guarding.deputies:
            self._assign(work, zone, AssignmentPart.DEPUTY, leader - 1, guarding.begin)

    def relieve(self, work: UnitOfWork, relief: Relief) -> None:
        """End and begin assignments on the strength of one document."""
        self.documents += 1
        for key in relief.ends:
            assignment = records.get(work.session, Assignment, self.running.pop(key)[0])
            end_assignment(work, assignment, valid_to=work.today, reason=relief.reason)
        for zone, part, number in relief.begins:
            self._assign(work, zone, part, number, relief.reason)

    def lead_on(self, zone: str, day: date) -> int:
        """Number (from 0) of the leader who is to guard a zone as lead on a local day."""
        return max((begun, number) for code, begun, number in self.leads if code == zone and begun <= day)[1]

    def _assign(self, work: UnitOfWork, zone: str, part: AssignmentPart, number: int, reason: str) -> None:
        guarding = recipe().guarding
        assignment = assign_zone(
            work,
            zone_id=self.layers.zones[zone].key,
            person=self.leader(number),
            part=part,
            valid_from=work.today,
            reason=reason,
            document_number=guarding.documents.format(year=work.today.year, n=self.documents),
            document_date=work.today,
            approver=guarding.approver,
        )
        self.running[zone, part] = (assignment.key, number)

    def leader(self, number: int) -> Person:
        """Leader by number from 0."""
        return self.cast.leaders[number]

    def plan(self, rng: Random, days: Days) -> list[Relief]:
        """The changes to come, in the order of their times; `lead_on` knows them from here on."""
        guarding = recipe().guarding
        leads = {zone: number for number, zones in enumerate(guarding.leads) for zone in zones}
        self.leads = [(zone, days.start, number) for zone, number in leads.items()]
        reliefs = [self._swap(days.at(days.share(part), rng.randint(*BEFORE_WORK)), one, other, leads)
                   for part, one, other in guarding.swaps]  # fmt: skip
        for part, zone in guarding.leaving:
            at = days.at(days.share(part), rng.randint(*BEFORE_WORK))
            reliefs.append(Relief(at=at, reason=guarding.deputy_leaves, ends=((zone, AssignmentPart.DEPUTY),)))
        for part, zone, leader in guarding.joining:
            at = days.at(days.share(part), rng.randint(*BEFORE_WORK))
            begins = ((zone, AssignmentPart.DEPUTY, leader - 1),)
            ends = ((zone, AssignmentPart.DEPUTY),) if zone in dict(guarding.deputies) else ()
            reliefs.append(Relief(at=at, reason=guarding.deputy_joins, ends=ends, begins=begins))
        return sorted(reliefs, key=lambda relief: relief.at)

    def _swap(self, at: datetime, one: str, other: str, leads: dict[str, int]) -> Relief:
        lead = AssignmentPart.LEAD
        begins = ((one, lead, leads[other]), (other, lead, leads[one]))
        leads[one], leads[other] = leads[other], leads[one]
        self.leads += [(zone, at.date(), number) for zone, _, number in begins]
        return Relief(at=at, reason=recipe().guarding.swap, ends=((one, lead), (other, lead)), begins=begins)
