"""Thousands of cases over the days, most of them decided, written past the services because those take their time."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from catalogue.models import Activity, Recognition
from core.clock import day_of
from core.db import db, insert_rows, reserve_ids, transaction
from core.policy.hours import ZERO
from providers.models import Provider
from tests.world import POLICY, World
from validation.judgement_models import Decision
from validation.models import Case, CaseEvent, Question
from validation.states import Outcome, State

OUTCOMES = [Outcome.APPROVED] * 7 + [Outcome.TEMPORARILY_REJECTED] * 2 + [Outcome.REJECTED]
TYPES = [item.code for item in POLICY.types]
PORTION = 10_000
HOUR = timedelta(hours=1)


def docket(world: World, provider: Provider, decided: int, still_open: int, *, days: int, now: datetime) -> None:
    """Cases that came in during so many days up to a moment. A tenth is withdrawn, a fifth was asked something."""
    activity, random = world.published(provider), Random(decided)
    about = activity.recognitions[-1]
    for begin in range(0, decided, PORTION):
        with transaction():
            db.session.refresh(about)
            _add_decided(about, provider.id, min(PORTION, decided - begin), Random(begin), days, now)
    for begin in range(0, still_open, PORTION):
        with transaction():
            _add_open(about.version_id, provider.id, min(PORTION, still_open - begin), random, now)


def _add_decided(about: Recognition, provider_id: int, count: int, random: Random, days: int, now: datetime) -> None:
    ids = reserve_ids(Case, count)
    moments = [now - timedelta(days=random.randrange(20, days), hours=random.randrange(24)) for _ in ids]
    cases = [
        _case(id_, about.version_id, about.activity_id, provider_id, moment, random)
        | {"state": State.WITHDRAWN if id_ % 10 == 0 else State.DECIDED}
        for id_, moment in zip(ids, moments, strict=True)
    ]
    insert_rows(Case, cases)
    ended = [row for row in cases if row["state"] == State.WITHDRAWN]
    insert_rows(CaseEvent, [_event(row, "receive", row["received_at"]) for row in cases])
    insert_rows(CaseEvent, [_event(row, "claim", row["received_at"] + HOUR) for row in cases])
    insert_rows(CaseEvent, [_event(row, "withdraw", row["received_at"] + 50 * HOUR) for row in ended])
    decided = [row for row in cases if row["state"] == State.DECIDED]
    insert_rows(Question, [_question(row) for row in decided if row["id"] % 5 == 1])
    insert_rows(Decision, [_decision(row, about.id, random, now) for row in decided])


def _add_open(version_id: int, provider_id: int, count: int, random: Random, now: datetime) -> None:
    """One activity each, because there is never more than one open case about one."""
    facts = {"provider_id": provider_id, "state": "submitted", "created_at": now, "updated_at": now}
    activities = reserve_ids(Activity, count)
    insert_rows(Activity, [facts | {"id": id_} for id_ in activities])
    moments = [now - timedelta(days=random.randrange(20)) for _ in activities]
    ids = zip(reserve_ids(Case, count), activities, moments, strict=True)
    insert_rows(Case, [_case(id_, version_id, about, provider_id, moment, random) for id_, about, moment in ids])


def _case(
    id_: int, version_id: int, activity_id: int, provider_id: int, received_at: datetime, random: Random
) -> dict[str, Any]:
    day = day_of(received_at)
    due_on = day + timedelta(days=42)
    return {
        "id": id_,
        "procedure": "validation",
        "activity_id": activity_id,
        "version_id": version_id,
        "provider_id": provider_id,
        "policy_id": POLICY.id,
        "state": State.RECEIVED,
        "type": random.choice(TYPES),
        "sectors": ",po,vo,",
        "received_at": received_at,
        "started_on": day,
        "due_on": due_on,
        "term": {"received_on": str(day), "due_on": str(due_on), "provisional": False, "parts": [[42, ""]]},
    }


def _event(case: dict[str, Any], action: str, at: datetime) -> dict[str, Any]:
    return {"case_id": case["id"], "action": action, "at": at, "by": "test", "by_name": "Test", "is_inner": False}


def _question(case: dict[str, Any]) -> dict[str, Any]:
    asked_at = case["received_at"] + 48 * HOUR
    return {
        "case_id": case["id"],
        "text": "Wie geeft de cursus?",
        "asked_by": "staff:::jansen",
        "asked_by_name": "Jansen",
        "asked_at": asked_at,
        "answer_by": day_of(asked_at) + timedelta(days=14),
        "answer": "Mevrouw De Boer.",
        "answered_by": "test",
        "answered_at": asked_at + 96 * HOUR,
    }


def _decision(case: dict[str, Any], recognition_id: int, random: Random, now: datetime) -> dict[str, Any]:
    outcome = random.choice(OUTCOMES)
    is_approved = outcome is Outcome.APPROVED
    return {
        "case_id": case["id"],
        "procedure": "validation",
        "recognition_id": recognition_id if is_approved else None,
        "outcome": outcome,
        "verdicts": {},
        "contact_hours": 16 if is_approved else ZERO,
        "self_study_hours": random.randrange(5) if is_approved else ZERO,
        "reasons": "Omdat het zo is. " * 12,
        "decided_by": "staff:::jansen",
        "decided_by_name": "Jansen",
        "decided_at": min(case["received_at"] + timedelta(days=max(7, int(random.gauss(30, 10)))), now),
    }
