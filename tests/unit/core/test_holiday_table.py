import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.policy.faults import WrongPolicy
from core.policy.holiday_table import load_calendar

HEADER = "school_year,holiday,region,first_day,last_day,status,sources\n"
SPRING_2027 = "2026-2027,voorjaarsvakantie,zuid,2027-02-13,2027-02-21,advice,2\n"
SPRING_2029 = "2028-2029,voorjaarsvakantie,zuid,2029-02-10,2029-02-18,advice,2\n"
TOO_LONG = "a voorjaarsvakantie has 9 days, not 37"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return Path(shutil.copy("policies/school-holidays.csv", tmp_path))


def change(table: Path, old: str, new: str) -> int:
    """Replace a row; answers on which line it stood."""
    before, found, after = table.read_text("utf-8").partition(old)
    assert found
    table.write_text(before + new + after, "utf-8")
    return before.count("\n") + 1


def faults(table: Path) -> list[str]:
    with pytest.raises(WrongPolicy) as error:
        load_calendar(table)
    return str(error.value).splitlines()


@pytest.mark.parametrize(
    ("row", "typo"),
    [
        (SPRING_2027, SPRING_2027.replace("2027-02-21", "2027-03-21")),
        (SPRING_2029, SPRING_2029.replace("2029-02-18", "2029-03-18")),
    ],
)
def test_the_typing_errors_of_two_public_sources_are_refused(table: Path, row: str, typo: str) -> None:
    line = change(table, row, typo)
    assert f"school-holidays.csv: line {line}: last_day: {TOO_LONG}" in faults(table)


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("2027-02-13", "2027-13-02", "first_day"),
        ("2027-02-13", "13-02-2027", "first_day"),
        ("2027-02-21", "", "last_day"),
        ("2027-02-21", "2027-02-20", "last_day"),
        ("2027-02-21", "2027-02-05", "last_day"),
        ("zuid", "oost", "region"),
        ("voorjaarsvakantie", "krokusvakantie", "holiday"),
        (",zuid,2027-02-13,2027-02-21,advice,2", ",zuid", "first_day"),
    ],
)
def test_each_fault_is_named_with_line_and_column(table: Path, old: str, new: str, column: str) -> None:
    line = change(table, SPRING_2027, SPRING_2027.replace(old, new))
    assert any(fault.startswith(f"school-holidays.csv: line {line}: {column}: ") for fault in faults(table))


def test_a_row_that_is_there_but_wrong_is_not_called_missing_as_well(table: Path) -> None:
    change(table, SPRING_2027, SPRING_2027.replace("2027-02-21", "2027-03-21"))
    assert len(faults(table)) == 1


def test_faults_in_several_rows_are_named_at_once(table: Path) -> None:
    first = change(table, SPRING_2027, SPRING_2027.replace("2027-02-21", "2027-03-21"))
    second = change(table, SPRING_2029, SPRING_2029.replace("2029-02-18", "2029-03-18"))
    named = faults(table)
    assert [any(f"line {line}: " in fault for fault in named) for line in (first, second)] == [True, True]


def test_a_holiday_without_one_of_the_regions_is_refused(table: Path) -> None:
    change(table, SPRING_2027, "")
    assert faults(table) == ["school-holidays.csv: 2026-2027: voorjaarsvakantie: no row for zuid"]


def test_a_school_year_without_one_of_the_holidays_is_refused(table: Path) -> None:
    rows = table.read_text("utf-8").splitlines(keepends=True)
    table.write_text("".join(row for row in rows if not row.startswith("2026-2027,kerstvakantie")), "utf-8")
    assert any("2026-2027: kerstvakantie" in fault for fault in faults(table))


@pytest.mark.parametrize("text", ["", HEADER])
def test_an_empty_table_is_refused(table: Path, text: str) -> None:
    table.write_text(text, "utf-8")
    assert faults(table) == ["school-holidays.csv: the table is empty"]


def test_a_table_without_a_column_is_refused(table: Path) -> None:
    change(table, "last_day", "until")
    assert faults(table)[0].startswith("school-holidays.csv: line 2: last_day: ")


def test_a_table_that_is_not_there_is_refused(table: Path) -> None:
    table.unlink()
    assert "school-holidays.csv" in faults(table)[0]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda line: "" if line.startswith("2027-2028") else line, "2028-2029: the school year before it is missing"),
        (
            lambda line: line.replace("2026-12-19,2027-01-03", "2026-12-20,2027-01-04"),
            "a holiday begins on a Saturday",
        ),
        (
            lambda line: line.replace("2026-12-19,2027-01-03", "2027-12-18,2028-01-02"),
            "does not lie in this school year",
        ),
    ],
)
def test_a_table_that_cannot_be_right_is_refused(tmp_path: Path, change: Callable[[str], str], fault: str) -> None:
    lines = map(change, Path("policies/school-holidays.csv").read_text().splitlines())
    table = tmp_path / "school-holidays.csv"
    table.write_text("\n".join(line for line in lines if line))
    with pytest.raises(WrongPolicy, match=fault):
        load_calendar(table)
