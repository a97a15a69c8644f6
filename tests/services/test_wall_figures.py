"""Every figure of the wall is the number of the rows that it opens, at every step of the playlist."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from dashboard.demo.build import DemoSummary
from dashboard.services.playlist import PARTS, steps_of
from dashboard.services.wall import WallPicture, wall_picture
from dashboard.services.wall_lists import PAGE, ListName, list_name, opened_list
from governance.errors import InvalidInput, NotFound
from governance.playlist import DISTRICT_STEP, Step, StepKind, step_of
from governance.wall_figures import WallFigure
from tests.conftest import TODAY

DAY = {"today": TODAY, "yellow_days": 3}


@pytest.fixture(scope="module")
def pictures(demo: tuple[Engine, DemoSummary]) -> dict[Step, WallPicture]:
    with Session(demo[0]) as session:
        steps = steps_of(session, today=TODAY, order=tuple(PARTS))
    return {step: wall_picture(demo[0], step, **DAY) for step in steps}


def total(engine: Engine, step: Step, name: ListName) -> int:
    return opened_list(engine, step, name, page=1, **DAY).total


def test_there_is_a_step_for_the_district_each_leader_and_each_township(pictures: dict[Step, WallPicture]) -> None:
    assert [sum(step.kind == kind for step in pictures) for kind in StepKind] == [1, 18, 8]


@pytest.mark.parametrize("figure", WallFigure)
def test_a_figure_is_the_length_of_its_list_at_every_step(
    figure: WallFigure, pictures: dict[Step, WallPicture], demo: tuple[Engine, DemoSummary]
) -> None:
    shown = {step.name: picture.numbers[figure] for step, picture in pictures.items()}
    assert shown == {step.name: total(demo[0], step, ListName(figure)) for step in pictures}


def test_a_zones_numbers_are_the_length_of_their_lists(
    pictures: dict[Step, WallPicture], demo: tuple[Engine, DemoSummary]
) -> None:
    picture = pictures[DISTRICT_STEP]
    for zone, standing in [*picture.townships, *picture.key_zones]:
        key = f"{zone.kind.value}.{zone.code}"
        assert standing.unresolved == total(demo[0], DISTRICT_STEP, ListName(WallFigure.UNRESOLVED, key)), key
        assert standing.overdue == total(demo[0], DISTRICT_STEP, ListName(WallFigure.OVERDUE, key)), key


def test_no_two_figures_of_a_step_contradict(pictures: dict[Step, WallPicture]) -> None:
    for step, picture in pictures.items():
        numbers = picture.numbers
        assert picture.weeks[-1].still_open == numbers[WallFigure.UNRESOLVED], step.name
        assert numbers[WallFigure.JUDGED] == numbers[WallFigure.CLOSED] + numbers[WallFigure.OVERDUE], step.name
        assert numbers[WallFigure.OVERDUE] + numbers[WallFigure.DUE_SOON] <= numbers[WallFigure.UNRESOLVED], step.name
        assert picture.month.closed_on_time <= picture.month.closed, step.name


def test_a_township_counts_the_same_in_the_ranking_and_at_its_own_step(pictures: dict[Step, WallPicture]) -> None:
    for zone, standing in pictures[DISTRICT_STEP].townships:
        assert pictures[Step(StepKind.TOWNSHIP, zone.code)].standing == standing


def test_an_issue_in_two_zones_of_a_leader_counts_once(pictures: dict[Step, WallPicture]) -> None:
    shared = [picture for picture in pictures.values() if picture.scope.overlaps]
    apart = [sum(standing.unresolved for _zone, standing in picture.own_zones) for picture in shared]
    together = [picture.standing.unresolved for picture in shared]
    assert all(one <= many for one, many in zip(together, apart, strict=True))
    assert sum(together) < sum(apart)


def test_the_zones_of_a_leader_are_those_assigned(pictures: dict[Step, WallPicture]) -> None:
    for step, picture in pictures.items():
        shown = {zone.key for zone, _standing in picture.own_zones}
        assert shown == picture.scope.zone_ids
        assert (step.kind == StepKind.DISTRICT) == (shown == set())


def test_a_list_turns_in_pages_of_six(demo: tuple[Engine, DemoSummary]) -> None:
    name = ListName(WallFigure.UNRESOLVED)
    first = opened_list(demo[0], DISTRICT_STEP, name, page=1, **DAY)
    pages = [opened_list(demo[0], DISTRICT_STEP, name, page=n, **DAY) for n in range(1, first.pages + 1)]
    numbers = [row.number for page in pages for row in page.rows]
    assert ({len(page.rows) for page in pages[:-1]}, len(numbers)) == ({PAGE}, first.total)
    assert len(set(numbers)) == first.total


def test_a_page_past_the_end_is_the_last(demo: tuple[Engine, DemoSummary]) -> None:
    opened = opened_list(demo[0], DISTRICT_STEP, ListName(WallFigure.OVERDUE), page=9999, **DAY)
    assert opened.page == opened.pages


@pytest.mark.parametrize("text", ["", "nonsense", "unresolved.port.none", "unresolved.planet.1"])
def test_what_names_no_list_is_refused(demo: tuple[Engine, DemoSummary], text: str) -> None:
    with pytest.raises(InvalidInput):
        opened_list(demo[0], DISTRICT_STEP, list_name(text), page=1, **DAY)


@pytest.mark.parametrize("name", ["leader.nobody", "township.000"])
def test_a_step_of_nobody_shows_nothing(demo: tuple[Engine, DemoSummary], name: str) -> None:
    with pytest.raises(NotFound):
        wall_picture(demo[0], step_of(name), **DAY)


def test_coverage_starts_anew_with_the_year(demo: tuple[Engine, DemoSummary]) -> None:
    next_year = TODAY.replace(year=TODAY.year + 1, month=1, day=2)
    picture = wall_picture(demo[0], DISTRICT_STEP, today=next_year, yellow_days=3)
    assert {covered.rate for covered in picture.coverages.values()} == {0.0}
