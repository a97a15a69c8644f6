"""Builds ``.venv`` from the hash-locked requirements; standard library only.

``python3.11 -m tools.environment runtime`` installs what the product needs, ``dev`` also what checks and
tests need. Nothing happens while the locks are the ones that were installed. Where the packages come from
is the business of this machine's pip configuration.
"""

import hashlib
import importlib
import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path

from tools.packages import by_hand, install_package

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements"
LOCKS = {"runtime": ("runtime.lock", "assets.lock"), "dev": ("dev.lock", "assets.lock")}
COVERS = {"runtime": ("runtime",), "dev": ("dev", "runtime")}
VENV_PACKAGES = {"apt-get": ("python3.11-venv",), "dnf": ("python3.11",), "apk": ("python3",)}


def main(arguments: list[str]) -> int:
    """Bring the environment of the named profile up to date.

    Returns
    -------
    int
        0 when it is ready, 1 when something is missing, 2 for a wrong argument.
    """
    if len(arguments) != 1 or arguments[0] not in LOCKS:
        print("usage: python3.11 -m tools.environment runtime|dev", file=sys.stderr)
        return 2
    profile = arguments[0]
    if is_current(profile):
        return 0
    return build(profile)


def is_current(profile: str) -> bool:
    """Whether the locks of a profile are the ones that ``.venv`` was last filled from."""
    return PYTHON.exists() and _recorded(profile) == _digest(profile)


def build(profile: str) -> int:
    """Make ``.venv`` afresh if it was filled from other locks, then install the profile's locks into it."""
    started = time.monotonic()
    outdated = any(_recorded(name) not in (None, _digest(name)) for name in LOCKS)
    if (outdated or not _runs(PYTHON)) and not _create():
        return 1
    for lock in LOCKS[profile]:
        if not _install(lock):
            return _report_failure(lock)
    for name in COVERS[profile]:
        _stamp(name).write_text(_digest(name), encoding="ascii")
    print(f"The {profile} environment is ready ({time.monotonic() - started:.0f} s).", flush=True)
    return 0


def _create() -> bool:
    if not _can_make_environments():
        return False
    print("Making the virtual environment .venv ...", flush=True)
    command = (sys.executable, "-m", "venv", "--clear", str(VENV))
    return subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode == 0


def _can_make_environments() -> bool:
    if _has_venv() or (install_package(VENV_PACKAGES) and _has_venv()):
        return True
    print(
        f"{sys.executable} cannot make virtual environments: its venv and ensurepip modules are missing.\n"
        f"Install them ({by_hand(VENV_PACKAGES)}), then run the same command again.",
        file=sys.stderr,
    )
    return False


def _has_venv() -> bool:
    importlib.invalidate_caches()
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


def _install(lock: str) -> bool:
    print(f"Installing requirements/{lock} ...", flush=True)
    command = (str(PYTHON), "-m", "pip", "install", "-qq", "--no-deps", "--require-hashes")
    settings = {"PIP_USER": "0", "PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    finished = subprocess.run(
        (*command, "-r", str(REQUIREMENTS / lock)),
        env=os.environ | settings,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return finished.returncode == 0


def _report_failure(lock: str) -> int:
    print(
        f"pip could not install requirements/{lock}; its own message is above. It needs a package index "
        "that this machine's pip configuration names (see: python3 -m pip config list).",
        file=sys.stderr,
    )
    return 1


def _runs(python: Path) -> bool:
    if not python.exists():
        return False
    command = (str(python), "-c", "import pip, sys; sys.exit(sys.version_info[:2] != (3, 11))")
    return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0


def _digest(profile: str) -> str:
    contents = b"\0".join((REQUIREMENTS / lock).read_bytes() for lock in LOCKS[profile])
    return hashlib.sha256(contents).hexdigest()


def _stamp(profile: str) -> Path:
    return VENV / f"installed-{profile}"


def _recorded(profile: str) -> str | None:
    return _stamp(profile).read_text(encoding="ascii") if _stamp(profile).exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
