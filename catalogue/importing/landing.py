"""One batch of rows: held against the rest of the file and the database, then landed. Called inside a transaction."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from catalogue.importing.batches import Batch, Candidate, Problem
from catalogue.importing.doors import Door, Fate, Judge
from catalogue.importing.seen import Seen, claims_of
from core.audit import Actor
from core.db import one_at_a_time

LOCK = 7236  # two imports of one file at a time would land its offers twice


@dataclass
class Settled:
    """What became of each row of a batch; every row that has no fate was rejected, for at least one reason."""

    size: int
    problems: list[Problem]
    rows: dict[Fate, list[Candidate]] = field(default_factory=lambda: {fate: [] for fate in Fate})

    @property
    def counts(self) -> dict[str, int]:
        """Rows by what became of them; together as many as there were."""
        found = {fate.value: len(rows) for fate, rows in self.rows.items()}
        return found | {"rejected": self.size - sum(found.values())}


def settle(batch: Batch, door: Door, seen: Path, *, by: Actor, now: datetime, dry_run: bool) -> Settled:
    """Land a batch, or only say what would become of it. `seen` is the file with what earlier rows claimed."""
    if not dry_run:
        one_at_a_time(LOCK)
    judge = door.judge(batch.candidates)
    settled = Settled(batch.size, list(batch.problems))
    with claims_of(seen, batch.candidates) as known:
        for candidate in batch.candidates:
            verdict = _verdict(candidate, judge, known)
            if isinstance(verdict, Problem):
                settled.problems.append(verdict)
            else:
                settled.rows[verdict].append(candidate)
                known.note(candidate)
    if not dry_run:
        door.create(settled.rows[Fate.CREATED], by=by, now=now)
        door.update(settled.rows[Fate.UPDATED], by=by, now=now)
    settled.problems.sort(key=lambda problem: problem.line)
    return settled


def _verdict(candidate: Candidate, judge: Judge, known: Seen) -> Fate | Problem:
    """The database knows best who an offer belongs to; but of two rows about one offer the first one counts."""
    itself, *rest = candidate.claims
    if contradiction := known.contradiction(candidate, [itself]):
        return contradiction
    fate = judge.fate(candidate)
    if isinstance(fate, Problem) or fate is Fate.UNCHANGED:
        return fate
    if contradiction := known.contradiction(candidate, rest):
        return contradiction
    return Fate.UNCHANGED if known.is_double(candidate) else fate
