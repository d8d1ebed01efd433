"""Which open cases are nearly due, due or late, and who is reminded of them. Never writes."""

from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from core.db import db
from core.policy import Policies
from core.policy.calendar import working_days_later
from validation.committee.models import CommitteeMember
from validation.committee.ties import is_hidden_from
from validation.models import OPEN_STATES, Case
from validation.states import State

MOST = 25  # that a mail names one by one


def is_running() -> ColumnElement[bool]:
    """Whether it is the committee that everybody waits for."""
    return and_(OPEN_STATES, Case.state != State.WAITING, Case.due_on.is_not(None))


def is_soon(day: date, policies: Policies) -> ColumnElement[bool]:
    """Whether so few working days are left that its policy has the assessors reminded; what is late, too."""
    return or_(
        *(
            (Case.policy_id == policy.id) & (Case.due_on <= working_days_later(day, policy.reminder_days))
            for policy in policies.all
        )
    )


def reachable() -> list[CommitteeMember]:
    """The members to whom a mail can be sent."""
    return list(
        db.session.scalars(select(CommitteeMember).where(CommitteeMember.is_active, CommitteeMember.email != ""))
    )


def is_hidden(case: Case, member: str, day: date) -> bool:
    """Whether the case does not exist for this member."""
    query = select(Case.id).where(Case.id == case.id, is_hidden_from(member, day))
    return db.session.scalar(query) is not None


def due_for(member: CommitteeMember, day: date, policies: Policies) -> tuple[list[Case], int]:
    """The first of the cases to remind a member of, and how many there are; none that the member must not see."""
    in_hand = or_(Case.handler == member.account_key, Case.second == member.account_key)
    wanted = in_hand & is_soon(day, policies)
    if member.is_chair:
        wanted |= Case.due_on <= day
    conditions = (is_running(), wanted, ~is_hidden_from(member.account_key, day))
    query = select(Case).where(*conditions).options(joinedload(Case.submitted), joinedload(Case.provider))
    cases = list(db.session.scalars(query.order_by(Case.due_on, Case.id).limit(MOST)))
    return cases, db.session.scalar(select(func.count()).select_from(Case).where(*conditions)) or 0
