"""Reading cases: one, those of an activity, those of a provider. Never writes."""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from catalogue.models import Activity
from core.db import db
from core.errors import NotFound, StaleVersion
from core.policy.model import Procedure
from providers.models import Provider
from validation.models import Case
from validation.states import CLOSED, State

TOLD = (selectinload(Case.decisions), selectinload(Case.questions))
SHOWN = (Case.activity, Case.submitted, Case.baseline, Case.provider)


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


def locked_case(case_id: int) -> Case:
    """One case as it is now, locked for a change, when it does not matter what the person saw. Raises `NotFound`."""
    _lock_owner(case_id)
    found = db.session.scalar(select(Case).filter_by(id=case_id).with_for_update())
    if found is None:
        raise NotFound
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
