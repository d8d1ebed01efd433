"""Questions that get no answer: the reminder before the last day, and what happens after it."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from catalogue.models import Activity
from core.audit import AuditEntry
from core.db import db, transaction
from providers.models import Provider, ProviderMessage
from tests.daily import count_of_everything, daily, events_of, told
from tests.policies import under_rules
from tests.world import ACTOR, COMPLETE, NOW, World, member_identity, provider_identity, text_of
from validation.admission import register
from validation.models import Case
from validation.states import Outcome

LAST = date(2026, 12, 7)  # of fourteen days after 22 November, the next one that is no Sunday
AFTER = date(2026, 12, 8)
SHORT = f"‘{COMPLETE.title}’"
WITHOUT = (
    "Antwoord uiterlijk 7 december 2026. Krijgen wij dan geen antwoord, dan gaat de commissie verder met wat er is."
)
CLOSES = ('unanswered = "resume"', 'unanswered = "close"')


def case_again(case: Case) -> Case:
    db.session.rollback()
    return db.session.get_one(Case, case.id)


def last_message() -> ProviderMessage:
    return db.session.scalars(select(ProviderMessage).order_by(ProviderMessage.id.desc()).limit(1)).one()


@pytest.fixture
def asked(world: World) -> Case:
    case = world.asked(world.submitted(world.provider()))
    assert case.open_question
    assert case.open_question.answer_by == LAST
    return case


def test_the_provider_is_reminded_once_some_days_before_the_last_one(world: World, asked: Case) -> None:
    daily(date(2026, 12, 3))
    assert told(asked) == [f"De commissie heeft een vraag over {SHORT}"]
    assert daily(date(2026, 12, 4)) == []
    message = last_message()
    assert message.subject == f"Herinnering: de commissie heeft een vraag over {SHORT}"
    assert message.paragraphs[1:] == [
        "Wie geeft de cursus?",
        WITHOUT,
    ]
    assert message.link == f"/aanbieder/activiteiten/{asked.activity_id}/vraag"
    assert events_of(asked, "remind") == ["De aanbieder is herinnerd aan de vraag. Antwoord uiterlijk 7 december 2026."]
    before = count_of_everything()
    for day in (date(2026, 12, 4), date(2026, 12, 5), LAST):
        daily(day)
    assert count_of_everything() == before
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.position)).all()
    assert actions[-1] == "case.reminded"


def test_a_reminder_of_a_missed_day_is_made_up(world: World, asked: Case) -> None:
    daily(LAST)
    assert len(events_of(asked, "remind")) == 1


def test_a_question_of_today_is_still_fresh(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    under_rules(world, monkeypatch, tmp_path / "rules", ("remind_days = 3", "remind_days = 30"))
    case = world.asked(world.submitted(world.provider()))
    daily(NOW.date())
    assert events_of(case, "remind") == []
    daily(date(2026, 11, 23))
    assert len(events_of(case, "remind")) == 1


def test_without_an_answer_the_committee_goes_on_the_day_after(world: World, asked: Case) -> None:
    daily(LAST)
    assert case_again(asked).state == "waiting_for_provider"
    assert daily(AFTER) == []
    case = case_again(asked)
    assert (case.state, case.questions[0].lapsed_on) == ("in_review", LAST)
    message = last_message()
    assert message.subject == f"U hebt de vraag over {SHORT} niet op tijd beantwoord"
    assert "gaat verder met wat er is" in message.paragraphs[1]
    assert message.paragraphs[2].startswith("U krijgt uiterlijk 3 februari 2027 bericht (ontvangen 22 november 2026;")
    before = count_of_everything()
    daily(AFTER)
    assert count_of_everything() == before
    page = text_of(world.person(member_identity()).get(f"/commissie/zaken/{case.id}"))
    assert "Niet beantwoord tot en met 7 december 2026." in page
    own = text_of(world.person(provider_identity()).get(f"/aanbieder/activiteiten/{case.activity_id}"))
    assert "Niet beantwoord tot en met 7 december 2026." in own
    assert "Bewaren en de brief bekijken" in page


def test_days_later_the_pause_ends_all_the_same_on_the_last_day(world: World, asked: Case) -> None:
    due_on = asked.due_on
    daily(date(2026, 12, 20))
    assert case_again(asked).due_on == due_on


def test_where_the_policy_closes_the_activity_is_a_draft_again(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    under_rules(world, monkeypatch, tmp_path / "rules", CLOSES)
    case = world.asked(world.submitted(world.provider()))
    daily(LAST)
    assert "behandelt de commissie ‘Klassenmanagement voor starters’ niet verder" in last_message().paragraphs[-1]
    assert daily(AFTER) == []
    assert case_again(case).state == "withdrawn"
    assert db.session.get_one(Activity, case.activity_id).state == "draft"
    message = last_message()
    assert message.subject == f"Niet verder behandeld: {SHORT}"
    assert message.paragraphs[-1] == "De activiteit is weer een concept. U kunt die aanvullen en opnieuw indienen."
    before = count_of_everything()
    daily(AFTER)
    assert count_of_everything() == before
    again = world.person(provider_identity()).post(
        f"/aanbieder/activiteiten/{case.activity_id}/indienen", world.checked(case.activity_id)
    )
    assert again.status_code == 303


def test_a_registration_that_is_closed_can_be_confirmed_again(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    under_rules(world, monkeypatch, tmp_path / "rules", CLOSES)
    provider = world.provider(admitted=False)
    case = world.confirmed(provider)
    assert case
    world.asked(case)
    assert daily(AFTER) == []
    assert case_again(case).state == "withdrawn"
    assert db.session.get_one(Provider, provider.id).confirmed_at is None
    assert last_message().subject == "Niet verder behandeld: uw aanmelding"
    with transaction():
        again = register(db.session.get_one(Provider, provider.id), world.policies, by=ACTOR, now=NOW)
    assert again
    assert again.id != case.id


def test_an_answer_that_came_in_time_changes_nothing_any_more(world: World, asked: Case) -> None:
    person = world.person(provider_identity())
    address = f"/aanbieder/activiteiten/{asked.activity_id}/vraag"
    question = asked.questions[0]
    assert person.post(address, {"answer": "Wij.", "version": str(question.id)}).status_code == 303
    before = count_of_everything()
    daily(AFTER)
    assert count_of_everything() == before
    assert world.decided(case_again(asked), Outcome.APPROVED).state == "decided"


def test_the_actor_is_the_register(world: World, asked: Case) -> None:
    daily(AFTER)
    entry = db.session.scalars(select(AuditEntry).filter_by(action="case.lapsed")).one()
    assert (entry.actor, entry.origin) == ("register", "worker")
    assert ACTOR.key != entry.actor
