"""What the committee asked for when it turned an activity down, for the form in which its provider mends it."""

from catalogue.models import Activity
from catalogue.reasons import Reason
from core.audit import last_entry
from validation.queries import last_decided
from validation.reasons import reasons_of
from validation.states import Outcome

EXPLANATION = "explanation"


def asked_by_the_committee(activity: Activity) -> list[Reason]:
    """The reasons of the last decision and its explanation, as long as what it turned down is being mended."""
    case = last_decided(activity.id) if activity.is_mended else None
    if case is None or case.decision is None or case.decision.outcome == Outcome.APPROVED or _is_given_up(activity):
        return []
    text = case.decision.reasons
    return [*reasons_of(case), *([Reason(EXPLANATION, "", text)] if text else [])]


def _is_given_up(activity: Activity) -> bool:
    """Whether what was turned down was thrown away: a change that is written now has nothing to do with it."""
    last = last_entry(f"activity:{activity.id}", ("activity.reject", "activity.discard"))
    return last is not None and last.action == "activity.discard"
