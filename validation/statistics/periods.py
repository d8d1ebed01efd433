"""Months in a row. A month is its first day. No Flask, no database, no clock."""

from dataclasses import dataclass
from datetime import date

from core.policy.calendar import months_later

YEAR = 12


@dataclass(frozen=True)
class Period:
    """From one month up to and including another."""

    first: date
    last: date

    @property
    def months(self) -> tuple[date, ...]:
        """Each month, in order."""
        length = (self.last.year - self.first.year) * YEAR + self.last.month - self.first.month + 1
        return tuple(months_later(self.first, number) for number in range(length))

    @property
    def bounds(self) -> tuple[date, ...]:
        """The first day of each month, and the day after the last one."""
        return (*self.months, months_later(self.last, 1))


def month_of(day: date) -> date:
    """The month that a day is in."""
    return day.replace(day=1)


def year_up_to(month: date) -> Period:
    """This month and the eleven before it."""
    return Period(months_later(month, 1 - YEAR), month)


def last_full_year(today: date) -> Period:
    """The last twelve months that are over."""
    return year_up_to(months_later(month_of(today), -1))
