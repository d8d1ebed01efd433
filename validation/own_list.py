"""Reading a provider's own list: how many activities each filter holds, and a page of them. Never writes."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select, and_, case, func, not_, or_, select, text
from sqlalchemy.orm import aliased

from catalogue.models import FORMER_REGISTER, Activity, ActivityVersion, Recognition
from catalogue.queries import number_of
from catalogue.states import LIVE, Change, State
from core.db import db
from validation.models import OPEN_STATES, Case
from validation.own_filters import STATE_OF, Shown, Wanted, conditions, found_by, is_asked, order_by
from validation.states import State as CaseState

PAGE = 50
# Word for word as the index on open cases has it, without which SQLite would read every decided case, too.
OPEN_HERE = f"{Case.__tablename__}.procedure = 'validation' AND {Case.__tablename__}.{OPEN_STATES}"
IS_OPEN = and_(Case.activity_id == Activity.id, text(OPEN_HERE))
# What leads may be of the former register, and that number stands apart.
OWN_NUMBER = case((Recognition.register != FORMER_REGISTER, Recognition.number), else_="")
_other = aliased(ActivityVersion)
IS_NEWEST = ActivityVersion.ordinal == (
    select(func.max(_other.ordinal)).where(_other.activity_id == ActivityVersion.activity_id).scalar_subquery()
)
IS_UNTOUCHED = and_(Activity.state.in_(LIVE), Activity.change == Change.NONE)
# As `catalogue.drafts.working_version` chooses it: what is live, or else what was written last.
IS_WORKED_ON = or_(
    and_(IS_UNTOUCHED, ActivityVersion.id == Recognition.version_id), and_(not_(IS_UNTOUCHED), IS_NEWEST)
)
Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True)
class OwnRow:
    """One line of the list: the activity, the version its provider works on, its numbers, and the case that is open."""

    activity: Activity
    version: ActivityVersion
    number: str  # '' as long as only the former register gave one
    former_number: str
    case_state: str | None
    due_on: date | None

    @property
    def is_asked(self) -> bool:
        """Whether the committee waits for the provider."""
        return self.case_state == CaseState.WAITING


def own_counts(wanted: Wanted) -> dict[Shown, int]:
    """How many activities each filter holds, of those that the words find."""
    query = select(
        Activity.state,
        func.count().label("total"),
        func.count().filter(Activity.ends_on < wanted.today).label("ended"),
        func.count().filter(is_asked(wanted.provider_id)).label("asked"),
        func.count().filter(Activity.change != Change.NONE).label("changing"),
    )
    rows = db.session.execute(query.where(*found_by(wanted)).group_by(Activity.state)).all()
    by_state = {State(row.state): row.total for row in rows}
    counts = {shown: by_state.get(state, 0) for shown, state in STATE_OF.items()}
    ended = sum(row.ended for row in rows if row.state == State.PUBLISHED)
    return counts | {
        Shown.ALL: sum(by_state.values()),
        Shown.PUBLISHED: counts[Shown.PUBLISHED] - ended,
        Shown.ENDED: ended,
        Shown.ASKED: sum(row.asked for row in rows),
        Shown.CHANGING: sum(row.changing for row in rows),
    }


def own_rows(wanted: Wanted, page: int) -> list[OwnRow]:
    """A page of the list; the texts are read for its rows only."""
    # In a nested query, so that the whole list is sorted by what indices hold.
    ids = select(Activity.id).where(*conditions(wanted)).order_by(*order_by(wanted.order))
    if wanted.order.removeprefix("-") == "datum":
        ids = ids.outerjoin(Case, IS_OPEN)
    ids = ids.limit(PAGE).offset((page - 1) * PAGE).correlate(None)
    query = (
        in_full(select(Activity, ActivityVersion, OWN_NUMBER, number_of(FORMER_REGISTER), Case.state, Case.due_on))
        .where(Activity.id.in_(ids))
        .order_by(*order_by(wanted.order))
    )
    return [OwnRow(*row) for row in db.session.execute(query)]


def in_full(query: Query) -> Query:
    """Join the version to show, the recognition that leads, and the open case; without the last two a row stays."""
    return (
        query.join(ActivityVersion, ActivityVersion.activity_id == Activity.id)
        .outerjoin(Recognition, and_(Recognition.activity_id == Activity.id, Recognition.is_leading))
        .outerjoin(Case, IS_OPEN)
        .where(IS_WORKED_ON)
    )
