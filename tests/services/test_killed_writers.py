"""Writers that are killed in the middle of their work: what was acknowledged is there, once, with its history."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, text

from db.engine import create_engine_for
from tests.conftest import ROOT
from tests.services.loop_district import found_loop
from tests.services.loop_history import proved

ROUNDS = 20
SECONDS = 20


def written(engine: Engine) -> Counter[str]:
    """Every act on an issue that is on record, as the writers say it."""
    query = (
        "SELECT issue.number, event.code FROM event JOIN issue ON issue.id = event.subject_id "
        "WHERE event.subject_kind = 'issue'"
    )
    with engine.connect() as connection:
        return Counter(f"{number} {code}" for number, code in connection.execute(text(query)))


@contextmanager
def nursery(url: str, heads: Path, said: Path) -> Iterator[subprocess.Popen[str]]:
    """A process from which writers are forked."""
    command = (sys.executable, "-m", "tests.services.killed_writer", url, str(heads), str(said))
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def lived_and_killed(process: "subprocess.Popen[str]", said: Path, rng: Random) -> None:
    """Let a writer write, and kill it at a moment that nobody chose."""
    assert process.stdin is not None
    assert process.stdout is not None
    before = said.stat().st_size if said.exists() else 0
    process.stdin.write("go\n")
    process.stdin.flush()
    writer, end = int(process.stdout.readline()), time.monotonic() + SECONDS
    while (said.stat().st_size if said.exists() else 0) == before and time.monotonic() < end:
        time.sleep(0.002)
    time.sleep(rng.uniform(0.0, 0.4))
    os.kill(writer, signal.SIGKILL)
    assert process.stdout.readline() == "ended\n"


def acknowledged(said: Path) -> list[str]:
    """Whole lines: a line that was cut off was not said."""
    return said.read_text().split("\n")[:-1]


@pytest.fixture
def killed(database_url: str, tmp_path: Path) -> tuple[str, Path, Path]:
    """A founded district, the file of its heads and the file of what was said."""
    engine = create_engine_for(database_url)
    found_loop(engine)
    engine.dispose()
    return database_url, tmp_path / "heads.log", tmp_path / "said.txt"


def test_whatever_was_acknowledged_before_kill_9_is_there_once_with_its_history(
    killed: tuple[str, Path, Path],
) -> None:
    url, heads, said = killed
    rng, engine = Random(20260630), create_engine_for(url, heads=heads)
    with nursery(url, heads, said) as process:
        for number in range(1, ROUNDS + 1):
            lived_and_killed(process, said, rng)
            acts, told = written(engine), acknowledged(said)
            assert [act for act in told if acts[act] != 1] == [], f"round {number}"
            assert sum(acts.values()) - len(told) <= number, f"round {number}: more than one act was not told"
    assert proved(engine) == []
    engine.dispose()
    assert len(told) > 2 * ROUNDS
