"""Becoming a provider, from the first sign-in to the decision of the committee."""

import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from core.db import db, transaction
from core.mail.transport import Undeliverable
from core.outbox import MessageState, OutboxMessage
from core.worker import deliver_due
from providers.models import ContactPerson, Provider
from providers.rules import Origin
from tests.mails import empty_mailbox, mails, part
from tests.world import ANSWER_BY, NOW, POLICY, Person, World, member_identity, provider_identity, text_of
from validation.models import Case
from validation.questions import ask

CONTACT = {
    "name": "A. de Boer",
    "function": "Coördinator",
    "email": "boer@voorbeeld.nl",
    "phone": "030 123 45 67",
    "version": "0",
}
LINK = re.compile(r"https?://\S+/contactpersoon/(\S+)")


@pytest.fixture(autouse=True)
def nothing_mailed(world: World) -> None:
    empty_mailbox(world)


def text_part(mail: EmailMessage) -> str:
    return part(mail, "plain")


def link_in(world: World) -> str:
    found = LINK.search(text_part(mails(world)[-1]))
    assert found
    return f"/contactpersoon/{found[1]}"


def version(world: World) -> dict[str, str]:
    return world.seen(Provider, the_provider().id)


def the_provider() -> Provider:
    db.session.rollback()
    return db.session.scalars(select(Provider)).one()


def do_all_but_confirm(world: World, person: Person) -> None:
    person.post("/aanbieder/kwaliteit", {"requirement": [item.code for item in POLICY.requirements]})
    person.post("/aanbieder/gegevens", {"name": "De Brug", "place": "Zwolle"} | version(world))
    person.post("/aanbieder/contactpersoon", CONTACT)
    assert world.person().post(link_in(world)).status_code == 200


def confirm(world: World, person: Person) -> None:
    response = person.post("/aanbieder/aanmelding/bevestigen", {"statement": "1"} | version(world))
    assert response.status_code == 303


def test_the_list_of_tasks_counts_what_is_done(world: World) -> None:
    world.provider(admitted=False)
    person = world.person(provider_identity())
    assert person.get("/aanbieder").headers["Location"] == "/aanbieder/aanmelding"
    assert "0 van de 4 onderdelen klaar" in text_of(person.get("/aanbieder/aanmelding"))
    person.post("/aanbieder/kwaliteit", {"requirement": [item.code for item in POLICY.requirements]})
    assert "1 van de 4 onderdelen klaar" in text_of(person.get("/aanbieder/aanmelding"))
    refused = person.post("/aanbieder/aanmelding/bevestigen", {"statement": "1"} | version(world))
    assert refused.status_code == 422
    assert "Nog 2 onderdelen voordat u kunt bevestigen" in text_of(refused)


def test_a_provider_of_the_former_register_is_admitted_by_its_confirmation(world: World) -> None:
    world.provider(origin=Origin.MIGRATED, admitted=False)
    person = world.person(provider_identity())
    do_all_but_confirm(world, person)
    confirm(world, person)
    assert the_provider().admitted_at is not None
    assert db.session.scalars(select(Case)).all() == []
    page = text_of(person.get("/aanbieder/aanmelding"))
    assert "4 van de 4 onderdelen klaar" in page
    assert "Toegelaten" in page
    last = mails(world)[-1]
    assert (last["Subject"], last["To"]) == ("Uw organisatie is toegelaten", CONTACT["email"])
    assert "Uw organisatie is toegelaten" in text_of(person.get("/aanbieder/berichten"))


