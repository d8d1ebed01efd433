"""Why a due date is another one than before, as a sentence. Knows no rule and no case: both terms are given."""

from enum import StrEnum

from core.formatting import dutch_date
from validation.terms import Term


class Cause(StrEnum):
    """Why a term was computed anew."""

    ANSWERED = "answered"
    LAPSED = "lapsed"  # the time for the answer is over, so the pause ends without one
    EXTENDED = "extended"
    HOLIDAYS_CHANGED = "holidays_changed"


FOR_PROVIDER = {
    Cause.ANSWERED: "u hebt de vraag beantwoord",
    Cause.LAPSED: "de tijd om de vraag te beantwoorden is voorbij",
    Cause.EXTENDED: "de commissie heeft de termijn één keer verlengd (verdaging)",
    Cause.HOLIDAYS_CHANGED: "de vakantietabel is gewijzigd",
}
FOR_COMMITTEE = FOR_PROVIDER | {Cause.ANSWERED: "de aanbieder heeft de vraag beantwoord"}


def change_for_provider(before: Term, after: Term, cause: Cause) -> str:
    """What the provider reads about its new due date; '' when nothing changed for anybody who waits for it."""
    return _sentence(before, after, FOR_PROVIDER[cause])


def change_for_committee(before: Term, after: Term, cause: Cause) -> str:
    """The same, for readers who are not the one that was waited for."""
    return _sentence(before, after, FOR_COMMITTEE[cause])


def _sentence(before: Term, after: Term, why: str) -> str:
    due_on = dutch_date(after.due_on)
    if after.due_on != before.due_on:
        now = "nu voorlopig" if after.provisional else "nu"
        return f"De uiterste datum is {now} {due_on} (was {dutch_date(before.due_on)}), want {why}."
    if before.provisional and not after.provisional:
        return f"De uiterste datum {due_on} is niet langer voorlopig, want {why}."
    return ""
