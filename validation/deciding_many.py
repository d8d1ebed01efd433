"""Several decisions at once, where the outcome is the same and each rests on a judgement of its own."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.access import Identity
from core.db import db
from core.errors import Refusal
from core.policy import Policies, Procedure
from validation.deciding import Basis, NeedsColleague, basis_for
from validation.engine import allowed, staff_hand
from validation.models import Case
from validation.states import ACTION_FOR, Outcome, State

MIXED = "Deze zaken hebben niet hetzelfde besluit. Kies zaken met hetzelfde besluit, of besluit per zaak."


@dataclass(frozen=True)
class Candidate:
    """One chosen case: what would be decided, or why that cannot be done here."""

    case: Case
    basis: Basis | None
    obstacle: str

    @property
    def outcome(self) -> str:
        """What would be decided; '' when nothing can be."""
        return self.basis.assessment.advice if self.basis and not self.obstacle else ""


def candidates(ids: Collection[int], policies: Policies, *, by: Identity) -> list[Candidate]:
    """Each of the chosen validations that this member may see, in the order of the queue. Reads only."""
    query = select(Case).where(Case.id.in_(ids), Case.procedure == Procedure.VALIDATION)
    query = query.options(joinedload(Case.submitted), joinedload(Case.provider)).order_by(Case.due_on, Case.id)
    return [_candidate(case, policies, by) for case in db.session.scalars(query)]


def obstacle_to_all(found: Collection[Candidate]) -> str:
    """Why these cannot be decided together; '' when they can."""
    outcomes = {candidate.outcome for candidate in found if candidate.outcome}
    if len(outcomes) > 1:
        return MIXED
    return "" if outcomes else "Van deze zaken is er geen klaar voor een besluit."


def _candidate(case: Case, policies: Policies, by: Identity) -> Candidate:
    policy = policies.named(case.policy_id)
    try:
        basis = basis_for(case, policy, by)
        outcome = Outcome(basis.assessment.advice)
        allowed(case, ACTION_FOR[outcome], staff_hand(case, by))
        if case.state == State.IN_REVIEW and outcome in policy.decision.four_eyes:
            raise NeedsColleague
    except Refusal as refusal:
        return Candidate(case, None, refusal.detail)
    return Candidate(case, basis, "")
