"""What is left of an action that was stopped, failed or died half-way: it is said, it goes on, it is taken back."""

import time
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, select

from catalogue.deleting import delete_for_ever
from catalogue.models import Activity
from core import clock
from core.audit import AuditEntry, verify
from core.db import db, transaction
from core.jobs import Job, JobState
from providers.admitting import reinstate, suspend
from providers.models import Provider
from tests.bulk import CHOICE, chosen, confirm, done, work
from tests.crowd import crowd
from tests.databases import Database
from tests.processes import doomed_worker, let_the_lease_run_out
from tests.race import at_once
from tests.world import ACTOR, COMPLETE, NOW, POLICY, Person, World, provider_identity, text_of
from validation.bulk.models import BULK, BULK_UNDO, BulkItem
from validation.bulk.starting import go_on, start_bulk, start_undo
from validation.bulk.working import KINDS, SLICE
from validation.models import Case

READY = 3 * SLICE // 2  # one slice and a half
LAST = date(2099, 5, 1)


def begun(world: World, action: str = "einddatum-weg") -> tuple[Person, str]:
    """Somebody who chose a slice and a half and confirmed; nothing is done yet."""
    own = world.provider()
    for number in range(READY):
        world.draft(own, replace(COMPLETE, title=f"Cursus {number:02}", ends_on=LAST))
    person = world.person(provider_identity())
    return person, confirm(person, person.post(CHOICE, {"action": action, "scope": "alle"}))


def one_slice(kind: str = BULK) -> None:
    """What a worker keeps before something comes in between."""
    with transaction():
        job = db.session.scalars(select(Job).filter_by(kind=kind).order_by(Job.id.desc()).limit(1)).one()
        assert KINDS[kind].write(job, None, clock.now()) is False


def fail() -> None:
    with transaction():
        job = db.session.scalars(select(Job).order_by(Job.id.desc()).limit(1)).one()
        job.state, job.finished_at, job.fault = JobState.FAILED, NOW, "Er ging iets mis bij ons."


