"""Pressing a button about one own activity: do it in a transaction, say what happened, show the activity."""

from collections.abc import Callable

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from catalogue.models import Activity
from catalogue.queries import own_activity
from core.access import signed_in
from core.audit import Actor
from core.db import transaction
from core.errors import Refusal, StaleVersion
from core.requests import seen_version
from providers.queries import provider_of

CHANGED = "De activiteit was intussen al gewijzigd. U ziet hier hoe die nu is."
Effect = Callable[[Activity, Actor], object]


def press(activity_id: int, effect: Effect, done: str) -> Response:
    """Let an effect happen to the activity as the person saw it; whatever is refused is said in its own words."""
    own_activity(provider_of(signed_in()).id, activity_id)
    try:
        with transaction():
            effect(own_activity(provider_of(signed_in()).id, activity_id, seen=seen_version()), signed_in().actor)
    except StaleVersion:
        flash(CHANGED, "info")
    except Refusal as refused:
        flash(refused.detail, "info")
    else:
        flash(done, "success")
    return redirect(url_for("submissions.activity_page", activity_id=activity_id), 303)
