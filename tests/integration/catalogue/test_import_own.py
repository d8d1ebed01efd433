"""A provider's own file: drafts of its own, found again by its own key, and nothing that only the register can give."""

from typing import Any

import pytest
from sqlalchemy import func, select

from catalogue.deleting import delete_for_ever, number_to_type
from catalogue.drafts import newest_version
from catalogue.importing.own import CHANGED
from catalogue.models import Activity, ImportedOffer, NumberPart, Recognition
from catalogue.publication import move
from catalogue.states import Action
from core.audit import AuditEntry, verify
from core.db import db, transaction
from providers.linking import link_number
from providers.models import Provider
from tests.exports import OWN_ROW, export, own_file
from tests.forms import form_of
from tests.importer import Importer, provider_importer
from tests.world import ACTOR, NOW, World

KEYED = {"eigen_sleutel": "KM-1"}
NOTHING = "De controle is klaar: 0 nieuw, 0 ongewijzigd, 1 afgekeurd."


@pytest.fixture
def importer(world: World) -> Importer:
    """A member of a provider that is there."""
    world.provider()
    return provider_importer(world)


def activities() -> list[Activity]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Activity).order_by(Activity.id)))


def saved(importer: Importer, activity: Activity, **typed: str) -> None:
    """As the provider would on the site."""
    address = f"/aanbieder/activiteiten/{activity.id}/bewerken/over"
    form = form_of(importer.person.get(address), "concept") | {"title": "Op de site getypt"} | typed
    assert importer.person.post(address, form).status_code == 303


def test_rows_become_ordinary_drafts_of_the_provider(importer: Importer) -> None:
    landing = importer.landed(own_file(KEYED, {"titel": "Tweede"}))
    assert importer.outcome(landing) == "De import is klaar: 2 overgenomen, 0 ongewijzigd, 0 afgekeurd."
    found = activities()
    assert [(one.state, newest_version(one).title, newest_version(one).frozen_at) for one in found] == [
        ("draft", "Rust in de klas", None),
        ("draft", "Tweede", None),
    ]
    assert [one.provider_id for one in found] == [1, 1]
    assert set(db.session.scalars(select(ImportedOffer.origin))) == {"own"}
    assert "Rust in de klas" in importer.person.get("/aanbieder/activiteiten").text
    saved(importer, found[0])
    assert verify().broken_at is None


def test_a_file_can_grant_no_number_and_no_hours(importer: Importer, world: World) -> None:
    row = {"nummer_registerleraar": "mpnQtC38Ft", "register_uren": "16,5", "kvk_nummer": "90100011", "aanbieder": "Ik"}
    check = importer.checked(export(row, row | {"nummer_registerleraar": "", "register_uren": "99", "titel": "Zonder"}))
    importer.take_over(check)
    importer.work()
    assert [newest_version(one).title for one in activities()] == ["Zonder"]
    assert [db.session.scalar(select(func.count()).select_from(kind)) for kind in (Recognition, NumberPart)] == [0, 0]
    assert "Dit nummer staat niet bij uw organisatie." in importer.report(check)[1]


def test_an_old_number_of_its_own_is_passed_over_and_one_of_another_refused(importer: Importer, world: World) -> None:
    bureau = Importer(world)
    mine = {"kvk_nummer": "90100011", "nummer_registerleraar": "mijn1"}
    theirs = {"kvk_nummer": "90100022", "nummer_registerleraar": "hunne1"}
    bureau.landed(export(mine, theirs))
    before = [(one.id, one.version, one.provider_id) for one in activities()]
    rows = [{"nummer_registerleraar": "mijn1", "titel": "Anders"}, {"nummer_registerleraar": "hunne1"}]
    check = importer.checked(own_file(*rows, {"nummer_registerleraar": "verzonnen"}))
    assert importer.outcome(check) == "De controle is klaar: 0 nieuw, 1 ongewijzigd, 2 afgekeurd."
    importer.take_over(check)
    importer.work()
    assert [(one.id, one.version, one.provider_id) for one in activities()] == before
    report = importer.report(check)
    assert [line.split(";")[:3] for line in report[1:]] == [
        ["3", "nummer_registerleraar", "hunne1"],
        ["4", "nummer_registerleraar", "verzonnen"],
    ]


