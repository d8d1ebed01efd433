"""The authorisation matrix: every route, every role, one's own object and somebody else's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from catalogue.drafts import freeze, newest_version
from catalogue.importing.running import BUREAU, owner_of, start_check
from catalogue.models import Activity, Edition
from core import clock
from core.access import Identity, Role, roles_of
from core.db import db, transaction
from core.sign_in import kept_forms
from core.sign_in.sessions import SignInSession
from dossier.models import DossierEntry
from dossier.services import add
from providers.arriving import arrive
from providers.models import FormerNumber, Member, Provider
from tests.world import ACTOR, ANSWER_BY, NOW, Person, World, member_identity, provider_identity, teacher_identity
from validation.bulk.starting import start_bulk
from validation.committee.members import arrive_member, member_of
from validation.committee.stepping_back import tie
from validation.engine import provider_hand
from validation.judgement_models import Decision
from validation.objections.lodging import lodge
from validation.opening import Subject, open_case
from validation.questions import ask
from validation.states import Outcome

pytestmark = pytest.mark.no_cover  # every page many times
OWN, OTHER = "90100011", "90100022"
PEOPLE: dict[str, Identity | None] = {
    "nobody": None,
    "editor": provider_identity(OWN, "anna", editor=True),
    "administrator": provider_identity(OWN, "bram"),
    "committee": member_identity(),
    "chair": member_identity("voorzitter", Role.CHAIR),
    "bureau": member_identity("bakker", Role.BUREAU),
    "teacher": teacher_identity(),
}
# Everybody has objects of their own behind these; the same kind of object of somebody else must not exist for them.
OBJECTIONS = ("objection_page", "withdraw", "question_page", "answer_question")
ASSESSMENTS = ("save_assessment", "letter_page", "decide_case", "propose_decision", "give_back_proposal")
OWNED = {
    "activity_id",
    "edition_id",
    "member_id",
    "entry_id",
    "session_id",
    "token",
    "former_id",
    "job_id",
    "import_id",
    "tie_id",
    "decision_id",
}


@dataclass
class Stage:
    """A register in which everybody has something, and somebody else has the same."""

    world: World
    own: dict[str, Callable[[Identity], object]] = field(default_factory=dict)
    foreign: dict[str, object] = field(default_factory=dict)
    special: dict[str, dict[str, object]] = field(default_factory=dict)  # per route, where a usual object does not fit
    forms: dict[str, dict[str, str]] = field(default_factory=dict)  # per route, where an empty form names nothing


@pytest.fixture
def stage(world: World) -> Stage:
    own, other = (world.provider(number, admitted=False) for number in (OWN, OTHER))
    case = world.confirmed(own)
    assert case
    world.claimed(case)
    with transaction():
        imports = {
            owner: start_check(owner, "gone", "activiteiten.csv", by=ACTOR, now=NOW).id
            for owner in (BUREAU, owner_of(own.id), owner_of(other.id))
        }
    third = world.provider("90100033")
    published, validation = world.published(third), world.submitted(third)
    number, identities = world.number(published), [who for who in PEOPLE.values() if who]
    with transaction():
        db.session.refresh(case)
        ask(case, "Wie bent u?", ANSWER_BY, world.policies, by=member_identity(), now=NOW)
        for who in (provider_identity(OWN, "bram"), provider_identity(OWN, "anna"), provider_identity(OTHER, "carla")):
            arrive(who, NOW)
        for teacher in (teacher_identity(), teacher_identity("ander")):
            add(number, by=teacher, today=NOW.date(), now=NOW)
        tokens = {who.account_key: kept_forms.keep(who.account_key, "/", [], clock.now()) for who in identities}
        for provider, former in ((own, "90100044"), (other, "90100055")):
            db.session.add(FormerNumber(provider_id=provider.id, kvk_number=former, replaced_at=NOW))
        ties = {who.account_key: tied(who) for who in identities if Role.COMMITTEE in who.roles}
        foreign_tie = tied(member_identity("ander"))
        foreign_token = kept_forms.keep("somebody else", "/", [], clock.now())
        jobs = {one.id: start_bulk(one, "publiceren", None, {}, by=ACTOR, now=NOW) for one in (own, other)}
    drafts = {provider.id: world.draft(provider) for provider in (own, other)}
    editions = {key: edition_of(drafts[own.id]) for key in (who.account_key for who in identities)}
    world.person(provider_identity(OTHER, "carla"))
    for who in identities:
        world.person(who)
    db.session.rollback()
    decisions = {one.id: decision_of(world, one) for one in (own, other)}
    objection = objection_to(world, own)
    members = {member.account_key: member.id for member in db.session.scalars(select(Member))}
    entries = {entry.teacher: entry.id for entry in db.session.scalars(select(DossierEntry))}
    formers = {former.provider_id: former.id for former in db.session.scalars(select(FormerNumber))}
    carla = provider_identity(OTHER, "carla").account_key
    foreign_session = db.session.scalars(select(SignInSession.id).filter_by(account_key=carla)).first()
    return Stage(
        world,
        own={
            "activity_id": lambda _: drafts[own.id].id,
            "edition_id": lambda who: editions[who.account_key],
            "member_id": lambda who: members.get(who.account_key, members[provider_identity(OWN, "bram").account_key]),
            "entry_id": lambda _: entries[teacher_identity().account_key],
            "session_id": session_of,
            "token": lambda who: tokens[who.account_key],
            "case_id": lambda _: case.id,
            "provider_id": lambda _: own.id,
            "requirement": lambda _: "kvk",
            "step": lambda _: "over",
            "former_id": lambda _: formers[own.id],
            "job_id": lambda _: jobs[own.id].id,
            "ordinal": lambda _: 1,
            "decision_id": lambda _: decisions[own.id],
            "tie_id": lambda who: ties.get(who.account_key, foreign_tie),
            "import_id": lambda who: imports[BUREAU if Role.BUREAU in who.roles else owner_of(own.id)],
        },
        foreign={
            "activity_id": drafts[other.id].id,
            "edition_id": edition_of(drafts[other.id]),
            "member_id": members[carla],
            "entry_id": entries[teacher_identity("ander").account_key],
            "session_id": foreign_session,
            "token": foreign_token,
            "former_id": formers[other.id],
            "job_id": jobs[other.id].id,
            "import_id": imports[owner_of(other.id)],
            "tie_id": foreign_tie,
            "decision_id": decisions[other.id],
        },
        forms={"dossier.add_activity": {"number": number}, "activity_actions.delete": {"version": "0"}},
        special={
            **{f"assessments.{name}": {"case_id": validation.id} for name in ASSESSMENTS},
            **{f"corrections.{name}": {"case_id": validation.id} for name in ("correction_page", "correct_decision")},
            **{f"objections.{name}": {"case_id": objection} for name in ("admit", "note_hearing", "decide")},
            **{f"own_objections.{name}": {"case_id": objection} for name in OBJECTIONS},
        },
    )


def decision_of(world: World, provider: Provider) -> int:
    """About an activity, of a provider that need not be admitted."""
    activity = world.draft(provider)
    with transaction():
        activity.state = "submitted"
        subject = Subject(version=freeze(newest_version(activity), NOW))
        case = open_case("validation", provider.id, world.policies, subject, by=provider_hand(ACTOR), now=NOW)
    decision = world.decided(case, Outcome.REJECTED).decision
    assert decision
    return decision.id


def objection_to(world: World, provider: Provider) -> int:
    """Against another decision than the one that is objected to here."""
    decision_id = decision_of(world, provider)
    with transaction():
        again = db.session.get_one(Decision, decision_id)
        return lodge(again, "Onterecht.", "", world.policies, by=ACTOR, now=NOW).id


def tied(who: Identity) -> int:
    """A tie of this member with a company that nobody here is."""
    member = member_of(arrive_member(who, NOW))
    return tie(member, "12345678", NOW.date(), None, by=who, now=NOW).id


def edition_of(activity: Activity) -> int:
    day = NOW.date()
    facts: dict[str, object] = {"starts_on": day, "ends_on": day, "is_online": True, "place": "", "language": "nl"}
    with transaction():
        edition = Edition(activity_id=activity.id, **facts, registration_link="")
        db.session.add(edition)
        db.session.flush()
        return edition.id


def session_of(who: Identity) -> int:
    return db.session.scalars(select(SignInSession.id).filter_by(account_key=who.account_key)).first() or 999_999


def closed_routes(app: Flask) -> list[tuple[Rule, str]]:
    """Every route that is not for anyone, with each of its methods; pages first, so that nothing was changed yet."""
    found = [
        (rule, method)
        for rule in app.url_map.iter_rules()
        if Role.ANYONE not in roles_of(rule.endpoint)
        for method in (rule.methods or set()) & {"GET", "POST"}
    ]
    return sorted(found, key=lambda route: (route[1], route[0].rule))


def send(stage: Stage, rule: Rule, method: str, who: Identity | None, chosen: Mapping[str, object]) -> TestResponse:
    known = who or teacher_identity()
    usual = {name: stage.own[name](known) for name in rule.arguments}
    arguments = {**usual, **stage.special.get(rule.endpoint, {}), **chosen}
    address = stage.world.app.url_map.bind("localhost").build(rule.endpoint, arguments, force_external=False)
    person = Person(stage.world.app, who)
    seen = stage.world.seen(Activity, int(str(arguments["activity_id"]))) if "activity_id" in arguments else {}
    return person.get(address) if method == "GET" else person.post(address, seen | stage.forms.get(rule.endpoint, {}))


def is_turned_away(response: TestResponse, who: Identity | None) -> bool:
    """Refused, or sent to sign in; who is nobody yet and asks for everybody's page is sent to the front page."""
    where = response.headers.get("Location", "")
    to_entrance = response.status_code == 303 and ("/inloggen/" in where or (who is None and where == "/zoeken"))
    return response.status_code == 403 or to_entrance