def changed() -> int:
    """How many lost their end date."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Activity).where(Activity.ends_on.is_(None))) or 0


@pytest.mark.parametrize("ending", ["stopped", "failed"])
def test_what_was_stopped_or_failed_says_what_is_done_goes_on_and_is_taken_back_whole(
    world: World, ending: str
) -> None:
    person, address = begun(world)
    assert "Stoppen" in person.get(address).text
    one_slice()
    if ending == "stopped":
        assert person.post(f"{address}/stoppen").headers["Location"] == address
    else:
        fail()
    work(world)
    assert changed() == SLICE, "what was stopped does not go on by itself"
    page = text_of(person.get(address))
    assert ("Dit is gestopt" if ending == "stopped" else "Er ging iets mis bij ons.") in page
    assert f"Aan de beurt gekomen: {SLICE} van {READY} activiteiten." in page
    assert f"{READY - SLICE} activiteiten zijn niet gewijzigd Niet aan de beurt gekomen." in page
    assert f"U kunt nog {SLICE} activiteiten terugdraaien." in page
    assert f"Verder met de andere {READY - SLICE}" in page
    assert person.post(f"{address}/verder").headers["Location"] == address
    work(world)
    assert changed() == READY
    page = text_of(person.get(address))
    assert "Klaar." in page
    assert "Verder met" not in page
    person.post(f"{address}/terugdraaien")
    work(world)
    assert changed() == 0


def test_an_undo_that_was_stopped_goes_on_with_what_is_left(world: World) -> None:
    person, address = begun(world)
    work(world)
    back = person.post(f"{address}/terugdraaien").headers["Location"]
    one_slice(BULK_UNDO)
    person.post(f"{back}/stoppen")
    work(world)
    assert changed() == READY - SLICE
    for page in (text_of(person.get(back)), text_of(person.get(address))):
        assert "Nog niet alles is teruggedraaid" in page
        assert f"U kunt nog {READY - SLICE} activiteiten terugdraaien." in page
    assert f"{READY - SLICE} activiteiten zijn niet teruggedraaid Niet aan de beurt gekomen." in text_of(
        person.get(back)
    )
    rest = person.post(f"{address}/terugdraaien").headers["Location"]
    work(world)
    assert changed() == 0
    assert f"{READY - SLICE} activiteiten zijn teruggedraaid" in text_of(person.get(rest))
    assert f"{SLICE} activiteiten zijn teruggedraaid" in text_of(person.get(back)), "it tells what it did itself"
    for place in (rest, back, address):
        assert "U kunt nog" not in text_of(person.get(place))


def test_while_it_is_taken_back_nobody_is_asked_to_do_so(world: World) -> None:
    person, address = begun(world)
    work(world)
    back = person.post(f"{address}/terugdraaien").headers["Location"]
    page = person.get(address)
    assert "U kunt nog" not in text_of(page)
    assert back in page.text


def test_what_could_not_be_taken_back_can_be_once_nothing_is_in_the_way(world: World) -> None:
    own = world.provider()
    activity = world.published(own)
    person = world.person(provider_identity())
    yesterday = clock.today() - timedelta(days=1)
    address = done(world, person, chosen("einddatum", activity, ends_on=yesterday.isoformat()))
    with transaction():
        suspend(own, "Omdat het zo is.", policy=POLICY, by=ACTOR, now=NOW)
    back = person.post(f"{address}/terugdraaien").headers["Location"]
    work(world)
    assert "1 activiteit is niet teruggedraaid" in text_of(person.get(back))
    with transaction():
        db.session.refresh(own)
        reinstate(own, "Hersteld.", by=ACTOR, now=NOW)
    person.post(f"{address}/terugdraaien")
    work(world)
    db.session.refresh(activity)
    assert activity.ends_on is None


def test_only_the_owner_stops_it_and_lets_it_go_on(world: World) -> None:
    _, address = begun(world)
    world.provider("90100022")
    other = world.person(provider_identity("90100022"))
    for button in ("stoppen", "verder"):
        assert other.post(f"{address}/{button}").status_code == 404


def test_what_is_done_is_not_stopped_and_nothing_goes_on_twice(world: World) -> None:
    person, address = begun(world)
    work(world)
    for button in ("stoppen", "verder"):
        person.post(f"{address}/{button}")
    db.session.rollback()
    assert db.session.scalars(select(Job.state)).all() == [JobState.DONE]


def test_who_submits_many_declares_that_it_is_true_and_that_is_kept(world: World) -> None:
    own = world.provider()
    world.draft(own)
    person = world.person(provider_identity())
    preview = person.post(CHOICE, {"action": "indienen", "scope": "alle"})
    statement = "Met deze knop verklaart u dat alles wat in deze activiteiten staat, klopt."
    assert statement in text_of(preview)
    confirm(person, preview)
    db.session.rollback()
    entry = db.session.scalars(select(AuditEntry).filter_by(action="job.stated")).one()
    assert statement in entry.data
    assert (entry.actor, entry.origin) == (provider_identity().actor.key, provider_identity().actor.origin)
    assert statement not in text_of(person.post(CHOICE, {"action": "einddatum-weg", "scope": "alle"}))


def test_what_was_deleted_meanwhile_is_said_to_be_gone(world: World) -> None:
    own = world.provider()
    gone = world.draft(own, replace(COMPLETE, title="Weg"))
    kept = world.draft(own, replace(COMPLETE, title="Blijft"))
    person = world.person(provider_identity())
    preview = person.post(CHOICE, chosen("indienen", gone, kept))
    with transaction():
        delete_for_ever(db.session.get_one(Activity, gone.id), "", by=ACTOR, now=NOW)
    address = confirm(person, preview)
    work(world)
    page = person.get(address)
    assert "1 activiteit is niet ingediend Deze activiteit is intussen verwijderd." in text_of(page)
    assert "1 activiteit is ingediend" in text_of(page)
    assert f"/aanbieder/activiteiten/{gone.id}" not in page.text, "a link to nothing"


@pytest.mark.race
def test_a_worker_killed_in_the_middle_leaves_nothing_undone_and_nothing_done_twice(
    database: Database, world: World
) -> None:
    own = world.provider()
    crowd(own.id, 1200, today=clock.today())
    drafts = 1200 // 20 * 4
    person = world.person(provider_identity())
    address = confirm(person, person.post(f"{CHOICE}?status=concept", {"action": "indienen", "scope": "alle"}))
    for part in (1, 3):
        with doomed_worker(database):
            _wait_until(part * SLICE)
        assert 0 < _job().cursor < drafts, "the worker was killed too late for this test to mean anything"
        let_the_lease_run_out()
    work(world)
    assert (_job().state, _job().cursor) == (JobState.DONE, drafts)
    assert f"{drafts} activiteiten zijn ingediend" in text_of(person.get(address))
    assert db.session.scalar(select(func.count(Case.id)).filter_by(state="received")) == drafts
    of_each = select(func.count()).where(AuditEntry.action == "activity.submit").group_by(AuditEntry.object)
    assert set(db.session.scalars(of_each)) == {1}
    assert set(db.session.scalars(select(BulkItem.state).filter_by(job_id=_job().id))) == {"done"}
    assert verify().broken_at is None


def _job() -> Job:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Job)).one()


def _wait_until(reached: int) -> None:
    deadline = time.monotonic() + 60
    while _job().cursor < reached:
        assert time.monotonic() < deadline, "the worker does not go on"
        time.sleep(0.005)


@pytest.mark.parametrize("button", ["start", "resume", "undo"])
def test_of_two_who_press_at_once_one_is_told_that_it_runs(world: World, button: str) -> None:
    own = world.provider()
    activity = world.draft(own)
    person = world.person(provider_identity())
    done(world, person, chosen("einddatum", activity, ends_on=LAST.isoformat()))
    if button == "resume":
        with transaction():
            job = db.session.scalars(select(Job)).one()
            job.state, job.total = JobState.CANCELLED, 2
    own_id, seen = own.id, {activity.id: int(world.seen(Activity, activity.id)["version"])}

    def press() -> None:
        provider = db.session.scalars(select(Provider).filter_by(id=own_id).with_for_update()).one()
        job = db.session.scalars(select(Job).order_by(Job.id).limit(1).with_for_update()).one()
        if button == "start":
            start_bulk(provider, "einddatum-weg", None, seen, by=ACTOR, now=clock.now())
        elif button == "undo":
            start_undo(job, provider, by=ACTOR, now=clock.now())
        else:
            go_on(job, provider, by=ACTOR, now=clock.now())

    outcome = at_once(world, [press, press])
    # What runs already is not resumed again, and that is no mistake either.
    assert outcome == ({"done": 2} if button == "resume" else {"done": 1, "bulk-still-running": 1})
    db.session.rollback()
    assert [state for state in db.session.scalars(select(Job.state)) if state == JobState.RUNNING] == ["running"]
    resumed = select(func.count()).select_from(AuditEntry).filter_by(action="job.resumed")
    assert db.session.scalar(resumed) == (1 if button == "resume" else 0)


def test_nothing_begins_beside_an_older_action_that_was_resumed(world: World) -> None:
    person, address = begun(world)
    one_slice()
    person.post(f"{address}/stoppen")
    activity = db.session.scalars(select(Activity.id).where(Activity.ends_on.is_(None)).limit(1)).one()
    other = done(world, person, chosen("einddatum", activity, ends_on=LAST.isoformat()))
    person.post(f"{address}/verder")
    preview = person.post(CHOICE, chosen("einddatum-weg", activity))
    assert confirm(person, preview) == address, "the page of the one that runs"
    assert person.post(f"{other}/terugdraaien").headers["Location"] == address
    assert "Er loopt al een actie met meer activiteiten." in text_of(person.get(address))
    db.session.rollback()
    assert sorted(db.session.scalars(select(Job.state))) == [JobState.DONE, JobState.RUNNING]


@pytest.mark.parametrize("kind", [BULK, BULK_UNDO])
def test_a_job_whose_items_are_not_there_ends(world: World, kind: str) -> None:
    person, address = begun(world)
    if kind == BULK_UNDO:
        work(world)
        person.post(f"{address}/terugdraaien")
    with transaction():
        job = db.session.scalars(select(Job).filter_by(kind=kind)).one()
        db.session.execute(delete(BulkItem).filter_by(job_id=job.id))
        assert KINDS[kind].write(job, None, clock.now()), "or it would go round for ever"
