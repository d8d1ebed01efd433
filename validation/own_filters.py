"""What a provider may want to see of its own list, as conditions and orders of a query. Never runs one."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, UnaryExpression, and_, case, or_, select

from catalogue import numbers
from catalogue.models import Activity
from catalogue.queries import holding
from catalogue.states import Change, State
from core.policy import Procedure
from core.texts import folded
from validation.models import Case
from validation.states import State as CaseState


class Shown(StrEnum):
    """The filters, as the address names them."""

    ALL = ""
    DRAFT = "concept"
    SUBMITTED = "ingediend"
    ASKED = "vraag"
    REJECTED = "afgewezen"
    VALIDATED = "gevalideerd"
    PUBLISHED = "gepubliceerd"
    ENDED = "afgelopen"
    CHANGING = "wijziging"


SHOWN_NAMES = {
    Shown.ALL: "Alle",
    Shown.DRAFT: "Concept",
    Shown.SUBMITTED: "Ingediend",
    Shown.ASKED: "Vraag van de commissie",
    Shown.REJECTED: "Afgewezen",
    Shown.VALIDATED: "Gevalideerd",
    Shown.PUBLISHED: "Gepubliceerd",
    Shown.ENDED: "Afgelopen",
    Shown.CHANGING: "Wijziging onderweg",
}
ONLY_WHEN_THERE = frozenset({Shown.ASKED, Shown.CHANGING})
STATE_OF = {
    Shown.DRAFT: State.DRAFT,
    Shown.SUBMITTED: State.SUBMITTED,
    Shown.REJECTED: State.REJECTED,
    Shown.VALIDATED: State.VALIDATED,
    Shown.PUBLISHED: State.PUBLISHED,
    Shown.ENDED: State.PUBLISHED,
}

STATE_PLACE = case({state.value: place for place, state in enumerate(State)}, value=Activity.state)
BY_INDEX: dict[str, SQLColumnExpression[Any]] = {"gewijzigd": Activity.updated_at, "naam": Activity.title_key}
SORTED: dict[str, SQLColumnExpression[Any]] = {"status": STATE_PLACE, "datum": Case.due_on}
ORDERS = frozenset({f"{turned}{name}" for name in (*BY_INDEX, *SORTED) for turned in ("", "-")})
USUAL_ORDER = "-gewijzigd"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a provider wants to see of its own: a filter, words or a part of a number, and one of `ORDERS`."""

    provider_id: int
    today: date
    shown: Shown = Shown.ALL
    words: str = ""
    order: str = USUAL_ORDER


def conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What an activity must be to stand in the list."""
    return [*found_by(wanted), *_shown(wanted)]


def order_by(order: str) -> list[UnaryExpression[Any]]:
    """The keys of one of `ORDERS`; activities without a due date come last, whichever way it is turned."""
    name = order.removeprefix("-")

    def turned(key: SQLColumnExpression[Any]) -> UnaryExpression[Any]:
        return key.desc() if order.startswith("-") else key.asc()

    if name in BY_INDEX:
        return [turned(BY_INDEX[name]), turned(Activity.id)]
    return [turned(SORTED[name]).nulls_last(), Activity.updated_at.desc(), Activity.id.desc()]


def found_by(wanted: Wanted) -> list[ColumnElement[bool]]:
    """The provider's own, without what was deleted, and with every word in the title or the text in a number."""
    own = [Activity.provider_id == wanted.provider_id, Activity.state != State.DELETED]
    words, part = folded(wanted.words).split(), numbers.normalise(wanted.words)
    if not words:
        return own
    found = and_(*(Activity.title_key.contains(word, autoescape=True) for word in words))
    if numbers.is_part(part):
        found = or_(found, Activity.id.in_(holding(part)))
    return [*own, found]


def is_asked(provider_id: int) -> ColumnElement[bool]:
    """Whether the committee waits for the provider."""
    waiting = select(Case.activity_id).where(
        Case.provider_id == provider_id, Case.state == CaseState.WAITING, Case.procedure == Procedure.VALIDATION
    )
    submitted = or_(Activity.state == State.SUBMITTED, Activity.change == Change.SUBMITTED)
    return and_(submitted, Activity.id.in_(waiting))


def _shown(wanted: Wanted) -> list[ColumnElement[bool]]:
    shown, today = wanted.shown, wanted.today
    also: dict[Shown, ColumnElement[bool]] = {
        Shown.ASKED: is_asked(wanted.provider_id),
        Shown.PUBLISHED: or_(Activity.ends_on.is_(None), Activity.ends_on >= today),
        Shown.ENDED: Activity.ends_on < today,
        Shown.CHANGING: Activity.change != Change.NONE,
    }
    narrowed = [also[shown]] if shown in also else []
    return [*narrowed, Activity.state == STATE_OF[shown]] if shown in STATE_OF else narrowed
