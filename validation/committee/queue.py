"""Reading the queue: how many open cases of each kind, a page of them, and what is late. Never writes."""

from dataclasses import dataclass
from datetime import date

from flask import current_app
from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.orm import joinedload

from catalogue.models import ActivityVersion
from core.db import db
from core.kept import Kept
from core.policy.calendar import working_days_later
from providers.models import Provider
from validation.committee.counts import NOTHING, Chosen, Due, Kind, Whose, without
from validation.committee.ties import is_hidden_from
from validation.models import OPEN_STATES, WITH_HIDDEN, Case
from validation.states import State

PAGE = 50
MOST_LATE = 5
SOON_WORKING_DAYS = 5
KEPT_FOR = 5.0  # seconds; a change in this process is seen at once, one of another process after these
EXTENSION = "queue_kinds"
LISTED = (ActivityVersion.title, ActivityVersion.contact_hours, ActivityVersion.self_study_hours)


@dataclass(frozen=True)
class Wanted:
    """What a member wants to see: the choices, words of title or provider, and one provider (0: any)."""

    member: str
    today: date
    chosen: Chosen = NOTHING
    words: str = ""
    provider_id: int = 0

    @property
    def is_narrowed(self) -> bool:
        """Whether something is left out."""
        return bool(self.words or self.provider_id) or self.chosen != NOTHING


def kinds_of(wanted: Wanted) -> list[Kind]:
    """The open cases that words and provider leave over, by kind, without what the member must not see."""
    found = _found_by(wanted)
    if wanted.words:
        return _read(wanted.today, found)
    # All cases, and those of the provider that was asked for last, are counted apart.
    of_all, of_one = current_app.extensions.setdefault(EXTENSION, (Kept(KEPT_FOR), Kept(KEPT_FOR)))
    kept: Kept[list[Kind]] = of_one if wanted.provider_id else of_all
    key = wanted.today, wanted.provider_id
    everything = kept.get(key, lambda: _read(wanted.today, found, with_hidden=True))
    hidden = _read(wanted.today, [*found, is_hidden_from(wanted.member, wanted.today)], with_hidden=True)
    return without(everything, hidden) if hidden else everything


def page_of(wanted: Wanted, page: int) -> list[Case]:
    """A page of open cases, first due first."""
    query = _listed(select(Case).where(OPEN_STATES, *_found_by(wanted), *_chosen(wanted)))
    return list(db.session.scalars(query.limit(PAGE).offset((page - 1) * PAGE)))


def late_cases(wanted: Wanted) -> list[Case]:
    """The first of the cases that are late, whatever else somebody looks at."""
    late = select(Case).where(OPEN_STATES, _is_due(Due.LATE, wanted.today))
    return list(db.session.scalars(_listed(late).limit(MOST_LATE)))


def soon_until(today: date) -> date:
    """The last day that is at most five working days away."""
    return working_days_later(today, SOON_WORKING_DAYS)


def _listed(query: Select[Case]) -> Select[Case]:
    shown = joinedload(Case.submitted).load_only(*LISTED), joinedload(Case.provider).load_only(Provider.name)
    return query.options(*shown).order_by(Case.due_on.asc().nulls_last(), Case.id)


def _read(today: date, conditions: list[ColumnElement[bool]], *, with_hidden: bool = False) -> list[Kind]:
    due = case(*((_is_due(due, today), due.value) for due in (Due.WAITING, Due.LATE, Due.SOON)), else_=Due.LATER.value)
    facts = (Case.procedure, Case.type, Case.sectors, due.label("due"), Case.handler, Case.second)
    query = select(*facts, func.count()).where(OPEN_STATES, *conditions).group_by(*facts)
    rows = db.session.execute(query, execution_options={WITH_HIDDEN: with_hidden})
    return [Kind(procedure, type_, sectors, Due(due), *rest) for procedure, type_, sectors, due, *rest in rows]


def _is_due(due: Due, today: date) -> ColumnElement[bool]:
    waits, soon = Case.state == State.WAITING, soon_until(today)
    return {
        Due.WAITING: waits,
        Due.LATE: ~waits & (Case.due_on < today),
        Due.SOON: ~waits & Case.due_on.between(today, soon),
        Due.LATER: ~waits & or_(Case.due_on > soon, Case.due_on.is_(None)),
    }[due]


def _found_by(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.provider_id:
        found.append(Case.provider_id == wanted.provider_id)
    if wanted.words:
        title = exists().where(
            ActivityVersion.id == Case.version_id, ActivityVersion.title.icontains(wanted.words, autoescape=True)
        )
        named = select(Provider.id).where(Provider.name.icontains(wanted.words, autoescape=True))
        found.append(or_(Case.provider_id.in_(named), title))
    return found


def _chosen(wanted: Wanted) -> list[ColumnElement[bool]]:
    chosen, mine = wanted.chosen, or_(Case.handler == wanted.member, Case.second == wanted.member)
    whose = {Whose.MINE: mine, Whose.NOBODY: Case.handler == "", Whose.OTHER: (Case.handler != "") & ~mine}
    return [
        *([whose[Whose(chosen.whose)]] if chosen.whose else []),
        *([_is_due(Due(chosen.due), wanted.today)] if chosen.due else []),
        *([Case.procedure == chosen.procedure] if chosen.procedure else []),
        *([Case.type == chosen.type] if chosen.type else []),
        *([Case.sectors.contains(f",{chosen.sector},", autoescape=True)] if chosen.sector else []),
    ]


def forget_kinds() -> None:
    """Something was committed here: count anew."""
    for kept in current_app.extensions.get(EXTENSION, ()):
        kept.forget()
