"""How fast an import is beside a bare bulk insert of the same rows, and whether its memory stays flat.

The import begins at the file: it takes the CSV apart, cleans texts as untidy as in the real export, checks every
column, looks for doubles in the file and in the database, and writes the rows. Two bare inserts have every row in
memory beforehand, clean and with its id. They write them with executemany through SQLAlchemy Core, into a database of
their own in the same state, in the same batch size and one transaction per batch:
- all that the import left behind: activities, versions, recognitions, number parts, origins and the audit trail;
- of this only the columns of `activity` and `activity_version`.
Budget: at least a quarter of the rows per second of the first, and memory that does not grow with the file.
Run by `make bench`, or alone: `python -m bench.imports --rows 10000`.
"""

import argparse
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

from catalogue.importing.service import BATCH, import_offers
from catalogue.models import Activity, ActivityVersion, ImportedOffer, NumberPart, Recognition
from core import clock
from core.audit import Actor, AuditEntry, verify
from core.db import Base, db
from core.policy.loading import current_policies
from providers.models import Provider
from tests.databases import Database, PostgresqlDatabase, SqliteDatabase
from tests.exports import messy_export
from tests.postgresql import start_postgresql

LEAST_SHARE = 0.25
MOST_GROWTH = 1.1
FEW = 1_000
RUNS = 3  # other work on the machine slows a run down: of each, the fastest one counts
TELL_PEAK = """
import pathlib, runpy, sys
sys.argv[0] = "flask"
try:
    runpy.run_module("flask", run_name="__main__")
finally:
    print(*[line for line in pathlib.Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line])
"""
CONTENT = (Activity, ActivityVersion)
EVERYTHING = (*CONTENT, Recognition, NumberPart, ImportedOffer, AuditEntry)
OF_ACTIVITY = {Activity: "id", ActivityVersion: "activity_id", Recognition: "activity_id", ImportedOffer: "activity_id"}
Rows = list[dict[str, Any]]
Batch = dict[type[Base], Rows]


@dataclass
class Figures:
    """Seconds per run."""

    imported: list[float] = field(default_factory=list)
    everything: list[float] = field(default_factory=list)
    content: list[float] = field(default_factory=list)


def import_file(path: Path, expected: int) -> float:
    """Seconds that the command's work takes."""
    policy, now, by = current_policies().on(clock.today()), clock.now(), Actor("bench", "command")
    begin = time.perf_counter()
    report = import_offers(path, policy=policy, by=by, now=now, tell=print)
    seconds = time.perf_counter() - begin
    if report.created != expected:
        raise SystemExit(f"{report.created} of {expected} rows landed")
    return seconds


def rows_of(kind: type[Base], column: str, above: int) -> Rows:
    """The rows of which the column says more."""
    table = Base.metadata.tables[kind.__tablename__]
    query = select(table).where(table.c[column] > above).order_by(table.c[column])
    return [dict(row) for row in db.session.execute(query).mappings()]


