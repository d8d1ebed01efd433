"""The provider's list with 5,000 activities of its own beside one with 200, in a register of 30,000.

The slowest requests of the large one may take at most 1.3 times as long as those of the small one, in whatever order
and with whatever filter. Run by `make bench`, or alone: `python -m bench.own_list --each 100`.
"""

import argparse
import contextvars
import time
from http import HTTPStatus
from statistics import quantiles

from flask import Flask
from sqlalchemy import text

from bench.both import both
from core import clock
from core.db import db
from tests.crowd import crowd
from tests.world import Person, World, provider_identity

BUDGET = 1.3
TRIES = 3
SMALL, LARGE = "90100011", "90100022"
SIZES = {SMALL: 200, LARGE: 5_000} | {f"9010{number:04}": 2_500 for number in range(10)}
ADDRESS = "/aanbieder/activiteiten"
# Each fills a page of the small provider, too: a page of ten rows would be measured beside one of fifty.
REQUESTS = {
    "newest first": "",
    "by name": "?volgorde=naam",
    "by state": "?volgorde=status",
    "by due date": "?volgorde=datum",
    "published ones": "?status=gepubliceerd",
    "words": "?q=klas",
}


def prepare(app: Flask) -> dict[str, Person]:
    """Fill the register; somebody of the small provider and somebody of the large one."""
    world = World(app)
    for kvk_number, count in SIZES.items():
        crowd(world.provider(kvk_number).id, count, today=clock.today())
        db.session.remove()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # What the database does by itself when it has been running for a minute.
        connection.execute(text("ANALYZE" if db.engine.dialect.name == "sqlite" else "VACUUM ANALYZE"))
    return {number: world.person(provider_identity(number)) for number in (SMALL, LARGE)}


def seconds(person: Person, query: str) -> float:
    """One request, as a server would answer it."""
    begin = time.perf_counter()
    response = contextvars.Context().run(person.client.get, ADDRESS + query)
    taken = time.perf_counter() - begin
    if response.status_code != HTTPStatus.OK:
        raise SystemExit(f"{query}: status {response.status_code}")
    return taken


def slowest(times: list[float]) -> float:
    """The time that 95 of 100 requests stay under."""
    return quantiles(times, n=20)[-1]


def measure(people: dict[str, Person], query: str, each: int) -> tuple[float, float]:
    """Both in turns, so that whatever else the machine does hits both: the slowest times, small and large."""
    times: dict[str, list[float]] = {number: [] for number in people}
    for _ in range(each):
        for number, person in people.items():
            times[number].append(seconds(person, query))
    return slowest(times[SMALL]), slowest(times[LARGE])


def is_within(name: str, people: dict[str, Person], query: str, each: int) -> bool:
    """Whether the budget was kept; a machine that stumbles gets another try, a page that is slow gets none."""
    for _ in range(TRIES):
        small, large = measure(people, query, each)
        ratio = large / small
        print(f"{name}: p95 {small * 1000:.1f} ms of 200, {large * 1000:.1f} ms of 5,000 = {ratio:.2f} x", flush=True)
        if ratio <= BUDGET:
            return True
    return False


def run(name: str, app: Flask, each: int) -> list[str]:
    """Fill and measure one database; the kinds of request that are over budget."""
    with app.app_context():
        people = prepare(app)
        over = [
            f"{name}, {kind}"
            for kind, query in REQUESTS.items()
            if not is_within(f"{name}, {kind}", people, query, each)
        ]
        db.session.remove()
        db.engine.dispose()
    return over


def main() -> None:
    """Run on SQLite and on PostgreSQL."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--each", type=int, default=100, help="requests of each kind")
    each = options.parse_args().each
    over = [fault for one in both() for fault in run(one.name, one.app, each)]
    if over:
        raise SystemExit(f"over {BUDGET} x: {'; '.join(over)}")


if __name__ == "__main__":
    main()
