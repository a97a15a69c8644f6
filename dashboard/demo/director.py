"""Who does what, when and why in a demo story: its course turned into steps that the services carry out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from dashboard.demo.cast import Cast
from dashboard.demo.days import Days, minutes_of
from dashboard.demo.deeds import Deed, LonLat, Step, advance, confirm, enter, notify, report
from dashboard.demo.guards import Guards
from dashboard.demo.places import Field
from dashboard.demo.recipe import Lateness, reasons, recipe
from dashboard.demo.stories import Story
from dashboard.services.placing import Placing, place, zone_ids_of
from db.tables.people import Person
from governance.stages import Action
from governance.vocabulary import NoticeKind, SignOffLevel

LEADER_RETURNS = 0.3
WITNESSED = 0.4
JOINED = 0.4
SITE_RADIUS_M = 45.0


@dataclass(frozen=True, kw_only=True)
class Director:
    """Casts the stories: chooses people, moments, reasons and exact places."""

    cast: Cast
    guards: Guards
    days: Days
    field: Field
    placing: Placing
    rng: Random
    extras: Random

    def steps(self, stories: Sequence[Story]) -> list[Step]:
        """Steps of all stories, in the order of their moments; equal moments in the order of the stories."""
        steps: list[Step] = []
        visits: dict[int, list[tuple[Story, datetime]]] = {}
        for story, spot in zip(stories, self._places(stories), strict=True):
            own = self._story(story, spot)
            steps += own
            if story.visit is not None:
                visits.setdefault(story.visit, []).append((story, own[3].at))
        steps += self._district_notices(visits)
        return sorted(steps, key=lambda step: step.at)

    def _places(self, stories: Sequence[Story]) -> list[LonLat]:
        """A point on each site's ground; the site's own where that would lie in other zones."""
        sites = [story.site for story in stories]
        near = [self.field.near(self.rng, site.lon, site.lat, radius_m=SITE_RADIUS_M) for site in sites]
        homes = place(self.placing, [site.lon for site in sites], [site.lat for site in sites])
        placed = place(self.placing, [lon for lon, _ in near], [lat for _, lat in near])
        return [
            point if zone_ids_of(found) == zone_ids_of(home) else (site.lon, site.lat)
            for site, point, home, found in zip(sites, near, homes, placed, strict=True)
        ]

    def _story(self, story: Story, spot: LonLat) -> list[Step]:
        minutes = minutes_of(self.rng, [move.day for move in story.course])
        if story.is_on_the_spot:
            return self._spot_story(story, spot, minutes)
        steps = []
        people: dict[Action, Person] = {}
        for move, minute in zip(story.course, minutes, strict=True):
            at = self.days.at(move.day, minute)
            people[move.action] = self._person(story, move.action, at.date(), people)
            deed = self._report(story, spot) if move.action == Action.REPORT else self._deed(story, move.action, people)
            steps += self._beforehand(story, move.action, people, at)
            steps.append(Step(at=at, person=people[move.action], deed=deed, stories=(story.number,)))
            if move.action == Action.HAND_OVER and story.has_township_notice:
                steps.append(self._township_notice(story, at + timedelta(minutes=4)))
        return steps

    def _spot_story(self, story: Story, spot: LonLat, minutes: Sequence[int]) -> list[Step]:
        """Found and put right on the spot: one report, one confirmation by somebody else, and the sign-off."""
        moments = [self.days.at(move.day, minute) for move, minute in zip(story.course, minutes, strict=True)]
        confirmer = self._person(story, Action.CONFIRM, moments[1].date(), {})
        seen, signed = (self.rng.choice(reasons().of(action)) for action in (Action.CHECK_ON_SITE, Action.SIGN_OFF))
        office, charge = self.cast.offices[story.site.township], self.cast.charges[story.site.township]
        signer, numbers = office if story.finder == charge else charge, (story.number,)
        deeds: tuple[tuple[datetime, Person, Deed], ...] = (
            (moments[0], story.finder, self._report(story, spot)),
            (moments[1], confirmer, partial(confirm, story, seen)),
            (moments[-1], signer, partial(advance, story, Action.SIGN_OFF, signed, {})),
        )
        return [Step(at=at, person=person, deed=deed, stories=numbers) for at, person, deed in deeds]

    def _beforehand(self, story: Story, action: Action, people: dict[Action, Person], at: datetime) -> list[Step]:
        """What goes before a move: a cadre sees the result, what came from above goes there."""
        early, numbers = at - timedelta(minutes=4), (story.number,)
        if action == Action.CHECK_ON_SITE and story.site.cadres and self.extras.random() < WITNESSED:
            deed = partial(advance, story, Action.WITNESS, self.extras.choice(reasons().of("witness")), {})
            return [Step(at=early, person=story.site.cadres[0], deed=deed, stories=numbers)]
        if action == Action.SIGN_OFF and story.level == SignOffLevel.ABOVE:
            given = {"handed_in_document": self._document(story, at, "handed_in_document")}
            deed = partial(
                advance, story, Action.HAND_IN_ABOVE, self.extras.choice(reasons().of("hand_in_above")), given
            )
            return [Step(at=early, person=self.cast.bureau[3], deed=deed, stories=numbers)]
        return []

    def _document(self, story: Story, at: datetime, kind: str) -> str:
        return reasons().of(kind)[0].format(year=at.year, n=story.number + 1)

    def _person(self, story: Story, action: Action, day: date, people: dict[Action, Person]) -> Person:
        cast, site = self.cast, story.site
        office, charge = cast.offices[site.township], cast.charges[site.township]
        match action:
            case Action.REPORT:
                return story.finder
            case Action.CONFIRM | Action.REFUSE | Action.MERGE | Action.ENTER_LEDGER:
                own = charge if story.finder == office else office
                return own if story.is_township_finding else self.rng.choice(cast.bureau[2:4])
            case Action.HAND_OVER:
                return office if story.is_township_finding else self.rng.choice(cast.committee)
            case Action.SUBMIT_MEASURES:
                return site.director or office
            case Action.CHECK_ON_SITE:
                return self._checker(story, rectifier=people[Action.SUBMIT_MEASURES])
            case Action.RETURN if self.rng.random() < LEADER_RETURNS:
                return self._leader(story, day, self.rng)
            case Action.RETURN | Action.SIGN_OFF:
                return self._signer(story)
        return self.rng.choice(cast.bureau[2:4])

    def _checker(self, story: Story, *, rectifier: Person) -> Person:
        officers, office = self.cast.departments[story.site.department], self.cast.offices[story.site.township]
        if story.visit is not None and story.site.verifier:
            return story.site.verifier
        if story.level in (SignOffLevel.BUREAU, SignOffLevel.ABOVE) or rectifier == office:
            return officers[1]
        return office

    def _signer(self, story: Story) -> Person:
        if story.level == SignOffLevel.TOWNSHIP:
            return self.cast.charges[story.site.township]
        if story.level == SignOffLevel.DEPARTMENT:
            return self.cast.departments[story.site.department][0]
        return self.cast.bureau[4]

    def leader_of(self, story: Story, day: int) -> Person:
        """The lead, or the liaison, of the story's key zone, or of its township, on a working day."""
        return self._leader(story, self.days.working[day], self.extras)

    def _leader(self, story: Story, day: date, rng: Random) -> Person:
        zone = min(story.site.zones, key=lambda code: (code == story.site.township, code))
        number = self.guards.lead_on(zone, day)
        return rng.choice((self.cast.leaders, self.cast.liaisons))[number]

    def _deed(self, story: Story, action: Action, people: dict[Action, Person]) -> Deed:
        reason = self.rng.choice(reasons().of(self._kind_of_reason(story, action, people[action])))
        if action == Action.ENTER_LEDGER:
            return partial(enter, story, reason)
        return partial(advance, story, action, reason, self._given(story, action))

    def _kind_of_reason(self, story: Story, action: Action, person: Person) -> str:
        if action == Action.RETURN and person in (*self.cast.leaders, *self.cast.liaisons):
            return "return_by_leader"
        if action == Action.SIGN_OFF and story.level == SignOffLevel.ABOVE:
            return "sign_off_above"
        return str(action.value)

    def _report(self, story: Story, spot: LonLat) -> Deed:
        return partial(report, story, spot, self._reference(story))

    def _reference(self, story: Story) -> dict[str, Any]:
        number, document = (texts.get(story.source) for texts in (reasons().source_numbers, reasons().source_documents))
        year = self.days.working[story.course[0].day].year
        return {
            "source_number": number.format(n=story.number + 1) if number else None,
            "source_document": document.format(year=year, n=story.number + 1) if document else None,
        }

    def _given(self, story: Story, action: Action) -> dict[str, Any]:
        match action:
            case Action.HAND_OVER:
                return self._handed_over(story)
            case Action.SUBMIT_MEASURES:
                return {"measures": story.problem.measures}
            case Action.SIGN_OFF if story.level == SignOffLevel.ABOVE:
                at = self.days.moment(self.days.working[story.course[-1].day], 0)
                return {
                    "above_basis": self._document(story, at, "above_basis"),
                    "above_result": reasons().of("above_result")[0],
                }
            case Action.KEEP_LONG_TERM if story.lateness == Lateness.LATE:
                return {"review_due_on": self.days.today - timedelta(days=self.rng.randint(3, 9))}
            case Action.KEEP_LONG_TERM:
                return {"review_due_on": self.days.today + timedelta(days=self.rng.randint(20, 90))}
        return {}

    def _handed_over(self, story: Story) -> dict[str, Any]:
        units, site = self.cast.units, story.site
        minor = story.level == SignOffLevel.TOWNSHIP
        given: dict[str, Any] = {
            "lead_unit_id": (units.townships[site.township] if minor else units.departments[site.department]).key,
            "person_in_charge_id": (site.director or self.cast.offices[site.township]).key,
        }
        if not minor and self.extras.random() < JOINED:
            given["joining_unit_ids"] = (units.townships[site.township].key,)
        return {**given, "enforcement_unit_id": units.enforcement.key} if story.is_for_enforcement else given

    def _township_notice(self, story: Story, at: datetime) -> Step:
        township = story.site.township
        deed = partial(notify, NoticeKind.TOWNSHIP, self.cast.units.townships[township], [story])
        return Step(at=at, person=self.cast.offices[township], deed=deed, stories=(story.number,))

    def _district_notices(self, visits: dict[int, list[tuple[Story, datetime]]]) -> list[Step]:
        steps = []
        for visit in sorted(self.rng.sample(sorted(visits), recipe().findings.notices_district)):
            stories = [story for story, _ in visits[visit]]
            at = max(moment for _, moment in visits[visit]) + timedelta(minutes=4)
            issuer = self.cast.units.groups[stories[0].site.group or 0]
            deed = partial(notify, NoticeKind.DISTRICT, issuer, stories)
            numbers = tuple(story.number for story in stories)
            steps.append(Step(at=at, person=self.cast.bureau[2], deed=deed, stories=numbers))
        return steps