@pytest.mark.parametrize("rows", [[KEYED], [{}], [KEYED, {}, {"titel": "Nog een"}]])
def test_the_same_file_again_changes_nothing(importer: Importer, rows: list[dict[str, str]]) -> None:
    importer.landed(own_file(*rows))
    before = [(one.id, one.version, one.updated_at) for one in activities()]
    check = importer.checked(own_file(*rows))
    assert importer.outcome(check) == f"De controle is klaar: 0 nieuw, {len(rows)} ongewijzigd, 0 afgekeurd."
    assert [(one.id, one.version, one.updated_at) for one in activities()] == before


def test_another_content_under_a_known_key_updates_what_nobody_touched(importer: Importer) -> None:
    importer.landed(own_file(KEYED, {"eigen_sleutel": "KM-2", "titel": "Blijft"}))
    changed = own_file(KEYED | {"titel": "Beter", "contacturen": "8"}, {"eigen_sleutel": "KM-2", "titel": "Blijft"})
    check = importer.checked(changed)
    assert importer.outcome(check) == "De controle is klaar: 0 nieuw, 1 bijgewerkt, 1 ongewijzigd, 0 afgekeurd."
    assert newest_version(activities()[0]).title == "Rust in de klas", "a check keeps nothing"
    landing = importer.take_over(check)
    importer.work()
    assert importer.outcome(landing) == "De import is klaar: 0 overgenomen, 1 bijgewerkt, 1 ongewijzigd, 0 afgekeurd."
    first, second = activities()
    assert [(version.ordinal, version.title, str(version.contact_hours)) for version in first.versions] == [
        (1, "Beter", "8")
    ]
    assert (first.title_key, first.version, second.version) == ("beter", 2, 1)
    edited = db.session.scalars(select(AuditEntry.object).filter_by(action="activity.edited")).all()
    assert edited == [f"activity:{first.id}"]
    assert importer.outcome(importer.checked(changed)).endswith("0 nieuw, 2 ongewijzigd, 0 afgekeurd.")
    importer.landed(own_file(KEYED | {"titel": "Nog beter"}))
    assert newest_version(activities()[0]).title == "Nog beter", "what an import wrote may be written over again"


def submitted(importer: Importer, activity: Activity) -> None:
    with transaction():
        move(db.session.get_one(Activity, activity.id), Action.SUBMIT, by=ACTOR, now=NOW)


def deleted(importer: Importer, activity: Activity) -> None:
    with transaction():
        found = db.session.get_one(Activity, activity.id)
        delete_for_ever(found, number_to_type(found), by=ACTOR, now=NOW)


@pytest.mark.parametrize("happened", [saved, submitted])
def test_what_was_changed_on_the_site_is_not_written_over(importer: Importer, happened: Any) -> None:
    importer.landed(own_file(KEYED))
    happened(importer, activities()[0])
    before = [(one.version, one.updated_at) for one in activities()]
    check = importer.checked(own_file(KEYED | {"titel": "Uit het bestand"}))
    assert importer.outcome(check) == NOTHING
    assert importer.report(check)[1] == f'2;eigen_sleutel;KM-1;"{CHANGED}"'
    assert [(one.version, one.updated_at) for one in activities()] == before
    assert importer.outcome(importer.checked(own_file(KEYED))).endswith("0 nieuw, 1 ongewijzigd, 0 afgekeurd.")


@pytest.mark.parametrize("row", [KEYED, {}, KEYED | {"titel": "Anders dan toen"}])
def test_what_was_deleted_on_the_site_is_brought_in_anew(importer: Importer, row: dict[str, str]) -> None:
    importer.landed(own_file(KEYED, {}))
    gone = activities()
    for activity in gone:
        deleted(importer, activity)
    landing = importer.landed(own_file(row))
    assert importer.outcome(landing) == "De import is klaar: 1 overgenomen, 0 ongewijzigd, 0 afgekeurd."
    assert [(one.state, newest_version(one).title) for one in activities()] == [
        ("deleted", ""),
        ("deleted", ""),
        ("draft", (OWN_ROW | row)["titel"]),
    ]
    assert importer.outcome(importer.checked(own_file(row))).endswith("0 nieuw, 1 ongewijzigd, 0 afgekeurd.")
    assert verify().broken_at is None


