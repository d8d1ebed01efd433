"""Ending a case without a decision, because the provider did not answer. Called inside a transaction."""

from datetime import datetime

from catalogue.publication import move
from catalogue.states import Action as ActivityAction
from core.policy import Procedure
from providers.admitting import set_aside
from providers.messages import tell
from validation.engine import REGISTER, advance, clock_hand
from validation.extending import about_of
from validation.models import Case, Question
from validation.states import Action
from validation.term_letters import closed

AGAIN = {
    Procedure.ADMISSION: "U kunt uw aanmelding verbeteren en opnieuw bevestigen.",
    Procedure.VALIDATION: "De activiteit is weer een concept. U kunt die aanvullen en opnieuw indienen.",
}
CHANGE_AGAIN = "De wijziging is weer een concept. Wat gevalideerd was, blijft gelden, met nummer en uren."
NOTHING_DECIDED = "Het besluit blijft gelden zoals het was."


def close(case: Case, question: Question, *, now: datetime) -> None:
    """What was handed in is its provider's again, to mend and to hand in anew. Raises `ActionNotAllowed`."""
    next_ = _give_back(case, now)
    question.lapsed_on = question.answer_by
    advance(case, Action.CLOSE, clock_hand(), now, data={"question": question.id}, once=f"close:{question.id}")
    tell(case.provider, closed(about_of(case), question.answer_by, next_), now)


def _give_back(case: Case, now: datetime) -> str:
    """Says what the provider can do next; '' when that is not known."""
    if case.procedure == Procedure.ADMISSION:
        set_aside(case.provider, by=REGISTER, now=now)
        return AGAIN[Procedure.ADMISSION]
    if case.procedure == Procedure.VALIDATION:
        is_change = bool(case.activity.change)
        move(case.activity, ActivityAction.WITHDRAW, by=REGISTER, now=now)
        return CHANGE_AGAIN if is_change else AGAIN[Procedure.VALIDATION]
    return NOTHING_DECIDED if case.procedure == Procedure.OBJECTION else ""
