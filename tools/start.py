"""``make run``: builds the demo district where there is no database yet, then serves and opens the dashboard."""

import os
import subprocess
import sys
from pathlib import Path

from dashboard.settings import DATABASE_FILE

ROOT = Path(__file__).resolve().parent.parent
HOME = "GRIDGUARD_HOME"
DATABASE_URL = "GRIDGUARD_DATABASE_URL"


def main() -> int:
    """Build if needed, then become the server; a failed build's exit status is returned."""
    os.environ.setdefault(HOME, str(ROOT / "var" / "home"))
    command = (sys.executable, "-m", "dashboard")
    if not has_database():
        print(f"Building the demo district in {os.environ[HOME]} ...", flush=True)
        built = subprocess.run((*command, "init", "--demo"), cwd=ROOT, check=False)
        if built.returncode != 0:
            return built.returncode
    os.chdir(ROOT)
    os.execv(sys.executable, (*command, "serve", "--open"))


def has_database() -> bool:
    """Whether the home has a database file, or another database is named (that one is never filled here)."""
    return bool(os.environ.get(DATABASE_URL)) or (Path(os.environ[HOME]) / DATABASE_FILE).exists()


if __name__ == "__main__":
    sys.exit(main())
