"""When a decision is due, as an explained sum. No Flask, no database, no clock. Rules: `docs/terms.md`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.policy import Calendar, Stretch, TermRule
from core.policy.calendar import rest_day, union

DAY = timedelta(days=1)
PAUSE = "wachten op u"


@dataclass(frozen=True)
class Part:
    """So many days, and why; the term itself has no reason of its own."""

    days: int
    reason: str = ""


@dataclass(frozen=True)
class Term:
    """A due date and how it came about: `received_on` plus the days of all parts is `due_on`."""

    received_on: date
    parts: tuple[Part, ...]
    due_on: date
    provisional: bool  # the holiday table does not cover every day that was counted


def compute_term(received_on: date, rule: TermRule, calendar: Calendar, pauses: Iterable[Stretch] = ()) -> Term:
    """The term of a case received on a Dutch calendar day.

    The clock starts the day after receipt and stands still on school holidays of the rule's regions and on paused
    days (first and last included); a day that is both counts as holiday. A due date on a Saturday, Sunday or public
    holiday moves to the next day that is none of these (Algemene termijnenwet art. 1 and 3).
    """
    stops = _stops(received_on, calendar.holidays_in(rule.school_holidays), pauses)
    last_counted = _last_counted_day(received_on, rule.days, stops)
    due_on, moved = _move_off_rest_days(last_counted)
    passed = [Part(stop.days, stop.name) for stop in stops if stop.last < last_counted]
    passed.sort(key=lambda part: part.reason == PAUSE)  # holidays first, as in the published examples
    unknown = received_on < calendar.known_from or last_counted > calendar.known_until
    parts = (Part(rule.days), *_added_up(passed), *_added_up(moved))
    return Term(received_on, parts, due_on, provisional=bool(rule.school_holidays) and unknown)


def _stops(received_on: date, holidays: Iterable[Stretch], pauses: Iterable[Stretch]) -> list[Stretch]:
    """All days after receipt on which the clock stands still, in order, without overlap; holidays win."""
    known = list(holidays)
    paused = union(Stretch(pause.first, pause.last, PAUSE) for pause in pauses)
    rest = [piece for pause in paused for piece in _without(pause, known)]
    later = (stop.cut_after(received_on) for stop in sorted(known + rest))
    return [stop for stop in later if stop.days > 0]


def _without(pause: Stretch, holidays: list[Stretch]) -> Iterable[Stretch]:
    """The pieces of a pause between holidays that are in order and do not overlap."""
    for holiday in holidays:
        if holiday.last < pause.first or holiday.first > pause.last:
            continue
        if pause.first < holiday.first:
            yield Stretch(pause.first, holiday.first - DAY, PAUSE)
        pause = pause.cut_after(holiday.last)
    if pause.days > 0:
        yield pause


def _last_counted_day(received_on: date, days: int, stops: list[Stretch]) -> date:
    day, left = received_on, days
    for stop in stops:
        run = (stop.first - day).days - 1
        if run >= left:
            break
        left -= run
        day = stop.last
    return day + left * DAY


def _move_off_rest_days(day: date) -> tuple[date, list[Part]]:
    moved: list[Part] = []
    while reason := rest_day(day):
        moved.append(Part(1, reason))
        day += DAY
    return day, moved


def _added_up(parts: Iterable[Part]) -> list[Part]:
    total: dict[str, int] = {}
    for part in parts:
        total[part.reason] = total.get(part.reason, 0) + part.days
    return [Part(days, reason) for reason, days in total.items()]
