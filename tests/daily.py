"""The work of a day, as a worker would do it on that day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import select

from core.access import Identity
from core.db import db, transaction
from core.outbox import deliver_one
from providers.models import ProviderMessage
from tests.world import World, member_identity
from validation.committee.members import arrive_member
from validation.committee.models import CommitteeMember
from validation.daily.scheduling import do_day
from validation.models import Case, CaseEvent

LATER = datetime(2099, 1, 1, tzinfo=UTC)


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 6, tzinfo=UTC)


def daily(day: date) -> list[str]:
    """What failed."""
    db.session.rollback()
    faults = [fault for made in do_day(day, morning(day)) for fault in made.faults]
    db.session.rollback()
    db.session.expire_all()
    return faults


def deliver_everything(world: World) -> None:
    """Whenever it is due."""
    while deliver_one(world.app.extensions["outbox_handlers"], LATER):
        pass
    db.session.rollback()


def arrived(day: date, identity: Identity | None = None, email: str = "") -> CommitteeMember:
    """A member who signed in on a day."""
    identity = identity or member_identity()
    with transaction():
        arrive_member(replace(identity, email=email), morning(day))
        return db.session.get_one(CommitteeMember, identity.account_key)


def events_of(case: Case, *actions: str) -> list[str]:
    query = select(CaseEvent.text).where(CaseEvent.case_id == case.id, CaseEvent.action.in_(actions))
    return list(db.session.scalars(query.order_by(CaseEvent.id)))


def told(case: Case) -> Sequence[str]:
    """The subjects of all messages to its provider, without those of becoming one."""
    query = select(ProviderMessage.subject).filter_by(provider_id=case.provider_id).order_by(ProviderMessage.id)
    return [subject for subject in db.session.scalars(query) if "toegelaten" not in subject]


def count_of_everything() -> tuple[int, ...]:
    """To see that nothing happened twice."""
    db.session.rollback()
    return tuple(len(db.session.scalars(select(kind.id)).all()) for kind in (CaseEvent, ProviderMessage))
