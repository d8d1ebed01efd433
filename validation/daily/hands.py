"""Cases in the hand of a member who is away, does not come, or has had a tie since today: they go to colleagues."""

from datetime import timedelta

from sqlalchemy import ColumnElement, exists, or_, select

from core.db import db
from validation.committee.members import AWAY
from validation.committee.models import CommitteeMember, Tie
from validation.committee.stepping_back import BECAUSE_OF_A_TIE
from validation.committee.ties import holds_on, is_hidden_from
from validation.daily.due_cases import is_hidden
from validation.daily.running import SLICE, Found, Step, Today, found_by
from validation.engine import clock_hand
from validation.handling import can_let_go, changes_hands, release
from validation.models import OPEN_STATES, Case, CaseEvent
from validation.states import Action

NOT_SEEN = "Lang niet ingelogd"


def _is_away(today: Today) -> ColumnElement[bool]:
    return (CommitteeMember.away_from <= today.day) & (CommitteeMember.away_until >= today.day)


def _is_unseen(today: Today) -> ColumnElement[bool]:
    return CommitteeMember.last_seen_at < today.now - _patience(today)


def _was_just_given(today: Today) -> ColumnElement[bool]:
    """Assigned by the chair or the bureau: the member has as long to come as everybody else."""
    return exists().where(
        CaseEvent.case_id == Case.id,
        CaseEvent.action == Action.ASSIGN,
        CaseEvent.at >= today.now - _patience(today),
    )


def _patience(today: Today) -> timedelta:
    return timedelta(days=today.policies.on(today.day).decision.claim_days)


def _in_hand_of(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    keys = select(CommitteeMember.account_key).where(condition)
    return or_(Case.handler.in_(keys), Case.second.in_(keys)) & changes_hands()


def _find_left(today: Today, after: int) -> Found:
    left = or_(_in_hand_of(_is_away(today)), _in_hand_of(_is_unseen(today)) & ~_was_just_given(today))
    return found_by(select(Case.id).where(OPEN_STATES, left), after)


def _take_from_absent(case: Case, today: Today) -> None:
    was_given = db.session.scalar(select(Case.id).where(Case.id == case.id, _was_just_given(today))) is not None
    for condition, why in ((_is_away(today), AWAY), *(() if was_given else ((_is_unseen(today), NOT_SEEN),))):
        query = select(CommitteeMember.account_key).where(condition)
        absent = set(db.session.scalars(query.where(CommitteeMember.account_key.in_([case.handler, case.second]))))
        _take(case, absent, why, today)


def _find_tied(today: Today, after: int) -> Found:
    """There are few members with a tie, so each is asked for, by the policy that every page goes by."""
    tied, found = select(Tie.member).where(holds_on(today.day)).distinct(), set[int]()
    for member in db.session.scalars(tied).all():
        query = select(Case.id).where(can_let_go(member), is_hidden_from(member, today.day), Case.id > after)
        found |= set(db.session.scalars(query.order_by(Case.id).limit(SLICE)))
    ids = sorted(found)[:SLICE]
    return Found(ids, ids[-1] if len(ids) == SLICE else None)


def _take_from_tied(case: Case, today: Today) -> None:
    hands = {case.handler, case.second} - {""}
    tied = {member for member in hands if is_hidden(case, member, today.day)}
    _take(case, tied, BECAUSE_OF_A_TIE, today)


def _take(case: Case, members: set[str], why: str, today: Today) -> None:
    for member in sorted(members if case.can_change_hands else ()):
        release(case, member, by=clock_hand(), now=today.now, why=why)


LEFT = Step("left", _find_left, _take_from_absent)
TIED = Step("tied", _find_tied, _take_from_tied)
