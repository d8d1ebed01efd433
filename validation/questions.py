"""Questions of the committee: while the provider owes an answer, the clock stands still. Inside a transaction."""

from datetime import datetime, timedelta

from core.access import Identity
from core.audit import Actor, Data, record
from core.clock import day_of
from core.db import db
from core.errors import Refusal, StaleVersion
from core.formatting import dutch_date
from core.policy import Policies, Stretch
from core.policy.model import Procedure
from providers import letters
from providers.messages import read_about, tell
from validation.deciding import require_handler
from validation.models import Case, Question
from validation.queries import transitions_of
from validation.states import Action, State
from validation.term_text import as_data, from_data, in_words
from validation.terms import Term, compute_term

DAY = timedelta(days=1)


class NoQuestion(Refusal):
    """The committee waits for nothing, because a colleague was faster or the case was closed."""

    code = "no-open-question"
    title = "Deze vraag staat niet meer open"

    def __init__(self) -> None:
        super().__init__(
            "Een collega heeft de vraag al beantwoord of de aanvraag ingetrokken, of de commissie heeft al besloten."
        )


def ask(case: Case, text: str, *, by: Identity, now: datetime) -> None:
    """Ask the provider something; the clock stands still from tomorrow until the answer.

    Raises `NotYours` or `ActionNotAllowed`.
    """
    require_handler(case, by)
    case.state = transitions_of(case).after(State(case.state), Action.ASK)
    question = Question(case_id=case.id, text=text, asked_by=by.account_key, asked_by_name=by.name, asked_at=now)
    db.session.add(question)
    db.session.flush()
    record("case.asked", f"case:{case.id}", by=by.actor, at=now, data={"question": question.id})
    tell(case.provider, _letter(case, text), now)


def _letter(case: Case, text: str) -> letters.Notice:
    if case.activity_id is None:
        return letters.asked(case.provider.name, text, _place(case))
    return letters.asked_about(case.title, text, _place(case))


def _place(case: Case) -> str:
    """Where the provider answers."""
    about = "aanmelding" if case.activity_id is None else f"activiteiten/{case.activity_id}"
    return f"/aanbieder/{about}/vraag"


def answer(case: Case | None, text: str, policies: Policies, *, seen: int, by: Actor, now: datetime) -> Case:
    """The provider answers; the clock runs again, and the due date is computed anew.

    The case is the open one, locked for a change, or none. Raises `NoQuestion`, or `StaleVersion` when the question
    is another one than the person has `seen`, by id.
    """
    question = case.open_question if case else None
    if case is None or question is None:
        raise NoQuestion
    if question.id != seen:
        raise StaleVersion
    case.state = transitions_of(case).after(State(case.state), Action.ANSWER)
    question.answer, question.answered_by, question.answered_at = text, by.key, now
    term = term_of(case, policies)
    case.due_on, case.term = term.due_on, as_data(term)
    read_about(case.provider_id, _place(case), now)
    data: Data = {"question": question.id, "due": term.due_on.isoformat()}
    record("case.answered", f"case:{case.id}", by=by, at=now, data=data)
    return case


def thanks(case: Case) -> str:
    """What the provider reads after its answer: the new due date, and how it came about."""
    sum_ = in_words(from_data(case.term))
    return f"Uw antwoord is verstuurd. U krijgt uiterlijk {dutch_date(case.due_on)} bericht ({sum_})."


def term_of(case: Case, policies: Policies) -> Term:
    """The term of the case with every pause that ended."""
    pauses = [
        Stretch(day_of(question.asked_at) + DAY, day_of(question.answered_at))
        for question in case.questions
        if question.answered_at is not None and day_of(question.answered_at) > day_of(question.asked_at)
    ]
    rule = policies.named(case.policy_id).terms[Procedure(case.procedure)]
    return compute_term(day_of(case.received_at), rule, policies.calendar, pauses)
