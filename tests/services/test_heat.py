"""Heat: what somebody may know of, counts that the ledger's lists equal, history, hot spots, and how much is sent."""

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import h3.api.basic_int as h3
import pytest
from sqlalchemy import true
from sqlmodel import Session, select

from dashboard.heat_layers import Look, frames_layer, hexagons_layer
from dashboard.services.heat import CellHeat, Measure, ZoneHeat, cell_heat, open_to, rows_of_cells, shown_resolution
from dashboard.services.heat import coarser as by_coarser
from dashboard.services.heat_exports import export_hot_spots
from dashboard.services.heat_past import Past, past_of, stood_by_zone, week_ends, weeks_by_cell
from dashboard.services.heat_spots import SpotPicture, hot_spots, objects_of
from dashboard.services.ledger_address import filter_of, parameters_of
from dashboard.services.past_records import records_on
from db.repositories.heat import stays
from db.repositories.ledger_filter import LedgerFilter
from db.repositories.people import actor_of
from db.tables.issues import Issue
from db.tables.people import Account
from geo.codec import cell_name, cell_of, parent_cell
from governance.classes import class_bounds
from governance.counting import UNRESOLVED
from governance.errors import InvalidInput, NotAllowed
from governance.hot_spots import SpotState
from governance.loop_numbers import USUAL
from governance.permissions import Actor, operator
from tests.conftest import TODAY

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from dashboard.demo.build import DemoSummary

HERE = ZoneInfo("Asia/Shanghai")
EVERYBODY = operator("test")
CENTRE = parent_cell(cell_of(119.3, 35.1), 8)
LARGEST_BYTES = 150_000


@pytest.fixture(scope="module")
def session(demo: "tuple[Engine, DemoSummary]") -> Session:
    return Session(demo[0])


@pytest.fixture(scope="module")
def picture(session: Session) -> SpotPicture:
    return hot_spots(session, EVERYBODY, today=TODAY, numbers=USUAL, yellow_days=3)


def somebody(session: Session, login: str) -> Actor:
    person = session.exec(select(Account.person_id).where(Account.login == login)).one()
    return actor_of(session, person, today=TODAY)


def heat_of(session: Session, actor: Actor) -> dict[int, CellHeat]:
    return cell_heat(session, actor, today=TODAY, numbers=USUAL)


@pytest.mark.parametrize("login", ["bureau01", "township01", "butler01"])
def test_each_hexagon_counts_what_its_list_shows(session: Session, login: str) -> None:
    actor = somebody(session, login)
    for cell, heat in heat_of(session, actor).items():
        assert open_to(session, actor, rows_of_cells([cell]), today=TODAY, yellow_days=3) == heat.n


def test_a_township_knows_the_heat_of_its_own_issues_only(session: Session) -> None:
    whole, own = heat_of(session, EVERYBODY), heat_of(session, somebody(session, "township01"))
    assert 0 < sum(heat.n for heat in own.values()) < sum(heat.n for heat in whole.values())


def test_summaries_and_issues_give_the_same_heat(session: Session) -> None:
    found: Counter[int] = Counter()
    for issue in session.exec(select(Issue)):
        if issue.stage in UNRESOLVED and issue.cell is not None:
            found[parent_cell(issue.cell, 8)] += 1
    assert {cell: heat.n for cell, heat in heat_of(session, EVERYBODY).items()} == found


@pytest.mark.parametrize("weeks_ago", [0, 3, 11, 25])
def test_past_weeks_are_what_replaying_the_events_gives(session: Session, weeks_ago: int) -> None:
    ends = week_ends(TODAY, 26)
    day = ends[-1 - weeks_ago]
    then = records_on(session, Issue, day=day, time_zone=str(HERE)).values()
    cells = [fields["cell"] for fields in then if fields.get("stage") in UNRESOLVED and fields.get("cell")]
    told = Counter(parent_cell(cell, 8) for cell in cells)
    assert weeks_by_cell(session, EVERYBODY, ends)[-1 - weeks_ago] == told
    assert Past(stays(session, true(), zone=HERE), {}).by_cell(day) == told


def test_the_zones_of_a_past_day_come_from_the_records_of_days(session: Session) -> None:
    day = TODAY - timedelta(days=30)
    told = {zone: n for zone, n in past_of(session, EVERYBODY).by_zone(day).items() if n}
    assert {zone: n for zone, n in (stood_by_zone(session, EVERYBODY, day) or {}).items() if n} == told


