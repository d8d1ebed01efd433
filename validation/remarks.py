"""What the committee asked for when it turned an activity down, for the form in which its provider mends it."""

from catalogue.models import Activity
from catalogue.reasons import Reason
from catalogue.states import Change
from catalogue.states import State as ActivityState
from core.audit import last_entry
from validation.queries import last_decided
from validation.reasons import reasons_of
from validation.states import Outcome

EXPLANATION = "explanation"


def asked_by_the_committee(activity: Activity) -> list[Reason]:
    """The reasons of the last decision and its explanation, as long as what it turned down is being mended."""
    is_mended = activity.state in {ActivityState.DRAFT, ActivityState.REJECTED} or activity.change in {
        Change.DRAFT,
        Change.REJECTED,
    }
    case = last_decided(activity.id) if is_mended else None
    if case is None or case.decision is None or case.decision.outcome == Outcome.APPROVED or _is_given_up(activity):
        return []
    text = case.decision.reasons
    return [*reasons_of(case), *([Reason(EXPLANATION, "", text)] if text else [])]


def _is_given_up(activity: Activity) -> bool:
    """Whether what was turned down was thrown away: a change that is written now has nothing to do with it."""
    last = last_entry(f"activity:{activity.id}", ("activity.reject", "activity.discard"))
    return last is not None and last.action == "activity.discard"
