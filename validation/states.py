"""What may happen to a case, per procedure. No Flask, no database, no clock."""

from enum import StrEnum

from core.policy.model import Procedure
from core.transitions import Transitions


class State(StrEnum):
    """Where a case is."""

    RECEIVED = "received"
    IN_REVIEW = "in_review"
    WAITING = "waiting_for_provider"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What can be done with a case."""

    CLAIM = "claim"
    ASK = "ask"
    ANSWER = "answer"
    APPROVE = "approve"
    REJECT_TEMPORARILY = "reject_temporarily"
    REJECT = "reject"
    WITHDRAW = "withdraw"


class Outcome(StrEnum):
    """What was decided."""

    APPROVED = "approved"
    TEMPORARILY_REJECTED = "temporarily_rejected"
    REJECTED = "rejected"


STATE_NAMES = {
    State.RECEIVED: "Ontvangen",
    State.IN_REVIEW: "In beoordeling",
    State.WAITING: "Wacht op de aanbieder",
    State.DECIDED: "Besloten",
    State.WITHDRAWN: "Ingetrokken",
}

EVERY_CASE = {
    (State.RECEIVED, Action.CLAIM): State.IN_REVIEW,
    (State.IN_REVIEW, Action.CLAIM): State.IN_REVIEW,
    (State.WAITING, Action.CLAIM): State.WAITING,
    (State.IN_REVIEW, Action.ASK): State.WAITING,
    (State.WAITING, Action.ANSWER): State.IN_REVIEW,
    (State.IN_REVIEW, Action.APPROVE): State.DECIDED,
    (State.IN_REVIEW, Action.REJECT): State.DECIDED,
    (State.RECEIVED, Action.WITHDRAW): State.WITHDRAWN,
    (State.IN_REVIEW, Action.WITHDRAW): State.WITHDRAWN,
    (State.WAITING, Action.WITHDRAW): State.WITHDRAWN,
}
TO_IMPROVE = {(State.IN_REVIEW, Action.REJECT_TEMPORARILY): State.DECIDED}

VALIDATION = Transitions("de zaak", STATE_NAMES, EVERY_CASE | TO_IMPROVE)
ADMISSION = Transitions("de aanmelding", STATE_NAMES, EVERY_CASE)

TRANSITIONS = {Procedure.VALIDATION: VALIDATION, Procedure.ADMISSION: ADMISSION}

ACTION_FOR = {
    Outcome.APPROVED: Action.APPROVE,
    Outcome.TEMPORARILY_REJECTED: Action.REJECT_TEMPORARILY,
    Outcome.REJECTED: Action.REJECT,
}

OPEN = frozenset({State.RECEIVED, State.IN_REVIEW, State.WAITING})

OUTCOME_NAMES = {
    Outcome.APPROVED: "Gevalideerd",
    Outcome.TEMPORARILY_REJECTED: "Tijdelijk afgewezen",
    Outcome.REJECTED: "Afgewezen",
}