@pytest.mark.parametrize("hours", ["16,5", ""])
def test_an_offer_of_the_former_register_that_was_deleted_does_not_come_back(
    importer: Importer, world: World, hours: str
) -> None:
    content = export({"kvk_nummer": "90100011", "register_uren": hours})
    bureau = Importer(world)
    bureau.landed(content)
    deleted(importer, activities()[0])
    for who, reason in ((bureau, "Dit aanbod is op de site verwijderd."), (importer, "Maak deze cel leeg als u")):
        check = who.checked(content)
        assert who.outcome(check) == NOTHING
        assert reason in who.report(check)[1]
    landing = importer.landed(export({"kvk_nummer": "90100011", "nummer_registerleraar": "", "register_uren": ""}))
    assert importer.outcome(landing).startswith("De import is klaar: 1 overgenomen")
    assert [one.state for one in activities()] == ["deleted", "draft"]


def test_a_change_on_the_site_between_check_and_landing_wins(importer: Importer) -> None:
    importer.landed(own_file(KEYED))
    check = importer.checked(own_file(KEYED | {"titel": "Uit het bestand"}))
    saved(importer, activities()[0])
    landing = importer.take_over(check)
    importer.work()
    assert importer.outcome(landing) == "De import is klaar: 0 overgenomen, 0 ongewijzigd, 1 afgekeurd."
    assert newest_version(activities()[0]).title == "Op de site getypt"


def test_one_key_twice_in_a_file_is_one_bad_row_each_time(importer: Importer) -> None:
    content = own_file(KEYED, KEYED, KEYED | {"titel": "Anders"})
    landing = importer.landed(content)
    assert importer.outcome(landing) == "De import is klaar: 1 overgenomen, 1 ongewijzigd, 1 afgekeurd."
    assert "Deze sleutel staat al op regel 2" in importer.report(landing)[1]
    assert importer.outcome(importer.checked(content)).endswith("0 nieuw, 2 ongewijzigd, 1 afgekeurd.")
    assert [newest_version(one).title for one in activities()] == ["Rust in de klas"]


def test_two_rows_alike_without_a_key_ask_for_one(importer: Importer) -> None:
    check = importer.checked(own_file({}, {"omschrijving": "Anders"}))
    assert importer.outcome(check).endswith("1 nieuw, 0 ongewijzigd, 1 afgekeurd.")
    assert "Op regel 2 staat een activiteit met dezelfde titel" in importer.report(check)[1]


def test_two_providers_may_use_the_same_key(importer: Importer, world: World) -> None:
    importer.landed(own_file(KEYED))
    other = world.provider("90100022")
    theirs = provider_importer(world, "90100022").landed(own_file(KEYED | {"titel": "Van een ander"}))
    assert provider_importer(world, "90100022").outcome(theirs).startswith("De import is klaar: 1 overgenomen")
    assert [(one.provider_id, newest_version(one).title) for one in activities()] == [
        (1, "Rust in de klas"),
        (other.id, "Van een ander"),
    ]


def test_offers_that_the_bureau_took_over_are_not_doubled_by_the_providers_own_copy(
    importer: Importer, world: World
) -> None:
    row = {"kvk_nummer": "90100011", "nummer_registerleraar": "", "register_uren": "", "titel": "Zonder nummer"}
    content = export(row, row | {"nummer_registerleraar": "mpnQtC38Ft", "register_uren": "16,5"})
    Importer(world).landed(content)
    assert importer.outcome(importer.checked(content)).endswith("0 nieuw, 2 ongewijzigd, 0 afgekeurd.")
    other = world.provider("90100022")
    assert other
    theirs = provider_importer(world, "90100022")
    assert theirs.outcome(theirs.checked(content)).endswith("0 nieuw, 0 ongewijzigd, 2 afgekeurd.")


def test_what_a_newcomer_imported_is_found_again_by_who_takes_it_in(importer: Importer, world: World) -> None:
    newcomer = world.provider("90100099", admitted=False)
    provider_importer(world, "90100099").landed(own_file(KEYED, {"eigen_sleutel": "KM-2", "titel": "Tweede"}))
    importer.landed(own_file({"eigen_sleutel": "KM-2", "titel": "Van de ander"}))
    with transaction():
        provider = db.session.scalars(select(Provider).filter_by(kvk_number="90100011")).one()
        link_number(provider, "90100099", newcomer.id, by=ACTOR, now=NOW)
    again = provider_importer(world, "90100099")
    check = again.checked(own_file(KEYED, {"eigen_sleutel": "KM-2", "titel": "Van de ander"}, {"titel": "Nieuw"}))
    assert again.outcome(check) == "De controle is klaar: 1 nieuw, 2 ongewijzigd, 0 afgekeurd."
