"""The members of the committee: who they are, how they are reached, when they are away. Called inside a transaction."""

from datetime import date, datetime

from sqlalchemy import func, or_, select

from core.access import Identity, Role
from core.audit import record
from core.clock import day_of
from core.db import db
from core.errors import NotFound, StaleVersion
from validation.committee.models import CommitteeMember
from validation.engine import clock_hand
from validation.handling import release
from validation.models import OPEN_STATES, Case

AWAY = "Afwezig"


def arrive_member(identity: Identity, now: datetime) -> Identity:
    """Somebody of the staff signed in; who belongs to the committee is known from then on, with the newest facts."""
    if Role.COMMITTEE not in identity.roles:
        return identity
    member = db.session.get(CommitteeMember, identity.account_key, with_for_update=True)
    if member is None:
        member = CommitteeMember(account_key=identity.account_key, version=1)
        db.session.add(member)
    member.name, member.is_chair, member.last_seen_at = identity.name, Role.CHAIR in identity.roles, now
    member.email = identity.email or member.email or ""
    db.session.flush()
    return identity


def member_of(identity: Identity, *, seen: int | None = None) -> CommitteeMember:
    """The row of the person who is signed in; with `seen` locked for a change. Raises `NotFound` or `StaleVersion`."""
    member = db.session.get(CommitteeMember, identity.account_key, with_for_update=seen is not None)
    if member is None:
        raise NotFound
    if seen is not None and member.version != seen:
        raise StaleVersion
    return member


def members() -> list[CommitteeMember]:
    """Everybody who ever signed in as a member, by name."""
    return list(db.session.scalars(select(CommitteeMember).order_by(CommitteeMember.name, CommitteeMember.account_key)))


def loads() -> dict[str, int]:
    """How many open cases each account has in hand, as first assessor or as second."""
    found: dict[str, int] = {}
    for seat in (Case.handler, Case.second):
        query = select(seat, func.count()).where(OPEN_STATES, seat != "").group_by(seat)
        for member, count in db.session.execute(query):
            found[member] = found.get(member, 0) + count
    return found


def set_reach(member: CommitteeMember, email: str, *, by: Identity, now: datetime) -> None:
    """Where reminders go; '' for nowhere."""
    member.email = email
    record("committee.reach-changed", f"member:{by.subject}", by=by.actor, at=now)


def set_away(member: CommitteeMember, first: date | None, last: date | None, *, by: Identity, now: datetime) -> int:
    """When the member is away; what is in hand on such a day goes back to the queue. Returns how many did so now."""
    member.away_from, member.away_until = first, last
    record("committee.away-changed", f"member:{by.subject}", by=by.actor, at=now)
    return let_go(member.account_key, AWAY, now=now) if member.is_away(day_of(now)) else 0


def let_go(member: str, why: str, *, now: datetime) -> int:
    """Everything that a member has in hand goes back to the queue, or on with the other assessor."""
    in_hand = select(Case).where(OPEN_STATES, or_(Case.handler == member, Case.second == member))
    cases = list(db.session.scalars(in_hand.order_by(Case.id).with_for_update()))
    for case in cases:
        release(case, member, by=clock_hand(), now=now, why=why)
    return len(cases)