def test_a_new_provider_is_asked_something_answers_and_is_admitted(world: World) -> None:
    world.provider(admitted=False)
    person, member = world.person(provider_identity()), world.person(member_identity())
    do_all_but_confirm(world, person)
    confirm(world, person)
    case = db.session.scalars(select(Case)).one()
    assert "Toelating van De Brug" in text_of(member.get("/commissie"))
    member.post(f"/commissie/zaken/{case.id}/oppakken", world.seen(Case, case.id))
    address = f"/commissie/zaken/{case.id}"
    assert member.post(f"{address}/vraag", {"question": ""} | world.seen(Case, case.id)).status_code == 422
    asked = {"question": "Wie geeft de cursussen?"} | world.seen(Case, case.id)
    assert member.post(f"{address}/vraag", asked).status_code == 303
    assert "Wacht op de aanbieder" in text_of(member.get("/commissie"))
    assert "Wie geeft de cursussen?" in text_part(mails(world)[-1])
    assert "Wie geeft de cursussen?" in text_of(person.get("/aanbieder/aanmelding/vraag"))
    assert person.post("/aanbieder/aanmelding/vraag", {"answer": " "}).status_code == 422
    question = re.search(r'name="version" value="(\d+)"', person.get("/aanbieder/aanmelding/vraag").text)
    assert question
    stale = {"answer": "Op de vorige vraag.", "version": str(int(question[1]) - 1)}
    refused = person.post("/aanbieder/aanmelding/vraag", stale)
    assert (refused.status_code, "Op de vorige vraag." in refused.text) == (409, True)
    taken_over = world.person(member_identity("yilmaz"))
    for colleague in (taken_over, member):
        colleague.post(f"/commissie/zaken/{case.id}/oppakken", world.seen(Case, case.id))
    answer = {"answer": "Onze docenten.", "version": question[1]}
    assert person.post("/aanbieder/aanmelding/vraag", answer).status_code == 303
    assert person.get("/aanbieder/aanmelding/vraag").status_code == 303, "an old link leads on"
    assert "Onze docenten." in text_of(person.get("/aanbieder/aanmelding"))
    assert "wachten op u" not in text_of(member.get("/commissie"))
    assert "Onze docenten." in text_of(member.get(f"/commissie/zaken/{case.id}"))
    person.post("/aanbieder/kwaliteit/staff/intrekken")
    decided = {"outcome": "approved", "reasons": "Welkom in het register."} | world.seen(Case, case.id)
    assert "kwaliteitseis ingetrokken" in text_of(member.post(f"{address}/toelating/besluit", decided))
    person.post("/aanbieder/kwaliteit", {"requirement": ["staff"]})
    assert member.post(f"{address}/toelating/besluit", decided).status_code == 303
    assert member.post(f"{address}/toelating/besluit", decided).status_code == 409
    assert the_provider().admitted_at is not None
    subjects = [str(mail["Subject"]) for mail in mails(world)]
    assert subjects[-1] == "Uw organisatie is toegelaten"
    assert "Wij hebben uw aanmelding ontvangen" in subjects
    assert "Welkom in het register." in text_part(mails(world)[-1])


def test_a_rejection_has_reasons_and_a_last_day_to_object_and_can_be_followed_by_a_new_try(world: World) -> None:
    world.provider(admitted=False)
    person, member = world.person(provider_identity()), world.person(member_identity())
    do_all_but_confirm(world, person)
    confirm(world, person)
    case = db.session.scalars(select(Case)).one()
    member.post(f"/commissie/zaken/{case.id}/oppakken", world.seen(Case, case.id))
    address = f"/commissie/zaken/{case.id}/toelating/besluit"
    for form in ({"outcome": "rejected"}, {"outcome": "temporarily_rejected", "reasons": "x"}, {"reasons": "x"}):
        assert member.post(address, form | world.seen(Case, case.id)).status_code == 422
    rejected = {"outcome": "rejected", "reasons": "Er is geen klachtenregeling."} | world.seen(Case, case.id)
    assert member.post(address, rejected).status_code == 303
    letter = text_part(mails(world)[-1])
    assert "Er is geen klachtenregeling." in letter
    assert re.search(r"tot en met \d+ \w+ \d{4} bezwaar maken", letter)
    page = text_of(person.get("/aanbieder/aanmelding"))
    assert "Er is geen klachtenregeling." in page
    assert "3 van de 4 onderdelen klaar" in page
    confirm(world, person)
    assert [known.state for known in db.session.scalars(select(Case).order_by(Case.id))] == ["decided", "received"]


def test_only_who_handles_the_admission_goes_on_with_it(world: World) -> None:
    case = world.confirmed(world.provider(admitted=False))
    assert case
    world.claimed(case)
    other = world.person(member_identity("yilmaz"))
    for path, form in (("vraag", {"question": "Wie?"}), ("toelating/besluit", {"outcome": "approved"})):
        refused = other.post(f"/commissie/zaken/{case.id}/{path}", form | world.seen(Case, case.id))
        assert refused.status_code == 409
        assert "Jansen heeft deze zaak opgepakt" in text_of(refused)


