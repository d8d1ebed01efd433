"""The committee handles an objection: lets a late one in, hears, and concludes. Called inside a transaction."""

from datetime import date, datetime

from core.access import Identity
from core.clock import day_of
from core.db import db
from core.errors import Refusal
from core.formatting import dutch_date
from core.policy import Policy
from providers.messages import tell
from validation.addresses import page_of
from validation.assessing import NotDecidable
from validation.engine import Person, advance, allowed, staff_hand
from validation.judgement import Judgement, is_worse
from validation.judgement_models import Decision, Objection
from validation.models import Case
from validation.objections import letters
from validation.procedures import Hand
from validation.revising import Correction, admit_after_all, correct
from validation.states import ACTION_FOR, Action, Outcome

WORSE = "Wie bezwaar maakt, wordt daar niet slechter van. Kies minstens hetzelfde besluit en dezelfde uren."


class WrongHearingDay(Refusal):
    """A hearing is held after the objection came, and reported on after it was held."""

    code = "wrong-hearing-day"

    def __init__(self, came_on: date) -> None:
        super().__init__(f"Kies een dag tot en met vandaag. Het bezwaar kwam op {dutch_date(came_on)}.")


class NotHeard(Refusal):
    """The objector has a right to be heard first."""

    code = "not-heard"

    def __init__(self) -> None:
        super().__init__("Schrijf eerst het verslag van de hoorzitting op, of waarom er geen was.")


def objection_of(case: Case) -> Objection:
    """What was written about the case when it was lodged."""
    return db.session.get_one(Objection, case.id)


def admit_late(case: Case, why: str, *, by: Identity, now: datetime) -> None:
    """Handle a late objection all the same. Raises `ActionNotAllowed` or `NotYours`."""
    advance(case, Action.ADMIT_LATE, staff_hand(case, by), now, text=why)
    tell(case.provider, letters.admitted_late(_title(case), page_of(case)), now)


def hear(case: Case, held_on: date | None, report: str, *, by: Identity, now: datetime) -> None:
    """Note what was said at the hearing of a day, or, without one, why there was none.

    Raises `WrongHearingDay`, or as `admit_late`.
    """
    allowed(case, Action.HEAR, staff_hand(case, by))
    if held_on and not (came := day_of(case.received_at)) <= held_on <= day_of(now):
        raise WrongHearingDay(came)
    told = f"Gehoord op {dutch_date(held_on)}. {report}" if held_on else report
    advance(case, Action.HEAR, staff_hand(case, by), now, text=told)
    objection = objection_of(case)
    objection.heard_on, objection.hearing = held_on, report


def conclude(  # noqa: PLR0913 -- one argument per fact
    case: Case,
    outcome: Outcome,
    reasons: str,
    policy: Policy,
    *,
    revised: Judgement | None = None,
    by: Identity,
    now: datetime,
) -> None:
    """Uphold the decision, revise it by a new one in the same commit, or say that the objection is not admissible.

    `revised` is the new judgement of an activity. Raises `ActionNotAllowed`, `NotYours`, `NotHeard` or `NotDecidable`.
    """
    person = staff_hand(case, by)
    require_conclusive(case, outcome, revised, by=by)
    if outcome is Outcome.REVISED:
        _revise(case, reasons, revised, policy, by=by, now=now)
    case.decisions.append(Decision.in_words(case, outcome, reasons, by=by, now=now))
    advance(case, ACTION_FOR[outcome], person, now, data={"policy": policy.id}, result=outcome)
    tell(case.provider, letters.concluded(_title(case), outcome, reasons, page_of(case)), now)


def require_conclusive(case: Case, outcome: Outcome, revised: Judgement | None, *, by: Identity) -> None:
    """Whether the objection can end so. Raises as `conclude` does."""
    allowed(case, ACTION_FOR[outcome], staff_hand(case, by))
    if outcome is not Outcome.INADMISSIBLE and not objection_of(case).hearing:
        raise NotHeard
    before = case.about
    if revised and outcome is Outcome.REVISED and before and is_worse(revised, before.outcome, before.hours):
        raise NotDecidable({"outcome": WORSE})


def _revise(
    case: Case, reasons: str, revised: Judgement | None, policy: Policy, *, by: Identity, now: datetime
) -> None:
    first, correction = decided_first(case), Correction(reasons, case.id)
    handling = Person(by.actor, by.name, frozenset({Hand.OBJECTION}))
    if revised is None:
        admit_after_all(first, correction, by=handling, now=now)
        return
    correct(first, revised, policy, correction, by=handling, now=now)


def decided_first(case: Case) -> Case:
    """The case that was decided first."""
    if case.about is None:
        message = f"case {case.id} objects to nothing"
        raise LookupError(message)
    return case.about.case


def _title(case: Case) -> str:
    return decided_first(case).title
