from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.importing import confinement
from catalogue.importing.archives import CHUNK
from catalogue.importing.files import to_rows
from catalogue.importing.rows_file import RowsFile
from catalogue.importing.tables import UnreadableFile
from tests.workbooks import cell, ods, ods_parts, sheet_rows, xlsx, xlsx_parts, zipped

DAY, MOMENT, CLOCK = {"num_format": "d mmm yyyy"}, {"num_format": "d-m-yy h:mm"}, {"num_format": "[h]:mm"}
CELL, ROW = "table:table-cell", "table:table-row"
texts = st.text("aéZ7 ;<>&\"'_x0041_€\n", max_size=10)


def rows_of(tmp_path: Path, content: bytes) -> RowsFile:
    (tmp_path / "workbook").write_bytes(content)
    return to_rows(tmp_path / "workbook", tmp_path / "rows")


def made_by_a_program(headings: list[str], *rows: list[Any]) -> bytes:
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, headings)
        for line, row in enumerate(rows, 1):
            for at, value in enumerate(row):
                sheet.write(line, at, *(value if isinstance(value, tuple) else [value]))
    return content.getvalue()


def read_one(tmp_path: Path, **cells: object) -> dict[str, str]:
    """What becomes of a row with these values; a pair is a value and how it is shown."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for at, (name, value) in enumerate(cells.items()):
            sheet.write(0, at, name)
            shown = (value[0], workbook.add_format(value[1])) if isinstance(value, tuple) else (value,)
            sheet.write(1, at, *shown)
    return rows_of(tmp_path, content.getvalue()).rows(0, 1)[0].values


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.0, "12"),
        (12, "12"),
        (12.5, "12,5"),
        (0.1 + 0.2, "0,3"),
        (-3, "-3"),
        (1234567.25, "1234567,25"),
        (True, "ja"),
        (False, "nee"),
        (" Rust ", " Rust "),
        ("007", "007"),
    ],
)
def test_a_value_becomes_what_a_person_would_have_typed(tmp_path: Path, value: object, text: str) -> None:
    assert read_one(tmp_path, titel="x", doel=value)["doel"] == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ((date(2027, 2, 1), DAY), "01-02-2027"),
        ((datetime(2027, 2, 1), MOMENT), "01-02-2027"),  # noqa: DTZ001 -- a sheet knows no time zone
        ((datetime(2027, 2, 1, 9, 30), MOMENT), "01-02-2027 09:30"),  # noqa: DTZ001 -- as above
        ((time(9, 30), {"num_format": "hh:mm"}), "09:30:00"),
        ((timedelta(hours=36), CLOCK), "1 day, 12:00:00"),
    ],
)
def test_a_day_is_written_as_dutch_people_do(tmp_path: Path, value: object, text: str) -> None:
    assert read_one(tmp_path, titel="x", doel=value)["doel"] == text


def test_in_a_column_for_dates_the_time_of_the_day_is_left_out(tmp_path: Path) -> None:
    moment = (datetime(2027, 2, 1, 9, 30), MOMENT)  # noqa: DTZ001 -- a sheet knows no time zone
    assert read_one(tmp_path, titel="x", startdatum=moment)["startdatum"] == "01-02-2027"


@pytest.mark.parametrize(("typed", "number"), [(90000102, "90000102"), (1234567, "01234567"), ("01234567", "01234567")])
def test_a_company_number_keeps_its_eight_digits(tmp_path: Path, typed: object, number: str) -> None:
    found = read_one(tmp_path, titel="x", **{"KvK-nummer": typed})
    assert found["kvk_nummer"] == number


def test_an_hour_that_excel_made_a_day_of_stays_recognisable_as_wrong(tmp_path: Path) -> None:
    assert read_one(tmp_path, titel="x", contacturen=(date(2027, 5, 12), DAY))["contacturen"] == "12-05-2027"


def test_rows_are_numbered_as_on_the_sheet_and_empty_ones_passed_over(tmp_path: Path) -> None:
    content = xlsx(["Ons aanbod"], [], ["", "TITEL *", "", "Doel"], [], ["x", "a", "y", "b"], ["", " "], ["", "c"])
    found = rows_of(tmp_path, content)
    assert found.header == ["titel", "doel"]
    assert [(row.line, row.values) for row in found.rows(0, 9)] == [
        (5, {"titel": "a", "doel": "b"}),
        (7, {"titel": "c", "doel": ""}),
    ]


def test_a_sheet_that_begins_lower_and_to_the_right_is_read(tmp_path: Path) -> None:
    rows = f'<row r="4">{cell("C4", "titel")}</row><row r="6">{cell("C6", "a")}</row>'
    found = rows_of(tmp_path, zipped(xlsx_parts({"Blad1": rows})))
    assert [(row.line, row.values) for row in found.rows(0, 9)] == [(6, {"titel": "a"})]


def test_the_first_sheet_that_is_seen_and_has_headings_we_know_is_read(tmp_path: Path) -> None:
    sheets = {
        "Weg": sheet_rows([["titel"], ["verborgen"]]),
        "Voorblad": sheet_rows([["Aanbod 2027"]]),
        "Leeg": "",
        "Aanbod": sheet_rows([["titel", "doel"], ["a", "b"]]),
        "Oud": sheet_rows([["titel", "doel"], ["oud", "oud"]]),
    }
    found = rows_of(tmp_path, zipped(xlsx_parts(sheets, hidden=["Weg"])))
    assert [row.values for row in found.rows(0, 9)] == [{"titel": "a", "doel": "b"}]


def test_of_a_formula_the_outcome_is_read(tmp_path: Path) -> None:
    cells = [
        '<c r="A2" t="str"><f>A3&amp;"x"</f><v>Rust</v></c>',
        '<c r="B2"><f>1+1</f><v>2</v></c>',
    ]
    found = rows_of(tmp_path, xlsx(["titel", "contacturen"], cells))
    assert found.rows(0, 1)[0].values == {"titel": "Rust", "contacturen": "2"}


def error(place: str) -> str:
    return f'<c r="{place}" t="e"><v>#N/A</v></c>'


@pytest.mark.parametrize("cut_at", [None, 1, 3, 5])
def test_an_error_is_not_taken_for_an_empty_cell_wherever_it_stands(tmp_path: Path, cut_at: int | None) -> None:
    rows = sheet_rows([["titel", "doel"], ["", error("B2")]])
    before = str(xlsx_parts({"Blad1": rows})["xl/worksheets/sheet1.xml"]).index(' t="e"')
    padding = "" if cut_at is None else "x" * (CHUNK - before - cut_at)
    found = rows_of(tmp_path, xlsx(["titel", "doel"], [padding, error("B2")]))
    assert [bool(row.fault) for row in found.rows(0, 9)] == [True]


def test_an_error_in_one_row_is_told_of_that_row_and_the_others_are_read(tmp_path: Path) -> None:
    rows = [["a", "b", "c"], [error("A3"), error("B3"), "d"], [error("A4")], ["", "", ""], ["e", "f", "g"]]
    found = rows_of(tmp_path, xlsx(["titel", "doel", "Opmerking"], *rows)).rows(0, 9)
    assert [(row.line, row.values.get("titel"), bool(row.fault)) for row in found] == [
        (2, "a", False),
        (3, None, True),
        (4, None, True),
        (6, "e", False),
    ]
    assert "in cel A3 en cel B3." in found[1].fault


def test_an_error_that_is_not_read_does_not_matter(tmp_path: Path) -> None:
    sheets = {
        "Aantallen": sheet_rows([["per jaar"], [error("A2")]]),
        "Ons & aanbod": sheet_rows([["", error("B1")], [], ["titel", "", "Kleur"], ["a", error("B4"), error("C4")]]),
        "Oud": sheet_rows([["titel"], [error("A2")]]),
    }
    escaped = {name.replace("&", "&amp;"): rows for name, rows in sheets.items()}
    found = rows_of(tmp_path, zipped(xlsx_parts(escaped))).rows(0, 9)
    assert [(row.line, row.values) for row in found] == [(4, {"titel": "a", "kleur": ""})]


def test_errors_are_found_in_a_sheet_that_begins_to_the_right_and_is_written_otherwise(tmp_path: Path) -> None:
    wrong = "<c s='1' t = 'e' r='C6'><v>#N/A</v></c>"
    rows = f'<row r="4">{cell("C4", "titel")}</row><row r="6">{wrong}</row>'
    parts = xlsx_parts({"Blad1": rows})
    relations = str(parts["xl/_rels/workbook.xml.rels"]).replace('Target="', 'Target="/xl/')
    parts |= {"xl/_rels/workbook.xml.rels": relations}
    found = rows_of(tmp_path, zipped(parts)).rows(0, 9)
    assert [(row.line, "in cel C6." in row.fault) for row in found] == [(6, True)]


@pytest.mark.parametrize("text", ['<c t="e">', 'Vul in: t="e"', '<c r="A1" t="e"/>'])
def test_a_text_that_only_looks_like_an_error_is_read(tmp_path: Path, text: str) -> None:
    within = xlsx(["titel", "doel"], [cell("A2", text), "#N/A"])
    for content in (made_by_a_program(["titel", "doel"], [text, "#N/A"]), within):
        assert rows_of(tmp_path, content).rows(0, 1)[0].values == {"titel": text, "doel": "#N/A"}


def test_merged_cells_are_filled_in_their_first_cell(tmp_path: Path) -> None:
    parts = xlsx_parts({"Blad1": sheet_rows([["titel", "doel"], ["a"], ["", "b"]])})
    merged = '</sheetData><mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
    sheet = str(parts["xl/worksheets/sheet1.xml"]).replace("</sheetData>", merged)
    found = rows_of(tmp_path, zipped(parts | {"xl/worksheets/sheet1.xml": sheet}))
    assert [list(row.values.values()) for row in found.rows(0, 9)] == [["a", ""], ["", "b"]]


def test_days_of_old_macs_are_counted_from_1904(tmp_path: Path) -> None:
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "date_1904": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["titel", "startdatum"])
        sheet.write(1, 0, "a")
        sheet.write_datetime(1, 1, datetime(2027, 2, 1), workbook.add_format(DAY))  # noqa: DTZ001 -- of a sheet
    assert rows_of(tmp_path, content.getvalue()).rows(0, 1)[0].values["startdatum"] == "01-02-2027"


def test_a_part_with_a_path_outside_is_written_nowhere(tmp_path: Path) -> None:
    outside = f"../../../../../../../..{tmp_path}/outside"
    parts = xlsx_parts({"Blad1": sheet_rows([["titel"], ["a"]])}) | {outside: "x", str(tmp_path / "outside"): "x"}
    assert rows_of(tmp_path, zipped(parts)).count == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rows", "workbook"]


def test_a_long_text_that_comes_thousands_of_times_is_refused(tmp_path: Path) -> None:
    shared = f"<si><t>titel</t></si><si><t>{'x' * 900_000}</t></si>"
    rows = "".join(f'<row r="{line}"><c r="A{line}" t="s"><v>1</v></c></row>' for line in range(2, 30_000))
    first = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    with pytest.raises(UnreadableFile, match="te groot om te lezen"):
        rows_of(tmp_path, zipped(xlsx_parts({"Blad1": first + rows}, shared=shared)))


def test_what_cannot_be_stored_is_left_out_of_a_text(tmp_path: Path) -> None:
    assert rows_of(tmp_path, xlsx(["titel"], ["Ru_x0000_st_x000D_"])).rows(0, 1)[0].values == {"titel": "Rust\r"}


def test_texts_of_a_real_workbook_are_shared_and_rich(tmp_path: Path) -> None:
    shared = '<si><t>titel</t></si><si><r><t>Rust</t></r><r><t xml:space="preserve"> in de klas</t></r></si>'
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>'
    found = rows_of(tmp_path, zipped(xlsx_parts({"Blad1": rows}, shared=shared)))
    assert found.rows(0, 1)[0].values == {"titel": "Rust in de klas"}


def test_a_workbook_of_libreoffice_is_read(tmp_path: Path) -> None:
    typed = [
        f'<{CELL} office:value-type="string"><text:p>Rust</text:p><text:p>in de klas</text:p></{CELL}>',
        f'<{CELL} office:value-type="float" office:value="12.5"><text:p>12,5</text:p></{CELL}>',
        f'<{CELL} office:value-type="date" office:date-value="2027-02-01"/>',
        f'<{CELL} office:value-type="boolean" office:boolean-value="true"/>',
        f'<{CELL} table:number-columns-repeated="16380"/>',
    ]
    content = ods(["titel", "contacturen", "startdatum", "plaats"], typed)
    assert rows_of(tmp_path, content).rows(0, 9)[0].values == {
        "titel": "Rust\nin de klas",
        "contacturen": "12,5",
        "startdatum": "01-02-2027",
        "plaats": "ja",
    }


def ods_error(said: str, more: str = "") -> str:
    return f'<{CELL} {more} {said} calcext:value-type="error"><text:p>#DEEL/0!</text:p></{CELL}>'


EMPTY_TEXT, NOUGHT = 'office:value-type="string" office:string-value=""', 'office:value-type="float" office:value="0"'


@pytest.mark.parametrize("said", [EMPTY_TEXT, NOUGHT])
def test_an_error_of_libreoffice_is_not_taken_for_an_empty_cell_or_a_nought(tmp_path: Path, said: str) -> None:
    gap = f'<{CELL} table:number-columns-repeated="27"/>'
    rows = [["titel", "doel", "Kleur", gap, "plaats"], ["a", ods_error(said)], ["b", "", ods_error(said)]]
    rows += [["c", "", "", gap, ods_error(said)], [ods_error(said, 'table:number-columns-repeated="3"')], ["d"]]
    found = rows_of(tmp_path, ods(*rows)).rows(0, 9)
    assert [(row.line, row.values.get("titel")) for row in found] == [
        *[(2, None), (3, "b"), (4, None), (5, None), (6, "d")]
    ]
    named = [row.fault.partition("in cel ")[2].partition(".")[0] for row in found]
    assert named == ["B2", "", "AE4", "A5 en cel B5", ""]


def test_lines_that_libreoffice_writes_once_all_have_the_error(tmp_path: Path) -> None:
    def row(*cells: str, many: int = 1) -> str:
        return f'<{ROW} table:number-rows-repeated="{many}">{"".join(cells)}</{ROW}>'

    def text(said: str) -> str:
        return f'<{CELL} office:value-type="string"><text:p>{said}</text:p></{CELL}>'

    here = row(text("titel"), text("doel")) + row(many=3) + row(text("a"), ods_error(NOUGHT), many=2) + row(text("b"))
    other = row(text("x"), ods_error(NOUGHT))
    tables = (
        f'<table:table table:name="Uitleg">{other}</table:table><table:table table:name="R&amp;D">{here}</table:table>'
    )
    found = rows_of(tmp_path, zipped(ods_parts(tables + f'<table:table table:name="Oud">{other}</table:table>')))
    assert [(row.line, bool(row.fault)) for row in found.rows(0, 9)] == [(5, True), (6, True), (7, False)]


def test_more_errors_than_anybody_could_read_are_told_once(tmp_path: Path) -> None:
    wide, high = 'table:number-columns-repeated="1000"', 'table:number-rows-repeated="1000"'
    headings = f'<{ROW}><{CELL} office:value-type="string"><text:p>titel</text:p></{CELL}></{ROW}>'
    table = f"{headings}<{ROW} {high}>{ods_error(NOUGHT, wide)}</{ROW}>"
    with pytest.raises(UnreadableFile, match="Het werkblad ‘A’ heeft een cel met een fout"):
        rows_of(tmp_path, zipped(ods_parts(f'<table:table table:name="A">{table}</table:table>')))


def test_a_million_empty_rows_cost_nothing(tmp_path: Path) -> None:
    def filled(text: str) -> str:
        return f'<{ROW}><{CELL} office:value-type="string"><text:p>{text}</text:p></{CELL}></{ROW}>'

    def empty(many: int) -> str:
        return f'<{ROW} table:number-rows-repeated="{many}"><{CELL} table:number-columns-repeated="16384"/></{ROW}>'

    rows = filled("titel") + empty(3) + filled("a") + empty(1_048_571)
    table = f'<table:table table:name="A">{rows}</table:table>'
    found = rows_of(tmp_path, zipped(ods_parts(table)))
    assert [(row.line, row.values) for row in found.rows(0, 9)] == [(5, {"titel": "a"})]


@given(st.lists(st.lists(texts, min_size=2, max_size=2), min_size=1, max_size=4))
@settings(max_examples=12)
def test_any_table_comes_back_from_a_workbook(tmp_path_factory: pytest.TempPathFactory, table: list[list[str]]) -> None:
    wanted = [row for row in table if any(text.strip() for text in row)]
    content = made_by_a_program(["titel", "doel"], *[[(text,) for text in row] for row in table])
    if not wanted:
        return
    found = rows_of(tmp_path_factory.mktemp("table"), content)
    assert [list(row.values.values()) for row in found.rows(0, 9)] == wanted


def test_what_goes_wrong_here_is_not_blamed_on_the_workbook(tmp_path: Path) -> None:
    (tmp_path / "workbook").write_bytes(xlsx(["titel"], ["a"]))
    with pytest.raises(ChildProcessError, match="No such file"):
        confinement.read_workbook(tmp_path / "workbook", tmp_path / "gone" / "rows", 10)


def test_a_workbook_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "workbook").write_bytes(xlsx(["titel"], ["a"]))
    monkeypatch.setattr(confinement, "SECONDS", 0.001)
    with pytest.raises(UnreadableFile, match="te groot om te lezen"):
        to_rows(tmp_path / "workbook", tmp_path / "rows")
    assert [path.name for path in tmp_path.iterdir()] == ["workbook"]
