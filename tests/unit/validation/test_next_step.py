from datetime import date
from typing import Any

import pytest

from catalogue.states import LIVE, Change, State
from validation.next_step import Stand, is_ended, next_step, state_name

TODAY = date(2026, 11, 22)
YESTERDAY = date(2026, 11, 21)
DUE = date(2027, 1, 18)


def stand(state: State, **facts: Any) -> Stand:
    usual = {"change": Change.NONE, "ends_on": None, "gaps": 0, "is_asked": False, "is_former": False, "due_on": None}
    return Stand(state=state, **usual | facts)


@pytest.mark.parametrize(
    ("where", "words", "is_yours"),
    [
        (stand(State.DRAFT, gaps=1), "Nog 1 punt", True),
        (stand(State.DRAFT, gaps=3), "Nog 3 punten", True),
        (stand(State.DRAFT), "Klaar om in te dienen", True),
        (stand(State.SUBMITTED, due_on=DUE), "Bericht uiterlijk 18 januari 2027", False),
        (stand(State.SUBMITTED), "Bericht volgt", False),
        (stand(State.SUBMITTED, is_asked=True, due_on=DUE), "Beantwoord de vraag van de commissie", True),
        (stand(State.REJECTED), "Lees de toelichting", True),
        (stand(State.VALIDATED), "Publiceren", True),
        (stand(State.VALIDATED, ends_on=TODAY), "Publiceren", True),
        (stand(State.VALIDATED, ends_on=date(2026, 11, 21)), "Wijzig de einddatum", True),
        (stand(State.DRAFT, is_former=True, gaps=2), "Controleer het overgenomen aanbod", True),
        (stand(State.DRAFT, is_former=True, ends_on=date(2026, 11, 21)), "Afgelopen op 21 november 2026", False),
        (stand(State.PUBLISHED), "Zichtbaar", False),
        (stand(State.PUBLISHED, ends_on=TODAY), "Zichtbaar", False),
        (stand(State.PUBLISHED, ends_on=date(2026, 11, 21)), "Afgelopen op 21 november 2026", False),
        (stand(State.PUBLISHED, change=Change.DRAFT, gaps=2), "Wijziging: nog 2 punten", True),
        (stand(State.VALIDATED, change=Change.DRAFT), "Rond de wijziging af", True),
        (
            stand(State.PUBLISHED, change=Change.SUBMITTED, due_on=DUE),
            "Bericht over de wijziging uiterlijk 18 januari 2027",
            False,
        ),
        (stand(State.PUBLISHED, change=Change.REJECTED), "Lees de toelichting op de wijziging", True),
        (stand(State.PUBLISHED, change=Change.SUBMITTED, is_asked=True), "Beantwoord de vraag van de commissie", True),
    ],
)
def test_a_step_says_what_comes_next_and_who_is_waited_for(where: Stand, words: str, *, is_yours: bool) -> None:
    step = next_step(where, TODAY)
    assert (step.words, step.is_yours) == (words, is_yours)


# Every stand there can be: while it goes on, and after its end date. Only beside what is live there is a change.
TABLE = {
    (State.DRAFT, Change.NONE): ("Klaar om in te dienen", "Klaar om in te dienen"),  # an end date that is past is a gap
    (State.SUBMITTED, Change.NONE): ("Bericht uiterlijk 18 januari 2027",) * 2,
    (State.REJECTED, Change.NONE): ("Lees de toelichting",) * 2,
    (State.VALIDATED, Change.NONE): ("Publiceren", "Wijzig de einddatum"),
    (State.VALIDATED, Change.DRAFT): ("Rond de wijziging af",) * 2,
    (State.VALIDATED, Change.SUBMITTED): ("Bericht over de wijziging uiterlijk 18 januari 2027",) * 2,
    (State.VALIDATED, Change.REJECTED): ("Lees de toelichting op de wijziging",) * 2,
    (State.PUBLISHED, Change.NONE): ("Zichtbaar", "Afgelopen op 21 november 2026"),
    (State.PUBLISHED, Change.DRAFT): ("Rond de wijziging af",) * 2,
    (State.PUBLISHED, Change.SUBMITTED): ("Bericht over de wijziging uiterlijk 18 januari 2027",) * 2,
    (State.PUBLISHED, Change.REJECTED): ("Lees de toelichting op de wijziging",) * 2,
}
NOT_YOURS = ("Bericht", "Zichtbaar", "Afgelopen")


def test_the_table_has_every_stand_there_can_be() -> None:
    living = {(state, change) for state in LIVE for change in Change}
    others = {(state, Change.NONE) for state in State if state not in LIVE and state is not State.DELETED}
    assert set(TABLE) == living | others


@pytest.mark.parametrize(("state", "change"), TABLE)
@pytest.mark.parametrize(("ends_on", "column"), [(None, 0), (TODAY, 0), (YESTERDAY, 1)])
def test_every_stand_says_what_comes_next(state: State, change: Change, ends_on: date | None, column: int) -> None:
    step = next_step(stand(state, change=change, ends_on=ends_on, due_on=DUE), TODAY)
    assert step.words == TABLE[state, change][column]
    assert step.is_yours is not step.words.startswith(NOT_YOURS)


@pytest.mark.parametrize(("state", "change"), [pair for pair in TABLE if "submitted" in pair])
def test_a_question_comes_before_everything(state: State, change: Change) -> None:
    step = next_step(stand(state, change=change, is_asked=True, ends_on=YESTERDAY, due_on=DUE), TODAY)
    assert (step.words, step.is_yours) == ("Beantwoord de vraag van de commissie", True)


@pytest.mark.parametrize("state", State)
def test_only_what_is_published_can_have_ended(state: State) -> None:
    assert is_ended(state, date(2026, 11, 21), TODAY) is (state is State.PUBLISHED)
    assert not is_ended(state, TODAY, TODAY)
    assert not is_ended(state, None, TODAY)


def test_what_has_ended_is_called_so() -> None:
    assert state_name(State.PUBLISHED, date(2026, 11, 21), TODAY) == "Afgelopen"
    assert state_name(State.PUBLISHED, TODAY, TODAY) == "Gepubliceerd"
    assert state_name(State.DRAFT, date(2026, 11, 21), TODAY) == "Concept"
