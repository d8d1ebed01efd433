"""The independent OpenID provider, installed when it is not there yet, and an address for the application it judges."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import pytest
from flask import Flask

from core.sign_in.keys import FILE_NAME, ClientKeys
from tests.live import live
from tests.peers.open_id import FOLDER, Peer, settings
from tests.peers.visitor import Site, Visitor

OLDEST_NODE = (20, 19)
# The Node.js of our own environment comes first, whatever else this machine has.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.prefix, "bin")), os.environ["PATH"]])
PATIENCE = 5  # seconds for a thread that serves a closed connection to notice


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
def nothing_left_behind() -> Iterator[None]:
    """Whatever a module did to its servers, their threads are gone when they stopped."""
    before = set(threading.enumerate())
    yield
    patience = time.monotonic() + PATIENCE
    while (left := set(threading.enumerate()) - before) and time.monotonic() < patience:
        time.sleep(0.02)
    assert not left


@pytest.fixture(scope="module")
def peer(node_modules: None, nothing_left_behind: None, application_address: str) -> Iterator[Peer]:
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


@pytest.fixture(scope="session")
def own_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The key file of the application: made once, because that takes long."""
    folder = tmp_path_factory.mktemp("keys")
    ClientKeys(folder).current()
    return folder / FILE_NAME


@pytest.fixture(scope="module")
def more_settings() -> dict[str, Any]:
    """What a module sets otherwise; it has its own fixture of this name then."""
    return {}


@pytest.fixture(scope="module")
def running(
    peer: Peer,
    application_address: str,
    more_settings: dict[str, Any],
    own_keys: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Flask]:
    """The application as an operator would start it, with the provider of the module for all three audiences."""
    folder = tmp_path_factory.mktemp("register")
    shutil.copy(own_keys, folder)
    chosen = {"demo": "false", "teacher_client_auth": "client_secret_basic", "staff_assertion_algorithm": "RS256"}
    given = settings(peer) | chosen | more_settings
    port = urlsplit(application_address).port
    with live(folder, f"sqlite:///{folder / 'test.db'}", port, **given) as (_, app):
        yield app


@pytest.fixture
def site(running: Flask, peer: Peer, application_address: str) -> Site:
    """The application as it is just after the start: nobody is signed in, nothing was fetched."""
    site = Site(running, application_address, peer)
    site.start_anew()
    return site


@pytest.fixture
def visitor(site: Site) -> Iterator[Visitor]:
    with Visitor(site) as visitor:
        yield visitor


@pytest.fixture
def other(site: Site) -> Iterator[Visitor]:
    """Somebody else, or the same person with another browser."""
    with Visitor(site) as other:
        yield other
