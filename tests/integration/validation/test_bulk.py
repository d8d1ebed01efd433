from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from catalogue.drafts import save_draft
from catalogue.models import Activity
from core import clock
from core.audit import AuditEntry, verify
from core.db import db, transaction
from core.jobs import Job, start_job
from core.transitions import ActionNotAllowed
from providers.admitting import suspend
from providers.arriving import arrive
from providers.models import Provider
from tests.bulk import CHOICE, HIDDEN, LIST, chosen, confirm, done, work
from tests.crowd import crowd
from tests.statements import count_statements
from tests.world import ACTOR, COMPLETE, NOW, POLICY, World, provider_identity, text_of
from validation.bulk.actions import ACTIONS
from validation.bulk.models import BulkItem
from validation.bulk.working import SLICE
from validation.models import Case

OWN, OTHER = "90100011", "90100022"


def state(activity: Activity | int | None) -> str:
    db.session.rollback()
    id_ = activity.id if isinstance(activity, Activity) else activity
    return db.session.scalars(select(Activity.state).filter_by(id=id_)).one()


def validated(world: World, provider: Provider, title: str = "Gevalideerd") -> int:
    return world.decided(world.submitted(provider, replace(COMPLETE, title=title))).activity_id or 0


def edit(activity_id: int) -> None:
    with transaction():
        save_draft(db.session.get_one(Activity, activity_id), COMPLETE, by=ACTOR, now=NOW)


def test_what_is_shown_is_what_is_done(world: World) -> None:
    own = world.provider()
    ids = [validated(world, own, f"Klaar {number}") for number in range(3)]
    draft = world.draft(own, replace(COMPLETE, title="Nog niet"))
    person = world.person(provider_identity())
    preview = person.post(CHOICE, chosen("publiceren", *ids, draft))
    page = text_of(preview)
    assert "U hebt 4 activiteiten gekozen. Er is nog niets veranderd." in page
    assert "3 activiteiten worden gepubliceerd" in page
    assert "1 activiteit wordt niet gepubliceerd Dit kan niet, want de activiteit heeft de status ‘concept’." in page
    assert {state(id_) for id_ in ids} == {"validated"}
    address = confirm(person, preview)
    assert "0 van 3 activiteiten" in text_of(person.get(address))
    work(world)
    assert {state(id_) for id_ in ids} == {"published"}
    assert state(draft) == "draft"
    page = text_of(person.get(address))
    assert "3 activiteiten zijn gepubliceerd" in page
    assert all(f"Klaar {number}" in page for number in range(3))
    number = world.number(db.session.get_one(Activity, ids[0]))
    assert number in world.person().get("/zoeken", q=number).text.replace("-", "")


def test_publishing_is_taken_back(world: World) -> None:
    own = world.provider()
    ids = [validated(world, own) for _ in range(2)]
    person = world.person(provider_identity())
    address = done(world, person, chosen("publiceren", *ids))
    assert "Leraren kunnen de activiteiten dan niet meer vinden." in text_of(person.get(address))
    back = person.post(f"{address}/terugdraaien").headers["Location"]
    assert back != address
    work(world)
    assert {state(id_) for id_ in ids} == {"validated"}
    assert "2 activiteiten zijn teruggedraaid" in text_of(person.get(back))
    first = person.get(address)
    assert back in first.text
    assert "Was dit niet de bedoeling?" not in first.text
    assert "Was dit niet de bedoeling?" not in person.get(back).text


def test_submitting_many_opens_a_case_each_and_withdraws_them(world: World) -> None:
    own = world.provider()
    ready = [world.draft(own, replace(COMPLETE, title=f"Klaar {number}")) for number in range(2)]
    half = world.draft(own, replace(COMPLETE, title="Half", goal=""))
    person = world.person(provider_identity())
    form = chosen("indienen", *ready, half)
    page = text_of(person.post(CHOICE, form))
    assert "2 activiteiten worden ingediend" in page
    assert "1 activiteit wordt niet ingediend Nog niet alles is ingevuld." in page
    address = done(world, person, form)
    assert [state(activity) for activity in (*ready, half)] == ["submitted", "submitted", "draft"]
    assert set(db.session.scalars(select(Case.activity_id))) == {activity.id for activity in ready}
    person.post(f"{address}/terugdraaien")
    work(world)
    assert [state(activity) for activity in ready] == ["draft", "draft"]
    assert set(db.session.scalars(select(Case.state))) == {"withdrawn"}


