"""Importing on the site: check, take over, stop, report; each sees its own."""

import csv
import io
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from catalogue.importing.models import ImportProblem
from catalogue.importing.report import harmless
from catalogue.models import Activity, ActivityVersion, ImportedOffer, Recognition
from core import clock
from core.audit import AuditEntry, verify
from core.db import db
from core.jobs import Job
from core.outbox import deliver_one
from providers.models import Provider
from tests.exports import export, messy_export, own_file
from tests.importer import BUREAU, Importer, provider_importer
from tests.statements import count_statements
from tests.workbooks import ods, xlsx
from tests.world import World, member_identity, provider_identity, text_of

LANDED = (Activity, ActivityVersion, ImportedOffer, Recognition)
TWO = export({}, {"nummer_registerleraar": "b2", "titel": "Tweede"})


def count(*models: type) -> list[int]:
    db.session.rollback()
    return [db.session.scalar(select(func.count()).select_from(model)) or 0 for model in models]


def titles() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(ActivityVersion.title).order_by(ActivityVersion.id)))


def test_the_bureau_checks_a_file_and_takes_it_over(world: World) -> None:
    bureau = Importer(world)
    check = bureau.checked(export({}, {"nummer_registerleraar": "b2", "type": "workshop"}))
    assert bureau.outcome(check) == "De controle is klaar: 1 nieuw, 0 ongewijzigd, 1 afgekeurd."
    assert count(*LANDED, Provider) == [0] * 5
    landing = bureau.take_over(check)
    bureau.work()
    assert bureau.outcome(landing) == "De import is klaar: 1 overgenomen, 0 ongewijzigd, 1 afgekeurd."
    assert count(*LANDED, Provider) == [1] * 5
    assert db.session.scalars(select(ImportedOffer.origin)).one() == "former"
    assert db.session.scalars(select(ActivityVersion.frozen_at)).one()
    assert verify().broken_at is None


def test_the_same_file_twice_changes_nothing(world: World) -> None:
    bureau = Importer(world)
    bureau.landed(messy_export(40, wrong=2))
    before = [
        list(db.session.execute(select(model.__table__).order_by(*model.__table__.primary_key))) for model in LANDED
    ]
    check = bureau.checked(messy_export(40, wrong=2))
    assert bureau.outcome(check) == "De controle is klaar: 0 nieuw, 38 ongewijzigd, 2 afgekeurd."
    assert "Overnemen" not in bureau.person.get(check).text
    assert bureau.take_over(check) == check  # nothing to press, and nothing happens for who does
    assert before == [
        list(db.session.execute(select(model.__table__).order_by(*model.__table__.primary_key))) for model in LANDED
    ]


def test_the_report_names_line_column_value_and_reason(world: World) -> None:
    bureau = Importer(world)
    wrong = {"contacturen": "=HYPERLINK(1)", "nummer_registerleraar": "c3"}
    check = bureau.checked(export({"titel": "Met\nregeleinde"}, wrong, {"kvk_nummer": "90000103"}))
    report = bureau.report(check)
    assert report[0] == "regel;kolom;waarde;reden"
    assert report[1].startswith("5;contacturen;'=HYPERLINK(1);")
    assert report[2].startswith("7;nummer_registerleraar;mpnQtC38Ft;Dit nummer staat al op regel 2 van dit bestand")
    page = text_of(bureau.person.get(check))
    assert "Afgekeurd" in page
    assert "5 contacturen =HYPERLINK(1)" in page
    response = bureau.person.get(f"{check}/verslag.csv")
    assert response.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in response.headers["Content-Disposition"]


