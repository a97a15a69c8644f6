"""The locks: every version pinned with hashes, and one version of a package in all of them."""

import re

import pytest

from tests.unit.house.conftest import ROOT

REQUIREMENTS = ROOT / "requirements"
LOCKS = ("runtime", "dev", "assets")
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z,]+\])?==(\S+)", re.MULTILINE | re.IGNORECASE)


def pinned(lock: str) -> dict[str, str]:
    return dict(PINNED.findall((REQUIREMENTS / f"{lock}.lock").read_text(encoding="utf-8")))


def wanted(name: str) -> set[str]:
    lines = (REQUIREMENTS / f"{name}.in").read_text(encoding="utf-8").splitlines()
    names = {re.split(r"[\[<>=~! ;]", line)[0].lower() for line in lines}
    return {re.sub(r"[-_.]+", "-", name) for name in names if name and name[0] not in "-#"}


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_wanted_is_locked(lock: str) -> None:
    assert wanted(lock) - {re.sub(r"[-_.]+", "-", name.lower()) for name in pinned(lock)} == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_hashes(lock: str) -> None:
    entries = (REQUIREMENTS / f"{lock}.lock").read_text(encoding="utf-8").split("\n\n")
    blocks = re.split(r"\n(?=\S)", "\n".join(entries))
    assert [block for block in blocks if PINNED.match(block) and "--hash=sha256:" not in block] == []


def test_the_tests_run_on_the_versions_that_are_shipped() -> None:
    runtime, dev = pinned("runtime"), pinned("dev")
    assert {name: (version, dev.get(name)) for name, version in runtime.items() if dev.get(name) != version} == {}