def test_a_change_is_only_submitted_when_the_committee_must_see_it(world: World) -> None:
    own = world.provider()
    free, decided = (world.published(own, replace(COMPLETE, title=title)) for title in ("Vrij", "Onder besluit"))
    with transaction():
        save_draft(free, replace(COMPLETE, title="Vrij", place="Zwolle"), by=ACTOR, now=NOW)
        save_draft(decided, replace(COMPLETE, title="Onder besluit", goal="Anders"), by=ACTOR, now=NOW)
    person = world.person(provider_identity())
    form = chosen("indienen", free, decided)
    refusal = "De commissie hoeft dit niet te beoordelen. U kunt de wijziging meteen publiceren."
    assert f"1 activiteit wordt niet ingediend {refusal}" in text_of(person.post(CHOICE, form))
    address = done(world, person, form)
    assert [change(free), change(decided)] == ["draft", "submitted"]
    person.post(f"{address}/terugdraaien")
    work(world)
    assert [change(free), change(decided)] == ["draft", "draft"]


def change(activity: Activity) -> str:
    db.session.rollback()
    return db.session.scalars(select(Activity.change).filter_by(id=activity.id)).one()


def test_one_date_is_asked_set_for_all_and_taken_back_to_what_each_had(world: World) -> None:
    own = world.provider()
    none = world.draft(own, replace(COMPLETE, title="Geen"))
    had = world.published(own, replace(COMPLETE, title="Wel", ends_on=date(2099, 5, 1)))
    later = world.draft(own, replace(COMPLETE, title="Later", starts_on=date(2099, 9, 1)))
    same = world.draft(own, replace(COMPLETE, title="Zelfde", ends_on=date(2099, 2, 1)))
    person = world.person(provider_identity())
    form = chosen("einddatum", none, had, later, same)
    asked = person.post(CHOICE, form)
    assert 'name="ends_on"' in asked.text
    assert "worden gewijzigd" not in asked.text
    assert dict(HIDDEN.findall(asked.text))["action"] == "einddatum"
    page = text_of(person.post(CHOICE, form | {"ends_on": "1-2-2099"}))
    assert "2 activiteiten worden gewijzigd" in page
    assert "wordt niet gewijzigd De startdatum ligt na deze einddatum." in page
    assert "wordt niet gewijzigd Er verandert niets: dit is de einddatum al." in page
    address = done(world, person, form | {"ends_on": "1-2-2099"})
    assert "Gekozen einddatum: 1 februari 2099." in text_of(person.get(address))
    assert ends(none, had, later, same) == [date(2099, 2, 1), date(2099, 2, 1), None, date(2099, 2, 1)]
    person.post(f"{address}/terugdraaien")
    work(world)
    assert ends(none, had) == [None, date(2099, 5, 1)]


def ends(*activities: Activity) -> list[date | None]:
    db.session.rollback()
    return [db.session.scalars(select(Activity.ends_on).filter_by(id=known.id)).one() for known in activities]


def test_an_end_date_is_cleared_without_asking_for_one(world: World) -> None:
    own = world.provider()
    ended = world.draft(own, replace(COMPLETE, ends_on=date(2099, 5, 1)))
    address = done(world, world.person(provider_identity()), chosen("einddatum-weg", ended))
    assert ends(ended) == [None]
    assert "1 activiteit is gewijzigd" in text_of(world.person(provider_identity()).get(address))


def test_a_date_that_is_over_is_warned_about(world: World) -> None:
    activity = world.published(world.provider())
    form = chosen("einddatum", activity, ends_on=(clock.today() - timedelta(days=1)).isoformat())
    person = world.person(provider_identity())
    assert "vinden leraren dan meteen niet meer" in text_of(person.post(CHOICE, form))
    done(world, person, form)
    assert world.number(activity) not in world.person().get("/zoeken").text.replace("-", "")


