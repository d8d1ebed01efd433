"""Taking several decisions at once, after reading what each of them says."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import clock
from core.access import Role, open_to, signed_in
from core.db import transaction
from core.errors import Refusal, StaleVersion
from core.formatting import count_of
from core.policy.loading import current_policies
from core.requests import LARGEST_ID
from validation.committee.queue import PAGE
from validation.deciding import basis_for, decide
from validation.deciding_many import candidates, obstacle_to_all
from validation.queries import locked_case
from validation.states import OUTCOME_NAMES

bp = Blueprint("many_decisions", __name__, url_prefix="/commissie/besluiten")


@bp.post("")
@open_to(Role.COMMITTEE)
def read_page() -> str | Response:
    """What each of the chosen cases would be told."""
    ids = _chosen_ids()
    found = candidates(ids, current_policies(), by=signed_in())
    if not found:
        flash("Kies eerst een of meer zaken.", "info")
        return redirect(url_for("committee.queue_page"), 303)
    return render_template(
        "committee/many.html",
        found=found,
        left_out=len(ids) - len(found),
        obstacle=obstacle_to_all(found),
        outcomes=OUTCOME_NAMES,
        policies={one.case.id: current_policies().named(one.case.policy_id) for one in found},
    )


@bp.post("/nemen")
@open_to(Role.COMMITTEE)
def decide_all() -> Response:
    """Take them, each in a commit of its own; what changed since it was read is left alone and named."""
    seen = dict(pair.split(":", 1) for pair in request.form.getlist("seen") if ":" in pair)
    done, outcome = 0, request.form.get("outcome", "")
    for case_id in _chosen_ids():
        try:
            _decide_one(case_id, outcome, seen.get(str(case_id), ""))
        except Refusal as refusal:
            flash(f"Zaak {case_id} niet: {refusal.detail}", "info")
        else:
            done += 1
    if done:
        flash(f"{count_of(done, 'besluit', 'besluiten')} genomen en verstuurd.".capitalize(), "success")
    return redirect(url_for("committee.queue_page", wie="mine"), 303)


def _decide_one(case_id: int, outcome: str, seen: str) -> None:
    with transaction():
        case, me = locked_case(case_id), signed_in()
        policy = current_policies().named(case.policy_id)
        basis = basis_for(case, policy, me)
        if (outcome, seen) != (basis.assessment.advice, f"{case.version}-{basis.assessment.version}"):
            raise StaleVersion
        drafter = basis.assessment if basis.is_of_colleague else None
        decide(case, basis.judgement, policy, by=me, now=clock.now(), drafter=drafter)


def _chosen_ids() -> list[int]:
    ids = {id_ for id_ in request.form.getlist("case", type=int) if 0 < id_ <= LARGEST_ID}
    return sorted(ids)[:PAGE]
