"""Thousands of steps of many people, allowed and forbidden ones, on real databases: history stays as it must be."""

import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from db import engine as engines
from db.engine import create_engine_for
from tests.services.loop_machine import DONE, LoopMachine, founded_with_more

# What must have happened, or a run has proved little.
REACHED = (
    *("confirm", "refuse", "enter_ledger", "hand_over", "send_back", "submit_measures", "check_on_site"),
    *("return", "announce", "hand_in_above", "sign_off", "reopen", "plan", "milestone", "notice"),
    *("extension asked", "extension decided", "look-back planned", "look-back kept", "look-back reopened"),
    *("on the spot", "refused: not_allowed", "refused: not_independent", "refused: illegal_transition"),
    *("refused: evidence_missing", "refused: field_kept", "refused: field_not_taken", "refused: notice_running"),
)


def run(machine: Callable[[], LoopMachine], *, examples: int, steps: int) -> None:
    """The same run each time; nothing is printed unless it fails."""
    DONE.clear()
    patience = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        print_blob=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=patience)


@pytest.fixture
def machines(migrated_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], LoopMachine]:
    """Machines on a database of their own each; that commits outlast a fall of the power is proved elsewhere."""
    hasty = tuple(pragma.replace("synchronous = FULL", "synchronous = OFF") for pragma in engines._PRAGMAS)
    monkeypatch.setattr(engines, "_PRAGMAS", hasty)
    founded = tmp_path / "founded.db"
    shutil.copy(migrated_sqlite, founded)
    engine = create_engine_for(f"sqlite:///{founded}")
    founded_with_more(engine)
    engine.dispose()
    names = count(1)

    def make() -> LoopMachine:
        path = tmp_path / f"{next(names)}.db"
        shutil.copy(founded, path)
        engine = create_engine_for(f"sqlite:///{path}", heads=path.with_suffix(".log"))
        return LoopMachine(engine, engine.dispose)

    return make


def test_thousands_of_steps_skip_no_link_sign_no_own_work_and_leave_no_fault(
    machines: Callable[[], LoopMachine],
) -> None:
    run(machines, examples=36, steps=40)
    assert DONE["steps"] > 2500
    assert [what for what in REACHED if not DONE[what]] == []


@pytest.mark.parametrize("empty_database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_the_same_holds_on_postgresql(empty_database_url: str, tmp_path: Path) -> None:
    from db.schema import upgrade

    engine = create_engine_for(empty_database_url, heads=tmp_path / "heads.log")
    upgrade(engine)
    founded_with_more(engine)
    run(lambda: LoopMachine(engine, _stay_open), examples=10, steps=30)
    engine.dispose()
    assert DONE["steps"] > 500


def _stay_open() -> None:
    """Let the examples on PostgreSQL share one database, and grow older together."""
