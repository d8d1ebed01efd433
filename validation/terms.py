"""When a decision is due, as an explained sum. No Flask, no database, no clock. Rules: `docs/terms.md`."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.policy import Calendar, Length, Stretch, TermRule, TermUnit
from core.policy.calendar import months_later, rest_day

DAY = timedelta(days=1)
PAUSE = "wachten op u"
EXTENSION = "verdaging"


@dataclass(frozen=True)
class Part:
    """So many days, and why; the term itself has no reason of its own.

    What a rule does not state in days says how it is stated: 42 days, stated as 6 weeks.
    """

    days: int
    reason: str = ""
    stated: Length | None = None


@dataclass(frozen=True)
class Term:
    """A due date and how it came about: `received_on` plus the days of all parts is `due_on`."""

    received_on: date
    parts: tuple[Part, ...]
    due_on: date
    provisional: bool  # the holiday table does not cover every day that was counted


def compute_term(
    received_on: date,
    rule: TermRule,
    calendar: Calendar,
    pauses: Iterable[Stretch] = (),
    *,
    is_extended: bool = False,
) -> Term:
    """The term of a case received on a Dutch calendar day.

    The clock starts the day after receipt and stands still on school holidays of the rule's regions, on paused days
    (first and last included) and, for working days, on rest days; a day that is several of these counts as the first.
    A due date on a Saturday, Sunday or public holiday moves to the next day that is none of these (Algemene
    termijnenwet art. 1 and 3). ValueError when a term is extended whose rule has no extension.
    """
    stops = (*calendar.holidays_in(rule.school_holidays), *(Stretch(p.first, p.last, PAUSE) for p in pauses))
    stated = _stated_parts(received_on, rule, is_extended=is_extended)
    last_counted, passed = received_on, list[str]()
    for part in stated:
        last_counted, skipped = _count(last_counted, part, stops)
        passed += skipped
    due_on, moved = _move_off_rest_days(last_counted)
    unknown = received_on < calendar.known_from or last_counted > calendar.known_until
    parts = (*stated, *_added_up(passed + moved, stops))
    return Term(received_on, parts, due_on, provisional=bool(rule.school_holidays) and unknown)


def _stated_parts(received_on: date, rule: TermRule, *, is_extended: bool) -> list[Part]:
    """The term, and its extension; months of it are those after the term as if nothing had stood still."""
    term = _part(rule.length, received_on)
    if not is_extended:
        return [term]
    if rule.extension is None:
        raise ValueError("this term cannot be extended")
    undisturbed_end, _ = _count(received_on, term, ())
    return [term, _part(rule.extension, undisturbed_end, EXTENSION)]


def _part(length: Length, after: date, reason: str = "") -> Part:
    days = length.amount
    if length.unit is TermUnit.WEEKS:
        days *= 7
    elif length.unit is TermUnit.MONTHS:
        days = (months_later(after, length.amount) - after).days
    return Part(days, reason, None if length.unit is TermUnit.DAYS else length)


def stop_on(day: date, stops: Iterable[Stretch], unit: TermUnit) -> str | None:
    """Why a day does not count for what is stated in this unit; None when it counts."""
    reason = next((stop.name for stop in stops if stop.first <= day <= stop.last), None)
    if reason is None and unit is TermUnit.WORKING_DAYS:
        return rest_day(day) or None
    return reason


def _count(after: date, part: Part, stops: Sequence[Stretch]) -> tuple[date, list[str]]:
    """The day on which the last day of a part is counted, and why each day that was passed did not count."""
    unit = part.stated.unit if part.stated else TermUnit.DAYS
    day, left, skipped = after, part.days, list[str]()
    while left:
        day += DAY
        reason = stop_on(day, stops, unit)
        if reason is None:
            left -= 1
        else:
            skipped.append(reason)
    return day, skipped


def _move_off_rest_days(day: date) -> tuple[date, list[str]]:
    moved: list[str] = []
    while reason := rest_day(day):
        moved.append(reason)
        day += DAY
    return day, moved


def _added_up(reasons: list[str], stops: Sequence[Stretch]) -> list[Part]:
    """One part per reason: school holidays first, then pauses, then rest days, each in the order in which they came."""
    names = {stop.name for stop in stops}
    ordered = sorted(reasons, key=lambda reason: (reason not in names, reason == PAUSE))
    return [Part(days, reason) for reason, days in Counter(ordered).items()]
