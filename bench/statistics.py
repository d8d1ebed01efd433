"""The figures of a register with 100,000 decisions and 20,000 open cases.

A year of them may take the committee three seconds, and three years eight; everybody else at most a tenth of a second,
because those figures are kept. Run by `make bench`, or alone: `python -m bench.statistics --decided 1000`.
"""

import argparse
import contextvars
import time
from http import HTTPStatus

from flask import Flask
from sqlalchemy import text

from bench.both import both
from core import clock
from core.db import db
from core.policy.calendar import months_later
from tests.docket import docket
from tests.world import Person, World, member_identity
from validation.statistics.asking import MOST, typed_month

TRIES = 5
DAYS = 1000
OPEN_SHARE = 5  # of so many decided cases one more is open
COMMITTEE, PUBLIC = "/commissie/cijfers", "/cijfers"


def seconds(person: Person, address: str) -> float:
    """The quickest of some requests: what the machine does beside it is not what is measured."""
    taken = []
    for _ in range(TRIES):
        begin = time.perf_counter()
        response = contextvars.Context().run(person.client.get, address)
        taken.append(time.perf_counter() - begin)
        if response.status_code != HTTPStatus.OK:
            raise SystemExit(f"{address}: status {response.status_code}")
    return min(taken)


def run(name: str, app: Flask, decided: int) -> list[str]:
    """Fill and measure one database; what is over budget."""
    with app.app_context():
        world = World(app)
        docket(world, world.provider(), decided, decided // OPEN_SHARE, days=DAYS, now=clock.now())
        db.session.remove()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            # What the database does by itself when it has been running for a minute.
            connection.execute(text("ANALYZE" if db.engine.dialect.name == "sqlite" else "VACUUM ANALYZE"))
        member, anybody = world.person(member_identity()), world.person()
        longest = f"{COMMITTEE}?van={typed_month(months_later(clock.today(), 1 - MOST))}"
        over = []
        for kind, person, address, budget in (
            ("a year for the committee", member, COMMITTEE, 3.0),
            ("three years", member, longest, 8.0),
            ("a year for everybody", anybody, PUBLIC, 0.1),
        ):
            taken = seconds(person, address)
            print(f"{name}, {kind}: {taken:.2f} s", flush=True)
            over += [f"{name}, {kind}"] if taken > budget else []
        db.session.remove()
        db.engine.dispose()
    return over


def main() -> None:
    """Run on SQLite and on PostgreSQL."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--decided", type=int, default=100_000, help="cases that were decided or withdrawn")
    decided = options.parse_args().decided
    over = [fault for one in both() for fault in run(one.name, one.app, decided)]
    if over:
        raise SystemExit(f"over budget: {'; '.join(over)}")


if __name__ == "__main__":
    main()
