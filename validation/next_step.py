"""What an activity waits for, in a few words for its line in the provider's list. Knows no database."""

from dataclasses import dataclass
from datetime import date

from catalogue.states import STATE_NAMES, Change, State, is_over
from core.formatting import count_of, dutch_date

ENDED = "Afgelopen"


@dataclass(frozen=True, kw_only=True)
class Stand:
    """Where an activity is: its end, what is missing in what is still written, and the case that is open."""

    state: State
    change: Change
    ends_on: date | None
    gaps: int
    is_asked: bool
    is_former: bool  # of the former register, and not yet of this one
    due_on: date | None


@dataclass(frozen=True)
class Step:
    """The words, and whether it is the provider that everybody waits for."""

    words: str
    is_yours: bool


def next_step(stand: Stand, today: date) -> Step:
    """What comes next, and by whom; a change that is under way comes before what is live."""
    if stand.is_asked:
        return Step("Beantwoord de vraag van de commissie", is_yours=True)
    if stand.change is not Change.NONE:
        return _of_change(stand)
    if stand.state is State.DRAFT and stand.is_former:
        return _of_former(stand.ends_on, today)
    return {
        State.DRAFT: _open_points(stand.gaps) or Step("Klaar om in te dienen", is_yours=True),
        State.SUBMITTED: _answer("Bericht", stand.due_on),
        State.REJECTED: Step("Lees de toelichting", is_yours=True),
        State.VALIDATED: Step("Wijzig de einddatum" if is_over(stand.ends_on, today) else "Publiceren", is_yours=True),
        State.PUBLISHED: _published(stand.ends_on, today),
    }[stand.state]


def is_ended(state: State, ends_on: date | None, today: date) -> bool:
    """Whether it is published and past its end date, so that teachers no longer find it."""
    return state is State.PUBLISHED and is_over(ends_on, today)


def state_name(state: State, ends_on: date | None, today: date) -> str:
    """The state as the list names it."""
    return ENDED if is_ended(state, ends_on, today) else STATE_NAMES[state]


def _of_former(ends_on: date | None, today: date) -> Step:
    """What is over need not be taken over."""
    if ends_on and is_over(ends_on, today):
        return Step(f"{ENDED} op {dutch_date(ends_on)}", is_yours=False)
    return Step("Controleer het overgenomen aanbod", is_yours=True)


def _of_change(stand: Stand) -> Step:
    return {
        Change.DRAFT: _open_points(stand.gaps, "Wijziging: nog") or Step("Rond de wijziging af", is_yours=True),
        Change.SUBMITTED: _answer("Bericht over de wijziging", stand.due_on),
        Change.REJECTED: Step("Lees de toelichting op de wijziging", is_yours=True),
    }[stand.change]


def _open_points(gaps: int, begin: str = "Nog") -> Step | None:
    return Step(f"{begin} {count_of(gaps, 'punt', 'punten')}", is_yours=True) if gaps else None


def _answer(what: str, due_on: date | None) -> Step:
    return Step(f"{what} uiterlijk {dutch_date(due_on)}" if due_on else f"{what} volgt", is_yours=False)


def _published(ends_on: date | None, today: date) -> Step:
    if ends_on and is_ended(State.PUBLISHED, ends_on, today):
        return Step(f"{ENDED} op {dutch_date(ends_on)}", is_yours=False)
    return Step("Zichtbaar", is_yours=False)
