"""The queue with 20,000 open cases beside one with 200, for a member with two ties, over HTTP.

The slowest requests of the long one may take at most 1.3 times as long as those of the short one, whatever is chosen,
and at most six statements, also where words are searched.
Run by `make bench`, or alone: `python -m bench.queue --each 100`.
"""

import argparse
import contextvars
import math
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from http import HTTPStatus
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from flask import Flask
from sqlalchemy import text

from catalogue.models import VERSIONED, Activity, ActivityVersion
from core import clock
from core.db import db, insert_rows, reserve_ids, transaction
from tests.databases import PostgresqlDatabase, migrated_app
from tests.postgresql import start_postgresql
from tests.statements import count_statements
from tests.world import COMPLETE, NOW, POLICY, Person, World, member_identity
from validation.committee.members import arrive_member, member_of
from validation.committee.queue import PAGE
from validation.committee.stepping_back import tie
from validation.models import Case

BUDGET, MOST_STATEMENTS, TRIES = 1.3, 6, 3
SHORT, LONG = 200, 20_000
PROVIDERS = [f"9010{number:04}" for number in range(1, 41)]
LARGE, TIED = PROVIDERS[0], PROVIDERS[1:3]
ADDRESS = "/commissie"
# Of every ten: the state, and who has it in hand (0: nobody, 1: the member who looks, else a colleague).
MIX = [("received", 0)] * 4 + [("in_review", 1)] * 3 + [("in_review", 2)] + [("waiting_for_provider", 3)] * 2
SECTORS = (("po",), ("po", "vo"), ("vo", "mbo"))
# Each fills a page of the short queue, too: a page of ten rows would be measured beside one of fifty.
REQUESTS = {
    "all": "",
    "the last page of the short one": "?pagina=3",
    "mine": "?wie=mine",
    "nobody's": "?wie=nobody",
    "later": "?termijn=later",
    "of one type and sector": "?soort=cursus&sector=po",
    "of one provider": "?aanbieder={provider}",
}
# Measured, but without a budget: to count what holds a word, the database looks at the title of every open case.
SEARCHES = {"words of the title": "?q=klas", "words of the provider": "?q=aanbieder"}


def fill(app: Flask, count: int) -> Person:
    """So many open cases; the member who looks at them."""
    world, today = World(app), clock.today()
    ids = {number: world.provider(number).id for number in PROVIDERS}
    with transaction():
        me = arrive_member(member_identity(), NOW)
        for number in TIED:
            tie(member_of(me), number, today, None, by=me, now=NOW)
        activities, versions = reserve_ids(Activity, count), reserve_ids(ActivityVersion, count)
        # A third is of the large provider, the rest is spread.
        owners = [ids[LARGE if place % 3 == 0 else PROVIDERS[place % len(PROVIDERS)]] for place in range(count)]
        places = list(enumerate(zip(activities, versions, owners, strict=True)))
        insert_rows(Activity, [_activity(id_, owner, place) for place, (id_, _, owner) in places])
        insert_rows(ActivityVersion, [_version(version, id_, place) for place, (id_, version, _) in places])
        insert_rows(Case, [_case(id_, version, owner, place, today) for place, (id_, version, owner) in places])
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # What the database does by itself when it has been running for a minute.
        connection.execute(text("ANALYZE" if db.engine.dialect.name == "sqlite" else "VACUUM ANALYZE"))
    return world.person(member_identity())


def _title(place: int) -> str:
    return f"{('Klassenmanagement', 'Rekenen in de klas', 'Klassieke muziek')[place % 3]} {place}"


def _activity(id_: int, provider_id: int, place: int) -> dict[str, Any]:
    return {
        "id": id_,
        "provider_id": provider_id,
        "state": "submitted",
        "change": "",
        "title_key": _title(place).casefold(),
        "created_at": NOW,
        "updated_at": NOW,
    }


def _version(id_: int, activity_id: int, place: int) -> dict[str, Any]:
    facts = {name: getattr(COMPLETE, name) for name in VERSIONED} | {"sectors": list(SECTORS[place % 3])}
    return {**facts, "id": id_, "activity_id": activity_id, "title": _title(place), "ordinal": 1, "frozen_at": NOW}


