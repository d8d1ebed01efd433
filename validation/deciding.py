"""Taking a decision. Called inside a transaction: decision, number, state, audit and messages in one commit."""

from dataclasses import dataclass
from datetime import datetime

from catalogue.models import Recognition
from catalogue.publication import move
from catalogue.recognitions import grant
from catalogue.states import Action as ActivityAction
from core.access import Identity
from core.audit import Data
from core.clock import day_of
from core.errors import Refusal
from core.policy import Hours, Policy
from core.policy.hours import ZERO
from providers.messages import tell
from validation.assessing import NotDecidable
from validation.comparing import assessments_of, judgement_of
from validation.decision_letters import letter_about
from validation.engine import advance, allowed, clock_hand, staff_hand
from validation.judgement import Judgement, faults
from validation.judgement_models import Assessment, Decision
from validation.models import Case
from validation.states import ACTION_FOR, Action, Outcome, State

NOTHING = Hours(ZERO, ZERO)


class NotAssessed(Refusal):
    """Nobody whose turn it is has saved a judgement yet, or one of two assessors has not."""

    code = "not-assessed"

    def __init__(self, *, is_second: bool = False) -> None:
        super().__init__(
            "De tweede beoordelaar heeft nog geen beoordeling bewaard."
            if is_second
            else "Bewaar eerst een beoordeling. Daarna kunt u besluiten."
        )


class NeedsColleague(Refusal):
    """The policy wants a second member to agree with such a decision."""

    code = "needs-colleague"

    def __init__(self) -> None:
        super().__init__("Een tweede commissielid moet het hiermee eens zijn. Leg het besluit voor.")


@dataclass(frozen=True)
class Basis:
    """The judgement that a decision would rest on, and who wrote it where somebody else decides."""

    assessment: Assessment
    is_of_colleague: bool

    @property
    def judgement(self) -> Judgement:
        """The same as a value for the rules."""
        return judgement_of(self.assessment)


def basis_for(case: Case, policy: Policy, by: Identity) -> Basis:
    """On whose judgement this member would decide now, which is for nobody else to read.

    Raises `NotAssessed`, or as `engine.allowed` does.
    """
    allowed(case, Action.REJECT, staff_hand(case, by))
    author = by.account_key if case.state == State.WITH_CHAIR else case.handler
    found = next((one for one in assessments_of(case) if one.member == author), None)
    if found is None:
        raise NotAssessed
    if policy.decision.assessors > 1 and not case.is_compared:
        raise NotAssessed(is_second=True)
    return Basis(found, is_of_colleague=author != by.account_key)


def decide(
    case: Case, judgement: Judgement, policy: Policy, *, by: Identity, now: datetime, drafter: Assessment | None = None
) -> Decision:
    """Take the decision; approval grants number and hours. `drafter` is who proposed it, where a colleague agrees.

    Raises `ActionNotAllowed`, `NotYours`, `NotDecidable`, `NotAssessed` or `NeedsColleague`.
    """
    person = staff_hand(case, by)
    allowed(case, Action.REJECT, person)  # what can no longer be decided needs no list of faults
    if found := faults(judgement, case.submitted.hours, policy, day_of(now)):
        raise NotDecidable(found)
    outcome = Outcome(judgement.outcome or "")
    if case.state == State.IN_REVIEW:
        _require_enough_eyes(case, outcome, policy)
    is_change = bool(case.activity.change)
    recognition = _settle(case, judgement, policy, by=by, now=now)
    decision = decision_from(case, judgement, recognition, by.account_key, by.name, now)
    if drafter:
        decision.drafted_by, decision.drafted_by_name = drafter.member, drafter.member_name
    case.decisions.append(decision)
    hours = decision.hours
    data: Data = {"policy": policy.id, "contact": str(hours.contact), "self_study": str(hours.self_study)}
    number: Data = {"number": recognition.number} if recognition else {}
    advance(case, ACTION_FOR[outcome], person, now, data={**data, **number}, result=outcome)
    tell(
        case.provider,
        letter_about(case, judgement, recognition.number if recognition else "", policy, is_change=is_change, now=now),
        now,
    )
    return decision


def propose(case: Case, policy: Policy, *, by: Identity, now: datetime) -> None:
    """Put the decision before a second member. Raises as `decide` does, but for the policy that wants it."""
    basis_for(case, policy, by)
    advance(case, Action.PROPOSE, staff_hand(case, by), now)


def give_back(case: Case, why: str, *, by: Identity, now: datetime) -> None:
    """The second member does not agree: who proposed it goes on, or the chair where two had judged alike.

    Raises `ActionNotAllowed` or `NotInYourHands`.
    """
    advance(case, Action.GIVE_BACK, staff_hand(case, by), now, text=why)
    if case.is_compared:
        advance(case, Action.REFER, clock_hand(), now)


def _require_enough_eyes(case: Case, outcome: Outcome, policy: Policy) -> None:
    """Of the chair, who settles a dispute of two, nobody asks a further pair of eyes."""
    if policy.decision.assessors > 1 and not case.is_compared:
        raise NotAssessed(is_second=True)
    if outcome in policy.decision.four_eyes:
        raise NeedsColleague


def _settle(case: Case, judgement: Judgement, policy: Policy, *, by: Identity, now: datetime) -> Recognition | None:
    if judgement.outcome is not Outcome.APPROVED:
        move(case.activity, ActivityAction.REJECT, by=by.actor, now=now)
        return None
    move(case.activity, ActivityAction.APPROVE, by=by.actor, now=now)
    return grant(case.submitted, judgement.hours, register=policy.register, valid_from=day_of(now))


def decision_from(
    case: Case, judgement: Judgement, recognition: Recognition | None, member: str, name: str, now: datetime
) -> Decision:
    """The judgement as the row that is kept; not yet part of the session."""
    hours = judgement.hours if recognition else NOTHING
    return Decision(
        case_id=case.id,
        procedure=case.procedure,
        recognition_id=recognition.id if recognition else None,
        outcome=judgement.outcome,
        verdicts=dict(judgement.verdicts),
        contact_hours=hours.contact,
        self_study_hours=hours.self_study,
        reasons=judgement.reasons.strip(),
        reason_codes=[] if recognition else list(judgement.reason_codes),
        improve_by=judgement.improve_by if judgement.outcome is Outcome.TEMPORARILY_REJECTED else None,
        decided_by=member,
        decided_by_name=name,
        decided_at=now,
    )