@pytest.mark.parametrize(
    ("form", "sentence", "anchor"),
    [
        ({}, "Kies wat u met de activiteiten wilt doen.", "#action"),
        ({"action": ""}, "Kies wat u met de activiteiten wilt doen.", "#action"),
        ({"action": "verwijderen"}, "Kies wat u met de activiteiten wilt doen.", "#action"),
        ({"action": "publiceren"}, "Vink minstens 1 activiteit aan", "#scope"),
        ({"action": "publiceren", "activity": ["x"]}, "Kies de activiteiten opnieuw.", "#activity"),
    ],
)
def test_a_mistake_brings_the_list_back_with_what_was_ticked(
    world: World, form: dict[str, Any], sentence: str, anchor: str
) -> None:
    activity = world.draft(world.provider())
    person = world.person(provider_identity())
    ticked = {"activity": [str(activity.id)]} if anchor == "#action" else {}
    response = person.post(f"{CHOICE}?status=concept", form | ticked)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert f'href="{anchor}"' in response.text
    assert ('checked><label for="activity-' in response.text) is bool(ticked)
    assert f'action="{CHOICE}?status=concept&amp;pagina=1"' in response.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", "Vul een einddatum in"), ("morgen", "Vul een datum in als dag-maand-jaar"), ("31-02-2027", "bestaat niet")],
)
def test_a_wrong_date_is_asked_again_with_what_was_chosen(world: World, typed: str, sentence: str) -> None:
    activity = world.draft(world.provider())
    response = world.person(provider_identity()).post(CHOICE, chosen("einddatum", activity, ends_on=typed))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert f'value="{typed}"' in response.text
    assert f'name="activity" value="{activity.id}"' in response.text


def test_everything_in_the_list_is_chosen_from_all_pages_as_it_is_filtered(world: World) -> None:
    own = world.provider()
    crowd(own.id, 1200, today=clock.today())
    person = world.person(provider_identity())
    preview = person.post(f"{CHOICE}?status=gevalideerd&q=taal", {"action": "einddatum-weg", "scope": "alle"})
    assert "60 activiteiten worden gewijzigd" in text_of(preview)
    assert "worden niet" not in text_of(preview)
    confirm(person, preview)
    work(world)
    assert count(Activity, state="validated", ends_on=None) == 60


def count(table: type[Activity | BulkItem | Job], **facts: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table).filter_by(**facts)) or 0


def test_somebody_elses_activities_are_not_there(world: World) -> None:
    world.provider(OWN)
    foreign = validated(world, world.provider(OTHER))
    person = world.person(provider_identity(OWN))
    page = person.post(CHOICE, chosen("publiceren", foreign, 999_999))
    assert "Er zijn geen activiteiten gekozen" in text_of(page)
    assert "Gevalideerd" not in page.text
    forged = {"action": "publiceren", "seen": f"{foreign}:{world.seen(Activity, foreign)['version']} x:1 7:99999999999"}
    address = person.post(f"{CHOICE}/starten", forged).headers["Location"]
    work(world)
    assert state(foreign) == "validated"
    assert count(BulkItem) == 0
    assert "is gepubliceerd" not in text_of(person.get(address))


def test_the_job_of_somebody_else_or_of_another_kind_is_not_there(world: World) -> None:
    own = world.provider(OWN)
    world.provider(OTHER)
    address = done(world, world.person(provider_identity(OWN)), chosen("publiceren", validated(world, own)))
    other = world.person(provider_identity(OTHER))
    for response in (other.get(address), other.get(f"{address}/voortgang"), other.post(f"{address}/terugdraaien")):
        assert response.status_code == 404
    with transaction():
        job = start_job("import", f"provider:{own.id}", {}, by=ACTOR, now=NOW)
        job.state, job.finished_at = "done", NOW
    assert world.person(provider_identity(OWN)).get(f"{CHOICE}/{job.id}").status_code == 404


def test_what_changed_since_it_was_shown_is_left_alone(world: World) -> None:
    own = world.provider()
    kept, edited = (world.draft(own, replace(COMPLETE, title=title)) for title in ("Zelfde", "Anders"))
    person = world.person(provider_identity())
    preview = person.post(CHOICE, chosen("indienen", kept, edited))
    edit(edited.id)
    address = confirm(person, preview)
    work(world)
    assert [state(kept), state(edited)] == ["submitted", "draft"]
    page = text_of(person.get(address))
    assert "1 activiteit is ingediend" in page
    assert "1 activiteit is niet ingediend Deze activiteit is intussen gewijzigd. Bekijk die eerst." in page
    assert f'href="{LIST}/{edited.id}"' in person.get(address).text


def test_what_changed_since_it_was_done_is_not_taken_back(world: World) -> None:
    own = world.provider()
    kept, edited = validated(world, own, "Zelfde"), validated(world, own, "Anders")
    person = world.person(provider_identity())
    address = done(world, person, chosen("publiceren", kept, edited))
    edit(edited)
    back = person.post(f"{address}/terugdraaien").headers["Location"]
    work(world)
    assert [state(kept), state(edited)] == ["validated", "published"]
    page = text_of(person.get(back))
    assert "1 activiteit is teruggedraaid" in page
    assert "1 activiteit is niet teruggedraaid Deze activiteit is daarna nog gewijzigd." in page


