"""Reminders to the committee, as one mail a day to each member, and cases that leave the hands of who is not there."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core import clock
from core.access import Role
from core.db import db, transaction
from core.outbox import OutboxMessage
from tests.daily import arrived, count_of_everything, daily, deliver_everything, events_of, morning
from tests.mails import empty_mailbox, mails, part
from tests.policies import under_rules
from tests.world import NOW, World, member_identity, text_of
from validation.committee.members import set_away
from validation.committee.models import CommitteeMember, Tie
from validation.committee.stepping_back import step_back
from validation.daily.mailing import COMMITTEE_MAIL, letter_to
from validation.engine import staff_hand
from validation.handling import assign
from validation.models import Case
from validation.queries import locked_case

DUE = date(2027, 1, 19)  # of what was received on 22 November 2026
SOON = date(2027, 1, 12)  # five working days before
CHAIR = member_identity("visser", Role.CHAIR)
YILMAZ = member_identity("yilmaz")


def asked_mails() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(OutboxMessage).filter_by(kind=COMMITTEE_MAIL)) or 0


def member(key: str) -> CommitteeMember:
    db.session.rollback()
    return db.session.get_one(CommitteeMember, key)


def handler_of(case: Case) -> str:
    db.session.rollback()
    return db.session.get_one(Case, case.id).handler_name


@pytest.fixture
def case(world: World) -> Case:
    """Jansen's; both he and the chair can be reached and were there today."""
    arrived(SOON, email="jansen@register.example")
    arrived(SOON, CHAIR, email="visser@register.example")
    return world.claimed(world.submitted(world.provider()))


def test_who_has_the_case_is_reminded_once_some_working_days_before(world: World, case: Case) -> None:
    daily(SOON - timedelta(days=1))
    assert asked_mails() == 0
    assert daily(SOON) == []
    assert asked_mails() == 1
    assert events_of(case, "remind") == ["De beoordelaar is herinnerd aan de uiterste datum (19 januari 2027)."]
    before = count_of_everything()
    for day in (SOON, SOON + timedelta(days=1), DUE - timedelta(days=1)):
        daily(day)
    assert count_of_everything() == before
    assert asked_mails() == 1
    empty_mailbox(world)
    deliver_everything(world)
    (mail,) = mails(world)
    assert mail["To"] == "jansen@register.example"
    assert mail["Subject"] == "Herinnering: 1 zaak om te besluiten"
    for kind in ("plain", "html"):
        text = " ".join(part(mail, kind).split())
        assert "Klassenmanagement voor starters, Aanbieder 90100011: uiterlijk 19 januari 2027" in text
        assert f"/commissie/zaken/{case.id}" in text
        assert "op uw pagina met berichten" not in text


def test_the_chair_is_reminded_on_the_day_itself_and_every_week_after(world: World, case: Case) -> None:
    for number in range(15):
        daily(DUE + timedelta(days=number))
    assert events_of(case, "remind") == ["De voorzitter is herinnerd aan de uiterste datum (19 januari 2027)."] * 3
    assert asked_mails() == 3
    empty_mailbox(world)
    deliver_everything(world)
    assert {mail["To"] for mail in mails(world)} == {"visser@register.example"}


def test_another_due_date_is_reminded_of_anew_and_a_waiting_case_is_not(world: World, case: Case) -> None:
    daily(SOON)
    world.asked(case, now=morning(SOON))
    daily(DUE)
    assert len(events_of(case, "remind")) == 1


def test_several_cases_are_one_mail(world: World, case: Case) -> None:
    for number in range(3):
        world.claimed(world.submitted(world.provider(f"9010002{number}")))
    daily(SOON)
    assert asked_mails() == 1
    letter = letter_to(member(member_identity().account_key), SOON, "1")
    assert letter
    assert letter.subject == "Herinnering: 4 zaken om te besluiten"
    assert len(letter.paragraphs) == 5


def test_who_has_no_address_gets_nothing_and_is_not_said_to_be_reminded(world: World) -> None:
    arrived(SOON)
    case = world.claimed(world.submitted(world.provider()))
    assert daily(SOON) == []
    assert (asked_mails(), events_of(case, "remind")) == (0, [])


