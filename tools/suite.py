"""Runs the steps of ``make check`` or ``make test`` one after another, all of them, and sums up."""

import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COVERAGE = ("--cov=governance", "--cov=geo", "--cov-report=", "--durations=5")
STEPS: dict[str, dict[str, tuple[str, ...]]] = {
    "check": {
        "style": ("ruff", "check", "."),
        "format": ("ruff", "format", "--check", "--quiet", "."),
        "types": ("mypy",),
        "imports": ("lint-imports", "--no-logo"),
    },
    "test": {
        "browser": ("python", "-m", "tools.browser"),
        "rules and geometry": ("pytest", "-q", "tests/unit", *COVERAGE),
        "coverage of governance": ("coverage", "report", "--include=governance/*", "--fail-under=95"),
        "coverage of geo": ("coverage", "report", "--include=geo/*", "--fail-under=95"),
        "storage, services, commands": (
            "pytest",
            "-q",
            "tests/storage",
            "tests/services",
            "tests/api",
            "--durations=10",
        ),
        "pages and browser": ("pytest", "-q", "-raR", "tests/pages", "tests/e2e", "--durations=10"),
    },
}
# These share nothing and take the longest: they run beside each other, and their words come at their ends.
BESIDE = ("storage, services, commands", "pages and browser")


def main(arguments: list[str]) -> int:
    """Run one suite; 0 if every step passed, 1 if one failed, 2 for a wrong argument."""
    if len(arguments) != 1 or arguments[0] not in STEPS:
        print(f"usage: python -m tools.suite {'|'.join(STEPS)}", file=sys.stderr)
        return 2
    steps = STEPS[arguments[0]]
    results = {name: _timed(name, command) for name, command in steps.items() if name not in BESIDE}
    beside = [name for name in steps if name in BESIDE]
    with ThreadPoolExecutor(max_workers=len(BESIDE)) as pool:
        done = pool.map(lambda name: _timed(name, steps[name], is_kept_back=True), beside)
        results |= dict(zip(beside, done, strict=True))
    print(f"\nmake {arguments[0]}")
    for name, (passed, seconds) in results.items():
        print(f"  {'passed' if passed else 'FAILED'}  {seconds:6.1f} s  {name}")
    return 0 if all(passed for passed, _ in results.values()) else 1


def _timed(name: str, command: tuple[str, ...], *, is_kept_back: bool = False) -> tuple[bool, float]:
    """Run a step; with ``is_kept_back`` its words come all at once when it has ended."""
    print(f"\n--- {name}{' begins' if is_kept_back else ''}", flush=True)
    started = time.monotonic()
    program = Path(sys.executable).with_name(command[0])
    with tempfile.TemporaryFile() as words:
        output = words if is_kept_back else None
        finished = subprocess.run(
            (program, *command[1:]), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
        )
        words.seek(0)
        told = words.read().decode(errors="replace")
    if is_kept_back:
        print(f"\n--- {name}\n{told}", flush=True)
    return finished.returncode == 0, time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
