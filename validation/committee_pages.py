"""The committee's pages: the queue, a case, the decision."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from catalogue.numbers import shown
from core import clock
from core.access import Role, open_to, signed_in
from core.db import transaction
from core.errors import Refusal
from core.policy.loading import current_policies
from validation.deciding import NotDecidable, claim, decide
from validation.judgement import VERDICT_NAMES
from validation.models import Case
from validation.queries import PAGE, QueueFilter, cases_of, find_case, queue, queue_length, tiles
from validation.schemas import load_judgement
from validation.states import OPEN, OUTCOME_NAMES, STATE_NAMES, TRANSITIONS, Action, Outcome, State
from validation.term_text import from_data, in_words

bp = Blueprint("committee", __name__, url_prefix="/commissie")


@bp.get("")
@open_to(Role.COMMITTEE, Role.BUREAU)
def queue_page() -> str:
    """Open cases, first due first, each with its explained due date."""
    today = clock.today()
    whose = request.args.get("wie", "")
    wanted = QueueFilter(
        words=request.args.get("q", "").strip()[:100],
        whose=whose if whose in {"mine", "nobody"} else "",
        handler=signed_in().account_key,
    )
    page = max(request.args.get("pagina", 1, type=int), 1)
    length = queue_length(wanted)
    cases = queue(wanted, page)
    return render_template(
        "committee/queue.html",
        cases=cases,
        sums={case.id: in_words(from_data(case.term)) for case in cases},
        tiles=tiles(wanted.handler, today),
        wanted=wanted,
        length=length,
        page=page,
        pages=-(-length // PAGE),
        today=today,
    )


@bp.get("/zaken/<int:case_id>")
@open_to(Role.COMMITTEE, Role.BUREAU)
def case_page(case_id: int) -> str:
    """One case: what was submitted, when it is due and why, and the decision form for who handles it."""
    return _case(find_case(case_id), {}, {})


@bp.post("/zaken/<int:case_id>/oppakken")
@open_to(Role.COMMITTEE)
def claim_case(case_id: int) -> Response:
    """Take the case on."""
    with transaction():
        claim(find_case(case_id, lock=True), by=signed_in(), now=clock.now())
    return redirect(url_for(".case_page", case_id=case_id, _anchor="beoordelen"), 303)


@bp.post("/zaken/<int:case_id>/besluit")
@open_to(Role.COMMITTEE)
def decide_case(case_id: int) -> Response | tuple[str, int]:
    """Take the decision; whatever is refused comes back with everything that was typed."""
    typed = request.form.to_dict()
    try:
        with transaction():
            case = find_case(case_id, lock=True)
            policy = current_policies().named(case.policy_id)
            judgement, seen = load_judgement(typed, policy)
            decide(case, judgement, policy, seen=seen, by=signed_in(), now=clock.now())
            _tell(case)
    except ValidationError as error:
        errors = {name: found[0] for name, found in error.messages_dict.items()}
        return _case(find_case(case_id), typed, errors), HTTPStatus.UNPROCESSABLE_ENTITY
    except NotDecidable as refusal:
        return _case(find_case(case_id), typed, refusal.faults), HTTPStatus.UNPROCESSABLE_ENTITY
    except Refusal as refusal:
        return _case(find_case(case_id), typed, {}, refusal.detail), refusal.status
    return redirect(url_for(".queue_page"), 303)


def _tell(case: Case) -> None:
    title = case.submitted.title
    numbers = [known.number for known in case.activity.recognitions if known.version_id == case.version_id]
    if case.activity.state == "validated" and numbers:
        flash(f"‘{title}’ is gevalideerd onder nummer {shown(numbers[-1])}.", "success")
    else:
        flash(f"‘{title}’ is afgewezen. De aanbieder ziet uw reden.", "success")


def _case(case: Case, typed: dict[str, str], errors: dict[str, str], refused: str = "") -> str:
    state = State(case.state)
    return render_template(
        "committee/case.html",
        case=case,
        content=case.submitted.content,
        earlier=[known for known in cases_of(case.activity_id) if known.id != case.id],
        policy=current_policies().named(case.policy_id),
        sum=in_words(from_data(case.term)),
        typed=typed,
        errors=errors,
        refused=refused,
        is_open=state in OPEN,
        is_mine=case.handler == signed_in().account_key and TRANSITIONS.may(state, Action.APPROVE),
        may_claim=Role.COMMITTEE in signed_in().roles and TRANSITIONS.may(state, Action.CLAIM),
        outcomes=OUTCOME_NAMES,
        verdicts=VERDICT_NAMES,
        states=STATE_NAMES,
        approved=Outcome.APPROVED,
        today=clock.today(),
    )
