"""Going through the cases of a day in slices: each case in a transaction of its own, and a fault stops no other one.

A step finds the cases to which something is still to be done, so that what was done is not found again: whoever dies
in the middle loses nothing and does nothing twice.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Select, select

from core.audit import record
from core.db import db, transaction
from core.policy import Policies
from validation.daily.places import Place
from validation.engine import REGISTER, clock_hand, tell_timeline
from validation.models import Case, CaseEvent
from validation.queries import locked_case

SLICE = 50
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Today:
    """The day whose work it is, the moment, and the rules."""

    day: date
    now: datetime
    policies: Policies


@dataclass(frozen=True)
class Found:
    """The cases of a slice to do something with, and up to which id was looked; None: up to the last one."""

    cases: Sequence[int]
    reached: int | None = None


@dataclass(frozen=True)
class Step:
    """One thing to do. `do` has the case locked and looks again whether it still has to.

    `finish` is called inside a transaction when nothing failed.
    """

    name: str
    find: Callable[[Today, int], Found]
    do: Callable[[Case, Today], None]
    finish: Callable[[Today], None] | None = None


@dataclass(frozen=True)
class Slice:
    """What a slice led to, and where the next one begins; None: nowhere."""

    done: int
    faults: list[str]
    next: Place | None


def slices(place: Place, today: Today, steps: Sequence[Step]) -> Iterator[Slice]:
    """Do slice after slice, for as long as somebody asks for the next one."""
    following: Place | None = place if place.step else replace(place, step=steps[0].name)
    while following:
        made = _slice(following, today, steps)
        yield made
        following = made.next


def found_by(query: Select[int], after: int) -> Found:
    """The next slice of the case ids that a query finds."""
    ids = list(db.session.scalars(query.where(Case.id > after).order_by(Case.id).limit(SLICE)))
    return Found(ids, ids[-1] if len(ids) == SLICE else None)


def is_told(case: Case, once: str) -> bool:
    """Whether it was done before."""
    return db.session.scalar(select(CaseEvent.id).filter_by(case_id=case.id, once=once)) is not None


def note_reminder(case: Case, text: str, today: Today, *, once: str, is_inner: bool) -> None:
    """Somebody was reminded of something about this case."""
    tell_timeline(case, "remind", clock_hand(), today.now, text=text, is_inner=is_inner, once=once)
    record("case.reminded", f"case:{case.id}", by=REGISTER, at=today.now)


def _slice(place: Place, today: Today, steps: Sequence[Step]) -> Slice:
    names = [step.name for step in steps]
    number = names.index(place.step)
    step = steps[number]
    try:
        found = step.find(today, place.after)
    except Exception:  # one kind of work must not keep the others from being done
        log.exception("the daily work cannot find what to do: %s", step.name)
        found, faults = Found([]), [step.name]
    else:
        faults = [f"{step.name} {case_id}" for case_id in found.cases if not _is_done(step, case_id, today)]
    done, failed = len(found.cases) - len(faults), place.faults + len(faults)
    if found.reached is not None:
        return Slice(done, faults, replace(place, after=found.reached, faults=failed))
    if step.finish and not failed:
        with transaction():
            step.finish(today)
    following = Place(place.day, names[number + 1]) if number + 1 < len(names) else None
    return Slice(max(done, 0), faults, following)


def _is_done(step: Step, case_id: int, today: Today) -> bool:
    try:
        with transaction():
            step.do(locked_case(case_id), today)
    except Exception:  # whatever is wrong with one case, the others are waited for, too
        log.exception("the daily work failed for case %s: %s", case_id, step.name)
        return False
    return True
