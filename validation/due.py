"""The due date of a case: computed when its clock starts, and anew when something changed. Inside a transaction."""

from datetime import date, datetime, timedelta

from core.clock import day_of
from core.db import db
from core.policy import Policies, Stretch
from validation.models import Case
from validation.term_text import as_data
from validation.terms import Term, compute_term

DAY = timedelta(days=1)


def start_clock(case: Case, policies: Policies, day: date) -> None:
    """The clock of the case starts the day after this one."""
    with db.session.no_autoflush:  # reading the pauses must not write a start without its term
        case.started_on = day
        keep_term(case, term_of(case, policies))


def keep_term(case: Case, term: Term) -> None:
    """From now on this is the due date of the case, with its sum."""
    case.due_on, case.term = term.due_on, as_data(term)


def term_of(case: Case, policies: Policies) -> Term:
    """The term of a case whose clock runs, with every pause and the extension if there was one."""
    if case.started_on is None:
        message = f"the clock of case {case.id} does not run"
        raise LookupError(message)
    rule = policies.named(case.policy_id).terms[case.procedure]
    return compute_term(case.started_on, rule, policies.calendar, pauses_of(case), is_extended=case.is_extended)


def pauses_of(case: Case) -> list[Stretch]:
    """On which days the case waited for its provider."""
    pauses = (pause_of(question.asked_at, question.answered_at, question.answer_by) for question in case.questions)
    return [pause for pause in pauses if pause]


def pause_of(asked_at: datetime, answered_at: datetime | None, answer_by: date) -> Stretch | None:
    """From the day after a question to that of its answer, at most the last day to answer it; none on the same day."""
    asked, last = day_of(asked_at), min(day_of(answered_at), answer_by) if answered_at else answer_by
    return Stretch(asked + DAY, last) if last > asked else None
