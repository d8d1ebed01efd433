import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from catalogue.importing.batches import Problem
from catalogue.importing.service import import_offers
from catalogue.models import Activity, ImportedOffer, NumberPart, Recognition
from core.audit import AuditEntry
from core.db import db
from core.outbox import OutboxMessage
from providers.models import Provider
from tests.exports import HEADER, export
from tests.world import ACTOR, NOW, POLICY, World


def write(path: Path, *rows: dict[str, str], header: list[str] = HEADER) -> Path:
    path.write_bytes(export(*rows, header=header))
    return path


EXPORT = Path("../shared/data/registerleraar-export.csv")


def load(path: Path, **more: Any) -> tuple[Any, list[Problem]]:
    problems: list[Problem] = []
    report = import_offers(path, policy=POLICY, by=ACTOR, now=NOW, tell=problems.append, **more)
    assert report.read == report.created + report.unchanged + report.rejected
    return report, problems


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_an_offer_becomes_a_draft_with_its_old_number_and_hours(world: World, tmp_path: Path) -> None:
    report, problems = load(write(tmp_path / "export.csv", {}))
    assert (report.created, problems) == (1, [])
    provider = db.session.scalars(select(Provider)).one()
    assert (provider.origin, provider.admitted_at) == ("migrated", None)
    activity = db.session.scalars(select(Activity)).one()
    assert activity.state == "draft"
    version = activity.versions[0]
    assert version.title == "Lesgeven & leren"
    assert version.description == "Eerste alinea.\n- een\n- twee"
    recognition = activity.recognitions[0]
    assert (recognition.register, recognition.number) == ("registerleraar", "mpnQtC38Ft")
    assert str(recognition.hours.total) == "16.5"
    assert count(NumberPart) == 8


def test_a_second_run_changes_nothing(world: World, tmp_path: Path) -> None:
    path = write(
        tmp_path / "export.csv", {}, {"nummer_registerleraar": "", "titel": "Zonder nummer", "register_uren": ""}
    )
    assert load(path)[0].created == 2
    before = [(row.id, row.version) for row in db.session.scalars(select(Activity))]
    report, _ = load(path)
    assert (report.created, report.unchanged) == (0, 2)
    assert [(row.id, row.version) for row in db.session.scalars(select(Activity))] == before


def test_bad_rows_are_reported_with_line_and_column_and_good_rows_land(world: World, tmp_path: Path) -> None:
    path = write(
        tmp_path / "export.csv",
        {"titel": "Met\nregeleinde", "nummer_registerleraar": "a1"},
        {"kvk_nummer": "123", "contacturen": "veel", "nummer_registerleraar": "a2"},
        {"nummer_registerleraar": "a3"},
    )
    report, problems = load(path)
    assert (report.created, report.rejected) == (2, 1)
    assert {(problem.line, problem.column) for problem in problems} == {(5, "kvk_nummer"), (5, "contacturen")}


def test_a_changed_row_of_a_known_offer_is_rejected_and_not_overwritten(world: World, tmp_path: Path) -> None:
    load(write(tmp_path / "first.csv", {}))
    report, problems = load(write(tmp_path / "second.csv", {"titel": "Anders"}))
    assert (report.rejected, count(Activity)) == (1, 1)
    assert "al overgenomen" in problems[0].reason


def test_a_dry_run_reports_the_same_and_keeps_nothing(world: World, tmp_path: Path) -> None:
    path = write(tmp_path / "export.csv", {}, {"kvk_nummer": "x", "nummer_registerleraar": "b"})
    report, _ = load(path, dry_run=True)
    assert (report.created, report.rejected) == (1, 1)
    kept = (Activity, Provider, ImportedOffer, Recognition, AuditEntry, OutboxMessage)
    assert [count(table) for table in kept] == [0] * len(kept)


def test_one_offer_twice_in_one_file_lands_once(world: World, tmp_path: Path) -> None:
    report, _ = load(write(tmp_path / "export.csv", {}, {}))
    assert (report.created, report.unchanged) == (1, 1)


