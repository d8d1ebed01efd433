"""The audit trail in words for the bureau. Nothing is left out: what has no words is shown as it is."""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from catalogue.numbers import shown
from core.formatting import dutch_date, dutch_number
from providers.log_texts import Entry
from validation.audit_labels import AUDIENCES, FIELDS, HANDED_ON, KINDS, LABELS, LABELS_OF, NOT_PEOPLE, RESULTS, WORDS

Names = Mapping[str, str]
Reader = Callable[[Any], str | None]  # None for what it has no words for
SHORT = 8  # symbols of a pseudonym, by which people can be told apart on one page
PLACES = {name: place for place, name in enumerate(LABELS)}


def who_did(account: str, names: Names) -> str:
    """The name of a person, or as much as can be said without it."""
    audience, _, rest = account.partition(":")
    if account in names or audience not in AUDIENCES:
        return names.get(account) or NOT_PEOPLE.get(account, "Het register")
    return f"{AUDIENCES[audience]} ({rest.split(':', 2)[-1][:SHORT]}…)"


def accounts_in(entries: Iterable[Entry]) -> set[str]:
    """Everybody whose name is needed to tell of these entries."""
    return {account for entry in entries for account in (entry.actor, *_handed_on(entry)) if account}


def thing_in_words(thing: str, titles: Mapping[int, str]) -> str:
    """Activiteit 7: Rekenen; '' for what has no words."""
    kind, _, id_ = thing.partition(":")
    title = titles.get(int(id_)) if kind == "activity" else ""
    return f"{KINDS[kind]} {id_}" + (f": {title}" if title else "") if kind in KINDS else ""


def result_in_words(result: str) -> str:
    """What became of it; the code itself for one that has no words."""
    return RESULTS.get(result, result)


def told(entry: Entry, names: Names, requirements: Names) -> list[tuple[str, str]]:
    """What was noted with an entry, each with its label."""
    data: dict[str, Any] = json.loads(entry.data)
    readers: dict[str, Reader] = {**READERS, "requirement": requirements.get, **READERS_OF.get(entry.action, {})}
    if _is_handed_on(entry):
        readers |= dict.fromkeys(("before", "to"), partial(who_did, names=names))
    return [
        (LABELS_OF.get((entry.action, name), LABELS.get(name, name)), _value(data[name], readers.get(name, str)))
        for name in sorted(data, key=lambda name: PLACES.get(name, len(PLACES)))
    ]


def _value(value: Any, reader: Reader) -> str:
    if value in {None, ""}:
        return "–"
    if isinstance(value, bool):
        return "ja" if value else "nee"
    with suppress(ValueError, TypeError, AttributeError, ArithmeticError):
        return reader(value) or str(value)
    return str(value)  # it is on record, so it is shown, whatever it is


def _handed_on(entry: Entry) -> tuple[str, ...]:
    """From whom a case went to whom; nobody for every other entry."""
    data = json.loads(entry.data) if _is_handed_on(entry) else {}
    return tuple(str(data[name]) for name in ("before", "to") if name in data)


def _is_handed_on(entry: Entry) -> bool:
    return bool(entry.action.removeprefix("case.") in HANDED_ON)


def _day(value: str) -> str:
    return dutch_date(date.fromisoformat(value))


def _hours(value: str) -> str:
    return dutch_number(Decimal(value))


def _fields(value: str) -> str:
    return ", ".join(FIELDS.get(name, name) for name in value.split(", "))


def _owner(value: str) -> str:
    return thing_in_words(value, {}) or "Het bureau"


DAYS = ("starts_before", "starts_after", "ends_before", "ends_after", "starts_on", "due", "due_before")
READERS: dict[str, Reader] = {
    **{name: words.get for name, words in WORDS.items()},
    **dict.fromkeys(DAYS, _day),
    **dict.fromkeys(("contact", "self_study"), _hours),
    **dict.fromkeys(("changed", "taken"), _fields),
    "owner": _owner,
}
READERS_OF: dict[str, dict[str, Reader]] = {"case.decided": {"number": shown}}