def what_landed(after: dict[type[Base], int]) -> tuple[Rows, list[Batch]]:
    """The new providers, and the rows of the last import in batches; `after` knows where the one before ended."""
    providers = rows_of(Provider, "id", after[Provider])
    found = {kind: rows_of(kind, column, after[Activity]) for kind, column in OF_ACTIVITY.items()}
    found[NumberPart] = rows_of(NumberPart, "recognition_id", after[Recognition])
    found[AuditEntry] = rows_of(AuditEntry, "position", after[AuditEntry])
    activity_of = {row["id"]: row["activity_id"] for row in found[Recognition]}
    first = found[Activity][0]["id"]
    batches: dict[int, Batch] = defaultdict(lambda: {kind: [] for kind in EVERYTHING})
    for kind, rows in found.items():
        for position, row in enumerate(rows):
            of = row[OF_ACTIVITY[kind]] if kind in OF_ACTIVITY else activity_of.get(row.get("recognition_id"))
            batches[(of - first if of else min(position, len(found[Activity]) - 1)) // BATCH][kind].append(row)
    after.update({kind: found[kind][-1]["id"] for kind in (Activity, Recognition)})
    after.update({AuditEntry: found[AuditEntry][-1]["position"]})
    after.update({Provider: providers[-1]["id"]} if providers else {})
    return providers, [batches[number] for number in sorted(batches)]


def bare_insert(app: Flask, providers: Rows, batches: list[Batch], kinds: tuple[type[Base], ...]) -> float:
    """Seconds to write rows that are ready."""
    with app.app_context():
        with db.engine.begin() as connection:
            if providers:
                connection.execute(insert(Provider), providers)
        begin = time.perf_counter()
        for batch in batches:
            with db.engine.begin() as connection:
                for kind in kinds:
                    connection.execute(insert(kind), batch[kind])
        return time.perf_counter() - begin


def peak_memory(app: Flask, url: str, file: Path) -> int:
    """The most memory, in KB, that the command takes for a file; it says so itself at its end."""
    settings = {"REGISTERUUR_DATABASE_URL": url, "REGISTERUUR_INSTANCE": app.instance_path}
    command = [sys.executable, "-c", TELL_PEAK, "--app", "wsgi", "activities", "import", str(file)]
    done = subprocess.run(command, env=os.environ | settings, capture_output=True, text=True, check=True)  # noqa: S603 -- our own command
    return int(done.stdout.split()[-2])


def measure(app: Flask, all_rows: Flask, two_tables: Flask, folder: Path, count: int) -> Figures:
    """Import different files of one size, and write what landed barely."""
    gc.freeze()  # as the command does
    figures = Figures()
    after: dict[type[Base], int] = dict.fromkeys((Provider, Activity, Recognition, AuditEntry), 0)
    for run in range(RUNS):
        file = folder / f"{run}.csv"
        file.write_bytes(messy_export(count, start=run * count))
        with app.app_context():
            figures.imported.append(import_file(file, count))
            landed = what_landed(after)
            db.session.remove()
        figures.everything.append(bare_insert(all_rows, *landed, EVERYTHING))
        figures.content.append(bare_insert(two_tables, *landed, CONTENT))
        del landed  # it must not be in the way of the next import
    with app.app_context():
        if verify().broken_at is not None:
            raise SystemExit("the audit trail is broken")
        db.session.remove()
    return figures


def report(name: str, figures: Figures, count: int) -> list[str]:
    """Print the speed; say whether it misses its budget."""
    speed, everything, content = (
        count / min(seconds) for seconds in (figures.imported, figures.everything, figures.content)
    )
    print(
        f"{name}: import {speed:.0f} rows/s; bare insert of all that it writes {everything:.0f} rows/s,"
        f" share {speed / everything:.2f} (budget {LEAST_SHARE}); of activity and version alone {content:.0f} rows/s,"
        f" share {speed / content:.2f}",
        flush=True,
    )
    return [f"{name}: speed"] if speed < LEAST_SHARE * everything else []


def report_memory(name: str, database: Database, folder: Path, count: int) -> list[str]:
    """Print the memory of a small and a large import; say whether it misses its budget."""
    files = [folder / "few.csv", folder / "many.csv"]
    for file, rows, start in zip(files, (FEW, count), (RUNS * count, RUNS * count + FEW), strict=True):
        file.write_bytes(messy_export(rows, start=start))
    low, high = (peak_memory(database.app, database.url, file) for file in files)
    print(f"{name}: peak memory {low / 1000:.0f} MB for {FEW} rows, {high / 1000:.0f} MB for {count} rows", flush=True)
    return [f"{name}: memory"] if high > MOST_GROWTH * low else []


def run(name: str, made: Callable[[Path], Database], folder: Path, count: int) -> list[str]:
    """Everything on one engine; says what misses its budget."""
    folders = [folder / part for part in ("import", "everything", "content")]
    for part in folders:
        part.mkdir()
    databases = [made(part) for part in folders]
    figures = measure(databases[0].app, databases[1].app, databases[2].app, folder, count)
    missed = report(name, figures, count)
    missed += report_memory(name, databases[0], folder, count)
    for database in databases:
        database.close()
    return missed


def main() -> None:
    """Run on SQLite and on PostgreSQL; exit 1 when a budget is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=10_000)
    count = options.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        missed = run("SQLite", SqliteDatabase, Path(name), count)
    server, stop = start_postgresql()
    try:
        with tempfile.TemporaryDirectory() as name:
            missed += run("PostgreSQL", lambda part: PostgresqlDatabase(part, server), Path(name), count)
    finally:
        stop()
    if missed:
        raise SystemExit(f"over budget: {', '.join(missed)}")


if __name__ == "__main__":
    main()