def test_memory_does_not_grow_with_the_file(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.importing.service.BATCH", 50)
    many = [{"nummer_registerleraar": f"n{number}", "doel": "x" * 10_000} for number in range(400)]
    bad = [row | {"kvk_nummer": "geen"} for row in many]
    load(write(tmp_path / "warm.csv", {"nummer_registerleraar": "warm"}))
    few, all_good, all_bad = (write(tmp_path / f"{len(rows)}.csv", *rows) for rows in (many[:100], many, bad + bad[:1]))
    least = peak(few)
    assert peak(all_good) < 1.5 * least, "keeping the texts would make it more than twice"
    assert peak(all_bad) < 1.5 * least


def test_one_old_number_at_two_providers_is_one_bad_row(world: World, tmp_path: Path) -> None:
    path = write(tmp_path / "export.csv", {}, {"kvk_nummer": "90000103"}, {"nummer_registerleraar": "ander"})
    report, problems = load(path)
    assert (report.created, report.rejected) == (2, 1)
    assert "andere aanbieder" in problems[0].reason
    report, _ = load(path)
    assert (report.unchanged, report.rejected) == (2, 1)


def test_a_dry_run_sees_a_double_row_over_batches(world: World, tmp_path: Path) -> None:
    rows = [{"nummer_registerleraar": f"n{number}"} for number in range(150)]
    path = write(tmp_path / "export.csv", *rows, rows[0])
    dry, _ = load(path, dry_run=True)
    real, _ = load(path)
    assert (dry.created, dry.unchanged) == (real.created, real.unchanged) == (150, 1)


def test_a_dry_run_sees_a_number_of_two_providers_over_batches(world: World, tmp_path: Path) -> None:
    rows = [{"nummer_registerleraar": f"n{number}"} for number in range(150)]
    path = write(tmp_path / "export.csv", *rows, {"nummer_registerleraar": "n0", "kvk_nummer": "90000103"})
    dry, _ = load(path, dry_run=True)
    real, _ = load(path)
    assert (dry.created, dry.rejected) == (real.created, real.rejected) == (150, 1)


def test_a_provider_that_signed_in_before_is_recognised(world: World, tmp_path: Path) -> None:
    provider = world.provider("90000102", admitted=False)
    world.confirmed(provider)
    assert db.session.get_one(Provider, provider.id).admitted_at is None
    load(write(tmp_path / "export.csv", {}))
    known = db.session.scalars(select(Provider)).one()
    assert (known.origin, known.admitted_at is not None) == ("migrated", True)


def peak(path: Path) -> int:
    tracemalloc.start()
    import_offers(path, policy=POLICY, by=ACTOR, now=NOW, tell=lambda _: None, dry_run=True)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def test_the_command_prints_a_report_that_adds_up(world: World, tmp_path: Path) -> None:
    path = write(tmp_path / "export.csv", {}, {"type": "onzin", "nummer_registerleraar": "q"})
    result = world.run("activities", "import", str(path))
    assert result.exit_code == 0
    assert "2 rijen gelezen = 1 aangemaakt + 0 ongewijzigd + 1 afgekeurd." in result.output
    assert "regel 4, kolom type: Onbekend" in result.output


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "leeg"),
        ("a;b\n1;2\n", "geen enkele kolomnaam"),
        ("titel;type\nEen;cursus\n", "deze kolommen ontbreken: kvk_nummer"),
        ("\n\n", "leeg"),
    ],
)
def test_a_file_that_does_not_fit_gets_one_sentence(world: World, tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "export.csv"
    path.write_text(content)
    result = world.run("activities", "import", str(path))
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_a_disk_that_cannot_be_written_is_told_without_a_traceback(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "export.csv", {})
    monkeypatch.setattr("tempfile.tempdir", "/dev/full")
    result = world.run("activities", "import", str(path))
    assert (result.exit_code, count(Activity)) == (1, 0)
    assert "lezen of schrijven lukt niet" in result.output
    assert "start opnieuw als dit is opgelost" in result.output


def test_unknown_columns_are_told_and_not_fatal(world: World, tmp_path: Path) -> None:
    path = write(tmp_path / "export.csv", {"kleur": "rood"}, header=[*HEADER, "kleur"])
    result = world.run("activities", "import", str(path))
    assert "Onbekende kolommen, niet gelezen: kleur." in result.output
    assert "1 aangemaakt" in result.output


if EXPORT.exists():  # elsewhere the other tests, which make their own, have to do

    def test_the_real_export_loses_nothing(world: World) -> None:
        report, problems = load(EXPORT)
        assert (report.read, report.created, problems) == (950, 950, [])
        assert count(Recognition) == 768
        assert load(EXPORT)[0].unchanged == 950
        texts = [
            text for row in db.session.execute(select(Activity)).scalars() for text in (row.versions[0].description,)
        ]
        assert not [text for text in texts if "<p" in text or "<br" in text or "&amp;" in text or "\u200b" in text]
