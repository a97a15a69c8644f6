"""Resolves the requirements anew: ``python -m tools.locks``; writes hashes and no address.

The resolver, uv, comes into an environment of its own that is thrown away. It does not read pip's
configuration, so the indexes named there are handed to it.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROFILES = ("runtime", "dev", "assets")
OPTIONS = (
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-header",
    "--no-annotate",
    "--quiet",
    "--python-version=3.11",
)
EXTRA = {"assets": ("--no-deps",), "dev": ("--constraint", "requirements/runtime.lock")}
UV_NAMES = {"index_url": "UV_DEFAULT_INDEX", "extra_index_url": "UV_INDEX", "find_links": "UV_FIND_LINKS"}


def main() -> int:
    """Write every lock; 0 when all were resolved. ``--upgrade`` takes the newest versions."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run((sys.executable, "-m", "venv", folder), check=True)
        pip = (f"{folder}/bin/python", "-m", "pip")
        subprocess.run((*pip, "install", "--quiet", "uv"), check=True)
        environment = os.environ | index_settings(pip)
        for profile in PROFILES:
            _compile(Path(folder), profile, environment)
    return 0


def index_settings(pip: tuple[str, ...]) -> dict[str, str]:
    """Environment for uv that names the indexes of this machine's pip configuration.

    uv prefers extra indexes and pip does not: the strategy is set to pip's.
    """
    listed = subprocess.run((*pip, "config", "list"), capture_output=True, text=True, check=True).stdout
    values: dict[str, str] = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        option = name.rpartition(".")[2].replace("-", "_")
        if option in UV_NAMES:
            values[UV_NAMES[option]] = value.strip("'\"").replace("\\n", " ")
    return values


def _compile(folder: Path, profile: str, environment: dict[str, str]) -> None:
    target = f"requirements/{profile}.lock"
    print(f"Resolving {target} ...", flush=True)
    upgrade = ("--upgrade",) if "--upgrade" in sys.argv[1:] else ()
    command = (f"{folder}/bin/uv", "pip", "compile", *OPTIONS, *upgrade, *EXTRA.get(profile, ()))
    subprocess.run((*command, f"requirements/{profile}.in", "-o", target), cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    sys.exit(main())
