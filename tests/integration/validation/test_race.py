"""Several processes decide at once; the full race is `make bench`."""

from pathlib import Path

import pytest

from bench.approvals import check, prepare, race
from tests.databases import Database

pytestmark = pytest.mark.race
PROCESSES, EACH = 3, 15


@pytest.mark.parametrize("shared", [False, True], ids=["own-cases", "same-cases"])
def test_every_case_is_decided_once_under_a_number_of_its_own(database: Database, shared: bool) -> None:
    count = EACH if shared else PROCESSES * EACH
    cases = prepare(database.app, "90100011", count)
    shares = [cases if shared else cases[start::PROCESSES] for start in range(PROCESSES)]
    tallies, _ = race(Path(database.app.instance_path), database.url, shares)
    check(database.app, count)
    assert sum(tally.approved for tally in tallies) == count
    assert sum(tally.refused for tally in tallies) == (EACH * (PROCESSES - 1) if shared else 0)
