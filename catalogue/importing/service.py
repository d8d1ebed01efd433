"""An import from begin to end, as a command does it. Opens its own transactions, because an import is many."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from catalogue.importing.batches import Problem, read_batch, unknown_columns
from catalogue.importing.former import FormerRegister
from catalogue.importing.landing import settle
from catalogue.importing.opening import open_rows
from core.audit import Actor
from core.db import db, transaction
from core.policy import Policy

BATCH = 250


@dataclass
class Report:
    """What an import did: rows read = created + updated + unchanged + rejected."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    unknown_columns: list[str] = field(default_factory=list)


def import_offers(  # noqa: PLR0913 -- one argument per fact
    path: Path,
    *,
    policy: Policy,
    by: Actor,
    now: datetime,
    tell: Callable[[Problem], None],
    dry_run: bool = False,
    on_row: Callable[[int, int], None] = lambda *_: None,
) -> Report:
    """Import every good row of the former register and tell every bad one; rows that landed before stay as they are.

    `on_row` hears how many rows of how many are done. Raises `UnreadableFile` when the file as a whole does not fit.
    """
    door = FormerRegister(policy)
    with tempfile.TemporaryDirectory(prefix="registeruur-import-") as folder:
        rows = open_rows(path, Path(folder, "rows"), door.reading)
        report = Report(unknown_columns=unknown_columns(rows.header, door.reading.schema))
        while report.read < rows.count:
            batch = read_batch(rows.rows(report.read, BATCH), report.read, door.reading)
            with transaction():
                settled = settle(batch, door, Path(folder, "seen"), by=by, now=now, dry_run=dry_run)
            db.session.expunge_all()  # memory must not grow with the file
            report.read += batch.size
            for name, count in settled.counts.items():
                setattr(report, name, getattr(report, name) + count)
            for problem in settled.problems:
                tell(problem)
            on_row(report.read, rows.count)
    return report
