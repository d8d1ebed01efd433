"""A new decision in the place of an earlier one, which stays on record. Called inside a transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from catalogue.models import FORMER_REGISTER, Recognition
from catalogue.publication import reinstate, revoke, turn_back
from catalogue.recognitions import go_back_to, grant
from core.audit import Actor
from core.clock import day_of
from core.db import db
from core.errors import Refusal
from core.policy import Hours, Policy, Procedure
from providers.admitting import admit
from providers.letters import Notice
from providers.messages import tell
from validation.assessing import NotDecidable
from validation.comparing import judgement_behind
from validation.deciding import NeedsColleague, decision_from
from validation.decision_letters import letter_about
from validation.engine import Person, advance
from validation.judgement import Judgement, faults, is_same
from validation.judgement_models import Decision
from validation.letters import replaced
from validation.models import Case
from validation.states import CLOSED, Action, Outcome, State

_LATER = aliased(Decision)
SAME = "Dit is hetzelfde besluit als het vorige. Wijzig het besluit, de uren of de toelichting."


class Overtaken(Refusal):
    """A later version was decided on since, so that the earlier decision has no effect any more."""

    code = "decision-overtaken"

    def __init__(self) -> None:
        super().__init__("Over een latere versie is al besloten. Corrigeer dat besluit, of laat dit zoals het is.")


class ObjectionPending(Refusal):
    """The provider objected: whoever handles that decides what becomes of the decision."""

    code = "objection-pending"

    def __init__(self) -> None:
        super().__init__("Er loopt een bezwaar tegen dit besluit. Wie dat behandelt, kan het besluit herzien.")


@dataclass(frozen=True)
class Correction:
    """Why a decision is taken anew, and the objection that led to it, if one did."""

    why: str
    objection_id: int | None = None


def correct(
    case: Case, judgement: Judgement, policy: Policy, correction: Correction, *, by: Person, now: datetime
) -> None:
    """Decide again on an activity that was decided on; the new decision names the old one, and both are kept.

    Raises `ActionNotAllowed`, `NotInYourHands`, `NotDecidable`, `Overtaken`, `ObjectionPending` or `NeedsColleague`.
    """
    advance(case, Action.CORRECT, by, now, text=correction.why)
    require_decidable(case, judgement, policy, now)
    before = standing_decision(case)
    if correction.objection_id is None:
        _require_free(before, judgement, policy, by)
    recognition = _settle(case, before, judgement, policy, by=by.actor, now=now)
    letter = replacing_letter(case, judgement, policy, correction.why, now)
    _replace(case, before, decision_from(case, judgement, recognition, by.actor.key, by.name, now), correction)
    tell(case.provider, letter, now)


def require_decidable(case: Case, judgement: Judgement, policy: Policy, now: datetime) -> None:
    """Whether this can be the new decision. Raises `NotDecidable` or `Overtaken`."""
    if found := faults(judgement, case.submitted.hours, policy, day_of(now)):
        raise NotDecidable(found)
    if _is_overtaken(case):
        raise Overtaken
    if is_same(judgement, judgement_behind(standing_decision(case))):
        raise NotDecidable({"outcome": SAME})


def _require_free(before: Decision, judgement: Judgement, policy: Policy, by: Person) -> None:
    """The chair leaves a decision alone that was objected to, and its own where the policy asks for other eyes."""
    objected = select(Case.id).where(Case.about_id == before.id, Case.state.not_in(CLOSED))
    if db.session.scalar(objected.limit(1)) is not None:
        raise ObjectionPending
    if judgement.outcome in policy.decision.four_eyes and before.decided_by == by.actor.key:
        raise NeedsColleague


def replacing_letter(case: Case, judgement: Judgement, policy: Policy, why: str, now: datetime) -> Notice:
    """What the provider is told, before or after the new decision is taken, as long as it is not yet on record."""
    number = next((known.number for known in case.activity.recognitions if known.register == policy.register), "")
    before = standing_decision(case)
    letter = letter_about(
        case,
        judgement,
        number,
        policy,
        is_change=_valid_before(case, policy) is not None,
        was_valid=before.outcome == Outcome.APPROVED,
        now=now,
    )
    return replaced(letter, day_of(before.decided_at), why)


def admit_after_all(case: Case, correction: Correction, *, by: Person, now: datetime) -> None:
    """Let a provider in that was turned down. Raises `ActionNotAllowed` or `NotInYourHands`."""
    advance(case, Action.CORRECT, by, now, text=correction.why)
    admitted = Judgement(
        verdicts={}, outcome=Outcome.APPROVED, contact_hours=None, self_study_hours=None, reasons=correction.why
    )
    _replace(case, standing_decision(case), decision_from(case, admitted, None, by.actor.key, by.name, now), correction)
    case.provider.confirmed_at = case.provider.confirmed_at or now
    admit(case.provider, correction.why, by=by.actor, now=now)


def standing_decision(case: Case) -> Decision:
    """The decision that holds until now."""
    if case.decision is None:
        message = f"case {case.id} is decided without a decision"
        raise LookupError(message)
    return case.decision


def _replace(case: Case, before: Decision, decision: Decision, correction: Correction) -> None:
    decision.corrects_id, decision.correction = before.id, correction.why
    decision.objection_id = correction.objection_id
    case.decisions.append(decision)
    db.session.flush()


def _is_overtaken(case: Case) -> bool:
    """Whether a later version of the activity was decided on."""
    later = select(Case.id).where(Case.activity_id == case.activity_id, Case.id > case.id)
    decided = later.where(Case.procedure == Procedure.VALIDATION, Case.state == State.DECIDED)
    return db.session.scalar(decided.limit(1)) is not None


def _settle(
    case: Case, before: Decision, judgement: Judgement, policy: Policy, *, by: Actor, now: datetime
) -> Recognition | None:
    if judgement.outcome is Outcome.APPROVED:
        reinstate(case.activity, by=by, now=now)
        return grant(case.submitted, judgement.hours, register=policy.register, valid_from=day_of(now))
    if before.outcome != Outcome.APPROVED:
        return None
    if earlier := _valid_before(case, policy):
        turn_back(case.activity, by=by, now=now)
        go_back_to(*earlier)
        _withdraw_unless(earlier[0], case, policy, now)
    else:
        revoke(case.activity, policy.register, by=by, now=now)
    return None


def _valid_before(case: Case, policy: Policy) -> tuple[Recognition, int, Hours] | None:
    """What held before a change was approved: for which version, and for how many hours."""
    if case.baseline_id is None:
        return None
    approved = (
        select(Decision)
        .join(Decision.case)
        .where(Case.activity_id == case.activity_id, Case.id < case.id, Decision.recognition_id.is_not(None))
        .where(~exists().where(_LATER.corrects_id == Decision.id))
    )
    last = db.session.scalar(approved.order_by(Decision.id.desc()).limit(1))
    known = {one.register: one for one in case.activity.recognitions}
    if last:
        return known[policy.register], case.baseline_id, last.hours
    former = known.get(FORMER_REGISTER)
    return (former, former.version_id, former.hours) if former else None


def _withdraw_unless(before: Recognition, case: Case, policy: Policy, now: datetime) -> None:
    """What only this decision granted is withdrawn; its number stays on record."""
    for one in case.activity.recognitions:
        if one.register == policy.register and one is not before:
            one.withdrawn_on = day_of(now)
