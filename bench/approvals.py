"""Eight processes approve at once: first each its own cases, then all of them the same ones.

Every case must end with exactly one decision under a number of its own, and nobody may meet an error.
Run by `make bench`, or alone: `python -m bench.approvals --each 500`.
"""

import argparse
import multiprocessing
import queue
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from bench.both import both
from catalogue.models import Recognition
from catalogue.numbers import is_valid
from core import clock
from core.audit import verify
from core.db import db, transaction
from core.errors import Refusal
from core.policy.loading import current_policies
from tests.databases import settings_for
from tests.world import World, judgement, member_identity
from validation.deciding import decide
from validation.judgement_models import Decision
from validation.models import Case
from validation.queries import find_case
from validation.states import Outcome
from wsgi import create_app

PROCESSES = 8


@dataclass
class Tally:
    """What one process saw; seconds per approval."""

    approved: int
    refused: int
    seconds: list[float]


def approve_all(folder: str, url: str, case_ids: list[int], start: Any, tallies: Any) -> None:
    """One process. A refusal is counted; an error ends the process, and so the run."""
    app = create_app(settings_for(Path(folder), url))
    tally = Tally(0, 0, [])
    with app.app_context():
        start.wait()
        for case_id in case_ids:
            begin = time.perf_counter()
            try:
                approve(case_id)
                tally.approved += 1
            except Refusal:
                tally.refused += 1
            tally.seconds.append(time.perf_counter() - begin)
            db.session.remove()
        db.engine.dispose()
    tallies.put(tally)


def approve(case_id: int) -> None:
    """What the page does when a member presses the button."""
    with transaction():
        seen = db.session.scalar(select(Case.version).filter_by(id=case_id)) or 0
        case = find_case(case_id, seen=seen)
        policy = current_policies().named(case.policy_id)
        approval = judgement(policy, Outcome.APPROVED)
        decide(case, approval, policy, by=member_identity(), now=clock.now())


def race(folder: Path, url: str, shares: list[list[int]]) -> tuple[list[Tally], float]:
    """Let one process run per share, all from the same moment; the tallies, and the seconds it took."""
    spawn = multiprocessing.get_context("spawn")
    start, tallies = spawn.Barrier(len(shares) + 1), spawn.Queue()
    workers = [spawn.Process(target=approve_all, args=(str(folder), url, share, start, tallies)) for share in shares]
    for worker in workers:
        worker.start()
    start.wait(timeout=120)
    begin = time.perf_counter()
    found = [next_tally(workers, tallies) for _ in workers]
    seconds = time.perf_counter() - begin
    for worker in workers:
        worker.join()
    return found, seconds


def next_tally(workers: list[Any], tallies: Any) -> Tally:
    """The next tally that comes in; ends the run when a process ended with an error instead."""
    while True:
        try:
            tally: Tally = tallies.get(timeout=1)
        except queue.Empty:
            if any(worker.exitcode for worker in workers):
                raise SystemExit("a process ended with an error") from None
        else:
            return tally


def prepare(app: Flask, kvk_number: str, count: int) -> list[int]:
    """So many cases, each in review by the one member who approves."""
    world, ids = World(app), []
    with app.app_context():
        provider = world.provider(kvk_number)
        for _ in range(count):
            ids.append(world.claimed(world.submitted(provider)).id)
            db.session.expunge_all()
            db.session.add(provider)
        db.session.rollback()
        db.engine.dispose()
    return ids


def check(app: Flask, expected: int) -> None:
    """Every case decided once, every number whole and its own, the audit trail unbroken."""
    with app.app_context():
        numbers = list(db.session.scalars(select(Recognition.number)))
        decisions = db.session.scalar(select(func.count()).select_from(Decision))
        verdict = verify()
        db.session.remove()
        db.engine.dispose()
    if not len(numbers) == len(set(numbers)) == decisions == expected:
        raise SystemExit(f"{decisions} decisions and {len(set(numbers))} distinct numbers, {expected} expected")
    if verdict.broken_at is not None or not all(map(is_valid, numbers)):
        raise SystemExit("the audit trail is broken or a number does not fit")


def run(name: str, folder: Path, url: str, app: Flask, each: int) -> None:
    """Both races on one database."""
    own = prepare(app, "90100011", PROCESSES * each)
    tallies, seconds = race(folder, url, [own[start::PROCESSES] for start in range(PROCESSES)])
    check(app, PROCESSES * each)
    report(f"{name}, each its own {each} cases", tallies, seconds)
    same = prepare(app, "90100022", each)
    tallies, seconds = race(folder, url, [same] * PROCESSES)
    check(app, PROCESSES * each + each)
    report(f"{name}, all the same {each} cases", tallies, seconds)


def report(name: str, tallies: list[Tally], seconds: float) -> None:
    """One line of figures."""
    times = sorted(second for tally in tallies for second in tally.seconds)
    approved = sum(tally.approved for tally in tallies)
    refused = sum(tally.refused for tally in tallies)
    p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
    print(
        f"{name}: {approved} approved, {refused} refused, 0 errors in {seconds:.1f} s"
        f" = {approved / seconds:.0f}/s; p50 {p50 * 1000:.0f}, p99 {p99 * 1000:.0f}, max {times[-1] * 1000:.0f} ms",
        flush=True,
    )


def main() -> None:
    """Run on SQLite and on PostgreSQL."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--each", type=int, default=500, help="approvals per process")
    each = options.parse_args().each
    for one in both():
        run(one.name, one.folder, one.url, one.app, each)


if __name__ == "__main__":
    main()
