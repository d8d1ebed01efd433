"""How many days of a term went by: the sum of due dates read backwards. No Flask, no database, no clock."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from itertools import accumulate

from core.policy import Calendar, Stretch, TermRule, TermUnit
from core.policy.calendar import union
from validation.terms import stop_on

DAY = timedelta(days=1)


class TermDays:
    """Looks at each day once, however many cases ran over it. Knows the days from `first` to `last`, both included."""

    def __init__(self, calendar: Calendar, first: date, last: date) -> None:
        self._calendar, self._first = calendar, first
        self._days = [first + DAY * number for number in range((last - first).days + 1)]
        self._sums: dict[tuple[tuple[str, ...], TermUnit], list[int]] = {}

    def between(self, after: date, until: date, rule: TermRule, pauses: Collection[Stretch] = ()) -> int:
        """The days that count, after one day up to and including another: no school holiday, and not paused.

        Of a term in working days no rest day counts, either; an extension is counted as the term is.
        """
        if until <= after:
            return 0
        days, sums = self._count, self._sums_for(rule)
        paused = (
            Stretch(max(pause.first, after + DAY), min(pause.last, until))
            for pause in pauses
            if pause.last > after and pause.first <= until
        )
        left_out = sum(days(sums, pause.first - DAY, pause.last) for pause in union(paused)) if pauses else 0
        return days(sums, after, until) - left_out

    def _count(self, sums: Sequence[int], after: date, until: date) -> int:
        return sums[(until - self._first).days + 1] - sums[(after - self._first).days + 1]

    def _sums_for(self, rule: TermRule) -> list[int]:
        """Per day how many of the days up to and including the one before it count."""
        key = rule.school_holidays, rule.length.unit
        if key not in self._sums:
            stops = self._calendar.holidays_in(rule.school_holidays)
            counts = (stop_on(day, stops, rule.length.unit) is None for day in self._days)
            self._sums[key] = list(accumulate(counts, initial=0))
        return self._sums[key]
