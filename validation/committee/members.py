"""The members of the committee: who they are, how they are reached, when they are away. Called inside a transaction."""

from datetime import date, datetime

from sqlalchemy import func, select

from core.access import Identity, Role
from core.audit import record
from core.clock import day_of
from core.db import db
from core.errors import NotFound, StaleVersion
from validation.committee.models import CommitteeMember
from validation.engine import clock_hand
from validation.handling import can_let_go, release
from validation.models import OPEN_STATES, Case

AWAY, GONE = "Afwezig", "Geen lid meer"


def arrive_member(identity: Identity, now: datetime) -> Identity:
    """Somebody of the staff signed in; who belongs to the committee is known from then on, with the newest facts.

    Who no longer belongs to it gets no cases and no mail, and lets go of what was in hand.
    """
    member = db.session.get(CommitteeMember, identity.account_key, with_for_update=True)
    is_member = Role.COMMITTEE in identity.roles
    if member is None:
        if not is_member:
            return identity
        member = CommitteeMember(account_key=identity.account_key, email=identity.email, version=1)
        db.session.add(member)
    member.name, member.last_seen_at = identity.name, now
    member.is_active, member.is_chair = is_member, Role.CHAIR in identity.roles
    db.session.flush()
    if not is_member:
        let_go(member.account_key, GONE, now=now)
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
    """Everybody who came last as a member, by name."""
    query = select(CommitteeMember).filter_by(is_active=True)
    return list(db.session.scalars(query.order_by(CommitteeMember.name, CommitteeMember.account_key)))


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
    cases = list(db.session.scalars(select(Case).where(can_let_go(member)).order_by(Case.id).with_for_update()))
    for case in cases:
        release(case, member, by=clock_hand(), now=now, why=why)
    return len(cases)
