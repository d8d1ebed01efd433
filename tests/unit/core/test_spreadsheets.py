import csv
import io
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from core.spreadsheets import FORMULA_STARTS, csv_portions, in_csv, write_xlsx

ATTACKS = ["=1+1", "+31 6", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1+1", '=HYPERLINK("http://x.example")']
LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=10)


def read_csv(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


@pytest.mark.parametrize(
    ("cell", "typed"),
    [
        (Decimal("12.50"), "12,5"),
        (Decimal(1200), "1200"),
        (Decimal(0), "0"),
        (date(2027, 1, 8), "08-01-2027"),
        (None, ""),
        ("", ""),
        ("gewoon", "gewoon"),
    ],
)
def test_a_value_is_written_as_a_dutch_program_reads_it(cell: str | Decimal | date | None, typed: str) -> None:
    assert in_csv(cell) == typed


@pytest.mark.parametrize("text", ATTACKS)
def test_a_text_that_would_be_a_formula_begins_with_an_apostrophe(text: str) -> None:
    assert in_csv(text) == f"'{text}"


@given(st.text(max_size=20))
def test_no_text_becomes_a_formula_and_none_is_lost(text: str) -> None:
    assert not in_csv(text).startswith(FORMULA_STARTS)
    assert in_csv(text).endswith(text)


@given(st.lists(st.tuples(LINES, LINES), max_size=20))
def test_what_was_written_is_read_back(rows: list[tuple[str, str]]) -> None:
    read = read_csv("".join(csv_portions(["een", "twee"], rows)))
    assert read == [["een", "twee"], *([in_csv(one), in_csv(two)] for one, two in rows)]


def test_the_file_comes_in_portions() -> None:
    assert len(list(csv_portions(["een"], (["x"] for _ in range(1000))))) == 7


def test_a_workbook_holds_texts_numbers_and_dates_and_no_formulas() -> None:
    file = BytesIO()
    rows = [[text, Decimal("12.5"), date(2027, 1, 8), None] for text in ATTACKS]
    write_xlsx(file, "Blad", ["Tekst", "Getal", "Dag", "Leeg"], rows)
    file.seek(0)
    sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_name("Blad").to_python()
    assert sheet[0] == ["Tekst", "Getal", "Dag", "Leeg"]
    assert [row[0] for row in sheet[1:]] == ATTACKS
    assert {tuple(row[1:]) for row in sheet[1:]} == {(12.5, date(2027, 1, 8), "")}
