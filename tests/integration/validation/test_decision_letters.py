import re
from dataclasses import asdict
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from catalogue.numbers import shown
from catalogue.reasons import offered, sentence
from core.db import db, transaction
from providers.models import ContactPerson, ProviderMessage
from tests.committee import judge
from tests.mails import empty_mailbox, mails, part
from tests.world import COMPLETE, CONTACT, NOW, POLICY, World, judgement, member_identity, provider_identity, text_of
from validation.assessing import NotDecidable
from validation.deciding import decide
from validation.models import Case
from validation.states import Outcome

MESSAGES = "/aanbieder/berichten"


@pytest.fixture
def case(world: World) -> Case:
    """Of a provider whose contact person gets mail."""
    empty_mailbox(world)
    provider = world.provider()
    with transaction():
        db.session.add(ContactPerson(provider_id=provider.id, confirmed_email=CONTACT.email, **asdict(CONTACT)))
    case = world.claimed(world.submitted(provider))
    mails(world)
    return case


def decided(world: World, case: Case, outcome: str, **form: Any) -> None:
    verdict = "met" if outcome == "approved" else "not_met"
    criteria = {f"criterion-{item.code}": verdict for item in POLICY.criteria}
    typed = {
        "outcome": outcome,
        "contact_hours": "12",
        "self_study_hours": "4,5",
        "reasons": "",
        "improve_by": "31-01-2027",
    } | criteria
    sent = judge(world.person(member_identity()), case.id, typed | form | world.seen(Case, case.id))
    assert sent.status_code == 303, text_of(sent)


def test_an_approval_is_told_on_the_site_and_by_mail_with_number_hours_and_objection(world: World, case: Case) -> None:
    decided(world, case, "approved", reasons="Vier uur is pauze.")
    number = shown(world.number(case.activity))
    letter = mails(world)[-1]
    assert letter["Subject"] == f"Gevalideerd: {COMPLETE.title} ({number})"
    page = text_of(world.person(provider_identity()).get(MESSAGES))
    for place in (part(letter, "plain"), page):
        assert f"Het activiteitnummer is {number}." in place
        assert "12 contacturen + 4,5 zelfstudie-uren = 16,5 RU" in place
        assert "Vier uur is pauze." in place
        assert "bezwaar maken" in place
    assert f"/aanbieder/activiteiten/{case.activity_id}" in part(letter, "plain")


def test_every_reason_of_a_rejection_leads_from_mail_and_message_to_its_field(world: World, case: Case) -> None:
    codes = [reason.code for reason in offered(POLICY)]
    decided(world, case, "temporarily_rejected", reason_codes=codes)
    person = world.person(provider_identity())
    page, letter = person.get(MESSAGES).text, mails(world)[-1]
    assert letter["Subject"] == f"Tijdelijk afgewezen: {COMPLETE.title}"
    for reason in offered(POLICY):
        link = f'href="(?P<place>[^"]*)"[^>]*>{re.escape(reason.text)}</a>'
        on_site, mailed = (re.search(link, unescape(html)) for html in (page, part(letter, "html")))
        assert on_site, reason.code
        assert mailed, reason.code
        assert mailed["place"].endswith(on_site["place"])
        assert f"{reason.text}\n  {mailed['place']}" in part(letter, "plain").replace("\r\n", "\n")
        path, _, field = on_site["place"].partition("#")
        assert f'id="{field}"' in person.get(path).text


def test_nothing_is_told_of_a_decision_that_was_refused(world: World, case: Case) -> None:
    empty = judgement(POLICY, Outcome.REJECTED, reasons="")
    with pytest.raises(NotDecidable), transaction():
        decide(db.session.get_one(Case, case.id), empty, POLICY, by=member_identity(), now=NOW)
    assert db.session.scalars(select(ProviderMessage.subject)).all() == ["Uw organisatie is toegelaten"]


def test_a_long_text_of_the_committee_is_kept_whole(world: World, case: Case) -> None:
    text = "Een regel.\n" * 400
    decided(world, case, "rejected", reasons=text)
    message = db.session.scalars(select(ProviderMessage).order_by(ProviderMessage.id.desc())).first()
    assert message
    assert message.paragraphs.count("Een regel.") == 400


def test_another_provider_reads_nothing_of_it(world: World, case: Case) -> None:
    decided(world, case, "rejected", reason_codes=["goal:missing"])
    world.provider("90100022")
    other = world.person(provider_identity("90100022")).get(MESSAGES)
    assert sentence("goal:missing", POLICY) not in other.text
