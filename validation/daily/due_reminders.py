"""Reminding the committee: the assessors some days before a due date, the chairs on that day and every week after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from core.db import db
from core.formatting import dutch_date
from validation.committee.models import CommitteeMember
from validation.daily.due_cases import is_hidden, is_running, is_soon, reachable
from validation.daily.mailing import ask_for_mail
from validation.daily.running import Found, Step, Today, is_told, note_reminder
from validation.models import Case, CaseEvent

LOOKED_AT = 500
WEEK = 7


@dataclass(frozen=True)
class Reminder:
    """Who is reminded of a case, as the timeline says it, and the mark that keeps it from happening twice."""

    to: Sequence[CommitteeMember]
    text: str
    once: str


def _reminder(due_on: date, hands: set[str], members: Sequence[CommitteeMember], day: date) -> Reminder:
    if due_on <= day:
        chairs = [member for member in members if member.is_chair]
        week = (day - due_on).days // WEEK
        return Reminder(chairs, "De voorzitter is herinnerd aan de uiterste datum", f"due:{due_on}:{week}")
    assessors = [member for member in members if member.account_key in hands]
    return Reminder(assessors, "De beoordelaar is herinnerd aan de uiterste datum", f"soon:{due_on}")


def _find(today: Today, after: int) -> Found:
    """Three queries for a slice, whatever is in it."""
    columns = select(Case.id, Case.due_on, Case.handler, Case.second)
    near = or_(is_soon(today.day, today.policies), Case.due_on <= today.day)
    query = columns.where(is_running(), near, Case.id > after).order_by(Case.id).limit(LOOKED_AT)
    rows, members = db.session.execute(query).all(), reachable()
    wanted = {row.id: _reminder(row.due_on, {row.handler, row.second}, members, today.day) for row in rows}
    marks = {reminder.once for reminder in wanted.values()}
    events = select(CaseEvent.case_id, CaseEvent.once).where(
        CaseEvent.case_id.in_(wanted.keys()), CaseEvent.once.in_(marks)
    )
    told = {(case_id, once) for case_id, once in db.session.execute(events)}
    left = [id_ for id_, reminder in wanted.items() if reminder.to and (id_, reminder.once) not in told]
    return Found(left, rows[-1].id if len(rows) == LOOKED_AT else None)


def _remind(case: Case, today: Today) -> None:
    near = select(Case.due_on).where(Case.id == case.id, is_running())
    due_on = db.session.scalar(near.where(or_(is_soon(today.day, today.policies), Case.due_on <= today.day)))
    if due_on is None:
        return
    reminder = _reminder(due_on, {case.handler, case.second}, reachable(), today.day)
    told = [member for member in reminder.to if not is_hidden(case, member.account_key, today.day)]
    if not told or is_told(case, reminder.once):
        return
    note_reminder(case, f"{reminder.text} ({dutch_date(due_on)}).", today, once=reminder.once, is_inner=True)
    for member in told:
        ask_for_mail(member, today.day, today.now)


DUE = Step("due", _find, _remind)