def _case(activity_id: int, version_id: int, provider_id: int, place: int, today: date) -> dict[str, Any]:
    state, hand = MIX[place % len(MIX)]
    member = ["", member_identity().account_key, f"staff:::{place % 20}", f"staff:::{place % 20}"][hand]
    due_on = today + timedelta(days=place * 7 % 60 - 3)
    return {
        "procedure": "validation",
        "activity_id": activity_id,
        "version_id": version_id,
        "provider_id": provider_id,
        "policy_id": POLICY.id,
        "state": state,
        "type": "cursus" if place % 4 else "studiedag",
        "sectors": f",{','.join(SECTORS[place % 3])},",
        "handler": member,
        "handler_name": member[8:],
        "received_at": NOW,
        "started_on": NOW.date(),
        "due_on": due_on,
        "term": {
            "received_on": NOW.date().isoformat(),
            "due_on": due_on.isoformat(),
            "provisional": False,
            "parts": [[42, ""]],
        },
    }


def seconds(person: Person, query: str) -> float:
    """One request, as a server would answer it."""
    begin = time.perf_counter()
    response = contextvars.Context().run(person.client.get, ADDRESS + query)
    taken = time.perf_counter() - begin
    rows = response.text.count('name="case"')
    if response.status_code != HTTPStatus.OK or rows != PAGE:
        raise SystemExit(f"{query}: status {response.status_code}, {rows} rows")
    return taken


def statements(app: Flask, person: Person, query: str) -> int:
    """How many a request needs, when nothing is kept of the one before."""
    with app.app_context():
        app.extensions.pop("queue_kinds", None)
        return count_statements(lambda: contextvars.Context().run(person.client.get, ADDRESS + query))


def is_within(name: str, people: dict[int, Person], query: str, each: int, budget: float) -> bool:
    """Whether the budget was kept; a machine that stumbles gets another try, a page that is slow gets none."""
    for _ in range(TRIES):
        times: dict[int, list[float]] = {size: [] for size in people}
        for _ in range(each):  # in turns, so that whatever else the machine does hits both
            for size, person in people.items():
                times[size].append(seconds(person, query))
        p50 = {size: median(taken) * 1000 for size, taken in times.items()}
        p95 = {size: quantiles(taken, n=20)[-1] * 1000 for size, taken in times.items()}
        ratio = p95[LONG] / p95[SHORT]
        print(
            f"{name}: p50 {p50[SHORT]:.1f} and {p50[LONG]:.1f} ms,"
            f" p95 {p95[SHORT]:.1f} ms of {SHORT}, {p95[LONG]:.1f} ms of {LONG:,} = {ratio:.2f} x",
            flush=True,
        )
        if ratio <= budget:
            return True
    return False


def run(name: str, apps: dict[int, Flask], each: int) -> Iterator[str]:
    """Fill and measure both queues on one kind of database; whatever is over budget."""
    people, provider_id = {}, 0
    for size, app in apps.items():
        with app.app_context():
            people[size] = fill(app, size)
            provider_id = db.session.execute(
                text("SELECT id FROM provider WHERE kvk_number = :number"), {"number": LARGE}
            ).scalar_one()
            db.session.remove()
    for kind, asked in (REQUESTS | SEARCHES).items():
        query = asked.format(provider=provider_id)
        for size, app in apps.items():
            count = statements(app, people[size], query)
            if count > MOST_STATEMENTS:
                raise SystemExit(f"{name}, {kind}: {count} statements")
        if not is_within(f"{name}, {kind}", people, query, each, BUDGET if kind in REQUESTS else math.inf):
            yield f"{name}, {kind}"


def main() -> None:
    """Run on SQLite and on PostgreSQL."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--each", type=int, default=100, help="requests of each kind")
    each = options.parse_args().each
    with ExitStack() as stack:
        folders = {size: Path(stack.enter_context(tempfile.TemporaryDirectory())) for size in (SHORT, LONG)}
        sqlite = {size: migrated_app(folder, f"sqlite:///{folder / 'bench.db'}") for size, folder in folders.items()}
        over = list(run("SQLite", sqlite, each))
        server, stop = start_postgresql()
        stack.callback(stop)
        databases = {size: PostgresqlDatabase(folder, server) for size, folder in folders.items()}
        over += run("PostgreSQL", {size: database.app for size, database in databases.items()}, each)
        for database in databases.values():
            database.close()
    if over:
        raise SystemExit(f"over {BUDGET} x: {'; '.join(over)}")


if __name__ == "__main__":
    main()