def test_a_wrong_contact_keeps_what_was_typed_and_names_each_fix(world: World) -> None:
    world.provider(admitted=False)
    person = world.person(provider_identity())
    typed = CONTACT | {"email": "boer@voorbeeld", "phone": "thuis"}
    response = person.post("/aanbieder/contactpersoon", typed)
    assert response.status_code == 422
    page = text_of(response)
    assert "Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl." in page
    assert "Vul een telefoonnummer in, bijvoorbeeld 030 123 45 67." in page
    assert 'value="boer@voorbeeld"' in response.text
    assert db.session.scalars(select(ContactPerson)).all() == []


def test_a_link_confirms_only_the_address_that_it_was_sent_to(world: World) -> None:
    world.provider(admitted=False)
    person = world.person(provider_identity())
    person.post("/aanbieder/contactpersoon", CONTACT)
    link = link_in(world)
    anybody = world.person()
    assert "Bevestig uw e-mailadres" in text_of(anybody.get(link)), "a mail scanner that opens links confirms nothing"
    contact = db.session.scalars(select(ContactPerson)).one()
    assert contact.confirmed_email == ""
    changed = CONTACT | {"email": "ander@voorbeeld.nl", "version": str(contact.version)}
    person.post("/aanbieder/contactpersoon", changed)
    assert anybody.post(link).status_code == 409
    assert anybody.get(f"{link}x").status_code == 409
    db.session.rollback()
    assert db.session.scalars(select(ContactPerson)).one().confirmed_email == ""


def test_mail_goes_on_to_the_old_address_until_the_new_one_answers(world: World) -> None:
    provider = world.provider(admitted=False, origin=Origin.MIGRATED)
    world.confirmed(provider)
    person = world.person(provider_identity())
    contact = db.session.scalars(select(ContactPerson)).one()
    person.post("/aanbieder/contactpersoon", CONTACT | {"email": "nieuw@voorbeeld.nl", "version": str(contact.version)})
    sent = [(str(mail["To"]), str(mail["Subject"])) for mail in mails(world)]
    assert ("info@debrug.example", "Uw organisatie is toegelaten") in sent
    assert all(subject == "Bevestig uw e-mailadres" for to, subject in sent if to == "nieuw@voorbeeld.nl")


def test_nothing_is_said_to_be_sent_when_there_is_nothing_to_confirm(world: World) -> None:
    world.confirmed(world.provider(admitted=False))
    person = world.person(provider_identity())
    person.post("/aanbieder/contactpersoon/opnieuw")
    assert "Er is niets meer te bevestigen." in text_of(person.get("/aanbieder/contactpersoon"))
    assert "Bevestig uw e-mailadres" not in [mail["Subject"] for mail in mails(world)]


def test_nobody_is_flooded_with_links(world: World) -> None:
    world.provider(admitted=False)
    person = world.person(provider_identity())
    person.post("/aanbieder/contactpersoon", CONTACT)
    for _ in range(5):
        person.post("/aanbieder/contactpersoon/opnieuw")
    assert "net verstuurd" in text_of(person.get("/aanbieder/contactpersoon"))
    assert len(mails(world)) == 1
    let_pass(minutes=2)
    person.post("/aanbieder/contactpersoon/opnieuw")
    assert len(mails(world)) == 2


def let_pass(minutes: int) -> None:
    """The last link was asked for, and those on their way were due, so much earlier."""
    with transaction():
        contact = db.session.scalars(select(ContactPerson)).one()
        assert contact.asked_at
        contact.asked_at -= timedelta(minutes=minutes)
        for message in db.session.scalars(select(OutboxMessage).filter_by(state=MessageState.WAITING)):
            message.due_at -= timedelta(minutes=minutes)


def test_an_address_that_is_put_right_at_once_gets_its_link_within_a_minute(world: World) -> None:
    world.provider(admitted=False)
    person = world.person(provider_identity())
    person.post("/aanbieder/contactpersoon", CONTACT)
    assert [mail["To"] for mail in mails(world)] == [CONTACT["email"]]
    for right in ("beor@voorbeeld.nl", "goed@voorbeeld.nl"):
        contact = db.session.scalars(select(ContactPerson)).one()
        person.post("/aanbieder/contactpersoon", CONTACT | {"email": right, "version": str(contact.version)})
        db.session.rollback()
    let_pass(minutes=1)
    assert [mail["To"] for mail in mails(world)] == [CONTACT["email"], "goed@voorbeeld.nl"]


