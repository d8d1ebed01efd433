"""When the work of a day is done: at six in the morning, or as soon as a worker is there. Each day once.

A turn takes seconds and then leaves word for the next one, so that a long day keeps no mail waiting.
"""

import logging
import time
from datetime import date, datetime, timedelta
from datetime import time as clock_time

from core import clock
from core.db import transaction
from core.outbox import Message, enqueue_once
from core.policy.loading import current_policies
from validation.daily.holidays import ends_soon
from validation.daily.places import Place, place_from
from validation.daily.running import Slice, Today, slices
from validation.daily.steps import STEPS

DAILY = "validation.daily"
AT = clock_time(6, tzinfo=clock.AMSTERDAM)
DAY = timedelta(days=1)
SECONDS = 2.0  # of work per turn
log = logging.getLogger(__name__)


class Unfinished(Exception):  # noqa: N818 -- the day goes on; only these are tried again
    """Something of a turn failed; what was done is not found again."""


def ensure_today() -> None:
    """What a worker does at its start: the work of this day is asked for, unless it was; days that were are over."""
    with transaction():
        ask_for(clock.today())


def ask_for(day: date) -> None:
    """The work of a day, once. Called inside a transaction."""
    enqueue_once(DAILY, str(Place(day)), occasion="day", due=datetime.combine(day, AT))


def do_turn(message: Message) -> None:
    """Outbox handler: some of the work of today. What an earlier day left is part of it, so nothing is done for that.

    Raises `Unfinished`.
    """
    place, now = place_from(message.subject), clock.now()
    today = clock.day_of(now)
    with transaction():
        ask_for(today)
        ask_for(today + DAY)
    if place.day != today:
        return
    if not place.step and message.attempts == 1:
        warn_of_end(today)
    faults, until = list[str](), time.monotonic() + SECONDS
    for made in slices(place, Today(today, now, current_policies()), STEPS):
        faults += made.faults
        if made.next and time.monotonic() >= until:
            _leave_word(made.next)
            break
    if faults:
        raise Unfinished(", ".join(faults[:10]))


def do_day(day: date, now: datetime) -> list[Slice]:
    """All that is left of the work of a day, at once."""
    warn_of_end(day)
    return list(slices(Place(day), Today(day, now, current_policies()), STEPS))


def warn_of_end(day: date) -> None:
    """Tell the operator in time that new rows are needed."""
    calendar = current_policies().calendar
    if ends_soon(calendar, day):
        log.warning(
            "the table of school holidays ends on %s, within 12 months: terms after that are provisional",
            calendar.known_until,
        )


def _leave_word(place: Place) -> None:
    with transaction():
        enqueue_once(DAILY, str(place), occasion="day", due=clock.now())
