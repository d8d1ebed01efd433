"""What may happen to an activity, and to a change of it beside what is live. No Flask, no database, no clock."""

from datetime import date
from enum import StrEnum

from core.transitions import ActionNotAllowed, Transitions


class State(StrEnum):
    """Where an activity is on its way; whether it is visible follows from this and its end date."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REJECTED = "rejected"
    VALIDATED = "validated"
    PUBLISHED = "published"
    DELETED = "deleted"


class Change(StrEnum):
    """Where a later version is, while the live one stays as it is."""

    NONE = ""
    DRAFT = "draft"
    SUBMITTED = "submitted"
    REJECTED = "rejected"


class Action(StrEnum):
    """What can be done with an activity."""

    EDIT = "edit"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    REJECT = "reject"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    TAKE_OVER = "take-over"
    GIVE_BACK = "give-back"
    RELEASE = "release"
    DISCARD = "discard"
    DELETE = "delete"


class Status(StrEnum):
    """What teachers and other registers are told about an activity that was ever shown; the words are those outside."""

    OFFERED = "aangeboden"
    ENDED = "afgelopen"
    NOT_OFFERED = "nietAangeboden"
    WITHDRAWN = "ingetrokken"
    DELETED = "verwijderd"


STATE_NAMES = {
    State.DRAFT: "Concept",
    State.SUBMITTED: "Ingediend",
    State.REJECTED: "Afgewezen",
    State.VALIDATED: "Gevalideerd",
    State.PUBLISHED: "Gepubliceerd",
    State.DELETED: "Verwijderd",
}

CHANGE_NAMES = {
    Change.NONE: "Geen wijziging",
    Change.DRAFT: "Wijziging in concept",
    Change.SUBMITTED: "Wijziging ingediend",
    Change.REJECTED: "Wijziging afgewezen",
}

LIVE = frozenset({State.VALIDATED, State.PUBLISHED})

TRANSITIONS = Transitions(
    "de activiteit",
    STATE_NAMES,
    {
        (State.DRAFT, Action.EDIT): State.DRAFT,
        (State.REJECTED, Action.EDIT): State.DRAFT,
        (State.DRAFT, Action.SUBMIT): State.SUBMITTED,
        (State.SUBMITTED, Action.WITHDRAW): State.DRAFT,
        (State.SUBMITTED, Action.APPROVE): State.VALIDATED,
        (State.SUBMITTED, Action.REJECT): State.REJECTED,
        (State.VALIDATED, Action.PUBLISH): State.PUBLISHED,
        (State.PUBLISHED, Action.UNPUBLISH): State.VALIDATED,
        (State.DRAFT, Action.TAKE_OVER): State.PUBLISHED,
        (State.PUBLISHED, Action.GIVE_BACK): State.DRAFT,
        (State.VALIDATED, Action.GIVE_BACK): State.DRAFT,
        (State.DRAFT, Action.DELETE): State.DELETED,
        (State.REJECTED, Action.DELETE): State.DELETED,
        (State.VALIDATED, Action.DELETE): State.DELETED,
        (State.PUBLISHED, Action.DELETE): State.DELETED,
    },
)

CHANGES = Transitions(
    "de wijziging",
    CHANGE_NAMES,
    {
        (Change.NONE, Action.EDIT): Change.DRAFT,
        (Change.DRAFT, Action.EDIT): Change.DRAFT,
        (Change.REJECTED, Action.EDIT): Change.DRAFT,
        (Change.DRAFT, Action.SUBMIT): Change.SUBMITTED,
        (Change.SUBMITTED, Action.WITHDRAW): Change.DRAFT,
        (Change.SUBMITTED, Action.APPROVE): Change.NONE,
        (Change.SUBMITTED, Action.REJECT): Change.REJECTED,
        (Change.DRAFT, Action.RELEASE): Change.NONE,
        (Change.DRAFT, Action.DISCARD): Change.NONE,
        (Change.REJECTED, Action.DISCARD): Change.NONE,
    },
)
OF_A_CHANGE = frozenset(action for _, action in CHANGES.table)
# What may be done with the live version while a change of it exists.
BESIDE = {Action.DELETE: {Change.NONE, Change.DRAFT, Change.REJECTED}, Action.GIVE_BACK: {Change.NONE}}


def after(state: State, change: Change, action: Action) -> tuple[State, Change]:
    """The state and the change after an action. Raises `ActionNotAllowed`.

    Of what is live a later version is written, judged and released, and the live one stays; everything else happens
    to the activity itself.
    """
    if state in LIVE and action in OF_A_CHANGE:
        return state, CHANGES.after(change, action)
    if change not in BESIDE.get(action, set(Change)):
        raise ActionNotAllowed("Dit kan niet zolang er een wijziging is. Trek die eerst in of verwijder die.")
    reached = TRANSITIONS.after(state, action)
    return reached, change if reached in LIVE else Change.NONE


# A decision that takes the place of an earlier one: what was turned down is valid after all, or the other way round.
# What its provider wrote or handed in since goes on beside what is valid, or alone.
BESIDE_WHAT_IS_VALID = {State.REJECTED: Change.NONE, State.DRAFT: Change.DRAFT, State.SUBMITTED: Change.SUBMITTED}
WITHOUT_WHAT_WAS_VALID = {
    Change.NONE: State.REJECTED,
    Change.REJECTED: State.REJECTED,
    Change.DRAFT: State.DRAFT,
    Change.SUBMITTED: State.SUBMITTED,
}


def reinstated(state: State, change: Change) -> tuple[State, Change]:
    """The state and the change of what is valid after all. Raises `ActionNotAllowed` for what was deleted."""
    if state in LIVE:
        return state, Change.NONE if change is Change.REJECTED else change
    if state is State.DELETED:
        raise ActionNotAllowed("De activiteit is verwijderd.")
    return State.VALIDATED, BESIDE_WHAT_IS_VALID[state]


def revoked(state: State, change: Change) -> tuple[State, Change]:
    """The state and the change of what is not valid after all. Raises `ActionNotAllowed` for what was deleted."""
    if state not in LIVE:
        raise ActionNotAllowed("De activiteit is niet meer gevalideerd of is verwijderd.")
    return WITHOUT_WHAT_WAS_VALID[change], Change.NONE


def turned_back(state: State, change: Change) -> tuple[State, Change]:
    """The state and the change when only a change of what is live is not valid after all. Raises `ActionNotAllowed`."""
    if state not in LIVE:
        raise ActionNotAllowed("De activiteit is niet meer gevalideerd of is verwijderd.")
    return state, change or Change.REJECTED


def may(state: State, change: Change, action: Action) -> bool:
    """Whether to offer the button."""
    try:
        after(state, change, action)
    except ActionNotAllowed:
        return False
    return True


def is_mended(state: State, change: Change) -> bool:
    """Whether its provider may still put right what the committee turned down."""
    return state in {State.DRAFT, State.REJECTED} or change in {Change.DRAFT, Change.REJECTED}


def is_over(ends_on: date | None, today: date) -> bool:
    """Whether the end date is past; the day itself still counts."""
    return ends_on is not None and ends_on < today


def status_of(state: State, ends_on: date | None, withdrawn_on: date | None, today: date) -> Status:
    """What is told; a deletion outlasts everything, and what does not count is not offered either."""
    if state is State.DELETED:
        return Status.DELETED
    if withdrawn_on is not None:
        return Status.WITHDRAWN
    if state is not State.PUBLISHED:
        return Status.NOT_OFFERED
    return Status.ENDED if is_over(ends_on, today) else Status.OFFERED


def is_visible(state: State, ends_on: date | None, today: date) -> bool:
    """Whether teachers find it: published and not past its end date."""
    return state is State.PUBLISHED and not is_over(ends_on, today)
