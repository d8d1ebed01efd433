"""A term as a sentence and as stored data. Knows no rule: `terms` computes."""

from datetime import date
from typing import Any

from core.formatting import dutch_date
from validation.terms import PAUSE, Part, Term


def for_committee(term: Term) -> str:
    """The same sum, for readers who are not the one that was waited for."""
    return in_words(term).replace(PAUSE, "wachten op de aanbieder")


def in_words(term: Term) -> str:
    """Ontvangen 17 november 2026; 42 dagen + 16 kerstvakantie + 1 weekend = 18 januari 2027."""
    first, *rest = term.parts
    sum_ = " + ".join([f"{first.days} dagen", *(f"{part.days} {part.reason}" for part in rest)])
    ending = " (voorlopig: de schoolvakanties zijn nog niet voor alle dagen bekend)" if term.provisional else ""
    return f"ontvangen {dutch_date(term.received_on)}; {sum_} = {dutch_date(term.due_on)}{ending}"


def as_data(term: Term) -> dict[str, Any]:
    """What a case keeps of its term, so that the sum stays explained when tables change."""
    return {
        "received_on": term.received_on.isoformat(),
        "due_on": term.due_on.isoformat(),
        "provisional": term.provisional,
        "parts": [[part.days, part.reason] for part in term.parts],
    }


def from_data(data: dict[str, Any]) -> Term:
    """The term that a case keeps."""
    return Term(
        date.fromisoformat(data["received_on"]),
        tuple(Part(days, reason) for days, reason in data["parts"]),
        date.fromisoformat(data["due_on"]),
        data["provisional"],
    )
