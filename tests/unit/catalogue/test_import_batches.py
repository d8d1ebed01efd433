"""A batch is ready to be written: no text of a row is looked at again while a transaction keeps others waiting."""

from pathlib import Path

import pytest

from catalogue.importing.batches import SHOWN, Reading, read_batch
from catalogue.importing.readings import FormerReading, OwnReading
from catalogue.importing.rows_file import MOST_AT_ONCE, RowsFile, write_rows
from catalogue.importing.tables import Row
from tests.exports import OWN_ROW, ROW
from tests.world import POLICY

HOSTILE = " é\n\u200b" * 10_000
READINGS = [FormerReading(POLICY), OwnReading(1, "90000102", POLICY)]


@pytest.mark.parametrize("reading", READINGS)
def test_of_a_rejected_value_only_so_much_is_kept_as_is_shown(reading: Reading) -> None:
    wrong = dict.fromkeys(ROW, HOSTILE) | {"eigen_sleutel": HOSTILE, "website": HOSTILE}
    problems = read_batch([Row(2, wrong)], 0, reading).problems
    assert len(problems) >= 10
    assert all(problem.value.startswith("é é é") and len(problem.value) <= SHOWN for problem in problems)


@pytest.mark.parametrize("reading", READINGS)
def test_of_a_good_row_only_what_a_problem_would_show_is_kept(reading: Reading) -> None:
    marked = {"titel": "<p>Rust</p>" + "<br>" * 20_000, "nummer_registerleraar": "b2" + "<i></i>" * 20_000}
    batch = read_batch([Row(2, OWN_ROW | ROW | marked), Row(3, OWN_ROW | ROW)], 0, reading)
    assert [candidate.said for candidate in batch.candidates] == [
        {"nummer_registerleraar": ("b2" + "<i></i>" * 100)[:SHOWN]},
        {"nummer_registerleraar": ROW["nummer_registerleraar"]},
    ]


def test_a_batch_of_large_rows_is_smaller(tmp_path: Path) -> None:
    large = [Row(line, {"titel": "x" * (MOST_AT_ONCE // 3)}) for line in range(9)]
    write_rows(tmp_path / "rows", ["titel"], [*large, Row(9, {"titel": "x" * MOST_AT_ONCE}), *large])
    found = RowsFile(tmp_path / "rows")
    assert [len(found.rows(start, 250)) for start in (0, 3, 8, 9, 10, 18)] == [3, 3, 2, 1, 3, 1]