def test_each_hot_spot_counts_what_its_list_shows(session: Session, picture: SpotPicture) -> None:
    assert picture.spots
    for spot in picture.spots:
        wanted = rows_of_cells(spot.cells)
        assert open_to(session, EVERYBODY, wanted, today=TODAY, yellow_days=3) == spot.heat.n
        assert filter_of(session, parameters_of(session, wanted)) == wanted


def test_hot_spots_are_disjoint_and_say_who_answers(picture: SpotPicture) -> None:
    cells = [cell for spot in picture.spots for cell in spot.cells]
    assert len(cells) == len(set(cells))
    hottest = max(picture.spots, key=lambda spot: spot.heat.n)
    assert [zone.name for zone, lead in hottest.zones if lead]
    assert hottest.units
    assert all(len(spot.weeks) == 12 for spot in picture.spots)


def test_objects_are_connected_cells_with_a_state() -> None:
    ring, far = h3.grid_disk(CENTRE, 1), h3.grid_ring(CENTRE, 9)[0]
    weeks = [frozenset({far})] * 3 + [frozenset(ring)] * 9
    assert objects_of(weeks) == [(sorted(ring), SpotState.PERSISTENT), ([far], SpotState.FADING)]
    assert objects_of([frozenset()] * 11 + [frozenset(ring)]) == [(sorted(ring), SpotState.EMERGING)]
    assert objects_of([]) == []


@pytest.mark.parametrize("form", ["xlsx", "geojson"])
def test_hot_spots_are_exported(session: Session, picture: SpotPicture, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"spots.{form}"
    written = export_hot_spots(session, EVERYBODY, path, format=form, today=TODAY, yellow_days=3)  # type: ignore[arg-type]
    assert written.written == len(picture.spots)
    if form == "geojson":
        first = json.loads(path.read_text(encoding="utf-8"))["features"][0]["properties"]
        assert (first["hot_spot"], first["unresolved"]) == (picture.spots[0].name, picture.spots[0].heat.n)


def test_who_may_not_export_gets_no_hot_spots(session: Session, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        export_hot_spots(
            session, somebody(session, "display01"), tmp_path / "x.xlsx", format="xlsx", today=TODAY, yellow_days=3
        )


@pytest.mark.parametrize(
    "value", ["nothing", "8a30a3448837fff", ".".join(cell_name(c) for c in h3.grid_disk(CENTRE, 13))]
)
def test_what_is_no_list_of_cells_is_refused(session: Session, value: str) -> None:
    with pytest.raises(InvalidInput, match="cell"):
        filter_of(session, [("cells", value)])


def test_cells_of_any_size_filter_the_ledger(session: Session) -> None:
    whole = LedgerFilter(cells=frozenset({cell_name(parent_cell(CENTRE, 3))}), is_unresolved=True)
    n = sum(heat.n for heat in heat_of(session, EVERYBODY).values())
    assert open_to(session, EVERYBODY, whole, today=TODAY, yellow_days=3) == n


def test_a_rate_without_a_denominator_is_no_number() -> None:
    assert ZoneHeat(5, 2, 0).value(Measure.RATE) is None
    assert ZoneHeat(0, 0, 4).value(Measure.OVERDUE_SHARE) is None
    assert ZoneHeat(5, 2, 50).value(Measure.RATE) == 10
    assert ZoneHeat(5, 2, 50).value(Measure.OVERDUE_SHARE) == 40


@pytest.mark.parametrize("n", [800, 3_000, 30_000])
def test_what_is_sent_stays_small_however_many_cells_hold_something(n: int) -> None:
    cells = {cell: CellHeat(123, 45, 1234.5 + place) for place, cell in enumerate(h3.grid_disk(CENTRE, 100)[:n])}
    resolution = shown_resolution(cells)
    shown = by_coarser(cells, resolution)
    bounds = class_bounds(round(heat.weight, 1) for heat in shown.values())
    assert len(hexagons_layer(shown, bounds, look=Look()).script.encode()) < LARGEST_BYTES
    weeks = [dict.fromkeys(shown, place % 9) for place in range(26)]
    frames = frames_layer(weeks, week_ends(TODAY, 26), [1, 2, 4, 6, 8], look=Look())
    assert len(frames.script.encode()) < LARGEST_BYTES
