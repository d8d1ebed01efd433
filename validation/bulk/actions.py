"""What can be done with many activities: what stands in the way of it, how it is done, how undone. Never commits."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from catalogue import states
from catalogue.changes import changes_between
from catalogue.deleting import delete_for_ever
from catalogue.gaps import gaps
from catalogue.models import Activity, ActivityVersion, Recognition
from catalogue.publication import Ended, move, publish, set_period
from catalogue.states import LIVE, Action, Change, State
from catalogue.taking_over import give_back, take_over, why_not_taken_over
from core.audit import Actor
from core.clock import day_of
from core.db import db
from core.policy import Policies, Policy
from core.transitions import ActionNotAllowed
from providers.models import Provider
from providers.queries import standing_of
from providers.rules import Suspended
from validation.own_list import IS_NEWEST
from validation.submitting import STANDING_GAPS, NothingToDecide, submit, withdraw

AT_A_TIME = 500
NO_CHANGE = "Deze activiteit is al gevalideerd, zonder wijziging."
INCOMPLETE = "Nog niet alles is ingevuld. Op de pagina van de activiteit staat wat ontbreekt."
STARTS_LATER = "De startdatum ligt na deze einddatum."
SAME_DATE = "Er verandert niets: dit is de einddatum al."
NO_DATE = "Deze activiteit heeft geen einddatum."
NO_DRAFT = "Alleen concepten kunt u met meer tegelijk verwijderen."
HAS_NUMBER = "Dit concept heeft een nummer. Verwijder het op de pagina van de activiteit."
FOR_EVER = "Dit kunt u niet terugdraaien."
Before = dict[str, Any]  # what it takes to undo, as JSON
Reasons = dict[int, str]  # why not, by activity; who is not in it passes


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """Who asked for what, under which rules; `ends_on` belongs to the actions that set it."""

    provider: Provider
    policies: Policies
    by: Actor
    now: datetime
    ends_on: date | None = None

    @property
    def policy(self) -> Policy:
        """The rules of the day."""
        return self.policies.on(day_of(self.now))


@dataclass(frozen=True, kw_only=True)
class BulkAction:
    """One choice. `reasons` looks at all activities with a fixed number of statements; `do` tells what undoing needs.

    `done` is the word for what has happened, `undoing` the sentence that says what taking it back means, `statement`
    what who presses the button declares. What `is_final` cannot be taken back, and is asked for twice.
    """

    label: str
    done: str
    undoing: str
    reasons: Callable[[Sequence[Activity], Assignment], Reasons]
    do: Callable[[Activity, Assignment], Before]
    undo: Callable[[Activity, Before, Assignment], None]
    is_final: bool = False
    asks_date: bool = False
    statement: str = ""


def not_allowed(activities: Iterable[Activity], action: Action) -> Reasons:
    """Those that are not in a state in which this can be done."""
    found = {activity.id: _refusal(activity, action) for activity in activities}
    return {id_: why for id_, why in found.items() if why}


def _refusal(activity: Activity, action: Action) -> str:
    try:
        states.after(State(activity.state), Change(activity.change), action)
    except ActionNotAllowed as refused:
        return refused.detail
    return ""


def _why_not_published(activities: Sequence[Activity], assignment: Assignment) -> Reasons:
    held = {activity.id: Suspended().detail for activity in activities if assignment.provider.suspended_at}
    today = day_of(assignment.now)
    over = {activity.id: Ended().detail for activity in activities if states.is_over(activity.ends_on, today)}
    return held | over | not_allowed(activities, Action.PUBLISH)


def _publish(activity: Activity, assignment: Assignment) -> Before:
    publish(activity, by=assignment.by, now=assignment.now)
    return {}


def _unpublish(activity: Activity, _: Before, assignment: Assignment) -> None:
    move(activity, Action.UNPUBLISH, by=assignment.by, now=assignment.now)


def _why_not_submitted(activities: Sequence[Activity], assignment: Assignment) -> Reasons:
    refused = not_allowed(activities, Action.SUBMIT)
    refused |= {activity.id: NO_CHANGE for activity in activities if activity.state in LIVE and not activity.change}
    ready = {activity.id for activity in activities} - set(refused)
    if standing := STANDING_GAPS.get(standing_of(assignment.provider, assignment.policy)):
        return refused | dict.fromkeys(ready, standing.text)
    return refused | _incomplete(ready, assignment) | _free_changes(activities, ready, assignment.policy)


def _incomplete(ids: Collection[int], assignment: Assignment) -> Reasons:
    query = select(ActivityVersion).where(ActivityVersion.activity_id.in_(ids), IS_NEWEST)
    newest = db.session.scalars(query, execution_options={"yield_per": AT_A_TIME})
    today = day_of(assignment.now)
    return {one.activity_id: INCOMPLETE for one in newest if gaps(one.content, assignment.policy, today)}


def _free_changes(activities: Iterable[Activity], ready: Collection[int], policy: Policy) -> Reasons:
    """Changes of what is live that the committee need not see."""
    changed = [activity.id for activity in activities if activity.change and activity.id in ready]
    live = aliased(ActivityVersion)
    query = (
        select(ActivityVersion, live)
        .join(Recognition, and_(Recognition.activity_id == ActivityVersion.activity_id, Recognition.is_leading))
        .join(live, live.id == Recognition.version_id)
        .where(ActivityVersion.activity_id.in_(changed), IS_NEWEST)
    )
    pairs = db.session.execute(query, execution_options={"yield_per": AT_A_TIME})
    free = [new.activity_id for new, old in pairs if not changes_between(old.content, new.content, policy).decided]
    return dict.fromkeys(free, NothingToDecide().detail)


def _submit(activity: Activity, assignment: Assignment) -> Before:
    submit(activity, assignment.policies, by=assignment.by, now=assignment.now)
    return {}


def _withdraw(activity: Activity, _: Before, assignment: Assignment) -> None:
    withdraw(activity, by=assignment.by, now=assignment.now)


def _why_not_ended(activities: Sequence[Activity], assignment: Assignment) -> Reasons:
    end = assignment.ends_on
    same = {activity.id: SAME_DATE if end else NO_DATE for activity in activities if activity.ends_on == end}
    return same | {
        activity.id: STARTS_LATER for activity in activities if end and activity.starts_on and end < activity.starts_on
    }


def _end(activity: Activity, assignment: Assignment) -> Before:
    before = activity.ends_on.isoformat() if activity.ends_on else None
    set_period(activity, activity.starts_on, assignment.ends_on, by=assignment.by, now=assignment.now)
    return {"ends_on": before}


def _end_as_before(activity: Activity, before: Before, assignment: Assignment) -> None:
    end = date.fromisoformat(before["ends_on"]) if before["ends_on"] else None
    set_period(activity, activity.starts_on, end, by=assignment.by, now=assignment.now)


def _why_not_taken_over(activities: Sequence[Activity], assignment: Assignment) -> Reasons:
    refused = not_allowed(activities, Action.TAKE_OVER)
    rest = [activity.id for activity in activities if activity.id not in refused]
    return refused | why_not_taken_over(assignment.provider, rest, assignment.policy, assignment.now)


def _take_over(activity: Activity, assignment: Assignment) -> Before:
    take_over(activity, assignment.policy, by=assignment.by, now=assignment.now)
    return {}


def _give_back(activity: Activity, _: Before, assignment: Assignment) -> None:
    give_back(activity, assignment.policy, by=assignment.by, now=assignment.now)


def _why_not_deleted(activities: Sequence[Activity], _: Assignment) -> Reasons:
    ids = [activity.id for activity in activities]
    numbered = db.session.scalars(select(Recognition.activity_id).where(Recognition.activity_id.in_(ids)))
    others = [activity.id for activity in activities if activity.state != State.DRAFT]
    return dict.fromkeys(numbered, HAS_NUMBER) | dict.fromkeys(others, NO_DRAFT)


def _delete(activity: Activity, assignment: Assignment) -> Before:
    delete_for_ever(activity, "", by=assignment.by, now=assignment.now)
    return {}


def _stay_deleted(*_: object) -> None:
    raise ActionNotAllowed(FOR_EVER)


_ENDING = BulkAction(
    label="Einddatum instellen",
    done="gewijzigd",
    undoing="De activiteiten krijgen de einddatum terug die zij hadden.",
    reasons=_why_not_ended,
    do=_end,
    undo=_end_as_before,
    asks_date=True,
)
TAKE_OVER = "overnemen"
ACTIONS = {
    TAKE_OVER: BulkAction(
        label="Publiceren als overgenomen aanbod",
        done="gepubliceerd met het oude nummer",
        undoing="De activiteiten zijn dan weer concept.",
        reasons=_why_not_taken_over,
        do=_take_over,
        undo=_give_back,
    ),
    "publiceren": BulkAction(
        label="Publiceren",
        done="gepubliceerd",
        undoing="Leraren kunnen de activiteiten dan niet meer vinden. Nummers en uren blijven bewaard.",
        reasons=_why_not_published,
        do=_publish,
        undo=_unpublish,
    ),
    "indienen": BulkAction(
        label="Indienen",
        done="ingediend",
        undoing="De activiteiten worden ingetrokken en zijn dan weer concept.",
        reasons=_why_not_submitted,
        do=_submit,
        undo=_withdraw,
        statement="Met deze knop verklaart u dat alles wat in deze activiteiten staat, klopt.",
    ),
    "einddatum": _ENDING,
    "einddatum-weg": replace(_ENDING, label="Einddatum weghalen", asks_date=False),
    "concepten-verwijderen": BulkAction(
        label="Concepten voorgoed verwijderen",
        done="voorgoed verwijderd",
        undoing=FOR_EVER,
        reasons=_why_not_deleted,
        do=_delete,
        undo=_stay_deleted,
        is_final=True,
    ),
}
