"""Reading cases: the queue, one case, the cases of one activity. Never writes."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from catalogue.models import Activity, ActivityVersion
from core.db import db
from core.errors import NotFound, StaleVersion
from core.policy.calendar import rest_day
from core.policy.model import Procedure
from providers.models import Provider
from validation.models import OPEN_STATES, Case
from validation.states import CLOSED, State

PAGE = 50
SOON_WORKING_DAYS = 5
LISTED = (ActivityVersion.title, ActivityVersion.contact_hours, ActivityVersion.self_study_hours)
TOLD = (selectinload(Case.decisions), selectinload(Case.questions))
SHOWN = (Case.activity, Case.submitted, Case.baseline, Case.provider)


@dataclass(frozen=True)
class QueueFilter:
    """What a committee member wants to see: words of title or provider, and whose cases ('', 'mine', 'nobody')."""

    words: str
    whose: str
    handler: str


@dataclass(frozen=True)
class Tiles:
    """The queue at a glance, in open cases."""

    late: int
    soon: int
    later: int
    mine: int


def queue(wanted: QueueFilter, page: int) -> list[Case]:
    """A page of open cases, first due first."""
    query = (
        _matching(wanted)
        .options(joinedload(Case.submitted).load_only(*LISTED), joinedload(Case.provider).load_only(Provider.name))
        .order_by(Case.due_on, Case.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return list(db.session.scalars(query))


def queue_length(wanted: QueueFilter) -> int:
    """How many open cases match."""
    return db.session.scalar(select(func.count()).select_from(_matching(wanted).subquery())) or 0


def tiles(handler: str, today: date) -> Tiles:
    """How many open cases are late, due within five working days, due later, and one's own."""
    soon = soon_until(today)

    def count(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    runs = Case.state != State.WAITING  # while the clock stands still nothing is late
    query = select(
        count(runs & (Case.due_on < today)),
        count(runs & Case.due_on.between(today, soon)),
        count(runs & (Case.due_on > soon)),
        count(Case.handler == handler),
    ).where(OPEN_STATES)
    return Tiles(*db.session.execute(query).one())


def soon_until(today: date) -> date:
    """The last day that is at most five working days away."""
    day, left = today, SOON_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= not rest_day(day)
    return day


def find_case(case_id: int, procedure: Procedure | None = None, *, seen: int | None = None) -> Case:
    """One case, of this procedure if one is named. Raises `NotFound`.

    With `seen`, the version that the person had before them, it is locked for a change (what it is about first, as
    every other writer does, so that nobody waits in a circle); `StaleVersion` when it is another one by now.
    """
    query = select(Case).filter_by(id=case_id)
    if seen is None:
        query = query.options(*(joinedload(shown) for shown in SHOWN), *TOLD)
    else:
        _lock_owner(case_id)
        query = query.with_for_update()
    found = db.session.scalar(query)
    if found is None or (procedure and found.procedure != procedure):
        raise NotFound
    if seen is not None and found.version != seen:
        raise StaleVersion
    return found


def _lock_owner(case_id: int) -> None:
    owner = select(Activity.id).join(Case, Case.activity_id == Activity.id).where(Case.id == case_id)
    if db.session.execute(owner.with_for_update(of=Activity)).first() is None:
        provider = select(Provider.id).join(Case, Case.provider_id == Provider.id).where(Case.id == case_id)
        db.session.execute(provider.with_for_update(of=Provider, key_share=True))


def admissions_of(provider_id: int) -> list[Case]:
    """The admission cases of a provider with questions and decisions, newest first."""
    query = select(Case).filter_by(provider_id=provider_id, procedure=Procedure.ADMISSION)
    query = query.options(*TOLD).order_by(Case.id.desc())
    return list(db.session.scalars(query))


def open_admission_of(provider_id: int) -> Case | None:
    """The admission that is not decided yet, if any, locked for a change; the provider is locked already."""
    query = select(Case).filter_by(provider_id=provider_id, procedure=Procedure.ADMISSION)
    return db.session.scalar(query.where(Case.state.not_in(CLOSED)).with_for_update())


def cases_of(activity_id: int) -> list[Case]:
    """The validations of an activity with questions and decisions, newest first."""
    query = _validations_of(activity_id).order_by(Case.id.desc())
    return list(db.session.scalars(query.options(*TOLD)))


def last_decided(activity_id: int) -> Case | None:
    """The case about this activity that was decided last, if any, with what was judged."""
    query = _validations_of(activity_id).filter_by(state=State.DECIDED)
    query = query.options(joinedload(Case.submitted), selectinload(Case.decisions))
    return db.session.scalar(query.order_by(Case.id.desc()).limit(1))


def open_case_of(activity_id: int) -> Case | None:
    """The case that the committee still has to decide, if any, locked for a change; the activity is locked already."""
    query = _validations_of(activity_id).where(Case.state.not_in(CLOSED))
    return db.session.scalar(query.with_for_update())


def _validations_of(activity_id: int) -> Select[Case]:
    return select(Case).filter_by(activity_id=activity_id, procedure=Procedure.VALIDATION)


def _matching(wanted: QueueFilter) -> Select[Case]:
    query = select(Case).where(OPEN_STATES)
    if wanted.whose:
        query = query.where(Case.handler == (wanted.handler if wanted.whose == "mine" else ""))
    if wanted.words:
        query = query.outerjoin(ActivityVersion, ActivityVersion.id == Case.version_id)
        query = query.join(Provider, Provider.id == Case.provider_id)
        title = ActivityVersion.title.icontains(wanted.words, autoescape=True)
        query = query.where(or_(title, Provider.name.icontains(wanted.words, autoescape=True)))
    return query
