"""Reads what became of decisions, and what does not count for a member. Never writes."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, case, exists, func, select
from sqlalchemy.orm import aliased

from core.clock import start_of
from core.db import db
from validation.committee.models import Recusal, Tie
from validation.committee.ties import holds_on
from validation.judgement_models import Decision
from validation.models import Case
from validation.states import Outcome, State
from validation.statistics.figures import percent
from validation.statistics.periods import Period


@dataclass(frozen=True)
class Afterwards:
    """How many decisions there were, corrections among them, and how many objections were made against them."""

    decisions: int
    corrections: int  # by the committee itself
    objections: int
    answered: int  # of the objections
    revised: int  # of those

    @property
    def objected_share(self) -> int | None:
        """Of the decisions, in percents."""
        return percent(self.objections, self.decisions)

    @property
    def revised_share(self) -> int | None:
        """Of the objections that were answered, in percents."""
        return percent(self.revised, self.answered)


def afterwards(procedure: str, period: Period) -> Afterwards:
    """What became of the decisions of these months; an objection that was withdrawn does not count."""
    first, *_, end = (start_of(day) for day in period.bounds)
    ruling = aliased(Decision)
    is_own_correction = and_(Decision.corrects_id.is_not(None), Decision.objection_id.is_(None))
    query = (
        select(
            func.count(Decision.id),
            func.count(case((is_own_correction, 1))),
            func.count(Case.id),
            func.count(ruling.id),
            func.count(case((ruling.outcome == Outcome.REVISED, 1))),
        )
        .select_from(Decision)
        .outerjoin(Case, and_(Case.about_id == Decision.id, Case.state != State.WITHDRAWN))
        .outerjoin(ruling, and_(ruling.case_id == Case.id, ruling.corrects_id.is_(None)))
        .where(Decision.procedure == procedure, Decision.decided_at >= first, Decision.decided_at < end)
    )
    return Afterwards(*db.session.execute(query).one())


def left_out_for(member: str, today: date) -> tuple[bool, bool]:
    """Whether cases do not count for a member because of a tie, and because the member stepped back from them."""
    tied, stepped_back = (
        exists(Tie.id).where(Tie.member == member, holds_on(today)),
        exists(Recusal.id).where(Recusal.member == member),
    )
    found = db.session.execute(select(tied, stepped_back)).one()
    return found[0], found[1]
