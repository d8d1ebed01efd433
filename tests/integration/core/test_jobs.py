"""Long work in slices: it goes on where it was, stops when told, and ends whatever happens."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from core import clock
from core.audit import Actor, AuditEntry, record
from core.db import db, transaction
from core.errors import NotFound
from core.jobs import (
    FAULT,
    JOB_STEP,
    MOST_FAULTS,
    Job,
    JobFailed,
    Kind,
    advance,
    cancel,
    find_job,
    jobs_of,
    resume,
    running_job,
    start_job,
)
from core.outbox import Message, OutboxMessage, deliver_one
from core.worker import deliver_due
from tests.world import ACTOR, World

OWNER = "provider:1"


class Counting:
    """A kind of job that notes each number up to `until`; `trouble` comes between reading and writing."""

    def __init__(self, until: int = 5) -> None:
        self.until = until
        self.closed: list[str] = []
        self.trouble: dict[int, Exception] = {}
        self.meanwhile: dict[int, Any] = {}

    def read(self, job: Job) -> int:
        if job.cursor in self.meanwhile:
            self.meanwhile.pop(job.cursor)()
        if job.cursor in self.trouble:
            raise self.trouble[job.cursor]
        return job.cursor + 1

    def write(self, job: Job, found: int, now: datetime) -> bool:
        job.cursor, job.total = found, self.until
        record("test.counted", f"number:{found}", by=job.actor, at=now)
        return found == self.until

    def close(self, job: Job) -> None:
        self.closed.append(job.state)

    @property
    def kind(self) -> Kind:
        return Kind(self.write, self.read, self.close)


@pytest.fixture
def counting(world: World) -> Iterator[Counting]:
    made = Counting()
    world.app.extensions["job_kinds"]["counting"] = made.kind
    yield made
    del world.app.extensions["job_kinds"]["counting"]


def started() -> int:
    with transaction():
        return start_job("counting", OWNER, {"of": "what"}, by=ACTOR, now=clock.now()).id


def job(job_id: int) -> Job:
    db.session.rollback()
    return find_job(job_id, OWNER)


def counted() -> list[str]:
    db.session.rollback()
    query = select(AuditEntry.object).filter_by(action="test.counted").order_by(AuditEntry.position)
    return list(db.session.scalars(query))


def deliver(world: World, later: timedelta = timedelta(0)) -> None:
    while deliver_one(world.app.extensions["outbox_handlers"], clock.now() + later):
        pass


def message(job_id: int, attempts: int = 1) -> Message:
    return Message(0, JOB_STEP, str(job_id), attempts)


NUMBERS = [f"number:{number}" for number in range(1, 6)]


def test_a_job_runs_to_its_end_and_closes(world: World, counting: Counting) -> None:
    job_id = started()
    assert (job(job_id).state, job(job_id).finished_at) == ("running", None)
    deliver_due(world.app, world.app.extensions["outbox_handlers"])
    done = job(job_id)
    assert (done.state, done.cursor, done.total, done.fault) == ("done", 5, 5, "")
    assert done.finished_at
    assert (counted(), counting.closed) == (NUMBERS, ["done"])


def test_a_turn_ends_after_a_while_and_leaves_word(
    world: World, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.jobs.SECONDS", 0)
    job_id = started()
    for turn in range(1, 6):
        assert deliver_one(world.app.extensions["outbox_handlers"], clock.now())
        assert job(job_id).cursor == turn
    assert not deliver_one(world.app.extensions["outbox_handlers"], clock.now())
    assert counted() == NUMBERS


def test_a_cancelled_job_stops_before_its_next_slice(world: World, counting: Counting) -> None:
    job_id = started()

    def stop() -> None:
        with transaction():
            cancel(find_job(job_id, OWNER, lock=True), by=ACTOR, now=clock.now())

    counting.meanwhile[2] = stop
    deliver(world)
    assert (job(job_id).state, job(job_id).cursor) == ("cancelled", 2)
    assert (counted(), counting.closed) == (NUMBERS[:2], ["cancelled"])
    with transaction():
        cancel(find_job(job_id, OWNER, lock=True), by=ACTOR, now=clock.now())
    actions = list(
        db.session.scalars(select(AuditEntry.action).filter_by(object=f"job:{job_id}").order_by(AuditEntry.position))
    )
    assert actions == ["job.started", "job.cancelled"]


def test_a_message_that_comes_twice_does_nothing_twice(world: World, counting: Counting) -> None:
    job_id = started()
    counting.meanwhile[2] = lambda: advance(message(job_id))  # as another worker would, when the lease has run out
    deliver(world)
    advance(message(job_id))
    assert (job(job_id).state, counted()) == ("done", NUMBERS)
    assert set(counting.closed) == {"done"}


def test_work_that_cannot_be_done_says_why_and_keeps_what_is_done(world: World, counting: Counting) -> None:
    counting.trouble[3] = JobFailed("Dit bestand is er niet meer.")
    job_id = started()
    deliver(world)
    failed = job(job_id)
    assert (failed.state, failed.fault, failed.cursor) == ("failed", "Dit bestand is er niet meer.", 3)
    assert (counted(), counting.closed) == (NUMBERS[:3], ["failed"])


def test_a_fault_is_tried_again_before_it_ends_the_job(world: World, counting: Counting) -> None:
    counting.trouble[1] = OSError("the disk hums")
    job_id = started()
    for attempt in range(1, MOST_FAULTS):
        deliver(world, timedelta(hours=attempt))
        assert job(job_id).state == "running"
    counting.trouble.clear()
    deliver(world, timedelta(hours=9))
    assert (job(job_id).state, counted()) == ("done", NUMBERS)


def test_a_fault_that_stays_ends_the_job_with_a_sentence(world: World, counting: Counting) -> None:
    counting.trouble[1] = OSError("/secret/path")
    job_id = started()
    for attempt in range(1, MOST_FAULTS + 2):
        deliver(world, timedelta(hours=attempt))
    assert (job(job_id).state, job(job_id).fault) == ("failed", FAULT)
    assert counting.closed == ["failed"]
    assert db.session.scalars(select(OutboxMessage.state).filter_by(kind=JOB_STEP)).all() == ["done"]


def test_a_job_that_keeps_ending_its_worker_fails(world: World, counting: Counting) -> None:
    job_id = started()
    with transaction():
        db.session.execute(update(OutboxMessage).where(OutboxMessage.kind == JOB_STEP).values(attempts=MOST_FAULTS))
    deliver(world)
    assert (job(job_id).state, job(job_id).fault, counted()) == ("failed", FAULT, [])


def test_only_mishaps_in_one_slice_are_counted(world: World, counting: Counting) -> None:
    job_id = started()
    for slice_ in range(4):
        counting.trouble = {slice_: OSError("the disk hums")}
        for attempt in range(1, MOST_FAULTS):
            deliver(world, timedelta(hours=slice_ * 10 + attempt))
    counting.trouble = {}
    deliver(world, timedelta(hours=99))
    assert (job(job_id).state, counted()) == ("done", NUMBERS)


def test_a_turn_that_was_never_settled_does_not_count_against_the_next(
    world: World, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.jobs.SECONDS", 0)
    job_id = started()
    first = db.session.scalars(select(OutboxMessage.id).filter_by(kind=JOB_STEP)).one()
    advance(Message(first, JOB_STEP, str(job_id), 1))  # and then the worker is killed, before it notes that
    for attempts in range(2, MOST_FAULTS + 3):
        advance(Message(first, JOB_STEP, str(job_id), attempts))
    assert (job(job_id).state, job(job_id).cursor) == ("running", 1)
    deliver(world)
    assert (job(job_id).state, counted()) == ("done", NUMBERS)


def test_a_job_is_found_by_its_owner_alone_and_by_its_kind(world: World, counting: Counting) -> None:
    first, second = started(), started()
    assert [found.id for found in jobs_of(OWNER, "counting", "other", most=9)] == [second, first]
    assert [found.id for found in jobs_of(OWNER, "counting", most=1)] == [second]
    assert (jobs_of("provider:2", "counting", most=9), jobs_of(OWNER, "other", most=9)) == ([], [])
    assert find_job(first, OWNER, "counting").parameters == {"of": "what"}
    for owner, kinds in (("provider:2", ()), (OWNER, ("other",))):
        with pytest.raises(NotFound):
            find_job(first, owner, *kinds)


def test_the_job_that_runs_is_found_also_when_later_ones_are_over(world: World, counting: Counting) -> None:
    first = started()
    with transaction():
        cancel(find_job(first, OWNER, lock=True), by=ACTOR, now=clock.now())
    for _ in range(20):
        started()
    deliver(world)
    assert running_job(OWNER, "counting") is None
    with transaction():
        resume(find_job(first, OWNER, lock=True), by=ACTOR, now=clock.now())
    found = running_job(OWNER, "other", "counting")
    assert found
    assert found.id == first
    assert (running_job("provider:2", "counting"), running_job(OWNER, "other")) == (None, None)


def test_what_follows_a_resume_is_done_in_the_name_of_who_resumed(world: World, counting: Counting) -> None:
    job_id = started()
    other = Actor("provider:90000102:piet", "test")
    counting.trouble[2] = JobFailed("Dit lukt niet.")
    deliver(world)
    counting.trouble.clear()
    with transaction():
        resume(find_job(job_id, OWNER, lock=True), by=other, now=clock.now())
    deliver(world)
    query = select(AuditEntry.actor).order_by(AuditEntry.position)
    assert list(db.session.scalars(query.filter_by(object=f"job:{job_id}"))) == [ACTOR.key, other.key]
    assert list(db.session.scalars(query.filter_by(action="test.counted"))) == [ACTOR.key] * 2 + [other.key] * 3
