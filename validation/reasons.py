"""The reasons of a decision as sentences, in the words of the policy that its case was received under."""

from catalogue.reasons import Reason, reason
from core.policy.loading import current_policies
from validation.models import Case


def reasons_of(case: Case) -> list[Reason]:
    """What the committee chose from the list; none while there is no decision."""
    policy = current_policies().named(case.policy_id)
    return [reason(code, policy) for code in (case.decision.reason_codes if case.decision else [])]
