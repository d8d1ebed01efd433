"""Another table of school holidays: every open term is counted anew, once."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.db import db, transaction
from core.policy.loading import load_policies
from tests.daily import count_of_everything, daily, events_of, told
from tests.policies import rules_with
from tests.statements import count_statements
from tests.world import NOW, World
from validation.daily.models import CountedCalendar
from validation.models import Case

TODAY = date(2026, 11, 24)
FILE = "school-holidays.csv"


def other_table(world: World, patch: pytest.MonkeyPatch, folder: Path, *changes: tuple[str, str]) -> None:
    rules_with(folder)
    text = (folder / FILE).read_text("utf-8")
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    (folder / FILE).write_text(text, "utf-8")
    patch.setitem(world.app.extensions, "policies", load_policies(folder))


def again(case: Case) -> Case:
    db.session.rollback()
    return db.session.get_one(Case, case.id)


@pytest.fixture
def case(world: World) -> Case:
    """A case of which the register knows that it was counted with the table as it is."""
    case = world.submitted(world.provider())
    assert daily(NOW.date()) == []
    assert db.session.scalar(select(CountedCalendar.digest))
    return case


def test_the_same_table_computes_nothing(world: World, case: Case) -> None:
    before = count_of_everything()
    daily(TODAY)
    few = count_statements(lambda: daily(TODAY))
    for number in range(5):
        world.submitted(world.provider(f"9010002{number}"))
    assert count_statements(lambda: daily(TODAY)) == few
    assert (count_of_everything()[0], again(case).version) == (before[0] + 5, 1)


def test_a_later_holiday_moves_the_due_date_and_everybody_is_told(
    world: World, case: Case, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    decided = world.decided(world.submitted(world.provider("90100022")))
    other_table(
        world,
        monkeypatch,
        tmp_path / "rules",
        ("2026-12-19,2027-01-03", "2026-12-12,2026-12-27"),
        ("2027-02-13", "2027-01-16"),
        ("2027-02-21", "2027-01-24"),
    )
    assert daily(TODAY) == []
    due_on = again(case).due_on
    assert due_on
    assert due_on > date(2027, 1, 19)
    (text,) = events_of(case, "recompute")
    assert "(was 19 januari 2027), want de vakantietabel is gewijzigd." in text
    assert told(case) == ["Andere uiterste datum voor ‘Klassenmanagement voor starters’"]
    assert events_of(decided, "recompute") == []
    before = count_of_everything()
    daily(TODAY)
    assert count_of_everything() == before


def test_another_sum_with_the_same_due_date_is_kept_and_not_told(
    world: World, case: Case, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with transaction():
        found = db.session.get_one(Case, case.id)
        found.term = found.term | {"parts": [[42, ""], [16, "vakantie"]]}
        db.session.delete(db.session.get_one(CountedCalendar, 1))
    assert daily(TODAY) == []
    assert "kerstvakantie" in str(again(case).term)
    assert told(case) == []
    assert events_of(case, "recompute")[0].startswith("De uiterste datum blijft 19 januari 2027 (ontvangen")


def test_while_a_question_is_open_nobody_hears_of_a_due_date_that_its_answer_will_move(
    world: World, case: Case, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    world.asked(case)
    before = again(case).due_on
    later = (
        ("2026-12-19,2027-01-03", "2026-12-12,2026-12-27"),
        ("2027-02-13", "2027-01-16"),
        ("2027-02-21", "2027-01-24"),
    )
    other_table(world, monkeypatch, tmp_path / "rules", *later)
    letters = told(case)
    assert daily(NOW.date() + timedelta(days=1)) == []
    assert again(case).due_on != before
    assert (events_of(case, "recompute"), told(case)) == ([], letters)
