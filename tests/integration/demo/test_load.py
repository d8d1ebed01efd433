from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from catalogue.models import Activity
from core import clock
from core.audit import verify
from core.db import db
from core.worker import deliver_due
from demo.people import PEOPLE
from tests.policies import under_rules
from tests.world import World, member_identity, text_of
from validation.judgement_models import Decision
from validation.models import Case


def test_the_demonstration_loads_once_in_every_state_and_with_cases_of_every_age(world: World) -> None:
    assert "60 activiteiten geladen." in world.run("demo", "load").output
    assert "zijn er al" in world.run("demo", "load").output
    states = dict(db.session.execute(select(Activity.state, func.count()).group_by(Activity.state)).all())
    assert set(states) == {"draft", "submitted", "rejected", "validated", "published"}
    assert sum(states.values()) == 60
    received = db.session.scalars(select(Case.due_on).where(Case.state == "received"))
    due = [day for day in received if day]
    today = clock.today()
    assert min(due) < today < max(due)
    assert len({(day - today) // timedelta(days=7) for day in due}) >= 4
    assert verify().broken_at is None


@pytest.mark.parametrize("assessors", [1, 2])
def test_it_loads_under_rules_that_ask_more_of_the_committee(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, assessors: int
) -> None:
    eyes = ("four_eyes = []", 'four_eyes = ["approved", "rejected", "temporarily_rejected"]')
    under_rules(world, monkeypatch, tmp_path / "rules", ("assessors = 1", f"assessors = {assessors}"), eyes)
    assert "60 activiteiten geladen." in world.run("demo", "load").output
    decided = select(func.count(Decision.id)).where(Decision.procedure == "validation")
    assert (db.session.scalar(decided) or 0) > 5
    assert db.session.scalar(decided.where(Decision.drafted_by == "")) == 0, "two had a look at every one"


def test_after_loading_everything_visible_is_found(world: World) -> None:
    world.run("demo", "load")
    deliver_due(world.app, world.app.extensions["outbox_handlers"])
    page = text_of(world.person().get("/zoeken", q="rekenen"))
    assert "gevonden voor" in page
    queue = text_of(world.person(member_identity()).get("/commissie"))
    assert "15 zaken" in queue
    assert "Toelating van Onderwijsstudio Zuidkant" in queue
    assert "te laat" in queue


def test_there_is_somebody_for_every_entrance() -> None:
    entrances = [person.entrance for person in PEOPLE]
    assert Counter(entrances) == {"aanbieder": 6, "commissie": 4, "leraar": 1}
    assert len({person.name for person in PEOPLE}) == len(PEOPLE), "a button for each"
