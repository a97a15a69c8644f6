"""The demo's issues before they are played: what is found where, by whom, and which course each takes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from random import Random

from dashboard.demo.cast import Cast
from dashboard.demo.courses import Course, Frame, Move, course_of, merged_course
from dashboard.demo.recipe import Fate, FateQuota, Lateness, Problem, problems, recipe
from dashboard.demo.sites import Site
from db.tables.people import Person, Unit
from governance.grading import sign_off_level
from governance.permissions import TOWNSHIP_FINDINGS
from governance.stages import Action
from governance.vocabulary import CheckArea, Severity, SignOffLevel, Source, Term

OPENING_MOVES = 4
SPOT_MOVES = 7
# A visit's slowest issue may take so many working days longer than its first.
VISIT_SLACK_DAYS = 35
SPOT_SHARE = 0.05
PLACE_SOURCES = frozenset({Source.BUTLER, Source.TOWNSHIP_PATROL, Source.HOTLINE_12345, Source.HOTLINE_12369})
SEVERITY_SHARES = {Severity.MINOR: 5, Severity.MAJOR: 4, Severity.SEVERE: 1}
TERMS = {
    Fate.CLOSED: frozenset(Term),
    Fate.REFUSED: frozenset({Term.AT_ONCE, Term.LIMITED}),
    Fate.LONG_TERM: frozenset({Term.LONG_TERM}),
}


@dataclass(kw_only=True)
class Story:
    """One issue of the demo; ``merged_into`` is the number of another story."""

    number: int
    site: Site
    problem: Problem
    severity: Severity
    term: Term
    source: Source
    finder: Person
    finder_unit: Unit | None
    course: Course
    lateness: Lateness = Lateness.CALM
    visit: int | None = None
    merged_into: int | None = None
    has_township_notice: bool = False
    is_for_enforcement: bool = False

    @property
    def level(self) -> SignOffLevel:
        """Level of its sign-off."""
        return sign_off_level(source=self.source, severity=self.severity)

    @property
    def is_township_finding(self) -> bool:
        """Whether the township confirms and ledgers it."""
        return self.source in TOWNSHIP_FINDINGS

    @property
    def is_on_the_spot(self) -> bool:
        """Whether it was put right before the eyes of who found it: minor, at once, once and for all."""
        is_small = self.severity == Severity.MINOR and self.level == SignOffLevel.TOWNSHIP and bool(self.site.director)
        is_plain = len(self.course) == SPOT_MOVES and self.course[-1].action == Action.SIGN_OFF
        return is_small and is_plain and self.term == Term.AT_ONCE and self.problem.check_area != CheckArea.MONITORING

    def has(self, action: Action) -> bool:
        """Whether its course holds an action."""
        return any(move.action == action for move in self.course)


@dataclass(frozen=True, kw_only=True)
class Teller:
    """What stories are made from; ``days`` is the number of working days."""

    sites: Sequence[Site]
    spots: Sequence[Site]
    cast: Cast
    days: int
    rng: Random
    told: list[Story] = field(default_factory=list)
    fitting: dict[tuple[Lateness, frozenset[Term]], tuple[list[Site], list[float]]] = field(default_factory=dict)

    def tell(self) -> list[Story]:
        """All stories: those of the inspection groups first, merged ones last."""
        quotas = recipe().fates
        for quota in quotas:
            if quota.group:
                self._tell_visits(quota)
            elif quota.fate != Fate.MERGED:
                for _ in range(quota.n):
                    self._tell_one(quota)
        for quota in quotas:
            for _ in range(quota.n if quota.fate == Fate.MERGED else 0):
                self._tell_merged()
        self._mark_notices()
        return self.told

    def _tell_one(self, quota: FateQuota) -> None:
        rng = self.rng
        terms = TERMS.get(quota.fate, frozenset({Term.LIMITED}))
        site = self._site(quota, terms)
        problem = rng.choice(_problems(site, terms))
        term = rng.choice([term for term in problem.terms if term in terms])
        frame = Frame(days=self.days, term=term, severity=_severity(rng, problem, quota), lateness=quota.lateness)
        source = self._source(site, term)
        finder, unit = self._finder(site, source)
        self._add(site, problem, frame, source, finder, unit, course_of(quota.fate, frame, rng))

    def _site(self, quota: FateQuota, terms: frozenset[Term]) -> Site:
        if self.rng.random() < SPOT_SHARE and Term.AT_ONCE in terms:
            return self.rng.choice(self.spots)
        fitting, pulls = self._fitting(quota.lateness, terms)
        return self.rng.choices(fitting, cum_weights=pulls)[0]

    def _fitting(self, lateness: Lateness, terms: frozenset[Term]) -> tuple[list[Site], list[float]]:
        if (lateness, terms) not in self.fitting:
            sites = [site for site in self.sites if site.may_be(lateness) and _problems(site, terms)]
            self.fitting[lateness, terms] = (sites, list(accumulate(_pull(site, lateness) for site in sites)))
        return self.fitting[lateness, terms]

    def _source(self, site: Site, term: Term) -> Source:
        shares = recipe().findings.sources
        allowed = frozenset(shares) if site.enterprise else PLACE_SOURCES
        if term == Term.AT_ONCE:
            allowed &= TOWNSHIP_FINDINGS
        known = [source for source in shares if source in allowed]
        return self.rng.choices(known, [shares[source] for source in known])[0]

    def _finder(self, site: Site, source: Source) -> tuple[Person, Unit | None]:
        cast, rng = self.cast, self.rng
        match source:
            case Source.BUTLER:
                return rng.choice(cast.butlers[site.township]), cast.units.butlers[site.township]
            case Source.TOWNSHIP_PATROL:
                return cast.offices[site.township], cast.units.townships[site.township]
            case Source.CADRE:
                return rng.choice(site.cadres), None
            case Source.SELF_CHECK if site.director:
                return site.director, None
            case Source.CONSULTANT:
                return rng.choice(rng.choice(cast.consultants)), rng.choice(cast.units.teams)
            case Source.ENFORCEMENT:
                return rng.choice(cast.enforcement), cast.units.enforcement
            case Source.INSTRUCTION:
                return rng.choice(cast.committee), cast.units.committee
        return rng.choice(cast.bureau[:2]), cast.units.bureau

    def _tell_visits(self, quota: FateQuota) -> None:
        """Inspections of key units by their groups: each finds two to four issues, handed over together."""
        units = [site for site in self.sites if site.group is not None]
        self.rng.shuffle(units)
        each = max(2, -(-quota.n // len(units)))
        left, visit = quota.n, len({story.visit for story in self.told})
        while left > 0:
            count = min(each - self.rng.randint(0, 1), left)
            self._tell_visit(units[visit % len(units)], quota, visit=visit, count=count)
            left, visit = left - count, visit + 1

    def _tell_visit(self, site: Site, quota: FateQuota, *, visit: int, count: int) -> None:
        rng, group = self.rng, site.group or 0
        finder = rng.choice(self.cast.consultants[group])
        room = self.days - (VISIT_SLACK_DAYS if quota.fate == Fate.CLOSED else 0)
        frame = Frame(days=room, term=Term.LIMITED, severity=Severity.MAJOR, lateness=Lateness.CALM)
        base = course_of(quota.fate, frame, rng)
        while quota.fate != Fate.CLOSED and len(base) != OPENING_MOVES:
            base = course_of(quota.fate, frame, rng)
        found = [problem for problem in _problems(site, frozenset({Term.LIMITED})) if _is_major(problem)]
        for problem in rng.sample(found, min(count, len(found))) + rng.choices(found, k=max(0, count - len(found))):
            course = self._aligned(base, frame, quota.fate)
            unit = self.cast.units.groups[group]
            self._add(site, problem, frame, Source.CONSULTANT, finder, unit, course, visit=visit)

    def _aligned(self, base: Course, frame: Frame, fate: Fate) -> Course:
        if fate != Fate.CLOSED:
            return base
        own = course_of(fate, replace(frame, days=self.days), self.rng)
        step = base[OPENING_MOVES - 1].day - own[OPENING_MOVES - 1].day
        rest = tuple(Move(move.day + step, move.action) for move in own[OPENING_MOVES:])
        return (*base[:OPENING_MOVES], *rest) if rest[-1].day < self.days else self._aligned(base, frame, fate)

    def _tell_merged(self) -> None:
        known = [
            story
            for story in self.told
            if story.visit is None
            and story.site.enterprise
            and story.has(Action.SIGN_OFF)
            and story.course[-1].day - story.course[0].day >= OPENING_MOVES
        ]
        base = self.rng.choice(known)
        frame = Frame(days=self.days, term=base.term, severity=base.severity, lateness=Lateness.CALM)
        source = self.rng.choice((Source.HOTLINE_12345, Source.HOTLINE_12369))
        finder, unit = self._finder(base.site, source)
        story = self._add(
            base.site, base.problem, frame, source, finder, unit, merged_course(base.course, frame, self.rng)
        )
        story.merged_into = base.number

    def _add(
        self,
        site: Site,
        problem: Problem,
        frame: Frame,
        source: Source,
        finder: Person,
        unit: Unit | None,
        course: Course,
        *,
        visit: int | None = None,
    ) -> Story:
        story = Story(
            number=len(self.told),
            site=site,
            problem=problem,
            severity=frame.severity,
            term=frame.term,
            source=source,
            finder=finder,
            finder_unit=unit,
            course=course,
            lateness=frame.lateness,
            visit=visit,
        )
        self.told.append(story)
        return story

    def _mark_notices(self) -> None:
        handed = [story for story in self.told if story.has(Action.HAND_OVER) and story.site.enterprise]
        own = [story for story in handed if story.is_township_finding and story.term == Term.LIMITED]
        for story in self.rng.sample(own, recipe().findings.notices_township):
            story.has_township_notice = True
        grave = [story for story in handed if story.severity == Severity.SEVERE]
        for story in self.rng.sample(grave, min(len(grave), recipe().findings.handed_to_enforcement)):
            story.is_for_enforcement = True


def _problems(site: Site, terms: frozenset[Term]) -> list[Problem]:
    return [problem for problem in problems()[site.kind] if terms & set(problem.terms)]


def _is_major(problem: Problem) -> bool:
    return Severity.MAJOR in problem.severities


def _severity(rng: Random, problem: Problem, quota: FateQuota) -> Severity:
    if quota.lateness == Lateness.LATE and rng.random() < 0.5:
        return problem.severities[-1]
    return rng.choices(problem.severities, [SEVERITY_SHARES[severity] for severity in problem.severities])[0]


def _pull(site: Site, lateness: Lateness) -> float:
    """How strongly a site draws issues: zones in trouble more, late ones most into their key zones."""
    trouble = recipe().trouble.late
    is_hot = bool({zone for zone in site.zones & trouble if not zone.isdigit()})
    if lateness == Lateness.LATE:
        return site.weight * (4.0 if is_hot else 1.0)
    return site.weight * (1.6 if is_hot else 1.0)
