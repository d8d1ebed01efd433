"""Sessions: how they end, and what becomes of a form that came too late."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from catalogue.models import Activity
from core import clock
from core.db import db, transaction
from core.sign_in.kept_forms import MOST, KeptForm
from core.sign_in.sessions import SignInSession
from tests.forms import form_of
from tests.world import World, provider_identity, teacher_identity, text_of

LONG = "Een lange tekst die niemand opnieuw wil typen.\nMet een tweede regel."


def let_pass(**time: int) -> None:
    """Every session was last used so long ago."""
    then = clock.now() - timedelta(**time)
    with transaction():
        db.session.execute(update(SignInSession).values(seen_at=then))


def sent_too_late(world: World) -> tuple[Activity, str]:
    """A form of an activity that arrives after 16 minutes; the address behind the sign-in."""
    activity = world.draft(world.provider())
    person = world.person(provider_identity())
    step = f"/aanbieder/activiteiten/{activity.id}/bewerken/over"
    form = form_of(person.get(step), "concept") | {"title": "Nieuwe naam", "goal": LONG, "sectors": ["po", "vo"]}
    let_pass(minutes=16)
    refused = person.post(step, form)
    assert refused.status_code == 403
    assert "wat u invulde is bewaard" in text_of(refused)
    found = re.search(r'href="(/inloggen/aanbieder\?naar=[^"]+)"', refused.text)
    assert found
    return activity, found[1].partition("naar=")[2]


def test_a_form_that_came_too_late_is_sent_after_signing_in_again(world: World) -> None:
    activity, kept = sent_too_late(world)
    person = world.person(provider_identity())
    page = person.get(kept)
    assert page.status_code == 200
    assert "Wilt u dit alsnog versturen?" in text_of(page)
    assert "Met een tweede regel." in page.text
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
    names = [name for name, _ in fields if name != "csrf_token"]
    assert sorted(names) == ["description", "goal", "sectors", "sectors", "seen", "subject", "title", "type"]
    form: dict[str, object] = dict(fields) | {"sectors": ["po", "vo"], "goal": LONG}
    form.pop("csrf_token")
    assert person.post(f"/aanbieder/activiteiten/{activity.id}/bewerken/over", form).status_code == 303
    assert "Nieuwe naam" in text_of(person.get(f"/aanbieder/activiteiten/{activity.id}"))


def test_nobody_else_finds_what_was_kept(world: World) -> None:
    _, kept = sent_too_late(world)
    for other in (provider_identity(subject="ander"), provider_identity("90100022"), teacher_identity()):
        page = world.person(other).get(kept)
        assert page.status_code == 404
        assert "Met een tweede regel." not in page.text
        assert "hoort bij een ander account" in page.text
    assert world.person().get(kept).headers["Location"] == "/zoeken"


def test_what_was_kept_can_be_thrown_away(world: World) -> None:
    _, kept = sent_too_late(world)
    person = world.person(provider_identity())
    assert person.post(kept).status_code == 303
    assert person.get(kept).status_code == 404


def test_what_was_kept_is_forgotten_after_a_day(world: World) -> None:
    _, kept = sent_too_late(world)
    with transaction():
        db.session.execute(update(KeptForm).values(kept_at=clock.now() - timedelta(hours=25)))
    assert world.person(provider_identity()).get(kept).status_code == 404
    sent_too_late(world)
    db.session.rollback()
    assert len(db.session.scalars(select(KeptForm)).all()) == 1


def test_a_form_that_the_person_might_not_have_sent_is_not_kept(world: World) -> None:
    world.provider()
    teacher = world.person(teacher_identity())
    let_pass(minutes=16)
    response = teacher.post("/aanbieder/activiteiten/nieuw", {"title": "Iets"})
    assert "/inloggen/aanbieder" in response.headers["Location"]
    db.session.rollback()
    assert db.session.scalars(select(KeptForm)).all() == []


@pytest.mark.parametrize(("time", "is_over"), [({"minutes": 14}, False), ({"minutes": 16}, True)])
def test_a_session_ends_after_fifteen_quiet_minutes(world: World, time: dict[str, int], is_over: bool) -> None:
    person = world.person(teacher_identity())
    let_pass(**time)
    assert (person.get("/dossier").status_code == 303) is is_over


def test_a_session_that_is_used_all_the_time_ends_after_eight_hours(world: World) -> None:
    person = world.person(teacher_identity())
    with transaction():
        db.session.execute(update(SignInSession).values(started_at=clock.now() - timedelta(hours=8, minutes=1)))
    assert person.get("/dossier").status_code == 303


def test_ones_sessions_are_listed_and_one_can_end_the_other(world: World) -> None:
    here, there, other = (world.person(teacher_identity(name)) for name in ("devries", "devries", "ander"))
    page = here.get("/sessies")
    assert text_of(page).count("Ingelogd op") == 2
    address = re.findall(r'action="(/sessies/\d+/uitloggen)"', page.text)
    assert len(address) == 1
    assert other.post(address[0]).status_code == 404
    assert here.post(address[0]).status_code == 303
    assert there.get("/dossier").status_code == 303
    assert here.get("/dossier").status_code == 200


def test_what_was_typed_is_kept_also_when_the_session_was_ended_elsewhere_or_long_ago(world: World) -> None:
    activity = world.draft(world.provider())
    form = {"goal": LONG} | world.seen(Activity, activity.id)
    address = f"/aanbieder/activiteiten/{activity.id}/bewerken/over"
    here, there = world.person(provider_identity()), world.person(provider_identity())
    found = re.search(r'action="(/sessies/\d+/uitloggen)"', here.get("/sessies").text)
    assert found
    here.post(found[1])
    assert "is bewaard" in text_of(there.post(address, form))
    with transaction():
        db.session.execute(update(SignInSession).values(started_at=clock.now() - timedelta(hours=9)))
    world.person(teacher_identity())
    assert "is bewaard" in text_of(here.post(address, form))


def test_the_panel_of_a_form_keeps_nothing_and_leaves_the_form_its_chance(world: World) -> None:
    activity = world.draft(world.provider())
    person = world.person(provider_identity())
    step = f"/aanbieder/activiteiten/{activity.id}/bewerken/over"
    form = form_of(person.get(step), "concept") | {"goal": LONG}
    let_pass(minutes=16)
    for _ in range(MOST + 1):
        asked = person.ask(step.replace("bewerken", "voorcontrole"), form)
        assert (asked.status_code, asked.get_json()["code"]) == (401, "signed-out")
    assert person.post(step, form).status_code == 403
    db.session.rollback()
    assert db.session.scalars(select(KeptForm.address)).all() == [step]
    assert person.ask(step.replace("bewerken", "voorcontrole"), form).status_code == 401


def test_only_what_people_typed_is_shown_of_a_form_that_waits(world: World) -> None:
    _, kept = sent_too_late(world)
    page = world.person(provider_identity()).get(kept)
    shown = text_of(page).partition("Wat u invulde")[2]
    assert "Met een tweede regel." in shown
    seen = re.search(r'name="seen" value="([^"]+)"', page.text)
    assert seen
    assert seen[1].strip() not in shown


def test_one_account_fills_no_disk_with_forms(world: World) -> None:
    activity = world.draft(world.provider())
    form, address = {"goal": LONG}, f"/aanbieder/activiteiten/{activity.id}/bewerken/over"
    for _ in range(5):
        person = world.person(provider_identity())
        let_pass(minutes=16)
        assert person.post(address, form).status_code == 403
    db.session.rollback()
    assert len(db.session.scalars(select(KeptForm)).all()) == 3
