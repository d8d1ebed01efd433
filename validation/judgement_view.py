"""What the fields of a judgement need to be shown, whichever page they stand on."""

from datetime import timedelta
from typing import Any

from catalogue.reasons import offered
from core import clock
from core.policy import Policy
from core.policy.calendar import off_rest_days
from validation.changes import SubmittedChange
from validation.judgement import ADVICES, VERDICT_NAMES, Judgement
from validation.models import Case
from validation.states import OUTCOME_NAMES, Outcome

ADVICE_NAMES = {
    Outcome.APPROVED: "Goedkeuren",
    Outcome.TEMPORARILY_REJECTED: "Tijdelijk afwijzen: de aanbieder kan verbeteren en opnieuw indienen",
    Outcome.REJECTED: "Afwijzen",
}


def judgement_fields(
    case: Case, policy: Policy, own: Judgement | None, change: SubmittedChange | None = None
) -> dict[str, Any]:
    """The variables of `committee/judgement_fields.html`; `own` is what the form begins with."""
    content = case.submitted.content
    return {
        "policy": policy,
        "content": content,
        "change": change,
        "own": own,
        "proposed": change.proposal(content.hours) if change else content.hours,
        "carried_verdicts": change.carried if change else {},
        "verdicts_before": change.verdicts if change else {},
        "offered": [(reason.code, reason.text) for reason in offered(policy)],
        "improve_by": off_rest_days(clock.today() + timedelta(days=policy.decision.improve_days)),
        "advices": [(advice.value, ADVICE_NAMES[advice]) for advice in ADVICES],
        "outcomes": OUTCOME_NAMES,
        "verdicts": VERDICT_NAMES,
    }
