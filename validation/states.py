"""The states, actions and outcomes of the three procedures, and how they are called. No Flask, no database, no clock.

Which action is possible where, and for whom, stands in `validation.procedures`.
"""

from enum import StrEnum


class State(StrEnum):
    """Where a case is. A further procedure may have others; the first and the last two are those of every case."""

    RECEIVED = "received"
    LATE = "late"
    IN_REVIEW = "in_review"
    WAITING = "waiting_for_provider"
    WITH_CHAIR = "with_chair"
    PROPOSED = "proposed"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What can be done with a case."""

    CLAIM = "claim"
    ASSIGN = "assign"
    RELEASE = "release"
    ASK = "ask"
    ANSWER = "answer"
    LAPSE = "lapse"
    CLOSE = "close"
    EXTEND = "extend"
    ASSESS = "assess"
    REFER = "refer"
    PROPOSE = "propose"
    GIVE_BACK = "give_back"
    HEAR = "hear"
    ADMIT_LATE = "admit_late"
    APPROVE = "approve"
    REJECT_TEMPORARILY = "reject_temporarily"
    REJECT = "reject"
    UPHOLD = "uphold"
    REVISE = "revise"
    DECLARE_INADMISSIBLE = "declare_inadmissible"
    WITHDRAW = "withdraw"
    CORRECT = "correct"


class Outcome(StrEnum):
    """What was decided; the last three on an objection."""

    APPROVED = "approved"
    TEMPORARILY_REJECTED = "temporarily_rejected"
    REJECTED = "rejected"
    UPHELD = "upheld"
    REVISED = "revised"
    INADMISSIBLE = "inadmissible"


STATE_NAMES: dict[str, str] = {
    State.RECEIVED: "Ontvangen",
    State.LATE: "Te laat ingediend",
    State.IN_REVIEW: "In beoordeling",
    State.WAITING: "Wacht op de aanbieder",
    State.WITH_CHAIR: "Bij de voorzitter",
    State.PROPOSED: "Wacht op een tweede commissielid",
    State.DECIDED: "Besloten",
    State.WITHDRAWN: "Ingetrokken",
}

ACTION_NAMES: dict[str, str] = {
    Action.CLAIM: "Oppakken",
    Action.ASSIGN: "Toewijzen",
    Action.RELEASE: "Loslaten",
    Action.ASK: "Vraag stellen",
    Action.ANSWER: "Vraag beantwoorden",
    Action.LAPSE: "Verdergaan zonder antwoord",
    Action.CLOSE: "Sluiten zonder antwoord",
    Action.EXTEND: "Termijn verlengen",
    Action.ASSESS: "Beoordeling bewaren",
    Action.REFER: "Voorleggen aan de voorzitter",
    Action.PROPOSE: "Voorleggen aan een tweede commissielid",
    Action.GIVE_BACK: "Teruggeven",
    Action.HEAR: "Verslag van de hoorzitting",
    Action.ADMIT_LATE: "Toch behandelen",
    Action.APPROVE: "Goedkeuren",
    Action.REJECT_TEMPORARILY: "Tijdelijk afwijzen",
    Action.REJECT: "Afwijzen",
    Action.UPHOLD: "Besluit handhaven",
    Action.REVISE: "Besluit herzien",
    Action.DECLARE_INADMISSIBLE: "Niet-ontvankelijk verklaren",
    Action.WITHDRAW: "Intrekken",
    Action.CORRECT: "Besluit corrigeren",
}

# How the audit trail says that it was done, where it is not called as the action is.
RECORDED_AS: dict[str, str] = {
    Action.CLAIM: "claimed",
    Action.ASSIGN: "assigned",
    Action.RELEASE: "released",
    Action.ASK: "asked",
    Action.ANSWER: "answered",
    Action.LAPSE: "lapsed",
    Action.CLOSE: "closed",
    Action.EXTEND: "extended",
    Action.ASSESS: "assessed",
    Action.REFER: "referred",
    Action.PROPOSE: "proposed",
    Action.GIVE_BACK: "given-back",
    Action.HEAR: "heard",
    Action.ADMIT_LATE: "admitted-late",
    Action.WITHDRAW: "withdrawn",
    Action.CORRECT: "corrected",
    **dict.fromkeys((Action.APPROVE, Action.REJECT_TEMPORARILY, Action.REJECT), "decided"),
    **dict.fromkeys((Action.UPHOLD, Action.REVISE, Action.DECLARE_INADMISSIBLE), "decided"),
}

OUTCOME_NAMES = {
    Outcome.APPROVED: "Gevalideerd",
    Outcome.TEMPORARILY_REJECTED: "Tijdelijk afgewezen",
    Outcome.REJECTED: "Afgewezen",
    Outcome.UPHELD: "Bezwaar afgewezen: het besluit blijft",
    Outcome.REVISED: "Bezwaar toegewezen: het besluit is herzien",
    Outcome.INADMISSIBLE: "Bezwaar niet-ontvankelijk",
}

ACTION_FOR = {
    Outcome.APPROVED: Action.APPROVE,
    Outcome.TEMPORARILY_REJECTED: Action.REJECT_TEMPORARILY,
    Outcome.REJECTED: Action.REJECT,
    Outcome.UPHELD: Action.UPHOLD,
    Outcome.REVISED: Action.REVISE,
    Outcome.INADMISSIBLE: Action.DECLARE_INADMISSIBLE,
}

CLOSED = frozenset({State.DECIDED, State.WITHDRAWN})
FIXED = CLOSED | {State.WITH_CHAIR}  # nobody lets go of a case that is there
