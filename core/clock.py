"""The only place that asks what time it is. Entry points call it; services and rules are told."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in the Netherlands."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The Dutch calendar day on which a moment falls."""
    return moment.astimezone(AMSTERDAM).date()


def start_of(day: date) -> datetime:
    """The moment at which a day begins in the Netherlands."""
    return datetime.combine(day, time(), AMSTERDAM).astimezone(UTC)
