"""Who has a case in hand: taking it on, giving it to somebody, letting it go. Called inside a transaction."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_

from core.access import Identity
from core.audit import record
from core.errors import Refusal
from core.policy import Policy, Procedure
from validation.committee.models import CommitteeMember
from validation.comparing import AlreadyCompared, compare
from validation.engine import NotYours, Person, advance, allowed, staff_hand, tell_timeline
from validation.models import Case
from validation.procedures import Hand
from validation.states import FIXED, Action

MAY_TAKE_AWAY = frozenset({Hand.CHAIR, Hand.BUREAU, Hand.CLOCK})


class TookPart(Refusal):
    """Who had a part in a decision does not handle the objection against it."""

    code = "took-part"

    def __init__(self) -> None:
        super().__init__("U was betrokken bij het besluit waartegen dit bezwaar gaat. Een ander behandelt het bezwaar.")


def claim(case: Case, policy: Policy, *, by: Identity, now: datetime) -> None:
    """Take the case on: as the second assessor where the policy wants two and one is missing, else as its handler.

    A handler takes over from a colleague; the audit trail says from whom.
    Raises `ActionNotAllowed`, `TookPart` or `AlreadyCompared`.
    """
    person = staff_hand(case, by)
    if case.about_id and not person.hands:
        raise TookPart
    if case.is_compared:
        raise AlreadyCompared
    advance(case, Action.CLAIM, person, now, data={"before": case.handler, "seat": _seat(case, policy, by.account_key)})
    _sit(case, policy, by.account_key, by.name)
    compare(case, policy, staff_hand(case, by), now)


def assign(case: Case, policy: Policy, member: CommitteeMember, *, by: Person, now: datetime) -> None:
    """Give the case to a member. Raises `ActionNotAllowed`, `NotInYourHands` or `AlreadyCompared`."""
    if case.is_compared:
        raise AlreadyCompared
    seat = _seat(case, policy, member.account_key)
    data = {"before": case.handler, "seat": seat, "to": member.account_key}
    advance(case, Action.ASSIGN, by, now, text=member.name, data=data)
    _sit(case, policy, member.account_key, member.name)
    compare(case, policy, by, now)


def release(case: Case, member: str, *, by: Person, now: datetime, why: str = "") -> None:
    """A member lets the case go: back to the queue, or to the other assessor, who goes on as the first.

    When both have judged already nobody can take the place of one of them: then the chair decides.
    Whose place it is may be said by that member, the chair, the bureau or the clock.
    Raises `ActionNotAllowed`, `NotYours` or `NotInYourHands`.
    """
    if member not in {case.handler, case.second} or (by.actor.key != member and by.hands.isdisjoint(MAY_TAKE_AWAY)):
        raise NotYours(case.handler_name)
    if case.is_compared:
        advance(case, Action.REFER, by, now, text=why, data={"before": member})
        return
    allowed(case, Action.RELEASE, by)
    if not case.second:
        advance(case, Action.RELEASE, by, now, text=why, data={"before": member})
        case.handler, case.handler_name = "", ""
        return
    if case.second != member:
        case.handler, case.handler_name = case.second, case.second_name
    case.second, case.second_name = "", ""
    tell_timeline(case, Action.RELEASE, by, now, text=why)
    record("case.released", f"case:{case.id}", by=by.actor, at=now, data={"before": member})


def can_let_go(member: str) -> ColumnElement[bool]:
    """The cases that a member has in hand and can let go of."""
    return and_(changes_hands(), or_(Case.handler == member, Case.second == member))


def changes_hands() -> ColumnElement[bool]:
    """`Case.can_change_hands` for a query."""
    return Case.state.not_in(FIXED)


def is_seat_free(case: Case, policy: Policy) -> bool:
    """Whether somebody can take the case on without taking it from a colleague."""
    return not case.handler or (policy.decision.assessors > 1 and not case.second and _wants_two(case))


def _seat(case: Case, policy: Policy, member: str) -> str:
    """Which of the two places a member would take."""
    is_second = policy.decision.assessors > 1 and _wants_two(case)
    return "second" if is_second and case.handler not in {"", member} and not case.second else "handler"


def _wants_two(case: Case) -> bool:
    """Whether assessors judge such cases: activities, not who is let in or what was objected to."""
    return case.procedure == Procedure.VALIDATION


def _sit(case: Case, policy: Policy, member: str, name: str) -> None:
    if _seat(case, policy, member) == "second":
        case.second, case.second_name = member, name
        return
    if case.second == member:
        case.second, case.second_name = "", ""
    case.handler, case.handler_name = member, name
