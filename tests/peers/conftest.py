"""The independent OpenID provider, installed when it is not there yet, and an address for the application it judges."""

import fcntl
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from tests.peers.open_id import FOLDER, Peer

OLDEST_NODE = (20, 19)


def unavailable(message: str) -> NoReturn:
    """These tests are skipped where they cannot run, but never in CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def node_version() -> tuple[int, ...]:
    told = subprocess.run(["node", "-p", "process.versions.node"], check=True, capture_output=True, text=True)  # noqa: S607
    return tuple(int(number) for number in told.stdout.split(".")[:2])


def install(folder: Path) -> None:
    """What `package-lock.json` names, once for all workers: the lock file is the lock."""
    stamp = folder / "node_modules" / ".installed-from"
    with (folder / "package-lock.json").open() as wanted:
        fcntl.flock(wanted, fcntl.LOCK_EX)
        lock = wanted.read()
        if stamp.exists() and stamp.read_text() == lock:
            return
        done = subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"],  # noqa: S607 -- the one of this machine
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            unavailable(f"npm could not install the OpenID provider for these tests:\n{done.stderr}")
        stamp.write_text(lock)


@pytest.fixture(scope="session")
def node_modules() -> None:
    if not shutil.which("node") or not shutil.which("npm") or node_version() < OLDEST_NODE:
        oldest = ".".join(str(number) for number in OLDEST_NODE)
        unavailable(f"Node.js with npm is needed for these tests, version {oldest} or newer")
    install(FOLDER)


@pytest.fixture(scope="module")
def application_address() -> str:
    """Where the application of this module will be; a module may have its own fixture of this name."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@pytest.fixture(scope="module")
def peer(node_modules: None, application_address: str) -> Iterator[Peer]:
    """The provider for all tests of a module; each test finds it honest again."""
    with Peer(application_address) as peer:
        yield peer


@pytest.fixture(autouse=True)
def honest_again(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test nothing is tampered with any more; what was never met shows as an error of that test."""
    peer: Peer | None = request.getfixturevalue("peer") if "peer" in request.fixturenames else None
    yield
    if peer:
        peer.interceptor.reset()
