"""Imports as jobs: first a check of the whole file that keeps nothing, then, when somebody says so, the landing.

What a job did so far is in its result, its problems are in their table; both are written with the rows themselves.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from flask import current_app
from sqlalchemy import delete, select

from catalogue.importing.batches import Batch, read_batch, unknown_columns
from catalogue.importing.doors import Door, Fate
from catalogue.importing.former import FormerRegister
from catalogue.importing.landing import settle
from catalogue.importing.models import ImportProblem
from catalogue.importing.opening import open_rows
from catalogue.importing.own import OwnFile
from catalogue.importing.service import BATCH
from catalogue.importing.store import Store
from catalogue.importing.tables import UnreadableFile
from core import clock
from core.audit import Actor
from core.db import db, insert_rows, one_at_a_time
from core.errors import Refusal
from core.jobs import Job, JobFailed, JobState, Kind, jobs_of, running_job, start_job
from core.policy.loading import current_policies
from core.problems import NO_ROOM
from providers.queries import find_by_id

CHECK, LANDING, TAKING_BACK = "import-check", "import", "import-undo"
KINDS = (CHECK, LANDING, TAKING_BACK)
BUREAU, PROVIDER = "bureau", "provider:"  # the owners
GONE = "Het bestand is niet meer bewaard. Kies het opnieuw."
LOST = "De server kan het bestand niet vinden. Kies het opnieuw. Gebeurt het weer? Meld het bij het bureau."
FULL = "De schijf van de server is vol. Probeer het later nog eens. Blijft het zo? Meld het bij het bureau."
LAST = 10
REASONS, MOST_REASONS = "reasons", 50_000  # of a job: how many were found, and how many are kept
log = logging.getLogger(__name__)
STARTING = 7237  # an advisory lock: of two people who begin at one moment, the second must see the first


@dataclass(frozen=True)
class _Slice:
    """What was read for the next transaction."""

    door: Door
    batch: Batch
    total: int
    unknown_columns: list[str]


class ImportRunning(Refusal):
    """One at a time: of two nobody could say what the second would find."""

    code = "import-running"

    def __init__(self) -> None:
        super().__init__("Er loopt al een import. Wacht tot die klaar is, of stop die eerst.")


class NothingToLand(Refusal):
    """The check did not end well, or its file was removed since."""

    code = "nothing-to-land"

    def __init__(self) -> None:
        super().__init__(GONE)


class NothingToTakeBack(Refusal):
    """Everything that landed is gone, or somebody went on with it."""

    code = "nothing-to-take-back"

    def __init__(self) -> None:
        super().__init__("Van deze import is er niets meer dat u kunt terugdraaien.")


def store() -> Store:
    """The files of this application's imports."""
    return Store(Path(current_app.instance_path) / "imports")


def owner_of(provider_id: int) -> str:
    """Whose a provider's imports are."""
    return f"{PROVIDER}{provider_id}"


def provider_id_of(owner: str) -> int | None:
    """The provider whose imports these are; None for the bureau."""
    return int(owner.removeprefix(PROVIDER)) if owner.startswith(PROVIDER) else None


def start_check(owner: str, file: str, name: str, *, by: Actor, now: datetime) -> Job:
    """Look at a kept file, and keep nothing. Raises `ImportRunning`."""
    require_none_runs(owner)
    _forget_reports(owner)
    return start_job(CHECK, owner, {"file": file, "name": name}, by=by, now=now)


def forget_others(owner: str, kept: str) -> None:
    """A new file takes the place of the ones before: nobody fills the disk with files that wait."""
    jobs = jobs_of(owner, *KINDS, most=LAST)
    in_use = {kept} | {job.parameters["file"] for job in jobs if job.state == JobState.RUNNING}
    for file in {job.parameters["file"] for job in jobs} - in_use:
        store().forget(file)


