import json
import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from catalogue.models import Activity
from core import clock
from core.access import Role
from core.audit import AuditEntry
from core.db import db, transaction
from core.transitions import ActionNotAllowed
from providers.models import ProviderMessage
from tests.forms import form_of
from tests.world import (
    ACTOR,
    COMPLETE,
    NOW,
    POLICY,
    Person,
    World,
    judgement,
    member_identity,
    provider_identity,
    text_of,
)
from validation.deciding import decide
from validation.models import Case
from validation.queries import open_case_of
from validation.questions import NoQuestion, answer, thanks
from validation.states import Outcome

QUESTION = "Wie geeft de cursus?"


def on(day: int) -> datetime:
    return datetime(2026, 11, day, 12, tzinfo=UTC)


def answered(world: World, case: Case, text: str = "Onze docenten.", now: datetime = NOW) -> Case:
    with transaction():
        found = open_case_of(case.activity_id or 0)
        assert found
        question = found.open_question
        return answer(found, text, world.policies, seen=question.id if question else 0, by=ACTOR, now=now)


def ask(world: World, member: Person, case: Case, text: str = QUESTION) -> int:
    form = {"question": text} | world.seen(Case, case.id)
    return member.post(f"/commissie/zaken/{case.id}/vraag", form).status_code


def read(person: Person, path: str) -> str:
    return text_of(person.get(path))


def seen_question(person: Person, case: Case) -> dict[str, str]:
    """The hidden field of the provider's form."""
    page = person.get(f"/aanbieder/activiteiten/{case.activity_id}/vraag").text
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return {"version": found[1]}


def test_the_committee_asks_and_the_provider_answers(world: World) -> None:
    case = world.claimed(world.submitted(world.provider()))
    member, person = world.person(member_identity()), world.person(provider_identity())
    address = f"/aanbieder/activiteiten/{case.activity_id}"
    assert ask(world, member, case, " ") == 422
    assert ask(world, member, case) == 303
    assert QUESTION in text_of(person.get(address)), "on top of the page of the activity"
    assert QUESTION in text_of(person.get(f"{address}/vraag"))
    message = db.session.scalars(select(ProviderMessage).order_by(ProviderMessage.id.desc())).first()
    assert message
    assert message.subject == f"De commissie heeft een vraag over ‘{COMPLETE.title}’"
    assert message.link == f"{address}/vraag"
    assert QUESTION in message.paragraphs
    for path in (address, f"{address}/geschiedenis"):
        assert "U krijgt uiterlijk" not in text_of(person.get(path)), "as long as the clock stands still"
    form = {"answer": "Onze eigen docenten."} | seen_question(person, case)
    assert person.post(f"{address}/vraag", form | {"answer": ""}).status_code == 422
    assert person.post(f"{address}/vraag", form).status_code == 303
    page = text_of(person.get(address))
    assert re.search(r"verstuurd. U krijgt uiterlijk .* bericht \(ontvangen .*; 42 dagen .* = .*\)\.", page)
    for place in (page, read(member, f"/commissie/zaken/{case.id}"), read(person, f"{address}/geschiedenis")):
        assert QUESTION in place
        assert "Onze eigen docenten." in place
    assert person.get(f"{address}/vraag").status_code == 303, "an old link leads on"
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.position)).all()
    assert actions[-2:] == ["case.asked", "case.answered"]


def test_who_answers_has_read_the_message_about_the_question_and_no_other(world: World) -> None:
    case = world.asked(world.submitted(world.provider()))
    answered(world, case)
    unread = select(ProviderMessage.subject).where(ProviderMessage.read_at.is_(None))
    assert db.session.scalars(unread).all() == ["Uw organisatie is toegelaten"]


def test_while_the_case_waits_the_activity_stays_submitted_and_nothing_is_decided(world: World) -> None:
    case = world.asked(world.submitted(world.provider()))
    assert db.session.get_one(Activity, case.activity_id).state == "submitted"
    member = world.person(member_identity())
    page = text_of(member.get(f"/commissie/zaken/{case.id}"))
    assert "Wacht op de aanbieder" in page
    assert "Besluit nemen" not in page
    assert "Vraag versturen" not in page
    assert "Wacht op de aanbieder" in text_of(member.get("/commissie"))
    rejection = judgement(POLICY, Outcome.REJECTED)
    with pytest.raises(ActionNotAllowed), transaction():
        decide(db.session.get_one(Case, case.id), rejection, POLICY, by=member_identity(), now=NOW)


