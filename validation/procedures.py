"""The procedures as data: what may happen to a case in which state, and by whom. No Flask, no database, no clock.

The server's guard, the buttons and `docs/procedures.md` read the same tables. A further procedure is one more table:
with states of its own, other people, and a start that waits for more than one event.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.errors import Forbidden
from core.policy.model import Procedure
from core.transitions import ActionNotAllowed
from validation.states import ACTION_NAMES, STATE_NAMES, Action, State


class Hand(StrEnum):
    """In what capacity somebody acts on a case."""

    PROVIDER = "provider"
    MEMBER = "member"  # of the committee, free to take this case on
    HANDLER = "handler"  # who has the case in hand
    ASSESSOR = "assessor"  # the handler, or the second one where the policy asks for two
    COLLEAGUE = "colleague"  # a member who did not propose the decision
    CHAIR = "chair"
    OBJECTION = "objection"  # who handles the objection against the decision
    BUREAU = "bureau"
    CLOCK = "clock"  # the register itself, when a day has come


HAND_NAMES: dict[str, str] = {
    Hand.PROVIDER: "de aanbieder",
    Hand.MEMBER: "een commissielid",
    Hand.HANDLER: "de beoordelaar",
    Hand.ASSESSOR: "een beoordelaar",
    Hand.COLLEAGUE: "een ander commissielid",
    Hand.CHAIR: "de voorzitter",
    Hand.OBJECTION: "wie het bezwaar behandelt",
    Hand.BUREAU: "het bureau",
    Hand.CLOCK: "het register, op de dag zelf",
}


class NotInYourHands(Forbidden):
    """The action is possible, but not for this person."""

    code = "not-in-your-hands"


@dataclass(frozen=True)
class Step:
    """What an action leads to, and who may do it. Inner steps are no business of the provider."""

    to: str
    by: frozenset[str]
    is_inner: bool = False


Steps = Mapping[tuple[str, str], Step]
Rows = dict[tuple[str, str], tuple[str, tuple[str, ...]]]  # state and action, the state after it, and by whom


@dataclass(frozen=True)
class Table:
    """One procedure. `needs` are the events that must all have come before its clock runs; none: the receipt is."""

    thing: str  # as a sentence names it: "de zaak"
    steps: Steps
    states: Mapping[str, str] = field(default_factory=lambda: STATE_NAMES)
    actions: Mapping[str, str] = field(default_factory=lambda: ACTION_NAMES)
    needs: frozenset[str] = frozenset()
    begins: str = State.RECEIVED
    name: str = ""

    def step(self, state: str, action: str, hands: Collection[str]) -> Step:
        """The step for somebody with these hands. Raises `ActionNotAllowed` or `NotInYourHands`."""
        found = self.steps.get((state, action))
        if found is None:
            raise ActionNotAllowed(f"Dit kan niet, want {self.thing} heeft de status ‘{self.states[state].lower()}’.")
        if found.by.isdisjoint(hands):
            names = " of ".join(HAND_NAMES.get(hand, hand) for hand in sorted(found.by))
            raise NotInYourHands(f"Dit kan alleen {names}.")
        return found

    def may(self, state: str, action: str, hands: Collection[str]) -> bool:
        """Whether to offer the button to somebody with these hands."""
        found = self.steps.get((state, action))
        return found is not None and not found.by.isdisjoint(hands)


def _steps(rows: Rows, inner: Collection[str]) -> Steps:
    return {key: Step(to, frozenset(by), key[1] in inner) for key, (to, by) in rows.items()}


def _in_each(states: Collection[str], action: str, *by: str) -> Rows:
    """An action that leaves the case in the state in which it is."""
    return {(state, action): (state, by) for state in states}


INNER = frozenset(
    {Action.CLAIM, Action.ASSIGN, Action.RELEASE, Action.ASSESS, Action.REFER, Action.PROPOSE, Action.GIVE_BACK}
)
LEADERS = (Hand.CHAIR, Hand.BUREAU)
IN_HAND = (State.IN_REVIEW, State.WAITING)
OPEN_TO_ALL = (State.RECEIVED, *IN_HAND)

EVERY_CASE: Rows = {
    (State.RECEIVED, Action.CLAIM): (State.IN_REVIEW, (Hand.MEMBER,)),
    (State.RECEIVED, Action.ASSIGN): (State.IN_REVIEW, LEADERS),
    **_in_each(IN_HAND, Action.CLAIM, Hand.MEMBER),
    **_in_each(IN_HAND, Action.ASSIGN, *LEADERS),
    (State.IN_REVIEW, Action.RELEASE): (State.RECEIVED, (Hand.ASSESSOR, *LEADERS, Hand.CLOCK)),
    (State.WAITING, Action.RELEASE): (State.WAITING, (Hand.ASSESSOR, *LEADERS, Hand.CLOCK)),
    (State.IN_REVIEW, Action.ASK): (State.WAITING, (Hand.HANDLER,)),
    (State.WAITING, Action.ANSWER): (State.IN_REVIEW, (Hand.PROVIDER,)),
    (State.WAITING, Action.LAPSE): (State.IN_REVIEW, (Hand.CLOCK,)),
    (State.WAITING, Action.CLOSE): (State.WITHDRAWN, (Hand.CLOCK,)),
    **_in_each(OPEN_TO_ALL, Action.EXTEND, Hand.HANDLER, Hand.CHAIR),
    **{(state, Action.WITHDRAW): (State.WITHDRAWN, (Hand.PROVIDER, Hand.CLOCK)) for state in OPEN_TO_ALL},
}
DECIDES = (Hand.HANDLER,)
VERDICTS = (Action.APPROVE, Action.REJECT_TEMPORARILY, Action.REJECT)

ADMISSION = Table(
    "de aanmelding",
    _steps(
        EVERY_CASE
        | {
            (State.IN_REVIEW, Action.APPROVE): (State.DECIDED, DECIDES),
            (State.IN_REVIEW, Action.REJECT): (State.DECIDED, DECIDES),
        }
        | _in_each([State.DECIDED], Action.CORRECT, Hand.OBJECTION),
        INNER,
    ),
    name="Toelating",
)

VALIDATION = Table(
    "de zaak",
    _steps(
        EVERY_CASE
        | _in_each([State.IN_REVIEW], Action.ASSESS, Hand.ASSESSOR)
        | _in_each([State.WITH_CHAIR], Action.ASSESS, Hand.CHAIR)
        | _in_each([State.WITH_CHAIR, State.PROPOSED], Action.EXTEND, Hand.HANDLER, Hand.CHAIR)
        | _in_each([State.DECIDED], Action.CORRECT, Hand.CHAIR, Hand.OBJECTION)
        | {(State.IN_REVIEW, action): (State.DECIDED, DECIDES) for action in VERDICTS}
        | {(State.WITH_CHAIR, action): (State.DECIDED, (Hand.CHAIR,)) for action in VERDICTS}
        | {(State.PROPOSED, action): (State.DECIDED, (Hand.COLLEAGUE,)) for action in VERDICTS}
        | {
            (State.IN_REVIEW, Action.REFER): (State.WITH_CHAIR, (Hand.ASSESSOR, *LEADERS, Hand.CLOCK)),
            (State.PROPOSED, Action.REFER): (State.WITH_CHAIR, (Hand.ASSESSOR, *LEADERS, Hand.CLOCK)),
            (State.IN_REVIEW, Action.PROPOSE): (State.PROPOSED, (Hand.HANDLER,)),
            (State.PROPOSED, Action.GIVE_BACK): (State.IN_REVIEW, (Hand.COLLEAGUE,)),
            (State.PROPOSED, Action.RELEASE): (State.RECEIVED, (Hand.ASSESSOR, *LEADERS, Hand.CLOCK)),
            (State.WITH_CHAIR, Action.WITHDRAW): (State.WITHDRAWN, (Hand.PROVIDER, Hand.CLOCK)),
            (State.PROPOSED, Action.WITHDRAW): (State.WITHDRAWN, (Hand.PROVIDER, Hand.CLOCK)),
        },
        INNER,
    ),
    name="Validatie",
)

OBJECTION = Table(
    "het bezwaar",
    _steps(
        EVERY_CASE
        | _in_each([State.LATE], Action.CLAIM, Hand.MEMBER)
        | _in_each([State.LATE], Action.ASSIGN, *LEADERS)
        | _in_each([State.LATE], Action.RELEASE, Hand.ASSESSOR, *LEADERS, Hand.CLOCK)
        | _in_each([State.IN_REVIEW], Action.HEAR, Hand.HANDLER)
        | {
            (State.LATE, Action.ADMIT_LATE): (State.IN_REVIEW, DECIDES),
            (State.LATE, Action.DECLARE_INADMISSIBLE): (State.DECIDED, DECIDES),
            (State.LATE, Action.WITHDRAW): (State.WITHDRAWN, (Hand.PROVIDER, Hand.CLOCK)),
        }
        | {
            (State.IN_REVIEW, action): (State.DECIDED, DECIDES)
            for action in (Action.UPHOLD, Action.REVISE, Action.DECLARE_INADMISSIBLE)
        },
        INNER,
    ),
    name="Bezwaar",
)

TABLES: dict[str, Table] = {
    Procedure.ADMISSION: ADMISSION,
    Procedure.VALIDATION: VALIDATION,
    Procedure.OBJECTION: OBJECTION,
}


def procedure_names() -> dict[str, str]:
    """How each procedure is called in a list of choices."""
    return {procedure: table.name or procedure for procedure, table in TABLES.items()}
