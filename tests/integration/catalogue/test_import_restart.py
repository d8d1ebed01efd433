"""A worker that is killed in mid-import, and two workers at once: the rows are those of an import that went well."""

import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from catalogue.importing.models import ImportProblem
from catalogue.importing.service import BATCH
from catalogue.importing.taking_back import AT_ONCE
from catalogue.models import Activity, ActivityVersion, ImportedOffer, NumberPart, Recognition
from core.audit import AuditEntry, verify
from core.db import db
from core.jobs import Job, JobState
from providers.models import Provider
from tests.databases import Database
from tests.exports import messy_export, own_file
from tests.importer import Importer, provider_importer
from tests.processes import doomed_worker, let_the_lease_run_out, start
from tests.world import World

pytestmark = pytest.mark.race
ROWS, WRONG = 1000, 20
EXPORT = messy_export(ROWS, WRONG)
UNINTERRUPTED: dict[str, dict[str, list[Any]]] = {}  # by database
# Which row is which, and when, differs between two runs; what they say and belong to does not.
DIFFERS = {"id", "activity_id", "version_id", "recognition_id", "provider_id", "job_id"}
DIFFERS |= {"created_at", "updated_at", "frozen_at", "imported_at", "valid_from"}


def job(kind: str = "import") -> Job:
    """The landing, or what took it back."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Job).filter_by(kind=kind)).one()


def wait_until(reached: int, kind: str = "import") -> None:
    deadline = time.monotonic() + 60
    while job(kind).cursor < reached:
        assert time.monotonic() < deadline, "the worker does not go on"
        time.sleep(0.005)


def content() -> dict[str, list[Any]]:
    """Every row of everything that an import writes, told by what it says."""
    db.session.rollback()
    found: dict[str, list[Any]] = {}
    for kind in (Activity, ActivityVersion, ImportedOffer, NumberPart, Provider, Recognition):
        columns = [column for column in kind.__table__.columns if column.key not in DIFFERS]
        found[kind.__tablename__] = sorted(map(str, db.session.execute(select(*columns))))
    joined = (
        select(ImportedOffer.source_key, Provider.kvk_number, ActivityVersion.title, Recognition.number)
        .join(Activity, Activity.id == ImportedOffer.activity_id)
        .join(Provider, Provider.id == Activity.provider_id)
        .join(ActivityVersion, ActivityVersion.activity_id == Activity.id)
        .outerjoin(Recognition, Recognition.version_id == ActivityVersion.id)
    )
    found["joined"] = sorted(map(str, db.session.execute(joined)))
    landing = select(Job.id).filter_by(kind="import").scalar_subquery()
    problems = select(ImportProblem.line, ImportProblem.column).where(ImportProblem.job_id == landing)
    found["reasons"] = sorted(map(str, db.session.execute(problems)))
    created = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "activity.created")
    found["audit"] = [db.session.scalar(created)]
    assert verify().broken_at is None
    return found


@pytest.fixture
def uninterrupted(database: Database) -> dict[str, list[Any]]:
    """What an import leaves that nobody disturbs; then everything is empty again."""
    if database.url not in UNINTERRUPTED:
        with database.app.app_context():
            Importer(World(database.app)).landed(EXPORT)
            UNINTERRUPTED[database.url] = found = content()
            assert (job().result["created"], job().result["rejected"]) == (ROWS - WRONG, WRONG)
            assert len(found["joined"]) == ROWS - WRONG
            db.session.remove()
        database.reset()
    return UNINTERRUPTED[database.url]


def test_a_worker_killed_in_mid_import_leaves_the_same_rows(
    uninterrupted: dict[str, list[Any]], database: Database, world: World
) -> None:
    bureau = Importer(world)
    bureau.take_over(bureau.checked(EXPORT))
    for part in (1, 2):
        with doomed_worker(database):
            wait_until(part * BATCH)
        assert 0 < job().cursor < ROWS, "the worker was killed too late for this test to mean anything"
        let_the_lease_run_out()
    bureau.work()
    assert (job().state, job().cursor) == (JobState.DONE, ROWS)
    assert (job().result["created"], job().result["rejected"]) == (ROWS - WRONG, WRONG)
    assert content() == uninterrupted


def test_a_worker_killed_while_it_takes_an_import_back_leaves_nothing_of_it(database: Database, world: World) -> None:
    world.provider()
    importer = provider_importer(world)
    landing = importer.landed(own_file(*[{"eigen_sleutel": f"KM-{number}"} for number in range(ROWS)]))
    undo = importer.person.post(f"{landing}/terugdraaien").headers["Location"]
    with doomed_worker(database):
        wait_until(AT_ONCE, "import-undo")
    reached = job("import-undo").cursor
    states = select(func.count()).select_from(Activity).filter_by(state="deleted")
    assert db.session.scalar(states) == reached < ROWS
    let_the_lease_run_out()
    importer.work()
    assert importer.outcome(undo) == "De import is teruggedraaid: 1.000 verwijderd."
    assert db.session.scalar(states) == ROWS
    assert verify().broken_at is None


def test_two_workers_on_one_import_leave_the_same_rows(
    uninterrupted: dict[str, list[Any]], database: Database, world: World
) -> None:
    bureau = Importer(world)
    bureau.take_over(bureau.checked(EXPORT))
    with doomed_worker(database) as one, doomed_worker(database) as other:
        while job().state == JobState.RUNNING:
            let_the_lease_run_out()  # so that the other one takes the same message as well, again and again
            assert one.poll() is other.poll() is None
            time.sleep(0.02)
    assert (job().state, job().cursor, job().fault) == (JobState.DONE, ROWS, "")
    assert content() == uninterrupted


def test_two_commands_on_one_file_leave_the_same_rows(
    uninterrupted: dict[str, list[Any]], database: Database, world: World, tmp_path: Path
) -> None:
    file = tmp_path / "export.csv"
    file.write_bytes(EXPORT)
    commands = [start(database, "activities", "import", str(file)) for _ in range(2)]
    assert [command.wait(timeout=120) for command in commands] == [0, 0]
    found = content()
    assert {name: rows for name, rows in found.items() if name != "reasons"} == {
        name: rows for name, rows in uninterrupted.items() if name != "reasons"
    }
