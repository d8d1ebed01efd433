"""What a provider who waits can expect: the place in the queue, and how long it took lately. Never writes."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from flask import current_app
from sqlalchemy import func, or_, select

from core.clock import day_of
from core.db import db
from core.kept import Kept
from validation.judgement_models import Decision
from validation.models import OPEN_STATES, Case
from validation.states import State
from validation.statistics.figures import percentile

LOOKED_BACK = 50  # decisions
LEAST = 5  # of fewer nothing honest can be said
HALF, MOST = Decimal("0.5"), Decimal("0.9")
KEPT_FOR = 300.0  # seconds
EXTENSION = "recent_days"


@dataclass(frozen=True)
class Prospect:
    """The place in the queue of so many cases, and within how many days half and most of the last ones were decided."""

    place: int
    waiting: int
    looked_back: int
    half: int
    most: int
    received_on: date

    @property
    def is_known(self) -> bool:
        """Whether there were enough decisions lately to say how long it takes."""
        return self.looked_back >= LEAST

    @property
    def likely_on(self) -> date:
        """The day on which half of the last ones would have been decided."""
        return self.received_on + timedelta(days=self.half)


def prospect_of(case: Case) -> Prospect:
    """For a case whose clock runs: a case that waits for an answer of its provider has no place."""
    running = select(func.count()).select_from(Case).where(OPEN_STATES, Case.procedure == case.procedure)
    running = running.where(Case.state != State.WAITING)
    before = running.where(or_(Case.due_on < case.due_on, (Case.due_on == case.due_on) & (Case.id < case.id)))
    place, waiting = db.session.execute(select(before.scalar_subquery(), running.scalar_subquery())).one()
    kept: Kept[list[int]] = current_app.extensions.setdefault(EXTENSION, Kept(KEPT_FOR))
    days = kept.get(case.procedure, lambda: _recent_days(case.procedure))
    return Prospect(
        place=place + 1,
        waiting=waiting,
        looked_back=len(days),
        half=percentile(days, HALF) or 0,
        most=percentile(days, MOST) or 0,
        received_on=day_of(case.received_at),
    )


def _recent_days(procedure: str) -> list[int]:
    """Calendar days from receipt to the first decision, of the last cases that were decided."""
    query = (
        select(Case.received_at, Decision.decided_at)
        .join(Decision, (Decision.case_id == Case.id) & Decision.corrects_id.is_(None))
        .where(Case.procedure == procedure)
        .order_by(Decision.id.desc())
        .limit(LOOKED_BACK)
    )
    return [(day_of(decided) - day_of(received)).days for received, decided in db.session.execute(query)]