def test_the_clock_stands_still_from_the_day_after_the_question_up_to_the_answer(world: World) -> None:
    case = world.submitted(world.provider(), now=on(17))
    assert case.due_on == date(2027, 1, 14)
    world.asked(case, now=on(20))
    assert case.due_on == date(2027, 1, 28), "if the answer comes on its last day, 4 December"
    case = answered(world, case, now=on(23))
    assert case.state == "in_review"
    assert case.due_on == date(2027, 1, 18)
    sum_ = "ontvangen 17 november 2026; 42 dagen + 16 kerstvakantie + 3 wachten op u + 1 weekend = 18 januari 2027"
    assert thanks(case) == f"Uw antwoord is verstuurd. U krijgt uiterlijk 18 januari 2027 bericht ({sum_})."
    page = text_of(world.person(member_identity()).get(f"/commissie/zaken/{case.id}"))
    assert "3 wachten op de aanbieder + 1 weekend = 18 januari 2027" in page
    why = "De uiterste datum is nu 18 januari 2027 (was 28 januari 2027), want de aanbieder heeft de vraag beantwoord."
    assert why in page
    assert why in text_of(world.person(provider_identity()).get(f"/aanbieder/activiteiten/{case.activity_id}"))


def test_every_pause_counts_and_an_answer_on_the_same_day_costs_nothing(world: World) -> None:
    case = world.submitted(world.provider(), now=on(17))
    for asked, replied in ((18, 20), (20, 20), (23, 24)):
        world.asked(case, now=on(asked))
        case = answered(world, case, now=on(replied))
    assert "3 wachten op u" in thanks(case)
    assert len(case.questions) == 3


def test_only_who_handles_the_case_asks(world: World) -> None:
    case = world.claimed(world.submitted(world.provider()))
    other = world.person(member_identity("yilmaz"))
    form = {"question": "Een lange vraag."} | world.seen(Case, case.id)
    refused = other.post(f"/commissie/zaken/{case.id}/vraag", form)
    assert refused.status_code == 409
    assert "Jansen heeft deze zaak opgepakt" in text_of(refused)
    assert "Een lange vraag." in refused.text
    bureau = world.person(member_identity("bakker", Role.BUREAU))
    assert bureau.post(f"/commissie/zaken/{case.id}/vraag", form).status_code == 403


def test_a_question_about_a_case_that_changed_meanwhile_is_kept_and_not_sent(world: World) -> None:
    case = world.claimed(world.submitted(world.provider()))
    member = world.person(member_identity())
    refused = member.post(f"/commissie/zaken/{case.id}/vraag", {"question": "Een lange vraag.", "version": "1"})
    assert refused.status_code == 409
    assert "Een lange vraag." in refused.text
    assert ask(world, member, case) == 303


def test_a_colleague_takes_a_waiting_case_over_and_the_answer_still_fits(world: World) -> None:
    case = world.asked(world.submitted(world.provider()))
    person, other = world.person(provider_identity()), world.person(member_identity("yilmaz"))
    form = {"answer": "Wij."} | seen_question(person, case)
    assert "Overnemen" in text_of(other.get(f"/commissie/zaken/{case.id}"))
    other.post(f"/commissie/zaken/{case.id}/oppakken", world.seen(Case, case.id))
    assert person.post(f"/aanbieder/activiteiten/{case.activity_id}/vraag", form).status_code == 303
    assert "Bewaren en de brief bekijken" in text_of(other.get(f"/commissie/zaken/{case.id}"))


def test_an_answer_to_another_question_than_the_open_one_is_kept_and_not_sent(world: World) -> None:
    case = world.asked(world.submitted(world.provider()))
    person = world.person(provider_identity())
    first = seen_question(person, case)
    answered(world, case)
    address = f"/aanbieder/activiteiten/{case.activity_id}/vraag"
    late = person.post(address, {"answer": "Een lang antwoord."} | first)
    assert late.status_code == 409
    assert "Een collega heeft de vraag al beantwoord" in text_of(late)
    assert "Een lang antwoord." in late.text
    world.asked(case, "Nog een vraag?")
    stale = person.post(address, {"answer": "Een lang antwoord."} | first)
    assert stale.status_code == 409
    assert "Nog een vraag?" in stale.text
    assert "Een lang antwoord." in stale.text


