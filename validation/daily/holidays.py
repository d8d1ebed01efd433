"""Terms that another table of school holidays changes. As long as the table is the same, nothing is computed."""

import hashlib
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.audit import record
from core.db import add_unless_there, db
from core.formatting import dutch_date
from core.policy import Calendar
from core.policy.calendar import months_later
from providers.messages import tell
from validation.daily.models import CountedCalendar
from validation.daily.running import SLICE, Found, Step, Today
from validation.due import keep_term, term_of
from validation.engine import REGISTER, clock_hand, tell_timeline
from validation.extending import about_of
from validation.models import OPEN_STATES, Case
from validation.term_change import Cause, change_for_committee
from validation.term_letters import moved
from validation.term_text import as_data, for_committee, from_data

MONTHS_AHEAD = 12


def digest_of(calendar: Calendar) -> str:
    """Stands for all days of a table and for how far it goes."""
    rows = [f"{region} {days.first} {days.last} {days.name}" for region, days in sorted(calendar.school_holidays)]
    text = "\n".join([*rows, str(calendar.known_from), str(calendar.known_until)])
    return hashlib.sha256(text.encode()).hexdigest()


def ends_soon(calendar: Calendar, day: date) -> bool:
    """Whether terms of cases that come in within a year are provisional."""
    return calendar.known_until < months_later(day, MONTHS_AHEAD)


def _find(today: Today, after: int) -> Found:
    if after == 0 and _counted() == digest_of(today.policies.calendar):
        return Found([])
    running = select(Case).where(OPEN_STATES, Case.started_on.is_not(None), Case.id > after)
    cases = db.session.scalars(running.options(selectinload(Case.questions)).order_by(Case.id).limit(SLICE)).all()
    other = [case.id for case in cases if _is_other(case, today)]
    return Found(other, cases[-1].id if len(cases) == SLICE else None)


def _is_other(case: Case, today: Today) -> bool:
    """A case whose term cannot be computed is found, so that it fails by itself."""
    try:
        return as_data(term_of(case, today.policies)) != case.term
    except (LookupError, ValueError):
        return True


def _recompute(case: Case, today: Today) -> None:
    """Keep the new term, and say so; the provider hears of it when the due date is another one.

    While a question is open its answer decides on the due date, which is told then.
    """
    before, after = from_data(case.term), term_of(case, today.policies)
    if not case.is_open or as_data(after) == case.term:
        return
    keep_term(case, after)
    dates = {"due": str(after.due_on), "due_before": str(before.due_on)}
    record("case.recomputed", f"case:{case.id}", by=REGISTER, at=today.now, data=dates)
    if case.open_question:
        return
    told = change_for_committee(before, after, Cause.HOLIDAYS_CHANGED) or (
        f"De uiterste datum blijft {dutch_date(after.due_on)} ({for_committee(after)})."
    )
    once = f"holidays:{today.day}:{digest_of(today.policies.calendar)[:16]}"
    tell_timeline(case, "recompute", clock_hand(), today.now, text=told, is_inner=False, once=once)
    if after.due_on != before.due_on:
        tell(case.provider, moved(about_of(case), before, after, Cause.HOLIDAYS_CHANGED), today.now)


def _remember(today: Today) -> None:
    digest = digest_of(today.policies.calendar)
    kept = db.session.get(CountedCalendar, 1, with_for_update=True)
    if kept is None:
        add_unless_there(CountedCalendar(id=1, digest=digest))
    else:
        kept.digest = digest


def _counted() -> str | None:
    return db.session.scalar(select(CountedCalendar.digest))


HOLIDAYS = Step("holidays", _find, _recompute, _remember)