def start_landing(check: Job, *, by: Actor, now: datetime) -> int:
    """Land what was checked; asked twice, it begins once. Gives the id of the job.

    Raises `NothingToLand` or `ImportRunning`.
    """
    if "landing" not in check.result:
        require_none_runs(check.owner)
        if not can_land(check):
            raise NothingToLand
        landing = start_job(LANDING, check.owner, check.parameters, by=by, now=now)
        check.result = {**check.result, "landing": landing.id}
    return int(check.result["landing"])


def require_none_runs(owner: str) -> None:
    """Nobody else of this owner begins before this transaction ends. Raises `ImportRunning`."""
    one_at_a_time(STARTING)
    if running_job(owner, *KINDS):
        raise ImportRunning


def _forget_reports(owner: str) -> None:
    """Of the last imports the reports are kept; nobody fills the database with those before."""
    jobs = select(Job.id).where(Job.owner == owner, Job.kind.in_(KINDS)).order_by(Job.id.desc())
    older = jobs.offset(LAST - 1).subquery()
    db.session.execute(delete(ImportProblem).where(ImportProblem.job_id.in_(select(older.c.id))))


def can_land(check: Job) -> bool:
    """Whether there is anything to land, and still something to land it from."""
    is_open = check.kind == CHECK and check.state == JobState.DONE and "landing" not in check.result
    return is_open and _changes(check) > 0 and store().has(check.parameters["file"])


def _changes(job: Job) -> int:
    return int(job.result.get(Fate.CREATED, 0) + job.result.get(Fate.UPDATED, 0))


def _read(job: Job) -> _Slice:
    file, door = job.parameters["file"], _door_of(job)
    with _faults_told(job):
        rows = open_rows(store().source(file), store().rows(file), door.reading)
        batch = read_batch(rows.rows(job.cursor, BATCH), job.cursor, door.reading)
    return _Slice(door, batch, rows.count, unknown_columns(rows.header, door.reading.schema))


def _write(job: Job, found: _Slice, now: datetime, *, dry_run: bool) -> bool:
    seen = store().seen(job.parameters["file"])
    with _faults_told(job):
        settled = settle(found.batch, found.door, seen, by=job.actor, now=now, dry_run=dry_run)
    noted = job.result.get(REASONS, 0)
    kept = settled.problems[: max(MOST_REASONS - noted, 0)]
    insert_rows(ImportProblem, [{"job_id": job.id, **problem._asdict()} for problem in kept])
    counts = {name: job.result.get(name, 0) + count for name, count in settled.counts.items()}
    told = {REASONS: noted + len(settled.problems), "unknown_columns": found.unknown_columns}
    job.result = {**job.result, **counts, **told}
    job.cursor, job.total = job.cursor + found.batch.size, found.total
    return job.cursor >= job.total


@contextmanager
def _faults_told(job: Job) -> Iterator[None]:
    """What is wrong with the file or the disk, said to who sent it. Raises `JobFailed`."""
    try:
        yield
    except UnreadableFile as error:
        raise JobFailed(str(error)) from None
    except FileNotFoundError:
        log.exception("job %s: do web and worker share REGISTERUUR_INSTANCE?", job.id)
        raise JobFailed(LOST) from None
    except OSError as error:
        if error.errno in NO_ROOM:
            raise JobFailed(FULL) from None
        raise


def _close(job: Job) -> None:
    """The file is kept no longer than somebody may still say that it must land; then it is the landing's."""
    if not (can_land(job) or "landing" in job.result):
        store().forget(job.parameters["file"])


def _door_of(job: Job) -> Door:
    policy = current_policies().on(clock.today())
    provider_id = provider_id_of(job.owner)
    if provider_id is None:
        return FormerRegister(policy)
    provider = find_by_id(provider_id)
    door = OwnFile(provider.id, provider.kvk_number, policy, landing_id=job.id)
    db.session.rollback()  # reading the file may take long
    return door


IMPORT_KINDS: Mapping[str, Kind] = {
    CHECK: Kind(partial(_write, dry_run=True), _read, _close),
    LANDING: Kind(partial(_write, dry_run=False), _read, _close),
}
