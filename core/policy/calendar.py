"""School holidays and public holidays as days. Knows how far ahead it knows; no database, no clock."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, order=True)
class Stretch:
    """Days in a row, first and last included, with the reason why the clock stands still."""

    first: date
    last: date
    name: str = ""

    @property
    def days(self) -> int:
        """How many days, both ends included."""
        return (self.last - self.first).days + 1

    def cut_after(self, day: date) -> "Stretch":
        """The same stretch, without the days up to and including `day`."""
        return Stretch(max(self.first, day + DAY), self.last, self.name)


@dataclass(frozen=True)
class Calendar:
    """Which days are school holidays, per region, and for which days that is known."""

    school_holidays: tuple[tuple[str, Stretch], ...]  # (region, stretch)
    known_from: date
    known_until: date

    def holidays_in(self, regions: Iterable[str]) -> tuple[Stretch, ...]:
        """The union over the regions, in order, without overlap."""
        wanted = frozenset(regions)
        return tuple(union(stretch for region, stretch in self.school_holidays if region in wanted))


def union(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Stretches in order without overlap, as few as possible; a shared day belongs to the one that began first."""
    merged: list[Stretch] = []
    for stretch in sorted(stretches):
        rest = stretch.cut_after(merged[-1].last) if merged else stretch
        if rest.days <= 0:
            continue
        if merged and merged[-1].last + DAY == rest.first and merged[-1].name == rest.name:
            merged[-1] = Stretch(merged[-1].first, rest.last, rest.name)
        else:
            merged.append(rest)
    return merged


@cache
def public_holidays(year: int) -> dict[date, str]:
    """The days of Algemene termijnenwet art. 3, with 5 May every year and Good Friday, by Dutch name.

    The library's default category knows 5 May only every fifth year; both categories together give the law's list
    (and Easter and Whit Sunday, which are Sundays anyway).
    """
    return dict(holidays.country_holidays("NL", years=year, language="nl", categories=("public", "optional")))


def rest_day(day: date) -> str:
    """Why a term may not end on this day: the holiday's name, 'weekend', or '' when it may."""
    if name := public_holidays(day.year).get(day):
        return name if day.weekday() < SATURDAY else "weekend"
    return "weekend" if day.weekday() >= SATURDAY else ""


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; negative when `end` lies before `start`."""
    if end < start:
        return -working_days_between(end, start)
    days = (start + DAY * number for number in range(1, (end - start).days + 1))
    return sum(1 for day in days if not rest_day(day))


def working_days_later(day: date, count: int) -> date:
    """The working day that is so many of them away; with 0 the day itself."""
    while count:
        day += DAY
        count -= not rest_day(day)
    return day


def months_later(day: date, months: int) -> date:
    """The same day number so many months later, or the last day of that month when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day_to_object(decided_on: date, filing_days: int) -> date:
    """The last day on which an objection is in time: counted from the day after (Awb 6:8), moved off rest days."""
    return off_rest_days(decided_on + timedelta(days=filing_days))


def off_rest_days(day: date) -> date:
    """This day, or the next one that is no Saturday, Sunday or public holiday."""
    while rest_day(day):
        day += DAY
    return day
