"""The committee's page of one objection."""

from typing import Any

from flask import render_template

from core.policy.loading import current_policies
from validation.comparing import judgement_behind
from validation.judgement_view import judgement_fields
from validation.models import Case
from validation.objections.concluding import decided_first, objection_of
from validation.objections.lodging import object_until
from validation.objections.schemas import CONCLUSIONS
from validation.standing import standing
from validation.states import OUTCOME_NAMES
from validation.term_text import for_committee, from_data


def objection_page(case: Case, typed: dict[str, Any], errors: dict[str, str], refused: str = "") -> str:
    """The page of one objection; `cases.case_page` shows it at the address of the case."""
    first, policy = decided_first(case), current_policies().named(case.policy_id)
    about = case.about
    judged = judgement_fields(first, policy, judgement_behind(about)) if about and first.activity_id else {}
    return render_template(
        "committee/objection.html",
        **{"outcomes": OUTCOME_NAMES, "policy": policy, "verdicts": {}, **judged},
        case=case,
        first=first,
        about=about,
        objection=objection_of(case),
        until=object_until(about, current_policies().named(first.policy_id)) if about else None,
        sum=for_committee(from_data(case.term)),
        conclusions=[(one.value, OUTCOME_NAMES[one]) for one in CONCLUSIONS],
        typed=typed,
        errors=errors,
        refused=refused,
        **standing(case),
    )