def test_taking_the_activity_back_closes_the_question_and_says_so(world: World) -> None:
    case = world.asked(world.submitted(world.provider()))
    person, member = world.person(provider_identity()), world.person(member_identity())
    address = f"/aanbieder/activiteiten/{case.activity_id}"
    assert person.post(f"{address}/intrekken", world.seen(Activity, case.activity_id)).status_code == 303
    for page in (person.get(address), member.get(f"/commissie/zaken/{case.id}")):
        assert QUESTION in text_of(page)
        assert "Niet beantwoord: de aanvraag is ingetrokken." in text_of(page)
        assert "Vraag beantwoorden" not in page.text
    assert person.get(f"{address}/vraag").status_code == 303
    assert "Wacht op de aanbieder" not in text_of(member.get("/commissie"))
    db.session.rollback()
    with pytest.raises(NoQuestion), transaction():
        answer(open_case_of(case.activity_id or 0), "Wij.", world.policies, seen=1, by=ACTOR, now=NOW)


def test_what_was_asked_before_a_decision_stays_readable_for_both(world: World) -> None:
    case = world.asked(world.submitted(world.provider()))
    world.decided(answered(world, case), Outcome.TEMPORARILY_REJECTED)
    person = world.person(provider_identity())
    address = f"/aanbieder/activiteiten/{case.activity_id}"
    step = f"{address}/bewerken/over"
    person.post(step, form_of(person.get(step), "concept") | {"goal": "Een beter doel."})
    person.post(f"{address}/indienen", world.checked(case.activity_id))
    db.session.rollback()
    again = db.session.scalars(select(Case.id).where(Case.state == "received")).one()
    member = world.person(member_identity())
    assert "Onze docenten." in text_of(person.get(address))
    for number in (case.id, again):
        assert "Onze docenten." in text_of(member.get(f"/commissie/zaken/{number}"))


def test_somebody_elses_question_does_not_exist(world: World) -> None:
    case = world.asked(world.submitted(world.provider("90100011")))
    world.provider("90100022")
    other = world.person(provider_identity("90100022"))
    address = f"/aanbieder/activiteiten/{case.activity_id}/vraag"
    assert other.get(address).status_code == 404
    assert other.post(address, {"answer": "Wij.", "version": "1"}).status_code == 404


@pytest.mark.parametrize("days", [-1, 0, POLICY.questions.longest_answer_days + 1])
def test_nobody_is_asked_for_an_answer_by_a_day_that_makes_no_sense(world: World, days: int) -> None:
    case = world.claimed(world.submitted(world.provider()))
    day = f"{clock.today() + timedelta(days=days):%d-%m-%Y}"
    form = {"question": QUESTION, "answer_by": day} | world.seen(Case, case.id)
    refused = world.person(member_identity()).post(f"/commissie/zaken/{case.id}/vraag", form)
    assert refused.status_code == 422
    assert "Kies een dag na vandaag, uiterlijk" in text_of(refused)
    assert QUESTION in refused.text
    assert day in refused.text


def test_an_answer_after_the_last_day_stops_the_clock_no_longer_than_until_that_day(world: World) -> None:
    asked = world.asked(world.submitted(world.provider(), now=on(2)), now=on(3))
    question = asked.open_question
    assert question
    before = asked.due_on
    late = datetime.combine(question.answer_by + timedelta(days=1), time(8), UTC)
    assert answered(world, asked, now=late).due_on == before, "as if it came on the last day"


def test_a_case_that_was_let_go_while_it_waited_says_that_it_is_back_in_the_queue(world: World) -> None:
    case, jansen = world.asked(world.submitted(world.provider())), world.person(member_identity())
    assert jansen.post(f"/commissie/zaken/{case.id}/loslaten", world.seen(Case, case.id)).status_code == 303
    answered(world, case)
    db.session.rollback()
    assert db.session.get_one(Case, case.id).state == "received"
    noted = db.session.scalars(select(AuditEntry).filter_by(object=f"case:{case.id}").order_by(AuditEntry.position))
    moves = [json.loads(entry.data) for entry in noted]
    assert (moves[-1]["state_before"], moves[-1]["state_after"]) == ("in_review", "received")
