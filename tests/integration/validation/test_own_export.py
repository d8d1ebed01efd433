import csv
import io
import tracemalloc
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from catalogue.drafts import freeze, newest_version, save_draft
from catalogue.numbers import shown
from catalogue.recognitions import recognise_former
from core import clock
from core.db import transaction
from core.policy import Hours
from core.spreadsheets import CSV_TYPE, XLSX_TYPE, csv_portions
from tests.crowd import crowd
from tests.statements import count_statements
from tests.world import ACTOR, COMPLETE, NOW, POLICY, Person, World, provider_identity
from validation.own_export import COLUMNS, export_rows
from validation.own_filters import Wanted

LIST = "/aanbieder/activiteiten"
FORMULA = '=HYPERLINK("http://x.example";"Klik")'


def rows_of(response: TestResponse) -> list[dict[str, Any]]:
    """What a program reads out of the file, by column."""
    assert response.status_code == 200
    if response.headers["Content-Type"] == CSV_TYPE:
        text = response.get_data().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    assert response.headers["Content-Type"] == XLSX_TYPE
    book = CalamineWorkbook.from_filelike(BytesIO(response.get_data()))
    sheet: list[list[Any]] = book.get_sheet_by_name("Activiteiten").to_python()
    return [dict(zip(sheet[0], row, strict=True)) for row in sheet[1:]]


def exported(person: Person, kind: str, **query: Any) -> dict[str, dict[str, Any]]:
    return {row["Naam"]: row for row in rows_of(person.get(f"{LIST}/export.{kind}", **query))}


def test_a_published_activity_with_a_change_is_one_row_of_all_columns(world: World) -> None:
    activity = world.published(world.provider(), replace(COMPLETE, title="Eén", ends_on=date(2099, 2, 1)))
    number = world.number(activity)
    with transaction():
        later = replace(COMPLETE, title="Twee", contact_hours=Decimal(17), ends_on=date(2099, 2, 1))
        save_draft(activity, later, by=ACTOR, now=NOW)
    person = world.person(provider_identity())
    expected = {
        "Nummer": shown(number),
        "Oud nummer": "",
        "Naam": "Twee",
        "Soort": "Cursus",
        "Sectoren": "Primair onderwijs, Voortgezet onderwijs",
        "Opgegeven contacturen": "17",
        "Opgegeven zelfstudie-uren": "4,5",
        "Register-uren contact": "16",
        "Register-uren zelfstudie": "4,5",
        "Status": "Gepubliceerd",
        "Wijziging": "Wijziging in concept",
        "Startdatum": "",
        "Einddatum": "01-02-2099",
        "Uiterste datum": "",
        "Gewijzigd": "22-11-2026",
        "Openbare pagina": f"http://127.0.0.1:8000/activiteiten/{number}",
    }
    assert tuple(expected) == COLUMNS
    assert exported(person, "csv")["Twee"] == expected
    values: dict[str, Any] = {"Opgegeven contacturen": 17, "Opgegeven zelfstudie-uren": 4.5}
    values |= {
        "Register-uren contact": 16,
        "Register-uren zelfstudie": 4.5,
        "Einddatum": date(2099, 2, 1),
        "Gewijzigd": date(2026, 11, 22),
    }
    assert exported(person, "xlsx")["Twee"] == expected | values


def test_what_is_not_known_yet_is_empty(world: World) -> None:
    own = world.provider()
    case = world.submitted(own, replace(COMPLETE, title="Ingediend"))
    former = world.draft(own, replace(COMPLETE, title="Oud", contact_hours=None, sectors=()))
    with transaction():
        hours = Hours(Decimal(8), Decimal(0))
        recognise_former(freeze(newest_version(former), NOW), hours, number="Jf3sMx8aQe", valid_from=NOW.date())
    for kind in ("csv", "xlsx"):
        found = exported(world.person(provider_identity()), kind)
        assert case.due_on
        due_on = case.due_on if kind == "xlsx" else case.due_on.strftime("%d-%m-%Y")
        assert found["Ingediend"]["Uiterste datum"] == due_on
        assert {found["Ingediend"][name] for name in ("Nummer", "Register-uren contact", "Openbare pagina")} == {""}
        old = found["Oud"]
        assert [old[name] for name in ("Nummer", "Oud nummer", "Opgegeven contacturen", "Sectoren")] == [
            "",
            "Jf3sMx8aQe",
            "",
            "",
        ]
        assert old["Register-uren contact"] in {"8", 8}
        assert old["Status"] == "Concept"


@pytest.mark.parametrize("title", [FORMULA, "+31 6 12345678", "-2", "@SUM(A1)"])
def test_a_title_is_never_a_formula(world: World, title: str) -> None:
    world.draft(world.provider(), replace(COMPLETE, title=title))
    person = world.person(provider_identity())
    assert list(exported(person, "csv")) == [f"'{title}"]
    response = person.get(f"{LIST}/export.xlsx")
    assert list({row["Naam"] for row in rows_of(response)}) == [title]
    assert b"<f>" not in sheet_of(response.get_data())
    assert b"hyperlink" not in sheet_of(response.get_data())


def sheet_of(book: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(book)) as parts:
        return parts.read("xl/worksheets/sheet1.xml")


def test_a_workbook_opens_with_a_fixed_head_and_filters(world: World) -> None:
    world.draft(world.provider())
    book = world.person(provider_identity()).get(f"{LIST}/export.xlsx").get_data()
    assert b'state="frozen"' in sheet_of(book)
    assert b'<autoFilter ref="A1:P2"/>' in sheet_of(book)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_filtered_is_exported_from_all_pages_in_its_order(world: World, kind: str) -> None:
    own, other = world.provider(), world.provider("90100022")
    crowd(own.id, 600, today=clock.today())
    world.draft(other, replace(COMPLETE, title="Klas van een ander"))
    person = world.person(provider_identity())
    rows = rows_of(person.get(f"{LIST}/export.{kind}", status="gepubliceerd", q="klas", volgorde="-naam", pagina="3"))
    titles = [row["Naam"] for row in rows]
    assert len(titles) > 50
    assert titles == sorted(titles, reverse=True)
    assert {row["Status"] for row in rows} == {"Gepubliceerd"}
    assert len(rows_of(person.get(f"{LIST}/export.{kind}"))) == 600


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_has_a_name_and_is_not_shown_in_the_window(world: World, kind: str) -> None:
    world.provider()
    response = world.person(provider_identity()).get(f"{LIST}/export.{kind}")
    name = f"activiteiten-{clock.today()}.{kind}"
    assert response.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert rows_of(response) == []


@pytest.mark.no_cover
def test_5000_rows_need_no_more_memory_and_no_more_questions_than_1500(world: World) -> None:
    small, big = world.provider(), world.provider("90100022")
    crowd(small.id, 1500, today=NOW.date())
    crowd(big.id, 5000, today=NOW.date())

    def peak(provider_id: int) -> int:
        wanted = Wanted(provider_id=provider_id, today=NOW.date())
        tracemalloc.start()
        size = sum(len(portion) for portion in csv_portions(COLUMNS, export_rows(wanted, POLICY, str)))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert size > 50_000
        return found

    peak(small.id)  # once, so that what is kept for later is there
    assert peak(big.id) < 1.3 * peak(small.id)
    few, many = world.person(provider_identity()), world.person(provider_identity("90100022"))
    counts = [count_statements(lambda who=who: who.get(f"{LIST}/export.csv")) for who in (few, many)]  # type: ignore[misc]
    assert counts[0] == counts[1] <= 5