def test_everybody_does_what_is_theirs_and_nobody_anything_else(stage: Stage) -> None:
    checked = 0
    for rule, method in closed_routes(stage.world.app):
        for name, who in PEOPLE.items():
            response = send(stage, rule, method, who, {})
            is_allowed = bool(who and who.roles & roles_of(rule.endpoint))
            if is_allowed:
                assert response.status_code in {200, 303, 409, 422}, (name, method, rule.rule, response.status_code)
                assert not is_turned_away(response, who), (name, method, rule.rule)
            else:
                assert is_turned_away(response, who), (name, method, rule.rule, response.status_code)
            checked += 1
    assert checked > 200


def test_what_is_somebody_elses_does_not_exist(stage: Stage) -> None:
    checked = set()
    for rule, method in closed_routes(stage.world.app):
        owned = rule.arguments & OWNED
        for name, who in PEOPLE.items():
            if not who or not who.roles & roles_of(rule.endpoint):
                continue
            for argument in owned:
                response = send(stage, rule, method, who, {argument: stage.foreign[argument]})
                assert response.status_code == 404, (name, method, rule.rule, response.status_code)
                checked.add(argument)
    assert checked == OWNED


def test_what_does_not_exist_is_not_found_and_no_fault(stage: Stage) -> None:
    for rule, method in closed_routes(stage.world.app):
        ids = {name: 999_999 for name in rule.arguments if name.endswith("_id")}
        for who in PEOPLE.values():
            if ids and who and who.roles & roles_of(rule.endpoint):
                response = send(stage, rule, method, who, ids) if "activity_id" not in ids else None
                assert response is None or response.status_code == 404, (method, rule.rule, response.status_code)


def test_the_same_company_with_another_branch_is_somebody_else(world: World) -> None:
    activity = world.draft(world.provider(OWN))
    branch = provider_identity(OWN, "bram", "000012345678")
    with transaction():
        arrive(branch, NOW)
    person = world.person(branch)
    assert person.get(f"/aanbieder/activiteiten/{activity.id}").status_code == 404
    assert "Klassenmanagement" not in person.get("/aanbieder/activiteiten").text


def test_every_declared_role_is_somebody_here(app: Flask) -> None:
    roles = {role for endpoint in app.view_functions for role in roles_of(endpoint)}
    held = {role for who in PEOPLE.values() if who for role in who.roles}
    assert roles - {Role.ANYONE} == held
