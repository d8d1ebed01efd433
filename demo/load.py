"""Loads the demonstration data through the services that people use, with dates relative to today."""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from catalogue.content import Content
from catalogue.drafts import create_draft, freeze, newest_version
from catalogue.models import Activity, MigratedOffer
from catalogue.publication import move
from catalogue.recognitions import recognise_former
from catalogue.states import Action
from core.access import Audience, Identity, Role
from core.audit import Actor
from core.clock import day_of
from core.db import db, transaction
from core.policy import Hours, Policies
from providers.models import Provider
from providers.rules import Origin
from providers.services import add_provider, admit, declare, find_provider
from validation.deciding import claim, decide
from validation.judgement import Judgement, Verdict
from validation.states import Outcome
from validation.submitting import submit

DATA = Path(__file__).parent / "data"
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
    """Load everything, one transaction per activity; a provider that is there already ends it: loaded before."""
    clockwork = _Clockwork(day_of(now))
    with (DATA / "providers.toml").open("rb") as file:
        providers = tomllib.load(file)["provider"]
    if find_provider(providers[0]["kvk_number"]) is not None:
        return 0
    with transaction():
        for data in providers:
            _load_provider(data, policies, clockwork)
    count = 0
    for count, data in enumerate(_activities(), start=1):  # noqa: B007 -- the last count is the answer
        with transaction():
            _Story(data, policies, clockwork).tell()
        on_item()
    return count


def _activities() -> Iterator[dict[str, Any]]:
    with (DATA / "activities.toml").open("rb") as file:
        yield from tomllib.load(file, parse_float=Decimal)["activity"]


def _load_provider(data: dict[str, Any], policies: Policies, clockwork: _Clockwork) -> None:
    then = clockwork.ago(500)
    provider = add_provider(data["kvk_number"], data["name"], Origin(data["origin"]), by=LOADER, now=then)
    provider.website, provider.place = data["website"], data["place"]
    if data["admitted"]:
        policy = policies.on(clockwork.today)
        declare(provider, policy, {item.code for item in policy.requirements}, by=LOADER, now=then)
        admit(provider, by=LOADER, now=then)


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

    def _write(self, provider: Provider) -> Activity:
        content = _content(self._data, self._clockwork)
        return create_draft(provider.id, content, by=LOADER, now=self._received - timedelta(days=2))

    def _take_over(self, activity: Activity) -> None:
        version = freeze(newest_version(activity), self._received)
        number = self._data["old_number"]
        if number:
            day = version.starts_on or self._clockwork.today
            recognise_former(version, version.content.hours, number=number, valid_from=day)
        key = f"{self._data['kvk_number']}:{number or f'-demo-{activity.id}'}"
        db.session.add(
            MigratedOffer(source_key=key, activity_id=activity.id, digest="demo", imported_at=self._received)
        )

    def _hand_in(self, activity: Activity) -> None:
        case = submit(activity, self._policies, by=LOADER, now=self._received)
        outcome = OUTCOMES.get(self._data["state"])
        if outcome is None:
            return
        member = _member(MEMBERS[case.id % len(MEMBERS)])
        decided = self._clockwork.ago(self._data["decided_days_ago"])
        policy = self._policies.named(case.policy_id)
        claim(case, by=member, now=decided - timedelta(days=1))
        db.session.flush()
        verdict = Verdict.MET if outcome is Outcome.APPROVED else Verdict.NOT_MET
        judgement = Judgement(
            verdicts={item.code: verdict for item in policy.criteria},
            outcome=outcome,
            hours=_granted(self._data),
            reasons=self._data["reason"],
        )
        decide(case, judgement, policy, seen=case.version, by=member, now=decided)


def _member(id_: str) -> Identity:
    name = {"jansen": "R. Jansen", "yilmaz": "M. Yılmaz"}[id_]
    return Identity(audience=Audience.STAFF, subject=id_, name=name, roles=frozenset({Role.COMMITTEE}))


def _granted(data: dict[str, Any]) -> Hours:
    nothing = Decimal(0)
    return Hours(data.get("granted_contact_hours", nothing), data.get("granted_self_study_hours", nothing))


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
