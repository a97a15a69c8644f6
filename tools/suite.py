"""Runs the steps of ``make check`` or ``make test`` one after another, all of them, and sums up."""

import subprocess
import sys
import time
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
        "everything else": ("pytest", "-q", "tests", "--ignore=tests/unit", "--durations=15"),
    },
}


def main(arguments: list[str]) -> int:
    """Run one suite; 0 if every step passed, 1 if one failed, 2 for a wrong argument."""
    if len(arguments) != 1 or arguments[0] not in STEPS:
        print(f"usage: python -m tools.suite {'|'.join(STEPS)}", file=sys.stderr)
        return 2
    results = {name: _timed(name, command) for name, command in STEPS[arguments[0]].items()}
    print(f"\nmake {arguments[0]}")
    for name, (passed, seconds) in results.items():
        print(f"  {'passed' if passed else 'FAILED'}  {seconds:6.1f} s  {name}")
    return 0 if all(passed for passed, _ in results.values()) else 1


def _timed(name: str, command: tuple[str, ...]) -> tuple[bool, float]:
    print(f"\n--- {name}", flush=True)
    started = time.monotonic()
    program = Path(sys.executable).with_name(command[0])
    finished = subprocess.run((program, *command[1:]), cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
    return finished.returncode == 0, time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