def test_a_mail_names_nothing_that_its_reader_must_not_see(world: World, case: Case) -> None:
    other = world.claimed(world.submitted(world.provider("90100022")))
    daily(DUE)
    late = DUE + timedelta(days=1)
    chair = member(CHAIR.account_key)
    letter = letter_to(chair, late, "1")
    assert letter
    assert len(letter.paragraphs) == 3
    with transaction():
        db.session.add(
            Tie(member=CHAIR.account_key, kvk_number="90100022", from_on=DUE, until_on=None, recorded_at=morning(late))
        )
    letter = letter_to(chair, late, "1")
    assert letter
    assert "90100022" not in str(letter)
    assert "90100011" in str(letter)
    with transaction():
        step_back(locked_case(case.id), "Familie.", by=CHAIR, now=morning(late))
    assert letter_to(chair, late, "1") is None
    empty_mailbox(world)
    deliver_everything(world)
    assert mails(world) == [], "what was asked for before the tie is looked at again when it is sent"
    daily(late + timedelta(days=6))
    assert len(events_of(other, "remind")) == 1, "a chair who must not see it is not reminded of it"


def test_a_long_list_names_the_most_urgent_and_counts_the_others(
    world: World, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("validation.daily.due_cases.MOST", 1)
    world.submitted(world.provider("90100022"))
    letter = letter_to(member(CHAIR.account_key), DUE, "1")
    assert letter
    assert str(letter.paragraphs[-1]) == "Er zijn er nog 1. Die vindt u bij ‘Te beoordelen’."


def test_the_handler_reads_in_the_case_that_there_was_a_reminder_and_the_provider_does_not(
    world: World, case: Case
) -> None:
    daily(SOON)
    page = text_of(world.person(member_identity()).get(f"/commissie/zaken/{case.id}"))
    assert "Herinnering verstuurd" in page


def test_on_the_first_day_of_an_absence_cases_go_back_to_the_queue(world: World, case: Case) -> None:
    with transaction():
        row = db.session.get_one(CommitteeMember, member_identity().account_key)
        set_away(row, date(2026, 12, 1), date(2026, 12, 24), by=member_identity(), now=NOW)
    daily(date(2026, 11, 30))
    assert handler_of(case) == "Jansen"
    assert daily(date(2026, 12, 1)) == []
    assert handler_of(case) == ""
    assert events_of(case, "release") == ["Afwezig"]


def test_who_does_not_come_for_long_loses_the_case_to_the_queue(world: World) -> None:
    arrived(NOW.date())
    case = world.claimed(world.submitted(world.provider()))
    daily(date(2026, 12, 13))
    assert handler_of(case) == "Jansen"
    assert daily(date(2026, 12, 14)) == []
    assert handler_of(case) == ""
    assert events_of(case, "release") == ["Lang niet ingelogd"]
    before = count_of_everything()
    daily(date(2026, 12, 14))
    assert count_of_everything() == before


def test_what_was_just_given_to_somebody_stays_for_as_long(world: World) -> None:
    row, case = arrived(date(2026, 10, 1)), world.submitted(world.provider())
    with transaction():
        found = locked_case(case.id)
        assign(found, world.policies.named(found.policy_id), row, by=staff_hand(found, CHAIR), now=NOW)
    daily(date(2026, 12, 13))
    assert handler_of(case) == "Jansen"
    daily(date(2026, 12, 14))
    assert handler_of(case) == ""


def test_the_other_assessor_goes_on(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    under_rules(world, monkeypatch, tmp_path / "rules", ("assessors = 1", "assessors = 2"))
    arrived(NOW.date())
    arrived(date(2026, 12, 10), YILMAZ)
    case = world.claimed(world.claimed(world.submitted(world.provider())), YILMAZ)
    daily(date(2026, 12, 14))
    assert handler_of(case) == "Yilmaz"
    assert db.session.get_one(Case, case.id).state == "in_review"


def test_a_tie_that_begins_today_takes_the_case_away(world: World, case: Case) -> None:
    begins = date(2026, 12, 1)
    with transaction():
        db.session.add(
            Tie(
                member=member_identity().account_key,
                kvk_number="90100011",
                from_on=begins,
                until_on=None,
                recorded_at=NOW,
            )
        )
    daily(begins - timedelta(days=1))
    assert handler_of(case) == "Jansen"
    assert daily(begins) == []
    assert handler_of(case) == ""
    assert events_of(case, "release") == ["Belang bij de aanbieder"]


def test_the_mail_of_today_leaves_with_the_others(world: World) -> None:
    now = clock.now()
    arrived(clock.day_of(now), CHAIR, email="visser@register.example")
    world.submitted(world.provider(), now=now - timedelta(days=200))
    empty_mailbox(world)
    daily(clock.day_of(now - timedelta(days=1)))
    (mail,) = mails(world)
    assert "werkdagen te laat), nog bij niemand" in " ".join(part(mail, "plain").split())
