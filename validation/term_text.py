"""A term as a sentence and as stored data. Knows no rule: `terms` computes."""

from datetime import date
from typing import Any

from core.formatting import count_of, dutch_date
from core.policy import Length, TermRule, TermUnit
from validation.terms import PAUSE, Part, Term

WORDS = {
    TermUnit.DAYS: ("dag", "dagen"),
    TermUnit.WORKING_DAYS: ("werkdag", "werkdagen"),
    TermUnit.WEEKS: ("week", "weken"),
    TermUnit.MONTHS: ("maand", "maanden"),
}


def for_committee(term: Term) -> str:
    """The same sum, for readers who are not the one that was waited for."""
    return in_words(term).replace(PAUSE, "wachten op de aanbieder")


def in_words(term: Term) -> str:
    """Ontvangen 17 november 2026; 42 dagen + 16 kerstvakantie + 1 weekend = 18 januari 2027."""
    sum_ = " + ".join(_part_in_words(part) for part in term.parts)
    ending = " (voorlopig: de schoolvakanties zijn nog niet voor alle dagen bekend)" if term.provisional else ""
    return f"ontvangen {dutch_date(term.received_on)}; {sum_} = {dutch_date(term.due_on)}{ending}"


def promise(rule: TermRule) -> str:
    """6 weken; schoolvakanties tellen niet mee. Days that make whole weeks are said in weeks."""
    length = rule.length
    if length.unit is TermUnit.DAYS and length.amount % 7 == 0:
        length = Length(length.amount // 7, TermUnit.WEEKS)
    return length_in_words(length) + ("; schoolvakanties tellen niet mee" if rule.school_holidays else "")


def length_in_words(length: Length) -> str:
    """42 dagen, 10 werkdagen, 6 weken, 1 maand."""
    return count_of(length.amount, *WORDS[length.unit])


def _part_in_words(part: Part) -> str:
    """42 dagen, 3 maanden (92 dagen), 10 werkdagen, 14 verdaging, 2 weken (14 dagen) verdaging, 16 kerstvakantie."""
    if part.stated is None:
        return f"{part.days} {part.reason}" if part.reason else length_in_words(Length(part.days, TermUnit.DAYS))
    days = f" ({part.days} dagen)" if part.days != part.stated.amount else ""
    return f"{length_in_words(part.stated)}{days} {part.reason}".rstrip()


def as_data(term: Term) -> dict[str, Any]:
    """What a case keeps of its term, so that the sum stays explained when tables change."""
    return {
        "received_on": term.received_on.isoformat(),
        "due_on": term.due_on.isoformat(),
        "provisional": term.provisional,
        "parts": [_part_as_data(part) for part in term.parts],
    }


def from_data(data: dict[str, Any]) -> Term:
    """The term that a case keeps."""
    return Term(
        date.fromisoformat(data["received_on"]),
        tuple(_part_from_data(*part) for part in data["parts"]),
        date.fromisoformat(data["due_on"]),
        data["provisional"],
    )


def _part_as_data(part: Part) -> list[Any]:
    """Days and reason, and for other units than days the amount and its unit."""
    return [part.days, part.reason, *([part.stated.amount, part.stated.unit.value] if part.stated else [])]


def _part_from_data(days: int, reason: str, amount: int = 0, unit: str = "") -> Part:
    return Part(days, reason, Length(amount, TermUnit(unit)) if unit else None)
