"""Builds the demo district: everything goes through the services, in the order in which it happened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import groupby
from random import Random

from sqlalchemy import Engine

from dashboard.demo.asides import Asides
from dashboard.demo.cast import Cast, add_cast, add_units
from dashboard.demo.days import Days, days_before
from dashboard.demo.deeds import Play, Step
from dashboard.demo.director import Director
from dashboard.demo.guards import Guards, Relief
from dashboard.demo.layers import Layers, add_industries, add_layers, add_villages, found
from dashboard.demo.logins import add_logins
from dashboard.demo.places import field_of
from dashboard.demo.sites import Site, Surroundings, add_cadres, add_enterprises, spots
from dashboard.demo.stories import Teller
from dashboard.evidence.store import Store
from dashboard.services.placing import placing_on
from db.history import data_version, head_hash
from db.tables.territory import District, Industry
from db.unit_of_work import UnitOfWork, reading, unit_of_work
from governance.permissions import operator

SEED = 20210601
SETUP_MINUTE = 8 * 60
OPERATOR = operator("init --demo")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, kw_only=True)
class DemoSummary:
    """What was built: numbers of enterprises, issues and events, and the head of the chain."""

    enterprises: int
    issues: int
    events: int
    head: str


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The district on its first morning, before anything was found."""

    around: Surroundings
    guards: Guards
    sites: Sequence[Site]
    spots: Sequence[Site]


def build_demo(engine: Engine, *, today: date, store: Store, progress: Progress | None = None) -> DemoSummary:
    """Build the demo district in an empty database.

    Parameters
    ----------
    engine : Engine
        With all tables and no rows.
    today : date
        Local day that the demo is made for; everything happened on the 200 days before it. The same day
        gives the same events, to the hash at the head of their chain.
    store : Store
        Takes the drawn photos.
    progress : callable, optional
        Called with (what, done, total) as the work goes on.

    Returns
    -------
    DemoSummary

    Raises
    ------
    Conflict
        The database has a district already.
    """
    report = progress or _silent
    rng = Random(SEED)  # noqa: S311 - a demo that is the same each time, no secret
    district = found(engine, actor=OPERATOR, now=_morning(today))
    days = days_before(today, time_zone=district.time_zone)
    stage = set_up(engine, days, rng, report)
    steps = _steps(stage, days, rng)
    played = _play(engine, Play(placing=stage.around.placing, store=store), steps, report)
    with reading(engine) as session:
        return DemoSummary(
            enterprises=len(stage.sites),
            issues=len(played.issue_ids),
            events=data_version(session),
            head=head_hash(session),
        )


def _silent(what: str, done: int, total: int) -> None:
    """Report no progress."""


def _morning(today: date) -> datetime:
    days = days_before(today, time_zone=District.model_fields["time_zone"].default)
    return days.moment(days.start, SETUP_MINUTE)


def set_up(engine: Engine, days: Days, rng: Random, report: Progress) -> Stage:
    """Zones, people, enterprises, guards and logins, in a founded district: everything before the first finding."""
    with unit_of_work(engine, actor=OPERATOR, now=days.moment(days.start, SETUP_MINUTE + 1)) as work:
        report("zones", 0, 1)
        layers = add_layers(work)
        units = add_units(work, layers)
        industries = add_industries(work, units.departments, valid_from=work.today)
        add_villages(work, layers)
        report("zones", 1, 1)
    with unit_of_work(engine, actor=OPERATOR, now=days.moment(days.start, SETUP_MINUTE + 2)) as work:
        report("people", 0, 1)
        cast = add_cast(work, layers, units)
        around = _surroundings(work, layers, cast, industries)
        sites = add_enterprises(work, around, rng)
        add_cadres(work, layers, sites)
        guards = Guards(layers=layers, cast=cast)
        guards.begin(work)
        add_logins(work, cast, sites)
        report("people", 1, 1)
    return Stage(around=around, guards=guards, sites=sites, spots=spots(around, rng))


def _surroundings(work: UnitOfWork, layers: Layers, cast: Cast, industries: dict[str, Industry]) -> Surroundings:
    if work.district.metric_epsg is None:
        raise RuntimeError("the demo's outlines have chosen no metric system")
    return Surroundings(
        layers=layers,
        field=field_of(layers, metric_epsg=work.district.metric_epsg),
        placing=placing_on(work.session, work.district, work.today),
        industries=industries,
        cast=cast,
    )


def _steps(stage: Stage, days: Days, rng: Random) -> list[Step]:
    around = stage.around
    reliefs = stage.guards.plan(rng, days)
    teller = Teller(sites=stage.sites, spots=stage.spots, cast=around.cast, days=len(days), rng=rng)
    director = Director(
        cast=around.cast,
        guards=stage.guards,
        days=days,
        field=around.field,
        placing=around.placing,
        rng=rng,
        extras=Random(SEED + 1),  # noqa: S311 - a demo that is the same each time, no secret
    )
    changes = [
        Step(at=relief.at, person=around.cast.bureau[0], deed=partial(_relieve, stage.guards, relief))
        for relief in reliefs
    ]
    stories = teller.tell()
    told = director.steps(stories)
    asides = Asides(director=director, rng=Random(SEED + 2))  # noqa: S311 - as above
    return sorted(changes + told + asides.steps(stories), key=lambda step: step.at)


def _relieve(guards: Guards, relief: Relief, work: UnitOfWork, play: Play) -> None:
    guards.relieve(work, relief)
    work.session.flush()
    for person in (*guards.cast.leaders, *guards.cast.liaisons):
        play.actors.pop(person.key, None)


def _play(engine: Engine, play: Play, steps: Sequence[Step], report: Progress) -> Play:
    done = 0
    for _, group in groupby(steps, key=lambda step: step.at.date()):
        of_the_day = list(group)
        with unit_of_work(engine, actor=OPERATOR, now=of_the_day[0].at) as work:
            _play_day(work, play, of_the_day)
        done += len(of_the_day)
        report("issues", done, len(steps))
    return play


def _play_day(work: UnitOfWork, play: Play, steps: Sequence[Step]) -> None:
    play.open(work, steps)
    with work.session.no_autoflush:  # what a day's deeds ask for was written the day before, or is at hand
        for step in steps:
            step.deed(work.continued_by(play.actor(work, step.person), step.at), play)
