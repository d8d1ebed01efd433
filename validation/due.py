"""The due date of a case: computed when its clock starts, and anew when something changed. Inside a transaction."""

from datetime import date, timedelta

from core.clock import day_of
from core.db import db
from core.policy import Policies, Stretch
from validation.models import Case, Question
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
    """On which days the case waited for its provider: from the day after a question to that of its answer or end."""
    ended = ((day_of(question.asked_at), _end_of(question)) for question in case.questions)
    return [Stretch(asked + DAY, last) for asked, last in ended if last > asked]


def _end_of(question: Question) -> date:
    """Of a question that is still open the last day to answer it."""
    return day_of(question.answered_at) if question.answered_at else question.answer_by
