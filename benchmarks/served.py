"""The real server on a demo district in a process of its own, whose heap can be asked for.

The server is ``gridguard serve`` as it is. Run as a program, this module adds a handler of a signal to it, which
collects the garbage and writes down what is left: nothing that could be reached over the network.
"""

import gc
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from db import schema

ROOT: Final = Path(__file__).resolve().parent.parent
BUILT: Final = ROOT / "var" / "benchmarks"
# A home that is copied and not built; meant for working on a benchmark.
READY_HOME: Final = "BENCHMARK_HOME"
START_S, END_S, HEAP_S = 90, 20, 20
_HEAP_FILE: Final = "BENCHMARK_HEAP_FILE"


@dataclass(frozen=True, slots=True)
class Heap:
    """What the server holds after a collection: memory blocks of Python's objects, and MB of the whole process."""

    blocks: int
    resident_mb: float


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: its address without a path, and its process."""

    address: str
    home: Path
    process: "subprocess.Popen[bytes]"
    log: Path

    def heap(self) -> Heap:
        """Let the server collect its garbage and say what it holds.

        Raises
        ------
        TimeoutError
        """
        file = self.log.with_name("heap.json")
        file.unlink(missing_ok=True)
        self.process.send_signal(signal.SIGUSR1)
        deadline = time.monotonic() + HEAP_S
        while not file.exists():
            if time.monotonic() > deadline:
                raise TimeoutError(f"the server did not say what it holds within {HEAP_S} s")
            time.sleep(0.05)
        return Heap(**json.loads(file.read_text(encoding="utf-8")))


@contextmanager
def copied_home() -> Iterator[Path]:
    """A copy of the demo district, until the block ends."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(shutil.copytree(demo_home(), Path(name) / "home"))


@contextmanager
def served(home: Path, program: str = "benchmarks.served", **settings: str) -> Iterator[Served]:
    """The server on a home, until the block ends; settings as environment variables. What it says lies beside it."""
    address, log = f"http://127.0.0.1:{(port := free_port())}", home.with_name("server.log")
    given = {"GRIDGUARD_HOME": str(home), "GRIDGUARD_PORT": str(port), "GRIDGUARD_LOG_LEVEL": "warning"}
    with log.open("wb") as output:
        process = subprocess.Popen(
            (sys.executable, "-m", program, "serve"),
            cwd=ROOT,
            env=os.environ | given | settings | {_HEAP_FILE: str(home.with_name("heap.json"))},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        await_ready(process, f"{address}/readyz", log)
        yield Served(address, home, process, log)
    finally:
        end(process)


def demo_home() -> Path:
    """A demo district of today, built once for all benchmarks of a day and a version of what it is made from."""
    if ready := os.environ.get(READY_HOME):
        return Path(ready)
    home = BUILT / f"demo-{_made_from()}"
    if not home.exists():
        print(f"building a demo district in {home.relative_to(ROOT)}", flush=True)
        BUILT.mkdir(parents=True, exist_ok=True)
        for old in BUILT.glob("demo-*"):
            shutil.rmtree(old)
        with tempfile.TemporaryDirectory(dir=BUILT) as name:
            command = (sys.executable, "-m", "dashboard", "init", "--demo", "--home", f"{name}/home")
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            Path(name, "home").rename(home)
    return home


def _made_from() -> str:
    digest = hashlib.sha256(f"{date.today()} {schema.newest()}".encode())  # noqa: DTZ011  # as `init` itself does
    for path in sorted((ROOT / "dashboard" / "demo").rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def free_port() -> int:
    """A port of this machine that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_ready(process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    """Wait until a started server answers.

    Raises
    ------
    RuntimeError
        It ended, or did not answer in time; the text is what it said.
    """
    deadline = time.monotonic() + START_S
    while not _answers(address):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the server did not become ready:\n{log.read_text(errors='replace')}")
        time.sleep(0.2)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Stop a server that was started here."""
    process.terminate()
    try:
        process.wait(timeout=END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _answers(address: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _tell_heap(_signal: int, _frame: object) -> None:
    for _ in range(3):
        gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    told = {"blocks": sys.getallocatedblocks(), "resident_mb": pages * os.sysconf("SC_PAGE_SIZE") / 2**20}
    file = Path(os.environ[_HEAP_FILE])
    half = file.with_suffix(".half")
    half.write_text(json.dumps(told), encoding="utf-8")
    half.rename(file)


if __name__ == "__main__":
    from dashboard.cli.app import main as command

    signal.signal(signal.SIGUSR1, _tell_heap)
    command()
