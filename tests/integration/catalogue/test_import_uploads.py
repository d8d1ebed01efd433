"""What is sent may be large, forged, cut off or too much for the disk: each gets an answer that says so."""

import io
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from catalogue.importing.running import LOST, ImportRunning
from catalogue.importing.store import KEPT, Store
from core import clock
from core.db import db
from core.jobs import Job
from core.outbox import deliver_one
from core.uploads import MEGABYTE
from tests.exports import export, messy_export
from tests.importer import MULTIPART, Importer
from tests.world import NOW, World, teacher_identity, text_of

# The limit would hold for an SQLite database as well; the other engine is a process of its own.
ON_POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def jobs() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Job)) or 0


def kept(world: World) -> list[str]:
    folder = world.app.extensions["settings"].instance / "imports"
    return sorted(path.name for path in folder.glob("*"))


def test_a_file_may_be_larger_than_a_form(world: World) -> None:
    content = export({"doel": "x" * 19_000}) + b"\r\n" * 1_500_000
    assert len(content) > 3 * MEGABYTE
    assert Importer(world).upload(content).status_code == 303


def test_a_file_that_is_too_large_gets_one_sentence(world: World) -> None:
    bureau = Importer(world)
    sent = io.BytesIO(b"x" * 3 * MEGABYTE)
    response = bureau.person.client.post(
        bureau.address,
        input_stream=sent,
        content_type=MULTIPART,
        environ_overrides={"CONTENT_LENGTH": str(201 * MEGABYTE)},
    )
    assert response.status_code == 413
    assert "Een bestand mag hoogstens 200 MB zijn." in response.text
    assert f'href="{bureau.address}"' in response.text
    assert sent.read() == b"", "a browser hears the answer when all is sent"
    assert jobs() == 0


@pytest.mark.parametrize("identity", [None, teacher_identity()])
def test_who_has_no_business_here_is_turned_away(world: World, identity: None) -> None:
    person = world.person(identity)
    response = person.post("/commissie/import", {"file": (io.BytesIO(export({})), "export.csv")})
    assert response.status_code == 303
    assert "/inloggen/commissie" in response.headers["Location"]
    if identity is None:
        large = person.client.post("/commissie/import", data=b"x" * 3_000_000, content_type=MULTIPART)
        assert large.status_code == 413, "strangers may not send hundreds of megabytes"
    assert jobs() == 0


def test_a_forged_upload_is_refused(world: World) -> None:
    bureau = Importer(world)
    before = kept(world)
    response = bureau.person.client.post(bureau.address, data={"file": (io.BytesIO(export({})), "export.csv")})
    assert response.status_code == 400
    assert (jobs(), kept(world)) == (0, before)


# Werkzeug leaves what it was reading to the garbage collector.
@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")
def test_an_upload_that_is_cut_off_leaves_nothing(world: World) -> None:
    bureau = Importer(world)
    before = kept(world)
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nkvk_nummer;aan'
    response = bureau.person.client.post(bureau.address, data=body, content_type=MULTIPART)
    assert response.status_code == 400
    assert (jobs(), kept(world)) == (0, before)


@contextmanager
def little_room(limit: int) -> Iterator[None]:
    """No file of this process may grow beyond so many bytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


@ON_POSTGRESQL
def test_a_full_disk_is_told_and_leaves_no_half_file(world: World) -> None:
    bureau = Importer(world)
    before = kept(world)
    content = export({}) + b" " * 400_000
    with little_room(200_000):
        response = bureau.upload(content)
    assert response.status_code == 507
    assert "De schijf van de server is vol" in text_of(response)
    assert (jobs(), kept(world)) == (0, before)
    assert bureau.upload(content).status_code == 303


@ON_POSTGRESQL
def test_a_disk_that_is_full_while_a_file_is_read_is_told_as_well(world: World) -> None:
    bureau = Importer(world)
    before = kept(world)
    check = bureau.upload(export(*[{"doel": "x" * 10_000, "nummer_registerleraar": ""}] * 30)).headers["Location"]
    with little_room(100_000):
        bureau.work()
    assert "De schijf van de server is vol." in bureau.outcome(check)
    assert kept(world) == before


@ON_POSTGRESQL
def test_a_disk_that_is_full_while_rows_are_looked_at_is_told_as_well(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.jobs.SECONDS", 0)
    bureau = Importer(world)
    before = kept(world)
    check = bureau.upload(messy_export(900)).headers["Location"]
    assert deliver_one(world.app.extensions["outbox_handlers"], clock.now())
    with little_room(20_000):
        bureau.work()
    assert "De schijf van de server is vol." in bureau.outcome(check)
    assert kept(world) == before


def test_a_worker_that_cannot_see_the_file_says_so(world: World, caplog: pytest.LogCaptureFixture) -> None:
    bureau = Importer(world)
    check = bureau.upload(export({})).headers["Location"]
    folder = world.app.extensions["settings"].instance / "imports"
    folder.rename(folder.parent / "elsewhere")
    bureau.work()
    assert bureau.outcome(check) == f"De controle is mislukt. {LOST}"
    assert "do web and worker share REGISTERUUR_INSTANCE?" in caplog.text


def test_files_that_nobody_came_back_for_are_swept_away(tmp_path: Path) -> None:
    store = Store(tmp_path / "imports")
    store.sweep(NOW)
    with store.kept(io.BytesIO(b"oud")) as old, store.kept(io.BytesIO(b"nieuw")) as new:
        pass
    long_ago = (NOW - KEPT).timestamp() - 1
    os.utime(tmp_path / "imports" / old, (long_ago, long_ago))
    os.utime(tmp_path / "imports" / new, (NOW.timestamp(), NOW.timestamp()))
    store.sweep(NOW)
    assert (store.has(old), store.has(new)) == (False, True)
    assert store.source(new).read_bytes() == b"nieuw"


def test_a_file_is_not_kept_when_what_follows_fails(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(ImportRunning), store.kept(io.BytesIO(b"x")):
        raise ImportRunning
    assert list(tmp_path.iterdir()) == []
