"""Moving a case: the guard, the state, the timeline and the audit trail in one step. Called inside a transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, union

from core.access import Audience, Identity, Role
from core.audit import Actor, Data, record
from core.db import db
from core.errors import Refusal
from validation.judgement_models import Assessment, Decision
from validation.models import NOTE, WITH_HIDDEN, Case, CaseEvent, Question
from validation.procedures import TABLES, Hand, NotInYourHands, Step, Table
from validation.states import RECORDED_AS, Action, State

REGISTER = Actor("register", "worker")
STAFF = f"{Audience.STAFF}:"  # how the keys of its accounts begin
SETTLED = frozenset({Action.ASSESS, Action.ASK, Action.CLAIM, Action.ASSIGN})  # once two judgements were compared
NO_PART = (NOTE, Action.ASSIGN)  # in a decision
HANDS_OF_ROLES = {Role.CHAIR: Hand.CHAIR, Role.BUREAU: Hand.BUREAU}


class NotYours(Refusal):
    """Somebody else handles the case, or nobody yet."""

    code = "not-yours"

    def __init__(self, handler: str) -> None:
        who = f"{handler} heeft deze zaak" if handler else "Niemand heeft deze zaak nog"
        super().__init__(f"{who} opgepakt. Neem de zaak over om zelf verder te gaan.")


@dataclass(frozen=True)
class Person:
    """Who acts on a case, under which name in its timeline, and in what capacities."""

    actor: Actor
    name: str
    hands: frozenset[str]


def provider_hand(by: Actor) -> Person:
    """Somebody of the provider that the case is about; whether it is, the query that found the case has checked."""
    return Person(by, "", frozenset({Hand.PROVIDER}))


def clock_hand(by: Actor = REGISTER) -> Person:
    """The register itself, because a day came or something else made the case needless."""
    return Person(by, "", frozenset({Hand.CLOCK}))


def staff_hand(case: Case, by: Identity) -> Person:
    """A member, the chair or the bureau. Whoever had a part in a decision has no hand in the objection against it."""
    hands = {HANDS_OF_ROLES[role] for role in by.roles if role in HANDS_OF_ROLES}
    if Role.COMMITTEE in by.roles:
        hands.add(Hand.MEMBER)
        hands |= {Hand.HANDLER, Hand.ASSESSOR} if case.handler == by.account_key else {Hand.COLLEAGUE}
        if case.second == by.account_key:
            hands.add(Hand.ASSESSOR)
    if case.state == State.WITH_CHAIR and by.account_key in {case.handler, case.second}:
        hands.discard(Hand.CHAIR)  # who judged it already is not the one to say who is right
    if case.about_id and by.account_key in took_part(case):
        hands = set()
    return Person(by.actor, by.name, frozenset(hands))


def took_part(case: Case) -> set[str]:
    """Who had a part in the decision that an objection is about, by doing anything in that case but `NO_PART`.

    Also those who stepped back from it since: what they must not see any more they still did.
    """
    about = case.previous_id or 0
    did = select(CaseEvent.by).where(CaseEvent.case_id == about, CaseEvent.by.startswith(STAFF))
    did = did.where(CaseEvent.action.not_in(NO_PART))
    judged = select(Assessment.member).where(Assessment.case_id == about)
    decided = select(Decision.decided_by).where(Decision.case_id == about)
    drafted = select(Decision.drafted_by).where(Decision.case_id == about)
    seats = [select(seat).where(Case.id == about) for seat in (Case.handler, Case.second)]
    asked = select(Question.asked_by).where(Question.case_id == about)
    everybody = union(did, judged, decided, drafted, asked, *seats)
    return set(db.session.scalars(everybody, execution_options={WITH_HIDDEN: True})) - {""}


def table_of(case: Case) -> Table:
    """The procedure that the case follows."""
    return TABLES[case.procedure]


def advance(  # noqa: PLR0913 -- one argument per fact
    case: Case,
    action: str,
    person: Person,
    now: datetime,
    *,
    text: str = "",
    data: Data | None = None,
    result: str = "done",
    once: str | None = None,
) -> Step:
    """Do one action of the table; what is said goes into the timeline, and ids only into the audit trail.

    Raises `ActionNotAllowed`, `NotYours` or `NotInYourHands`.
    """
    step = allowed(case, action, person)
    before, case.state = case.state, step.to
    tell_timeline(case, action, person, now, text=text, data=data, is_inner=step.is_inner, once=once)
    told = {"procedure": case.procedure, "state_before": before, "state_after": step.to, **(data or {})}
    record(
        f"case.{RECORDED_AS.get(action, action)}", f"case:{case.id}", by=person.actor, at=now, result=result, data=told
    )
    return step


def allowed(case: Case, action: str, person: Person) -> Step:
    """The step, if this person may take it now. Raises as `advance` does."""
    try:
        return table_of(case).step(case.state, action, person.hands)
    except NotInYourHands:
        step = table_of(case).steps[case.state, action]
        if Hand.MEMBER in person.hands and step.by & {Hand.HANDLER, Hand.ASSESSOR}:
            raise NotYours(case.handler_name) from None
        raise


def actions_open_to(case: Case, by: Identity) -> set[str]:
    """Which buttons this person has: the same table as the guard, without what a comparison has settled."""
    table, hands = table_of(case), staff_hand(case, by).hands
    open_ = {action for state, action in table.steps if state == case.state and table.may(state, action, hands)}
    return open_ - SETTLED if case.is_compared and case.state != State.WITH_CHAIR else open_


def tell_timeline(  # noqa: PLR0913 -- one argument per fact
    case: Case,
    action: str,
    person: Person,
    now: datetime,
    *,
    text: str = "",
    data: Data | None = None,
    is_inner: bool = True,
    once: str | None = None,
) -> None:
    """Note something that happened; what is `once` noted a second time is refused by the database."""
    event = CaseEvent(
        case_id=case.id,
        action=action,
        at=now,
        by=person.actor.key,
        by_name=person.name,
        text=text,
        data=dict(data or {}),
        is_inner=is_inner,
        once=once,
    )
    db.session.add(event)
