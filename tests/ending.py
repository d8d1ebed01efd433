"""What takes an activity away from teachers."""

from datetime import timedelta

from catalogue.deleting import delete_for_ever
from catalogue.models import Activity
from catalogue.publication import move, set_period
from catalogue.states import Action
from core import clock
from core.db import db, transaction
from core.worker import deliver_due
from tests.world import ACTOR, World

# How it can end, and what is said of it then.
ENDINGS = {"taken back": "wordt nu niet aangeboden", "over": "is afgelopen", "deleted": "is verwijderd"}


def end(world: World, activity: Activity, ending: str) -> None:
    """In one of these ways; the search knows."""
    number, now = world.number(activity), clock.now()
    with transaction():
        found = db.session.get_one(Activity, activity.id)
        if ending == "over":
            set_period(found, None, clock.today() - timedelta(1), by=ACTOR, now=now)
        elif ending == "deleted":
            delete_for_ever(found, number, by=ACTOR, now=now)
        else:
            move(found, Action.UNPUBLISH, by=ACTOR, now=now)
    deliver_due(world.app, world.app.extensions["outbox_handlers"])