def test_a_mistake_does_not_overwrite_what_a_colleague_saved(world: World) -> None:
    world.provider(admitted=False)
    person, seen = world.person(provider_identity()), version(world)
    colleague = world.person(provider_identity(subject="bram"))
    colleague.post("/aanbieder/gegevens", {"name": "Van de collega"} | seen)
    mistake = person.post("/aanbieder/gegevens", {"name": ""} | seen)
    again = re.search(r'name="version" value="(\d+)"', mistake.text)
    assert again
    stale = person.post("/aanbieder/gegevens", {"name": "Van mij", "version": again[1]})
    assert stale.status_code == 409
    assert "Van de collega" in text_of(stale)
    assert 'value="Van mij"' in stale.text


def test_an_admission_outside_the_case_closes_it(world: World) -> None:
    case = world.confirmed(world.provider(admitted=False))
    assert case
    assert world.run("providers", "admit", "90100011").exit_code == 0
    db.session.rollback()
    assert db.session.get_one(Case, case.id).state == "withdrawn"
    assert "Toelating" not in text_of(world.person(member_identity()).get("/commissie"))


def test_a_colleague_who_answers_too_late_is_told_so_and_keeps_the_text(world: World) -> None:
    case = world.confirmed(world.provider(admitted=False))
    assert case
    world.claimed(case)
    with transaction():
        db.session.refresh(case)
        ask(case, "Wie?", ANSWER_BY, world.policies, by=member_identity(), now=NOW)
    first, second = world.person(provider_identity()), world.person(provider_identity(subject="bram", editor=True))
    question = re.search(r'name="version" value="(\d+)"', second.get("/aanbieder/aanmelding/vraag").text)
    assert question
    assert first.post("/aanbieder/aanmelding/vraag", {"answer": "Wij.", "version": question[1]}).status_code == 303
    late = second.post("/aanbieder/aanmelding/vraag", {"answer": "Een lang antwoord.", "version": question[1]})
    assert late.status_code == 409
    assert "Een collega heeft de vraag al beantwoord" in text_of(late)
    assert "Een lang antwoord." in late.text


def test_while_the_provider_is_asked_nothing_is_late(world: World) -> None:
    case = world.confirmed(world.provider(admitted=False))
    assert case
    world.claimed(case)
    with transaction():
        db.session.refresh(case)
        ask(case, "Wie?", ANSWER_BY, world.policies, by=member_identity(), now=NOW)
        case.due_on = NOW.date() - timedelta(days=3)
    assert "0 te laat" in text_of(world.person(member_identity()).get("/commissie"))


def test_each_fault_in_the_details_names_its_field_in_the_order_of_the_page(world: World) -> None:
    world.provider(admitted=False)
    typed = {"name": "x" * 201, "street": "y" * 201, "postcode": "12", "place": "z" * 101, "website": "nergens"}
    response = world.person(provider_identity()).post("/aanbieder/gegevens", typed | version(world))
    assert response.status_code == 422
    found = re.findall(r'<li><a href="#(\w+)">([^<]+)</a></li>', response.text)
    assert [name for name, _ in found] == list(typed)
    assert found[0][1] == "Maak de naam korter: hoogstens 200 tekens."


def test_two_who_save_at_once_lose_nothing(world: World) -> None:
    world.provider(admitted=False)
    person, seen = world.person(provider_identity()), version(world)
    assert person.post("/aanbieder/gegevens", {"name": "Eerste"} | seen).status_code == 303
    late = person.post("/aanbieder/gegevens", {"name": "Tweede"} | seen)
    assert late.status_code == 409
    assert 'value="Tweede"' in late.text
    assert the_provider().name == "Eerste"


def test_what_the_mail_server_refuses_for_good_is_parked(world: World) -> None:
    world.provider(admitted=False)
    world.person(provider_identity()).post("/aanbieder/contactpersoon", CONTACT)
    transport = world.app.extensions["mail"]
    world.app.extensions["mail"] = Refusing()
    try:
        deliver_due(world.app, world.app.extensions["outbox_handlers"])
    finally:
        world.app.extensions["mail"] = transport
    db.session.rollback()
    row = db.session.scalars(select(OutboxMessage).filter_by(kind="contact.confirmation")).one()
    assert (row.state, row.attempts) == (MessageState.PARKED, 1)
    assert "550" in row.last_error
    assert CONTACT["email"] not in row.last_error, "no address of a person in the outbox"
    assert "kon niet worden bezorgd" in text_of(world.person(provider_identity()).get("/aanbieder/contactpersoon"))


class Refusing:
    """A mail server that knows nobody."""

    def send(self, _: object) -> None:
        raise Undeliverable(f"550 no such user {CONTACT['email']}")
