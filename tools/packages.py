"""Installs a package of the operating system where that is allowed; standard library only."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence

REFRESH = {
    "apt-get": ("apt-get", "update", "-q"),
    "dnf": ("dnf", "makecache", "-q"),
    "apk": ("apk", "update", "-q"),
}
INSTALL = {
    "apt-get": ("apt-get", "install", "-y", "-q", "--no-install-recommends"),
    "dnf": ("dnf", "install", "-y", "-q"),
    "apk": ("apk", "add", "-q"),
}


def package_manager() -> str | None:
    """Name of the first package manager found on this machine, or None."""
    return next((name for name in INSTALL if shutil.which(name)), None)


def privilege() -> tuple[str, ...] | None:
    """Words to put before a command that needs root: none for root, ``sudo -n``, or None if not allowed."""
    if os.geteuid() == 0:
        return ()
    if shutil.which("sudo") and _succeeds(("sudo", "-n", "true")):
        return ("sudo", "-n")
    return None


def install_package(choices: Mapping[str, Sequence[str]]) -> bool:
    """Install packages through the machine's package manager.

    Parameters
    ----------
    choices : Mapping[str, Sequence[str]]
        Package names by package manager (``apt-get``, ``dnf``, ``apk``).

    Returns
    -------
    bool
        Whether everything was installed; False also where no manager, no names or no rights are there.
    """
    manager, prefix = package_manager(), privilege()
    if manager is None or prefix is None or manager not in choices:
        return False
    print(f"Installing {', '.join(choices[manager])} with {manager} ...", flush=True)
    _succeeds((*prefix, *REFRESH[manager]))
    return _succeeds((*prefix, "env", "DEBIAN_FRONTEND=noninteractive", *INSTALL[manager], *choices[manager]))


def by_hand(choices: Mapping[str, Sequence[str]]) -> str:
    """Sentence that tells a person which command installs the packages."""
    manager = package_manager()
    names = choices.get(manager or "")
    if manager is None or names is None:
        return "the package " + " or ".join(sorted({name for group in choices.values() for name in group}))
    return "as root: " + " ".join((*INSTALL[manager], *names))


def _succeeds(command: Sequence[str]) -> bool:
    finished = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
    return finished.returncode == 0
