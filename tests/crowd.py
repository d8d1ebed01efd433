"""Thousands of activities of one provider, in every state, written past the services because those take their time."""

from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from catalogue.content import Content
from catalogue.models import VERSIONED, Activity, ActivityVersion, NumberPart, Recognition
from catalogue.numbers import draw, parts
from catalogue.states import State
from core.db import Base, db, transaction
from tests.world import COMPLETE, NOW, POLICY
from validation.models import Case

# Of every twenty: the state, where a change is, and days until the end date.
MIX: list[tuple[State, str, int | None]] = [
    *[(State.DRAFT, "", None)] * 4,
    *[(State.SUBMITTED, "", None)] * 2,
    (State.REJECTED, "", None),
    *[(State.VALIDATED, "", 300)] * 2,
    (State.PUBLISHED, "draft", None),
    (State.PUBLISHED, "submitted", None),
    *[(State.PUBLISHED, "", 200)] * 7,
    *[(State.PUBLISHED, "", -30)] * 2,
]
TITLES = ("Klassenmanagement", "Rekenen op de basisschool", "Taal en lezen", "Muziek in de klas", "Burgerschap")
RECOGNISED = frozenset({State.VALIDATED, State.PUBLISHED})


def crowd(provider_id: int, count: int, *, today: date, content: Content = COMPLETE) -> list[int]:
    """So many activities, a minute apart; returns their ids."""
    random = Random(provider_id)
    kinds = [MIX[number % len(MIX)] for number in range(count)]
    with transaction():
        ids = _insert(Activity, [_activity(provider_id, place, kind, today) for place, kind in enumerate(kinds)])
        texts = {name: getattr(content, name) for name in VERSIONED} | {"sectors": list(content.sectors)}
        named = [texts | {"title": _title(place), "activity_id": id_} for place, id_ in enumerate(ids)]
        frozen = [None if kind[0] is State.DRAFT else NOW for kind in kinds]
        versions = _insert(
            ActivityVersion,
            [row | {"ordinal": 1, "frozen_at": at} for row, at in zip(named, frozen, strict=True)],
        )
        of_each = list(zip(ids, versions, kinds, strict=True))
        granted = [_recognition(id_, version, random) for id_, version, kind in of_each if kind[0] in RECOGNISED]
        recognitions = _insert(Recognition, granted)
        db.session.execute(
            insert(NumberPart),
            [
                {"part": part, "recognition_id": id_}
                for id_, row in zip(recognitions, granted, strict=True)
                for part in parts(row["number"])
            ],
        )
        cases = [_case(provider_id, id_, version, kind, today) for id_, version, kind in of_each]
        _insert(Case, [row for row in cases if row])
    return ids


def _insert(table: type[Base], rows: list[dict[str, Any]]) -> list[int]:
    key = table.__table__.c.id
    return list(db.session.scalars(insert(table).returning(key, sort_by_parameter_order=True), rows))


def _title(place: int) -> str:
    return f"{TITLES[place % len(TITLES)]} {place}"


def _activity(provider_id: int, place: int, kind: tuple[State, str, int | None], today: date) -> dict[str, Any]:
    state, change, days = kind
    moment = NOW + timedelta(minutes=place)
    return {
        "provider_id": provider_id,
        "state": state,
        "change": change,
        "title_key": _title(place).casefold(),
        "shown_changed_at": moment if state is State.PUBLISHED else None,
        "ends_on": None if days is None else today + timedelta(days=days),
        "created_at": moment,
        "updated_at": moment,
    }


def _recognition(activity_id: int, version_id: int, random: Random) -> dict[str, Any]:
    return {
        "activity_id": activity_id,
        "version_id": version_id,
        "register": POLICY.register,
        "number": draw(random),
        "contact_hours": 10,
        "self_study_hours": 2,
        "valid_from": NOW.date(),
        "is_leading": True,
    }


def _case(
    provider_id: int, activity_id: int, version_id: int, kind: tuple[State, str, int | None], today: date
) -> dict[str, Any] | None:
    """Open for what is submitted, of which every third waits for an answer; decided for what was recognised."""
    state, change, _ = kind
    if state in {State.DRAFT, State.REJECTED}:
        return None
    is_open = State.SUBMITTED in {state, change}
    now = ("waiting_for_provider" if activity_id % 3 == 0 else "in_review") if is_open else "decided"
    return {
        "procedure": "validation",
        "activity_id": activity_id,
        "version_id": version_id,
        "provider_id": provider_id,
        "policy_id": POLICY.id,
        "state": now,
        "handler": "staff:::jansen",
        "received_at": NOW,
        "started_on": NOW.date(),
        "due_on": today + timedelta(days=activity_id % 60),
        "term": {"received_on": NOW.date().isoformat(), "due_on": NOW.date().isoformat(), "parts": [[42, ""]]},
    }
