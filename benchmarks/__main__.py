"""Runs every benchmark of this folder, each in a process of its own, and says which of them failed.

A benchmark is a module here with a function ``main()`` that prints its table of ratios; it fails by raising
or by returning a status other than 0 or None. ``python -m benchmarks NAME ...`` runs only the named ones.
"""

import ast
import subprocess
import sys
import time
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PROGRAM = "import sys, benchmarks.{name} as benchmark; sys.exit(benchmark.main())"


def main(wanted: list[str]) -> int:
    """Run the wanted benchmarks, or all; 0 if all succeeded, 1 if one failed, 2 if one is unknown."""
    known = names()
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        print(f"No benchmark {', '.join(unknown)}; there are: {', '.join(known) or 'none'}", file=sys.stderr)
        return 2
    failed = [name for name in wanted or known if not _succeeds(name)]
    if failed:
        print(f"\nFailed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def names() -> list[str]:
    """Names of the modules in this folder that define ``main``, in alphabetical order."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_") and _has_main(path))


def _has_main(path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body)


def _succeeds(name: str) -> bool:
    print(f"\n=== {name}", flush=True)
    started = time.monotonic()
    command = (sys.executable, "-c", PROGRAM.format(name=name))
    finished = subprocess.run(command, cwd=FOLDER.parent, stdin=subprocess.DEVNULL, check=False)
    print(f"=== {name}: {time.monotonic() - started:.0f} s", flush=True)
    return finished.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
