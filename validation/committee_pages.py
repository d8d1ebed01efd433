"""The committee's pages: the queue, a case, the decision."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from catalogue.numbers import shown
from catalogue.precheck import precheck
from catalogue.reasons import offered
from core import clock
from core.access import Role, open_to, signed_in
from core.db import transaction
from core.errors import Refusal, StaleVersion
from core.form_errors import first_errors
from core.formatting import dutch_moment
from core.kept_texts import saved
from core.policy import Procedure
from core.policy.loading import current_policies
from core.requests import page_count, page_number, search_words, seen_version
from core.transitions import ActionNotAllowed
from validation.admission_pages import admission_page
from validation.changes import change_of
from validation.deciding import NotDecidable, NotYours, claim, decide
from validation.judgement import VERDICT_NAMES
from validation.models import Case
from validation.queries import PAGE, QueueFilter, cases_of, find_case, queue, queue_length, tiles
from validation.questions import ask
from validation.schemas import QuestionSchema, load_judgement
from validation.states import OPEN, OUTCOME_NAMES, STATE_NAMES, VALIDATION, Action, Outcome, State
from validation.term_text import for_committee, from_data

bp = Blueprint("committee", __name__, url_prefix="/commissie")


@bp.get("")
@open_to(Role.COMMITTEE, Role.BUREAU)
def queue_page() -> str | Response:
    """Open cases, first due first, each with its explained due date."""
    today = clock.today()
    whose = request.args.get("wie", "")
    wanted = QueueFilter(
        words=search_words(),
        whose=whose if whose in {"mine", "nobody"} else "",
        handler=signed_in().account_key,
    )
    page, length = page_number(), queue_length(wanted)
    pages = page_count(length, PAGE)
    if page > pages:
        return redirect(url_for(".queue_page", q=wanted.words, wie=wanted.whose), 303)
    cases = queue(wanted, page)
    return render_template(
        "committee/queue.html",
        cases=cases,
        sums={case.id: for_committee(from_data(case.term)) for case in cases},
        tiles=tiles(wanted.handler, today),
        wanted=wanted,
        length=length,
        page=page,
        pages=pages,
        today=today,
        is_member=Role.COMMITTEE in signed_in().roles,
    )


@bp.get("/zaken/<id:case_id>")
@open_to(Role.COMMITTEE, Role.BUREAU)
def case_page(case_id: int) -> str:
    """One case: what was submitted, when it is due and why, and the decision form for who handles it."""
    return _page(find_case(case_id), {}, {})


@bp.post("/zaken/<id:case_id>/oppakken")
@open_to(Role.COMMITTEE)
def claim_case(case_id: int) -> Response:
    """Take the case on; when a colleague just did, say so first."""
    try:
        with transaction():
            claim(find_case(case_id, seen=seen_version()), by=signed_in(), now=clock.now())
    except (StaleVersion, ActionNotAllowed):
        case = find_case(case_id)
        if case.handler != signed_in().account_key:
            flash(f"De zaak is intussen gewijzigd. Beoordelaar: {case.handler_name or 'nog niemand'}.", "info")
    return redirect(url_for(".case_page", case_id=case_id, _anchor="beoordelen"), 303)


@bp.post("/zaken/<id:case_id>/vraag")
@open_to(Role.COMMITTEE)
def ask_provider(case_id: int) -> Response | tuple[str, int]:
    """Ask the provider something; it gets a message, and the term stands still."""
    typed = request.form.to_dict()
    find_case(case_id)
    try:
        text = QuestionSchema().load(typed)["question"]
        with transaction():
            ask(find_case(case_id, seen=seen_version()), text, by=signed_in(), now=clock.now())
    except ValidationError as error:
        return _page(find_case(case_id), typed, first_errors(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except Refusal as refusal:
        case = find_case(case_id)
        return _page(case, typed, {}, _why(case, refusal)), refusal.status
    saved("vraag", case_id)
    flash("Uw vraag is verstuurd. De termijn staat stil tot de aanbieder antwoordt.", "success")
    return redirect(url_for(".case_page", case_id=case_id), 303)


@bp.post("/zaken/<id:case_id>/besluit")
@open_to(Role.COMMITTEE)
def decide_case(case_id: int) -> Response | tuple[str, int]:
    """Take the decision; whatever is refused comes back with everything that was typed."""
    typed = request.form.to_dict() | {"reason_codes": request.form.getlist("reason_codes")}
    find_case(case_id, Procedure.VALIDATION)
    try:
        with transaction():
            case = find_case(case_id, Procedure.VALIDATION, seen=seen_version())
            policy = current_policies().named(case.policy_id)
            decide(case, load_judgement(typed, policy), policy, by=signed_in(), now=clock.now())
    except ValidationError as error:
        return _case(find_case(case_id), typed, first_errors(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except NotDecidable as refusal:
        return _case(find_case(case_id), typed, refusal.faults), HTTPStatus.UNPROCESSABLE_ENTITY
    except Refusal as refusal:
        case = find_case(case_id)
        if not _is_same_decision(case, typed):
            return _case(case, typed, {}, _why(case, refusal)), refusal.status
    saved("besluit", case_id)
    flash(_outcome_in_words(find_case(case_id)), "success")
    return redirect(url_for(".queue_page"), 303)


def _is_same_decision(case: Case, typed: dict[str, Any]) -> bool:
    """Whether the member pressed the button twice: the first press did it."""
    decision = case.decision
    return bool(
        decision and decision.decided_by == signed_in().account_key and decision.outcome == typed.get("outcome")
    )


def _why(case: Case, refusal: Refusal) -> str:
    """The most helpful reason for a refusal: who was faster, and with what."""
    if case.decision:
        return f"{case.decision.decided_by_name} besloot al op {dutch_moment(case.decision.decided_at)}."
    if case.state == State.WITHDRAWN:
        return "De aanbieder heeft de activiteit intussen ingetrokken. U hoeft niets meer te besluiten."
    if case.handler != signed_in().account_key and State(case.state) in OPEN:
        return NotYours(case.handler_name).detail
    return refusal.detail


def _outcome_in_words(case: Case) -> str:
    title = case.submitted.title
    numbers = [known.number for known in case.activity.recognitions if known.version_id == case.version_id]
    outcome = case.decision.outcome if case.decision else ""
    return {
        Outcome.APPROVED: f"‘{title}’ is gevalideerd onder nummer {shown(numbers[-1]) if numbers else ''}.",
        Outcome.TEMPORARILY_REJECTED: f"‘{title}’ is tijdelijk afgewezen. De aanbieder ziet waarom en kan"
        " opnieuw indienen.",
        Outcome.REJECTED: f"‘{title}’ is afgewezen. De aanbieder ziet waarom.",
    }[Outcome(outcome)]


def _page(case: Case, typed: dict[str, Any], errors: dict[str, str], refused: str = "") -> str:
    show = admission_page if case.activity_id is None else _case
    return show(case, typed, errors, refused)


def _case(case: Case, typed: dict[str, Any], errors: dict[str, str], refused: str = "") -> str:
    state, policy = State(case.state), current_policies().named(case.policy_id)
    content, today, cases = case.submitted.content, clock.today(), cases_of(case.activity_id or 0)
    is_member, is_handler = Role.COMMITTEE in signed_in().roles, case.handler == signed_in().account_key
    change = change_of(case, cases, policy)
    return render_template(
        "committee/case.html",
        case=case,
        content=content,
        change=change,
        proposed=change.proposal(content.hours) if change else content.hours,
        found=precheck(case.activity_id, case.provider_id, content, policy, today, of_committee=True)
        if state in OPEN
        else None,
        offered=[(reason.code, reason.text) for reason in offered(policy)],
        earlier=[known for known in cases if known.id != case.id],
        policy=policy,
        sum=for_committee(from_data(case.term)),
        typed=typed,
        errors=errors,
        refused=refused,
        is_open=state in OPEN,
        is_member=is_member,
        is_mine=is_handler and VALIDATION.may(state, Action.APPROVE),
        may_claim=is_member and not is_handler and VALIDATION.may(state, Action.CLAIM),
        outcomes=OUTCOME_NAMES,
        verdicts=VERDICT_NAMES,
        states=STATE_NAMES,
        approved=Outcome.APPROVED,
        today=today,
    )
