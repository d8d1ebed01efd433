"""The public page of an activity, which is also what a certificate's number leads to."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from catalogue.queries import public_activity
from core import clock
from core.access import Role, open_to
from core.policy.loading import current_policies

bp = Blueprint("catalogue", __name__)


@bp.get("/activiteiten/<number>")
@open_to(Role.ANYONE)
def activity_page(number: str) -> str | Response:
    """The activity with this number; old numbers and other notations lead to the one address."""
    policy = current_policies().on(clock.today())
    found = public_activity(number, policy.register, clock.today())
    if found.recognition.number != number:
        return redirect(url_for(".activity_page", number=found.recognition.number), 301)
    former = [known.number for known in found.activity.recognitions if known.register != policy.register]
    return render_template("public/activity.html", found=found, former=former, policy=policy)
