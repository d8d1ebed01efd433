"""Reads what happened to cases, for the figures. Never writes.

Only columns are read, because a register has many cases. A member of the committee reads what that member may see;
what is told to everybody is read `for_all`, whoever happens to ask.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, and_, case, func, select

from catalogue.models import ActivityVersion
from core.clock import day_of, start_of
from core.db import db
from core.policy import Policies, TermRule
from core.policy.hours import ZERO
from validation.due import pause_of
from validation.judgement_models import Decision
from validation.models import WITH_HIDDEN, Case, CaseEvent, Question
from validation.states import Action, State
from validation.statistics.figures import Fact, Flow
from validation.statistics.periods import Period
from validation.statistics.term_days import TermDays

IS_FIRST = and_(Decision.case_id == Case.id, Decision.corrects_id.is_(None))
ENDED_IT = and_(CaseEvent.case_id == Case.id, CaseEvent.action.in_((Action.WITHDRAW, Action.CLOSE)))


@dataclass(frozen=True)
class Happened:
    """What the figures of one procedure are made of."""

    facts: Sequence[Fact]
    flows: Sequence[Flow]


def happened(procedure: str, period: Period, policies: Policies, *, for_all: bool = False) -> Happened:
    """The cases that were decided in these months, and how all of them came in and went out."""
    bounds = [start_of(day) for day in period.bounds]
    options = {WITH_HIDDEN: True} if for_all else {}

    def rows(query: Select[*tuple[Any, ...]]) -> Sequence[Row[*tuple[Any, ...]]]:
        return db.session.execute(query, execution_options=options).all()

    decided = rows(_decided(procedure, bounds[0], bounds[-1]))
    flows = [*rows(_went_through(procedure, bounds)), *rows(_withdrawn(procedure, bounds))]
    return Happened(_facts(decided, procedure, policies), [Flow(*flow) for flow in flows])


def _decided(procedure: str, first: datetime, end: datetime) -> Select[*tuple[Any, ...]]:
    """The first decision of each case, once per question that was asked; those of one case stand together."""
    return (
        select(
            Decision.id,
            Decision.decided_at,
            Decision.outcome,
            (Decision.contact_hours + Decision.self_study_hours).label("granted"),
            (ActivityVersion.contact_hours + ActivityVersion.self_study_hours).label("declared"),
            Case.type,
            Case.policy_id,
            Case.received_at,
            Case.started_on,
            Case.due_on,
            Question.asked_at,
            Question.answered_at,
            Question.answer_by,
        )
        .select_from(Decision)
        .join(Case, IS_FIRST)
        .outerjoin(ActivityVersion, ActivityVersion.id == Case.version_id)
        .outerjoin(Question, Question.case_id == Case.id)
        .where(Case.procedure == procedure, Decision.decided_at >= first, Decision.decided_at < end)
        .order_by(Decision.id)
    )


def _went_through(procedure: str, bounds: Sequence[datetime]) -> Select[*tuple[Any, ...]]:
    """How many cases came in and were decided when, or are open."""
    return (
        _counted(bounds, Decision.decided_at)
        .outerjoin(Decision, IS_FIRST)
        .where(Case.procedure == procedure, Case.state != State.WITHDRAWN)
    )


def _withdrawn(procedure: str, bounds: Sequence[datetime]) -> Select[*tuple[Any, ...]]:
    """The same of cases that were withdrawn or closed; one of which nobody knows when was gone at once."""
    ended_at = func.coalesce(CaseEvent.at, Case.received_at)
    return (
        _counted(bounds, ended_at)
        .outerjoin(CaseEvent, ENDED_IT)
        .where(Case.procedure == procedure, Case.state == State.WITHDRAWN)
    )


def _counted(bounds: Sequence[datetime], closed_at: SQLColumnExpression[datetime]) -> Select[*tuple[Any, ...]]:
    received_in, closed_in = _month_number(Case.received_at, bounds), _month_number(closed_at, bounds)
    return (
        select(Case.type, received_in.label("received_in"), closed_in.label("closed_in"), func.count())
        .select_from(Case)
        .group_by(Case.type, "received_in", "closed_in")
    )


def _month_number(moment: SQLColumnExpression[datetime], bounds: Sequence[datetime]) -> ColumnElement[int | None]:
    """In which of the months a moment lies, as `Flow` counts them."""
    before = ((moment < bound, number) for number, bound in enumerate(bounds))
    return case((moment.is_(None), None), *before, else_=len(bounds))


def _facts(rows: Sequence[Row[*tuple[Any, ...]]], procedure: str, policies: Policies) -> list[Fact]:
    if not rows:
        return []
    rules = {id_: policies.named(id_).terms[procedure] for id_ in {row.policy_id for row in rows}}
    first, last = min(row.started_on for row in rows), day_of(max(row.decided_at for row in rows))
    clock = TermDays(policies.calendar, first, last)
    return [_fact(list(same), rules, clock) for _, same in groupby(rows, attrgetter("id"))]


def _fact(rows: Sequence[Row[*tuple[Any, ...]]], rules: Mapping[str, TermRule], clock: TermDays) -> Fact:
    """What is known of one case, of which each row has another question."""
    row = rows[0]
    decided_on, is_asked = day_of(row.decided_at), row.asked_at is not None
    pauses = [pause_of(one.asked_at, one.answered_at, one.answer_by) for one in rows] if is_asked else []
    paused = [pause for pause in pauses if pause]
    return Fact(
        type=row.type,
        received_on=day_of(row.received_at),
        decided_on=decided_on,
        due_on=row.due_on,
        term_days=clock.between(row.started_on, decided_on, rules[row.policy_id], paused),
        outcome=row.outcome,
        is_asked=is_asked,
        granted=row.granted,
        declared=row.declared or ZERO,
    )