def test_what_can_no_longer_be_taken_back_says_why(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    own = world.provider()
    person = world.person(provider_identity())
    address = done(world, person, chosen("publiceren", validated(world, own)))

    def refuse(*_: object) -> None:
        raise ActionNotAllowed("Dit kan nu niet.")

    monkeypatch.setitem(ACTIONS, "publiceren", replace(ACTIONS["publiceren"], undo=refuse))
    back = person.post(f"{address}/terugdraaien").headers["Location"]
    work(world)
    assert "1 activiteit is niet teruggedraaid Dit kan nu niet." in text_of(person.get(back))


def test_a_second_time_nothing_is_taken_back(world: World) -> None:
    person, own = world.person(provider_identity()), world.provider()
    address = done(world, person, chosen("publiceren", validated(world, own)))
    person.post(f"{address}/terugdraaien")
    work(world)
    again = person.post(f"{address}/terugdraaien")
    assert again.headers["Location"] == address
    assert "Dit is al teruggedraaid" in text_of(person.get(address))
    assert count(Job) == 2


def test_a_second_click_leads_to_the_job_that_runs(world: World) -> None:
    own = world.provider()
    person = world.person(provider_identity())
    preview = person.post(CHOICE, chosen("publiceren", validated(world, own), validated(world, own)))
    address = confirm(person, preview)
    assert confirm(person, preview) == address
    assert "Er loopt al een actie" in text_of(person.get(address))
    assert person.post(f"{address}/terugdraaien").headers["Location"] == address
    assert count(Job) == 1
    work(world)
    assert "2 activiteiten zijn gepubliceerd" in text_of(person.get(address))


def test_a_suspended_provider_publishes_nothing_also_when_it_happens_meanwhile(world: World) -> None:
    own = world.provider()
    activity = validated(world, own)
    person = world.person(provider_identity())
    preview = person.post(CHOICE, chosen("publiceren", activity))
    address = confirm(person, preview)
    with transaction():
        db.session.refresh(own)
        suspend(own, "Omdat het zo is.", policy=POLICY, by=ACTOR, now=NOW)
    work(world)
    assert state(activity) == "validated"
    refusal = "Uw organisatie is geschorst. U kunt nu niets publiceren."
    assert f"1 activiteit is niet gepubliceerd {refusal}" in text_of(person.get(address))
    assert refusal in text_of(person.post(CHOICE, chosen("publiceren", activity)))


def test_who_is_not_admitted_submits_nothing(world: World) -> None:
    own = world.provider(admitted=False)
    activity = world.draft(own)
    page = text_of(world.person(provider_identity()).post(CHOICE, chosen("indienen", activity)))
    assert "1 activiteit wordt niet ingediend Rond eerst uw aanmelding af." in page


def test_a_refusal_of_the_service_leaves_no_trace_and_stops_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = world.provider()
    half, ready = world.draft(own, replace(COMPLETE, goal="")), world.draft(own)
    # As if the list of reasons did not know what the service knows.
    blind = replace(ACTIONS["indienen"], reasons=lambda *_: {})
    monkeypatch.setitem(ACTIONS, "indienen", blind)
    person = world.person(provider_identity())
    address = done(world, person, chosen("indienen", half, ready))
    assert [state(half), state(ready)] == ["draft", "submitted"]
    assert "1 activiteit is niet ingediend De activiteit is nog niet klaar om in te dienen." in text_of(
        person.get(address)
    )
    entries = select(func.count()).select_from(AuditEntry).filter_by(action="activity.submit")
    assert db.session.scalar(entries) == 1
    assert verify().broken_at is None


def test_a_long_job_goes_on_slice_by_slice_and_says_how_far_it_is(world: World) -> None:
    own = world.provider()
    ids = crowd(own.id, 600, today=clock.today())
    person = world.person(provider_identity())
    address = confirm(person, person.post(CHOICE, {"action": "publiceren", "scope": "alle"}))
    job = db.session.scalars(select(Job)).one()
    assert (job.cursor, job.total, job.owner) == (0, 60, f"provider:{own.id}")
    kind = world.app.extensions["job_kinds"]["bulk"]
    for cursor in (SLICE, 2 * SLICE, 60):
        with transaction():
            job = db.session.scalars(select(Job).with_for_update()).one()
            assert kind.write(job, kind.read(job), NOW) is (cursor == 60)
        assert person.get(f"{address}/voortgang").json == {"klaar": cursor, "totaal": 60, "loopt": True}
    assert f"{len(ids)}" not in text_of(person.get(address))
    page = person.get(address).text
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert '<progress id="progress" value="60" max="60">' in page


def test_a_page_shows_the_first_200_of_each_group_and_counts_all(world: World) -> None:
    own = world.provider()
    crowd(own.id, 1400, today=clock.today())
    response = world.person(provider_identity()).post(CHOICE, {"action": "indienen", "scope": "alle"})
    page = text_of(response)
    assert "280 activiteiten worden ingediend" in page
    assert "770 activiteiten worden niet ingediend Deze activiteit is al gevalideerd, zonder wijziging." in page
    assert "En nog 80 activiteiten." in page
    group = response.text.split('aria-labelledby="group-2"')[1].split("</section>")[0]
    assert group.count("<li><a") == 200


def test_many_are_shown_with_as_few_questions_as_few(world: World) -> None:
    small, big = world.provider(OWN), world.provider(OTHER)
    crowd(small.id, 40, today=clock.today())
    crowd(big.id, 1500, today=clock.today())
    people = [world.person(provider_identity(number)) for number in (OWN, OTHER)]
    for action in ("publiceren", "indienen", "einddatum"):
        form = {"action": action, "scope": "alle", "ends_on": "2099-01-01"}
        counts = [count_statements(lambda who=who, form=form: who.post(CHOICE, form)) for who in people]  # type: ignore[misc]
        assert counts[0] == counts[1] <= 8, action


def test_starting_with_many_and_showing_how_it_went_asks_as_much_as_with_few(world: World) -> None:
    small, big = world.provider(OWN), world.provider(OTHER)
    counts = []
    for provider, size in ((small, 40), (big, 1500)):
        crowd(provider.id, size, today=clock.today())
        person = world.person(provider_identity(provider.kvk_number))
        preview = person.post(CHOICE, {"action": "einddatum-weg", "scope": "alle"})
        began = count_statements(lambda person=person, preview=preview: confirm(person, preview))  # type: ignore[misc]
        with transaction():
            job = db.session.scalars(select(Job).order_by(Job.id.desc()).limit(1)).one()
            db.session.execute(update(Job).filter_by(id=job.id).values(state="done", finished_at=NOW))
            db.session.execute(update(BulkItem).filter_by(job_id=job.id).values(state="done"))
        shown = count_statements(lambda person=person, job=job: person.get(f"{CHOICE}/{job.id}"))  # type: ignore[misc]
        counts.append((began, shown))
    assert counts[0] == counts[1]
    assert counts[1][1] <= 7


def test_the_logbook_says_who_changed_many_at_once_and_each_of_them(world: World) -> None:
    activity = world.draft(world.provider())
    with transaction():
        arrive(provider_identity(), NOW)
    person = world.person(provider_identity())
    done(world, person, chosen("einddatum", activity, ends_on="2099-01-01"))
    page = text_of(person.get("/aanbieder/logboek"))
    assert "Taak voor meer activiteiten begonnen" in page
    assert "Begin- of einddatum gewijzigd" in page


def test_earlier_actions_can_be_found_again(world: World) -> None:
    own = world.provider()
    person = world.person(provider_identity())
    assert "nog niets" in text_of(person.get(CHOICE))
    address = done(world, person, chosen("publiceren", validated(world, own)))
    person.post(f"{address}/terugdraaien")
    page = person.get(CHOICE)
    assert f'href="{address}"' in page.text
    assert "Publiceren terugdraaien" in text_of(page)


def test_a_form_that_lost_its_parts_does_nothing(world: World) -> None:
    activity = validated(world, world.provider())
    person = world.person(provider_identity())
    for form in (
        {},
        {"action": "publiceren"},
        {"action": "x", "seen": f"{activity}:1"},
        {"action": "einddatum", "seen": f"{activity}:1"},
    ):
        assert person.post(f"{CHOICE}/starten", form).headers["Location"] == LIST
    assert count(Job) == 0


def test_every_action_says_what_undoing_means_or_that_it_is_for_ever() -> None:
    assert set(ACTIONS) >= {"publiceren", "indienen", "einddatum", "einddatum-weg"}
    for action in ACTIONS.values():
        assert action.undoing.endswith(".")
