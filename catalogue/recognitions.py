"""Granting: a number and hours for one version. Called inside the transaction of the decision."""

import random
from collections.abc import Callable
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from catalogue import numbers
from catalogue.models import FORMER_REGISTER, Activity, ActivityVersion, NumberPart, Recognition
from catalogue.states import State
from core.db import db
from core.policy import Hours

MOST_DRAWS = 50
_system_random = random.SystemRandom()


def draw_number() -> str:
    """A number from the system's randomness, so that nobody can guess the next one."""
    return numbers.draw(_system_random)


def grant(
    version: ActivityVersion,
    hours: Hours,
    *,
    register: str,
    valid_from: date,
    draw: Callable[[], str] = draw_number,
) -> Recognition:
    """Recognise a frozen version, the first time under a number that nobody has or ever had: rows are never deleted.

    A later version keeps the number that the first one got. What this register grants leads what a former one did.
    """
    known = _granted(version.activity_id, register)
    if known is None or not known.is_leading:
        _step_aside(version.activity_id)
    if known is not None:
        known.is_leading = True
        known.version_id, known.contact_hours, known.self_study_hours = version.id, hours.contact, hours.self_study
        known.withdrawn_on = None
        return known
    for _ in range(MOST_DRAWS):
        recognition = _recognition(version, hours, register, draw(), valid_from)
        try:
            with db.session.begin_nested():
                db.session.add(recognition)
        except IntegrityError as error:
            if not _is_taken(error):
                raise
            continue
        return _findable(recognition)
    message = f"no free number in {MOST_DRAWS} draws"
    raise RuntimeError(message)


def go_back_to(before: Recognition, version_id: int, hours: Hours) -> None:
    """Let a recognition hold for the version and the hours that it held for, and lead again."""
    if not before.is_leading:
        _step_aside(before.activity_id)
    before.version_id, before.contact_hours, before.self_study_hours = version_id, hours.contact, hours.self_study
    before.is_leading = True


def recognise_former(version: ActivityVersion, hours: Hours, *, number: str, valid_from: date) -> Recognition:
    """Take over what the former register granted, with the number it printed."""
    recognition = _recognition(version, hours, FORMER_REGISTER, number, valid_from)
    recognition.is_leading = not _is_recognised(version.activity_id)
    db.session.add(recognition)
    db.session.flush()
    return _findable(recognition)


def _step_aside(activity_id: int) -> None:
    """The one that leads does so no longer; from now on it is kept until when teachers saw it, if they did."""
    seen = select(Activity.shown_changed_at).where(Activity.id == activity_id, Activity.state == State.PUBLISHED)
    leading = update(Recognition).where(Recognition.activity_id == activity_id, Recognition.is_leading)
    until = func.coalesce(seen.scalar_subquery(), Recognition.shown_until)
    db.session.execute(leading.values(is_leading=False, shown_until=until))


def _is_recognised(activity_id: int) -> bool:
    return db.session.scalar(select(Recognition.id).filter_by(activity_id=activity_id).limit(1)) is not None


def _granted(activity_id: int, register: str) -> Recognition | None:
    return db.session.scalar(select(Recognition).filter_by(activity_id=activity_id, register=register))


def _recognition(version: ActivityVersion, hours: Hours, register: str, number: str, valid_from: date) -> Recognition:
    return Recognition(
        activity_id=version.activity_id,
        version_id=version.id,
        register=register,
        number=number,
        contact_hours=hours.contact,
        self_study_hours=hours.self_study,
        valid_from=valid_from,
        is_leading=True,
    )


def _findable(recognition: Recognition) -> Recognition:
    parts = numbers.parts(recognition.number)
    db.session.add_all(NumberPart(part=part, recognition_id=recognition.id) for part in parts)
    return recognition


def _is_taken(error: IntegrityError) -> bool:
    # Only the constraint on the number means "draw again"; any other one would hide a doubled effect.
    text = str(error.orig)
    return "uq_recognition_register_number" in text or "recognition.number" in text