@pytest.mark.parametrize("cell", ["=1+1", "+31", "-2", "@SUM(1)", "\tx", "\rx"])
def test_no_cell_of_a_report_is_a_formula(world: World, cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless("veilig=1") == "veilig=1"


def test_a_check_that_is_stopped_keeps_nothing(world: World) -> None:
    bureau = Importer(world)
    check = bureau.upload(TWO).headers["Location"]
    assert "Het bestand wordt gelezen." in bureau.person.get(check).text
    assert bureau.person.post(f"{check}/stoppen").status_code == 303
    bureau.work()
    assert bureau.outcome(check) == "De controle is gestopt."
    assert "Er is niets bewaard." in bureau.person.get(check).text
    assert count(*LANDED, ImportProblem) == [0] * 5
    assert bureau.take_over(check) == check


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows per message."""
    monkeypatch.setattr("catalogue.importing.running.BATCH", 2)
    monkeypatch.setattr("core.jobs.SECONDS", 0)


def test_what_landed_before_stopping_stays_and_the_same_file_goes_on_from_there(world: World, slow: None) -> None:
    bureau, content = Importer(world), messy_export(9)
    check = bureau.checked(content)
    landing = bureau.take_over(check)
    handlers = world.app.extensions["outbox_handlers"]
    assert deliver_one(handlers, clock.now())
    assert deliver_one(handlers, clock.now())
    page = bureau.person.get(f"{landing}/voortgang").text
    assert '<progress aria-label="Voortgang" value="4" max="9">' in page
    assert "4 overgenomen" in text_of(bureau.person.get(landing))
    bureau.person.post(f"{landing}/stoppen")
    bureau.work()
    assert count(Activity) == [4]
    assert "Wij waren bij rij 4 van 9. Wat al is overgenomen, blijft staan." in bureau.person.get(landing).text
    again = bureau.landed(content)
    assert bureau.outcome(again) == "De import is klaar: 5 overgenomen, 4 ongewijzigd, 0 afgekeurd."
    assert count(Activity, ImportedOffer) == [9, 9]


def test_a_double_is_seen_over_batches_and_both_steps_say_the_same(world: World, slow: None) -> None:
    bureau = Importer(world)
    rows = [{"nummer_registerleraar": f"n{number}"} for number in range(5)]
    check = bureau.checked(
        export(*rows, rows[0], {**rows[1], "titel": "Anders"}, {**rows[2], "kvk_nummer": "90000103"})
    )
    assert bureau.outcome(check) == "De controle is klaar: 5 nieuw, 1 ongewijzigd, 2 afgekeurd."
    landing = bureau.take_over(check)
    bureau.work()
    assert bureau.outcome(landing) == "De import is klaar: 5 overgenomen, 1 ongewijzigd, 2 afgekeurd."
    first, second = bureau.report(check)[1:], bureau.report(landing)[1:]
    assert first[0] == second[0]
    assert "regel 4 van dit bestand, met een andere inhoud" in first[0]
    assert "andere aanbieder" in first[1]
    assert "andere aanbieder" in second[1]


def test_taking_over_is_begun_once_however_often_it_is_pressed(world: World) -> None:
    bureau = Importer(world)
    check = bureau.checked(TWO)
    assert bureau.take_over(check) == bureau.take_over(check)
    bureau.work()
    assert count(Activity, Job) == [2, 2]
    assert "Bekijk de overname van dit bestand" in bureau.person.get(check).text
    landing = bureau.take_over(check)
    assert bureau.take_over(landing) == landing, "of a landing nothing more can be taken over"
    assert count(Activity, Job) == [2, 2]


def test_one_import_at_a_time(world: World) -> None:
    bureau = Importer(world)
    bureau.upload(TWO)
    response = bureau.upload(TWO)
    assert response.status_code == 409
    assert "Er loopt al een import." in response.text
    assert provider_importer(world).address
    world.provider()
    assert provider_importer(world).upload(own_file({})).status_code == 303, "another one's import is in nobody's way"


def test_the_file_is_kept_under_no_name_of_its_own_and_no_longer_than_needed(world: World) -> None:
    folder = world.app.extensions["settings"].instance / "imports"
    before = set(folder.glob("*"))
    bureau = Importer(world)
    check = bureau.checked(TWO, "../../etc/<b>geheim</b>.csv")
    kept = list(set(folder.glob("*")) - before)
    assert len(kept) == 1
    assert kept[0].stat().st_mode & 0o777 == 0o700
    assert (kept[0] / "source").stat().st_mode & 0o777 == 0o600
    assert "<b>geheim" not in bureau.person.get(check).text
    assert "geheim" not in str(kept)
    bureau.take_over(check)
    bureau.work()
    assert not kept[0].exists()


def test_a_new_file_takes_the_place_of_the_one_that_waits(world: World) -> None:
    bureau = Importer(world)
    first = bureau.checked(TWO)
    assert ">Overnemen<" in bureau.person.get(first).text
    second = bureau.checked(TWO)
    assert ">Overnemen<" not in bureau.person.get(first).text
    response = bureau.person.post(f"{first}/overnemen")
    assert "Het bestand is niet meer bewaard." in bureau.person.get(response.headers["Location"]).text
    assert count(Activity) == [0]
    bureau.take_over(second)
    bureau.work()
    assert count(Activity) == [2]


def test_without_a_file_the_form_says_so(world: World) -> None:
    for data in ({}, {"file": "geen bestand"}):
        response = Importer(world).person.post("/commissie/import", data)
        assert response.status_code == 422
        assert "Kies een bestand." in response.text


def test_a_file_that_is_no_list_gets_one_sentence(world: World) -> None:
    bureau = Importer(world)
    check = bureau.checked(b"\x89PNG\r\n\x1a\n\0\0\0", "foto.csv")
    assert "Dit bestand kunnen wij niet controleren" in bureau.person.get(check).text
    incomplete = bureau.checked(b"titel;type\r\nEen;cursus\r\n")
    assert "deze kolommen ontbreken: kvk_nummer, aanbieder" in bureau.outcome(incomplete)
    assert count(*LANDED) == [0] * 4


def test_unknown_columns_are_named(world: World) -> None:
    bureau = Importer(world)
    check = bureau.checked(b"\xef\xbb\xbf" + export({}).decode("utf-8-sig").replace("vakgebied", "kleur").encode())
    assert "Wij hebben ze niet gelezen: kleur." in bureau.person.get(check).text


def test_everybody_sees_only_their_own_imports(world: World) -> None:
    for number in ("90100011", "90100022"):
        world.provider(number)
    bureau, one, other = Importer(world), provider_importer(world), provider_importer(world, "90100022")
    of_one, of_bureau = one.checked(own_file({})), bureau.checked(TWO)
    foreign = [
        (other, of_one),
        (bureau, of_one.replace(one.address, bureau.address)),
        (one, of_bureau.replace(bureau.address, one.address)),
    ]
    for importer, address in foreign:
        for ending in ("", "/voortgang", "/verslag.csv"):
            assert importer.person.get(address + ending).status_code == 404
        for ending in ("/overnemen", "/stoppen"):
            assert importer.person.post(address + ending).status_code == 404
        assert "export.csv" not in importer.person.get(importer.address).text or importer is not other
    committee = world.person(member_identity())
    assert committee.get("/commissie/import").status_code == 403
    assert "Import</a>" not in committee.get("/commissie").text
    assert "Import</a>" in bureau.person.get("/commissie").text


def test_a_colleague_sees_and_stops_what_another_began(world: World) -> None:
    world.provider()
    one = provider_importer(world)
    colleague = Importer(world, provider_identity(subject="colleague", editor=True))
    check = one.upload(own_file({})).headers["Location"]
    assert "Het bestand wordt gelezen." in colleague.person.get(check).text
    assert colleague.upload(own_file({})).status_code == 409
    assert colleague.person.post(f"{check}/stoppen").status_code == 303
    one.work()
    assert one.outcome(check) == "De controle is gestopt."


def test_the_pages_ask_the_database_a_fixed_number_of_things(world: World) -> None:
    bureau = Importer(world)
    few = bureau.checked(export({"type": "x"}))
    few_statements = [
        count_statements(lambda: bureau.person.get(bureau.address)),
        count_statements(lambda: bureau.person.get(few)),
    ]
    many = bureau.checked(export(*[{"type": "x"}] * 30))
    assert few_statements == [
        count_statements(lambda: bureau.person.get(bureau.address)),
        count_statements(lambda: bureau.person.get(many)),
    ]
    assert "De eerste 20 van 30 redenen." in bureau.person.get(many).text
    assert len(bureau.report(many)) == 31


def test_of_endless_reasons_the_first_are_kept_and_the_page_says_so(
    world: World, slow: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalogue.importing.running.MOST_REASONS", 5)
    monkeypatch.setattr("catalogue.import_pages.MOST_REASONS", 5)
    bureau = Importer(world)
    check = bureau.checked(export(*[{"type": "x", "contacturen": "x"}] * 4))
    assert bureau.outcome(check).endswith("0 nieuw, 0 ongewijzigd, 4 afgekeurd.")
    assert [line.split(";")[0] for line in bureau.report(check)[1:]] == ["2", "2", "4", "4", "6"]
    page = text_of(bureau.person.get(check))
    assert "De eerste 5 van 8 redenen. Download het verslag (CSV) . Daarin staan de eerste 5: verbeter die" in page


def test_the_reports_of_the_last_imports_are_kept(world: World) -> None:
    bureau = Importer(world)
    world.provider()
    other = provider_importer(world)
    of_other = other.checked(own_file({"type": "x"}))
    checks = [bureau.checked(export({"type": "x"})) for _ in range(11)]
    assert [len(bureau.report(check)) - 1 for check in checks] == [0] + [1] * 10
    assert "0 nieuw, 0 ongewijzigd, 1 afgekeurd" in bureau.outcome(checks[0])
    assert len(other.report(of_other)) == 2


def test_a_batch_asks_the_database_a_fixed_number_of_things(world: World) -> None:
    def statements(content: bytes) -> int:
        bureau = Importer(world)
        bureau.take_over(bureau.checked(content))
        return count_statements(bureau.work)

    rows = [{"nummer_registerleraar": f"nr{number}"} for number in range(80)]
    warm = statements(export({}))
    assert statements(export(*rows[:2])) == statements(export(*rows[2:]))
    assert warm < 40


def test_what_an_import_did_is_in_the_audit_trail_under_who_started_it(world: World) -> None:
    Importer(world).landed(TWO)
    actors = set(db.session.execute(select(AuditEntry.actor, AuditEntry.origin).filter_by(action="activity.created")))
    assert actors == {(BUREAU.account_key, "worker")}
    started = db.session.scalars(select(AuditEntry.actor).filter_by(action="job.started")).all()
    assert started == [BUREAU.account_key] * 2


def test_the_templates_can_be_downloaded(world: World) -> None:
    world.provider()
    for importer in (Importer(world), Importer(world, provider_identity(editor=True))):
        for name in ("sjabloon.csv", "sjabloon.xlsx"):
            response = importer.person.get(f"{importer.address}/{name}")
            assert response.status_code == 200
            assert len(response.data) > 10
            assert "attachment" in response.headers["Content-Disposition"]


@pytest.mark.parametrize("make", [xlsx, ods])
def test_a_workbook_is_imported_as_well(world: World, make: Callable[..., bytes]) -> None:
    world.provider()
    importer = provider_importer(world)
    header, row = ["Eigen sleutel", "Titel *", "Type", "Contacturen"], ["KM-1", "Rust in de klas", "Cursus", "12,5"]
    landing = importer.landed(make(header, row, ["KM-2", "", "Cursus", "veel"]), "lijst.xlsx")
    assert importer.outcome(landing) == "De import is klaar: 1 overgenomen, 0 ongewijzigd, 1 afgekeurd."
    assert titles() == ["Rust in de klas"]
    assert [line.split(";")[:2] for line in importer.report(landing)[1:]] == [["3", "titel"], ["3", "contacturen"]]


def test_of_a_workbook_with_an_error_in_a_cell_the_other_rows_land(world: World) -> None:
    world.provider()
    importer = provider_importer(world)
    rows = ["titel", "doel"], ["Rust in de klas", "Rust"], ["Orde", '<c r="B3" t="e"><v>#N/A</v></c>']
    landing = importer.landed(xlsx(*rows), "lijst.xlsx")
    assert importer.outcome(landing) == "De import is klaar: 1 overgenomen, 0 ongewijzigd, 1 afgekeurd."
    [line] = importer.report(landing)[1:]
    assert line.startswith("3;")
    assert "in cel B3." in line


ROWS = [
    ["titel", "Type", "Contacturen", "Startdatum", "KvK-nummer", "Nummer RegisterLeraar", "Omschrijving"],
    ["Rust in de klas", "Cursus", "12,50", "01-02-2027", "90100011", "ff6pdyhXP4", "Eén <b>reden</b>."],
    ["Zonder nummer", "Overige activiteit binnen de school", "1.234,5", "1 maart 2027", "90100011", "", "Drie"],
]
OTHERWISE = [
    [" TITEL *", "type", "contacturen", "startdatum", "kvk_nummer", "nummer_registerleraar", "omschrijving"],
    [" Rust in <i>de</i> klas ", "cursus", "12.5", "2027-02-01", "90100011 ", "ff6pdyhXP4", "E&eacute;n reden. "],
    ["Zonder nummer", "overig-binnen-school", "1234.5", "1/3/2027", "90100011", "", " Drie "],
]
REST = ("Aanbieder", "Zelfstudie uren"), ("Academie De Brug", "0")


def reversed_csv(*rows: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(row[::-1] for row in rows)
    return text.getvalue().encode("utf-16")


@pytest.mark.parametrize("entrance", ["bureau", "provider"])
@pytest.mark.parametrize("make", [reversed_csv, xlsx, ods])
def test_the_same_offers_in_another_notation_are_unchanged(
    world: World, entrance: str, make: Callable[..., bytes]
) -> None:
    world.provider()
    importer = Importer(world) if entrance == "bureau" else provider_importer(world)
    first, second = ([[*row, *REST[at > 0]] for at, row in enumerate(rows)] for rows in (ROWS, OTHERWISE))
    if entrance == "provider":
        first, second = ([row[:5] + row[6:] for row in rows] for rows in (first, second))
    landing = importer.landed(xlsx(*first))
    assert importer.outcome(landing) == "De import is klaar: 2 overgenomen, 0 ongewijzigd, 0 afgekeurd."
    check = importer.checked(make(*second))
    assert importer.outcome(check) == "De controle is klaar: 0 nieuw, 2 ongewijzigd, 0 afgekeurd."


def test_a_filled_template_is_understood(world: World) -> None:
    """The example in it is passed over."""
    bureau = Importer(world)
    template = bureau.person.get(f"{bureau.address}/sjabloon.csv").data.decode("utf-8-sig")
    names = template.splitlines()[0].split(";")
    filled = {"kvk_nummer": "90000102", "aanbieder": "Stichting", "titel": "Een titel", "type": "Cursus"}
    filled |= {"contacturen": "12", "zelfstudie_uren": "0"}
    check = bureau.checked((template + ";".join(filled.get(name, "") for name in names)).encode())
    assert bureau.outcome(check) == "De controle is klaar: 1 nieuw, 0 ongewijzigd, 0 afgekeurd."
