"""The teacher's pages."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import clock
from core.access import Role, open_to, signed_in
from core.db import transaction
from core.policy.hours import ZERO
from core.policy.loading import current_policies
from dossier.services import add, entries_of, holds, take_out

bp = Blueprint("dossier", __name__, url_prefix="/dossier")


@bp.app_template_global()
def is_in_dossier(activity_id: int) -> bool:
    """Whether the signed-in teacher has it, for the page of an activity, which knows no dossiers."""
    return holds(signed_in(), activity_id)


@bp.get("")
@open_to(Role.TEACHER)
def dossier_page() -> str:
    """The teacher's activities and the sum of their hours."""
    entries = entries_of(signed_in())
    total = sum((entry.hours.total for entry in entries), ZERO)
    policy = current_policies().on(clock.today())
    return render_template("teacher/dossier.html", entries=entries, total=total, policy=policy)


@bp.post("")
@open_to(Role.TEACHER)
def add_activity() -> Response:
    """Add the activity with the posted number."""
    today = clock.today()
    with transaction():
        add(request.form.get("number", ""), by=signed_in(), today=today, now=clock.now())
    flash("De activiteit staat in uw dossier.", "success")
    return redirect(url_for(".dossier_page"), 303)


@bp.post("/<id:entry_id>/verwijderen")
@open_to(Role.TEACHER)
def remove_activity(entry_id: int) -> Response:
    """Take an activity out of the dossier."""
    with transaction():
        take_out(entry_id, by=signed_in(), now=clock.now())
    flash("De activiteit is uit uw dossier gehaald.", "success")
    return redirect(url_for(".dossier_page"), 303)
