"""Loads the demonstration data through the services that people use, with dates relative to today."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import update

from catalogue.content import Content
from catalogue.drafts import create_draft, freeze, newest_version
from catalogue.edition_facts import EditionFacts
from catalogue.editions import add_edition
from catalogue.models import Activity, ImportedOffer
from catalogue.publication import move
from catalogue.recognitions import recognise_former
from catalogue.states import Action
from core.access import Audience, Identity, Role
from core.audit import Actor
from core.clock import day_of
from core.db import db, transaction
from core.policy import Policies, Policy
from core.policy.hours import ZERO
from core.sign_in.claim_paths import LEGAL_SUBJECT
from demo.people import PEOPLE
from providers.admitting import admit
from providers.arriving import add_provider, arrive
from providers.declaring import declare
from providers.details import details_of, save_details
from providers.models import ContactPerson, Provider, ProviderMessage
from providers.queries import find_provider
from providers.rules import Origin
from validation.admission import register
from validation.assessing import assess
from validation.committee.members import arrive_member
from validation.comparing import assessments_of
from validation.deciding import decide, propose
from validation.handling import claim
from validation.judgement import Judgement, Verdict
from validation.questions import ask
from validation.states import Outcome
from validation.submitting import submit

DATA = Path(__file__).parent / "data"
MARKER = "90100011"  # a provider that only the demonstration has
KNOWN_AFTER = 14  # days; by then somebody read what the register wrote
LOADER = Actor("demo", "command")
MEMBERS = ("jansen", "yilmaz")
OUTCOMES = {
    "published": Outcome.APPROVED,
    "validated": Outcome.APPROVED,
    "rejected": Outcome.REJECTED,
    "temporarily_rejected": Outcome.TEMPORARILY_REJECTED,
}


@dataclass(frozen=True)
class _Clockwork:
    """Moments relative to the day of loading."""

    today: date

    def day(self, offset: int | None) -> date | None:
        return None if offset is None else self.today + timedelta(days=offset)

    def ago(self, days: int, hour: int = 10) -> datetime:
        return datetime.combine(self.today - timedelta(days=days), time(hour), UTC)


def load(policies: Policies, now: datetime, on_item: Callable[[], None] = lambda: None) -> int:
    """Load everything in one transaction, or nothing; 0 when it was loaded before."""
    clockwork = _Clockwork(day_of(now))
    with transaction():
        if find_provider(MARKER) is not None:
            return 0
        for data in _read("providers")["provider"]:
            _load_provider(data, policies, clockwork)
        _let_people_in(clockwork)
        activities = sorted(_read("activities")["activity"], key=_days_since, reverse=True)
        for data in activities:
            _Story(data, policies, clockwork).tell()
            on_item()
        known = update(ProviderMessage).where(ProviderMessage.sent_at < clockwork.ago(KNOWN_AFTER))
        db.session.execute(known.values(read_at=ProviderMessage.sent_at))
    return len(activities)


def _let_people_in(clockwork: _Clockwork) -> None:
    """Who is known from the start: the members of one provider, and the committee."""
    for person in PEOPLE:
        if person.claims.get(LEGAL_SUBJECT) == MARKER:
            arrive(person.identity, clockwork.ago(30))
        elif person.audience is Audience.STAFF:
            arrive_member(person.identity, clockwork.ago(1))


def _days_since(data: dict[str, Any]) -> int:
    """How long ago the provider last heard of an activity; messages stand in the order in which they were written."""
    days: int = data.get("decided_days_ago", data.get("asked_days_ago", 0))
    return days


def _read(name: str) -> dict[str, Any]:
    with (DATA / f"{name}.toml").open("rb") as file:
        return tomllib.load(file, parse_float=Decimal)


def _load_provider(data: dict[str, Any], policies: Policies, clockwork: _Clockwork) -> None:
    then = clockwork.ago(500)
    known = find_provider(data["kvk_number"])  # an import may have brought it already
    provider = known or add_provider(data["kvk_number"], data["name"], Origin(data["origin"]), by=LOADER, now=then)
    provider.website, provider.place = data["website"], data["place"]
    policy = policies.on(clockwork.today)
    if "contact" in data:
        _complete(provider, data["contact"], policy, then)
    if data["admitted"]:
        declare(provider, policy, {item.code for item in policy.requirements}, by=LOADER, now=then)
        admit(provider, by=LOADER, now=then)
    elif "contact" in data:
        register(provider, policies, by=LOADER, now=clockwork.ago(4))


def _complete(provider: Provider, contact: dict[str, str], policy: Policy, then: datetime) -> None:
    """All but the confirmation; the contact person answered the link long ago."""
    declare(provider, policy, {item.code for item in policy.requirements}, by=LOADER, now=then)
    save_details(provider, details_of(provider), by=LOADER, now=then)
    provider.contact = ContactPerson(**contact, confirmed_email=contact["email"])
    db.session.flush()


class _Story:
    """What happened to one activity, told in the order in which it happened."""

    def __init__(self, data: dict[str, Any], policies: Policies, clockwork: _Clockwork) -> None:
        self._data, self._policies, self._clockwork = data, policies, clockwork
        self._received = clockwork.ago(data.get("received_days_ago", 3))

    def tell(self) -> None:
        provider = find_provider(self._data["kvk_number"])
        if provider is None:
            message = f"no provider {self._data['kvk_number']}"
            raise LookupError(message)
        activity = self._write(provider)
        state = self._data["state"]
        if state == "migrated":
            self._take_over(activity)
        elif state != "draft":
            self._hand_in(activity)
        if state == "published":
            moment = self._clockwork.ago(max(self._data["decided_days_ago"] - 1, 0), hour=11)
            move(activity, Action.PUBLISH, by=LOADER, now=moment)
        for edition in self._data.get("editions", ()):
            self._plan(activity, edition)

    def _plan(self, activity: Activity, data: dict[str, Any]) -> None:
        days: dict[str, Any] = {
            f"{name}_on": self._clockwork.day(data[f"{name}_in_days"]) for name in ("starts", "ends")
        }
        rest = {name: value for name, value in data.items() if not name.endswith("_in_days")}
        facts = EditionFacts(**rest, **days)
        policy = self._policies.on(self._clockwork.today)
        add_edition(activity, facts, policy=policy, by=LOADER, now=self._clockwork.ago(1))

    def _write(self, provider: Provider) -> Activity:
        content = _content(self._data, self._clockwork)
        return create_draft(provider.id, content, by=LOADER, now=self._received - timedelta(days=2))

    def _take_over(self, activity: Activity) -> None:
        version = freeze(newest_version(activity), self._received)
        number = self._data["old_number"]
        if number:
            day = activity.starts_on or self._clockwork.today
            recognise_former(version, version.content.hours, number=number, valid_from=day)
        key = f"{self._data['kvk_number']}:{number or f'-demo-{activity.id}'}"
        db.session.add(
            ImportedOffer(
                source_key=key, origin="former", activity_id=activity.id, digest="demo", imported_at=self._received
            )
        )

    def _hand_in(self, activity: Activity) -> None:
        case = submit(activity, self._policies, by=LOADER, now=self._received)
        outcome, member = OUTCOMES.get(self._data["state"]), _member(MEMBERS[case.id % len(MEMBERS)])
        if "question" in self._data:
            asked, policy = self._clockwork.ago(self._data["asked_days_ago"]), self._policies.named(case.policy_id)
            claim(case, policy, by=member, now=self._received)
            ask(
                case,
                self._data["question"],
                policy.questions.last_day(day_of(asked)),
                self._policies,
                by=member,
                now=asked,
            )
        if outcome is None:
            return
        decided = self._clockwork.ago(self._data["decided_days_ago"])
        policy = self._policies.named(case.policy_id)
        members = [_member(MEMBERS[(case.id + seat) % len(MEMBERS)]) for seat in range(policy.decision.assessors)]
        verdict = Verdict.MET if outcome is Outcome.APPROVED else Verdict.NOT_MET
        judgement = Judgement(
            verdicts={item.code: verdict for item in policy.criteria},
            outcome=outcome,
            contact_hours=self._data.get("granted_contact_hours", ZERO),
            self_study_hours=self._data.get("granted_self_study_hours", ZERO),
            reasons=self._data["reason"],
            reason_codes=tuple(self._data.get("reason_codes", ())),
            improve_by=day_of(decided) + timedelta(days=policy.decision.improve_days),
        )
        for each in members:
            claim(case, policy, by=each, now=decided - timedelta(days=1))
            db.session.flush()
        for each in members:
            assess(case, judgement, policy, by=each, now=decided)
        decider, drafter = member, None
        if outcome in policy.decision.four_eyes:
            propose(case, policy, by=member, now=decided)
            decider, drafter = _member(MEMBERS[(case.id + 1) % len(MEMBERS)]), assessments_of(case)[0]
        decide(case, judgement, policy, by=decider, now=decided, drafter=drafter)


def _member(id_: str) -> Identity:
    name = {"jansen": "R. Jansen", "yilmaz": "M. Yılmaz"}[id_]
    return Identity(audience=Audience.STAFF, subject=id_, name=name, roles=frozenset({Role.COMMITTEE}))


def _content(data: dict[str, Any], clockwork: _Clockwork) -> Content:
    texts: dict[str, Any] = {
        name: data[name].strip() for name, kind in Content.__annotations__.items() if kind is str and name in data
    }
    hours: dict[str, Any] = {name: Decimal(data[name]) for name in ("contact_hours", "self_study_hours")}
    content = Content(**texts, **hours, sectors=tuple(data["sectors"]))
    return replace(
        content,
        starts_on=clockwork.day(data.get("starts_in_days")),
        ends_on=clockwork.day(data.get("ends_in_days")),
    )
