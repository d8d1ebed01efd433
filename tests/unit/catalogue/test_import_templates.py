import csv
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from catalogue.importing.columns import COLUMNS, column_name
from catalogue.importing.files import to_rows
from catalogue.importing.rows import OfferSchema, OwnOfferSchema
from catalogue.importing.tables import UnreadableFile
from catalogue.importing.templates import csv_template, xlsx_template
from tests.world import POLICY

OF_THE_REGISTER = {"kvk_nummer", "aanbieder", "register_uren"}
TEMPLATES = {"csv": csv_template, "xlsx": xlsx_template}


def headings(content: bytes) -> list[str]:
    return content.decode("utf-8-sig").splitlines()[0].split(";")


def sheet(content: bytes, name: str) -> list[list[str]]:
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name(name).iter_rows()
    return [[str(cell) for cell in row] for row in rows]


@pytest.mark.parametrize("own", [True, False])
def test_a_template_has_every_column_that_its_sender_fills(own: bool) -> None:
    wanted = [column.name for column in COLUMNS if not own or column.name not in OF_THE_REGISTER]
    assert headings(csv_template(POLICY, own=own)) == wanted
    assert [column_name(cell) for cell in sheet(xlsx_template(POLICY, own=own), "Activiteiten")[0]] == wanted


def test_columns_that_are_needed_are_marked() -> None:
    own, export = (sheet(xlsx_template(POLICY, own=is_own), "Activiteiten")[0] for is_own in (True, False))
    assert [name for name in own if "*" in name] == ["titel *"]
    assert [name for name in export if "*" in name] == ["kvk_nummer *", "aanbieder *", "titel *", "type *"]


@pytest.mark.parametrize("kind", TEMPLATES)
@pytest.mark.parametrize("own", [True, False])
def test_an_untouched_template_has_nothing_to_import(kind: str, own: bool, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(TEMPLATES[kind](POLICY, own=own))
    with pytest.raises(UnreadableFile, match="geen activiteiten"):
        to_rows(tmp_path / "file", tmp_path / "rows")


@pytest.mark.parametrize("own", [True, False])
def test_the_example_could_be_imported_under_another_title(own: bool) -> None:
    names, example = csv.reader(StringIO(csv_template(POLICY, own=own).decode("utf-8-sig")), delimiter=";")
    row = dict(zip(names, example, strict=True)) | {"titel": "Rust in de klas"}
    offer = (OwnOfferSchema(POLICY, own_kvk="90100011") if own else OfferSchema(POLICY)).load(row)
    assert offer.content.sectors == ("po", "vo")
    assert str(offer.content.hours.total) == "16.5"


def test_a_row_below_the_example_is_read_as_typed(tmp_path: Path) -> None:
    content = csv_template(POLICY) + b"K1;;Rekenen;Cursus;po;;;;;;12,5\r\n"
    width = len(headings(content))
    (tmp_path / "file").write_bytes(content.replace(b"12,5\r\n", b"12,5" + b";" * (width - 11) + b"\r\n"))
    rows = to_rows(tmp_path / "file", tmp_path / "rows")
    assert [(row.line, row.values["titel"], row.values["contacturen"]) for row in rows.rows(0, 9)] == [
        (3, "Rekenen", "12,5")
    ]


def test_the_workbook_explains_every_column_and_lists_the_choices() -> None:
    content = xlsx_template(POLICY)
    introduction, _, titles, *explained = sheet(content, "Uitleg")
    assert "VOORBEELD" in introduction[0]
    assert titles == ["Kolom", "Nodig", "Uitleg", "Voorbeeld", "Keuzes"]
    assert [column_name(row[0]) for row in explained] == headings(csv_template(POLICY))
    assert all(row[2].endswith(".") for row in explained)
    choices = {column_name(row[0]): row[4] for row in explained}
    assert choices["type"].split("\n") == [item.name for item in POLICY.types]
    assert [row[0] for row in sheet(content, "Keuzes")] == [item.name for item in POLICY.types]
    assert [row[1] for row in sheet(content, "Keuzes") if row[1]] == [item.code for item in POLICY.sectors]
