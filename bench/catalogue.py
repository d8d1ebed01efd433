"""A catalogue of any size to measure on: activities of forty providers, with real words, past the services."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import text
from wordfreq import top_n_list

from catalogue.models import VERSIONED, Activity, ActivityVersion, NumberPart, Recognition, folded_title
from catalogue.numbers import draw, parts
from core import clock
from core.db import db, insert_rows, reserve_ids, transaction
from tests.world import COMPLETE, NOW, World

PORTION = 5_000
PROVIDERS = [f"9010{number:04}" for number in range(1, 41)]
KINDS = ("cursus", "opleiding", "studiedag", "conferentie")
SECTORS = (["po"], ["vo"], ["po", "vo"], ["vo", "mbo"])
SUBJECTS = ("Pedagogiek", "Nederlands", "Rekenen", "Burgerschap", "Biologie", "Muziek")


def fill(app: Flask, count: int, seed: int = 7) -> list[str]:
    """So many activities; returns their numbers. The same seed gives the same catalogue."""
    random, world, words = Random(seed), World(app), top_n_list("nl", 20_000)
    owners = [world.provider(number).id for number in PROVIDERS]
    given: dict[str, None] = {}
    while len(given) < count:
        given[draw(random)] = None
    numbers = list(given)
    for start in range(0, count, PORTION):
        with transaction():
            _insert(numbers[start : start + PORTION], owners, words, random)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # What the database does by itself when it has been running for a minute.
        connection.execute(text("ANALYZE" if db.engine.dialect.name == "sqlite" else "VACUUM ANALYZE"))
    return numbers


def _insert(numbers: Sequence[str], owners: Sequence[int], words: Sequence[str], random: Random) -> None:
    ids, versions, recognitions = (reserve_ids(kind, len(numbers)) for kind in (Activity, ActivityVersion, Recognition))
    texts = [_said(words, random) for _ in numbers]
    insert_rows(Activity, [_activity(id_, said, owners, random) for id_, said in zip(ids, texts, strict=True)])
    rows = zip(versions, ids, texts, strict=True)
    insert_rows(ActivityVersion, [{"id": id_, "activity_id": activity, **said} for id_, activity, said in rows])
    granted = [
        {"id": id_, "activity_id": activity, "version_id": version, "number": number, **_worth(random)}
        for id_, activity, version, number in zip(recognitions, ids, versions, numbers, strict=True)
    ]
    insert_rows(Recognition, granted)
    found = [{"part": part, "recognition_id": row["id"]} for row in granted for part in parts(row["number"])]
    insert_rows(NumberPart, found)


def _said(words: Sequence[str], random: Random) -> dict[str, Any]:
    facts = {name: getattr(COMPLETE, name) for name in VERSIONED}
    return facts | {
        "title": " ".join(random.choices(words, k=random.randint(3, 7))).capitalize(),
        "description": " ".join(random.choices(words, k=random.randint(20, 60))).capitalize(),
        "type": random.choice(KINDS),
        "sectors": random.choice(SECTORS),
        "subject": random.choice(SUBJECTS),
        "place": random.choice(["Utrecht", "Online", "Zwolle"]),
        "ordinal": 1,
        "frozen_at": NOW,
    }


def _activity(id_: int, said: dict[str, Any], owners: Sequence[int], random: Random) -> dict[str, Any]:
    return {
        "id": id_,
        "provider_id": random.choice(owners),
        "state": "published",
        "change": "",
        "title_key": folded_title(said["title"]),
        "ends_on": random.choice([None, clock.today() + timedelta(days=random.randint(30, 900))]),
        "shown_changed_at": NOW,
        "created_at": NOW,
        "updated_at": NOW,
    }


def _worth(random: Random) -> dict[str, Any]:
    return {
        "register": "lerarenregister",
        "contact_hours": COMPLETE.hours.contact * random.randint(1, 4) / 2,
        "self_study_hours": COMPLETE.hours.self_study,
        "valid_from": NOW.date() - timedelta(days=random.randint(0, 900)),
        "is_leading": True,
    }
