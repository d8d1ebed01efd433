"""Two people, or two windows, at the same moment."""

import contextvars
import threading
from collections.abc import Callable

from sqlalchemy import func, select

from catalogue.models import Activity, ActivityVersion
from core.db import db
from tests.forms import form_of
from tests.world import World, provider_identity


def both(world: World, *calls: Callable[[], int]) -> list[int]:
    """Run all at once; their answers, sorted."""
    start = threading.Barrier(len(calls))
    answers: list[int] = []

    def run(call: Callable[[], int]) -> None:
        start.wait()
        with world.app.app_context():
            answers.append(call())

    threads = [threading.Thread(target=contextvars.Context().run, args=(run, call)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def test_of_two_who_save_one_step_at_once_one_is_asked_to_compare(world: World) -> None:
    activity = world.draft(world.provider())
    address = f"/aanbieder/activiteiten/{activity.id}/bewerken/over"
    people = [world.person(provider_identity(subject=name)) for name in ("een", "twee")]
    forms = [form_of(person.get(address), "concept") | {"goal": f"Doel {n}"} for n, person in enumerate(people)]
    calls = [
        lambda person=person, form=form: person.post(address, form).status_code
        for person, form in zip(people, forms, strict=True)
    ]
    assert both(world, *calls) == [303, 409]
    db.session.rollback()
    assert db.session.scalars(select(ActivityVersion.goal)).one() in {"Doel 0", "Doel 1"}


def test_one_empty_form_sent_from_two_windows_at_once_becomes_one_draft(world: World) -> None:
    world.provider()
    people = [world.person(provider_identity()) for _ in range(2)]
    form = form_of(people[0].get("/aanbieder/activiteiten/nieuw"), "concept") | {"title": "Eenmalig"}
    calls = [lambda person=person: person.post("/aanbieder/activiteiten/nieuw", form).status_code for person in people]
    assert both(world, *calls) == [303, 303]
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Activity)) == 1
