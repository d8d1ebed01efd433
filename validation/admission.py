"""Letting providers in: a registration becomes a case, with questions, an answer and a decision. In a transaction."""

from datetime import datetime, timedelta

from sqlalchemy import select

from core.access import Identity
from core.audit import Actor, Data, record
from core.clock import day_of
from core.db import db
from core.errors import NotFound, Refusal, StaleVersion
from core.policy import Policies, Policy, Stretch
from core.policy.calendar import last_day_to_object
from core.policy.hours import ZERO
from core.policy.model import Procedure
from providers import events, letters
from providers.admitting import admit, confirm, turn_down
from providers.messages import tell
from providers.models import Provider
from providers.queries import progress_of
from validation.deciding import require_handler
from validation.models import Case, Decision, Question
from validation.opening import open_case
from validation.queries import open_admission_of
from validation.states import ACTION_FOR, ADMISSION, Action, Outcome, State
from validation.term_text import as_data, from_data, in_words
from validation.terms import Term, compute_term

DAY = timedelta(days=1)


class NoQuestion(NotFound):
    """The committee waits for nothing, because a colleague was faster or the case was closed."""

    code = "no-open-question"
    title = "Deze vraag staat niet meer open"

    def __init__(self) -> None:
        super().__init__("Een collega heeft de vraag al beantwoord, of de commissie heeft al besloten.")


class NotAdmissible(Refusal):
    """The provider withdrew a requirement since it confirmed."""

    code = "provider-not-admissible"

    def __init__(self) -> None:
        super().__init__("De aanbieder heeft een kwaliteitseis ingetrokken. Stel een vraag, of laat niet toe.")


def register(provider: Provider, policies: Policies, *, by: Actor, now: datetime) -> Case | None:
    """Confirm a registration; opens the case that decides on it, unless the provider is admitted already.

    Confirming twice opens nothing twice. Raises `NotComplete`.
    """
    policy = policies.on(day_of(now))
    confirm(provider, policy, by=by, now=now)
    known = open_admission_of(provider.id)
    if provider.admitted_at is not None or known is not None:
        return known
    case = open_case(Procedure.ADMISSION, provider.id, policies, by=by, now=now)
    term = from_data(case.term)
    tell(provider, letters.registration_received(provider.name, term.due_on, in_words(term)), now)
    return case


def ask(case: Case, text: str, *, by: Identity, now: datetime) -> None:
    """Ask the provider something; the clock stands still from tomorrow until the answer.

    Raises `NotYours` or `ActionNotAllowed`.
    """
    require_handler(case, by)
    case.state = ADMISSION.after(State(case.state), Action.ASK)
    question = Question(case_id=case.id, text=text, asked_by=by.account_key, asked_by_name=by.name, asked_at=now)
    db.session.add(question)
    db.session.flush()
    record("case.asked", f"case:{case.id}", by=by.actor, at=now, data={"question": question.id})
    tell(case.provider, letters.asked(case.provider.name, text), now)


def answer(provider: Provider, text: str, policies: Policies, *, seen: int, by: Actor, now: datetime) -> Case:
    """The provider answers; the clock runs again, and the due date is computed anew.

    Raises `NoQuestion`, or `StaleVersion` when it is another one than the person has `seen`, by id.
    """
    case = open_admission_of(provider.id)
    question = case.open_question if case else None
    if case is None or question is None:
        raise NoQuestion
    if question.id != seen:
        raise StaleVersion
    case.state = ADMISSION.after(State(case.state), Action.ANSWER)
    question.answer, question.answered_by, question.answered_at = text, by.key, now
    term = term_of(case, policies)
    case.due_on, case.term = term.due_on, as_data(term)
    data: Data = {"question": question.id, "due": term.due_on.isoformat()}
    record("case.answered", f"case:{case.id}", by=by, at=now, data=data)
    return case


def term_of(case: Case, policies: Policies) -> Term:
    """The term of the case with every pause that ended."""
    pauses = [
        Stretch(day_of(question.asked_at) + DAY, day_of(question.answered_at))
        for question in case.questions
        if question.answered_at is not None and day_of(question.answered_at) > day_of(question.asked_at)
    ]
    rule = policies.named(case.policy_id).terms[Procedure(case.procedure)]
    return compute_term(day_of(case.received_at), rule, policies.calendar, pauses)


def decide_admission(
    case: Case, outcome: Outcome, reasons: str, policy: Policy, *, by: Identity, now: datetime
) -> None:
    """Admit the provider, or say why not. Raises `NotYours`, `NotAdmissible` or `ActionNotAllowed`."""
    require_handler(case, by)
    if outcome is Outcome.APPROVED and progress_of(case.provider, policy).open:
        raise NotAdmissible
    case.state = ADMISSION.after(State(case.state), ACTION_FOR[outcome])
    decision = Decision(
        case_id=case.id,
        procedure=case.procedure,
        outcome=outcome,
        verdicts={},
        contact_hours=ZERO,
        self_study_hours=ZERO,
        reasons=reasons,
        decided_by=by.account_key,
        decided_by_name=by.name,
        decided_at=now,
    )
    db.session.add(decision)
    record("case.decided", f"case:{case.id}", by=by.actor, at=now, result=outcome, data={"policy": policy.id})
    if outcome is Outcome.APPROVED:
        admit(case.provider, reasons, by=by.actor, now=now)
        return
    turn_down(case.provider, by=by.actor, now=now)
    until = last_day_to_object(day_of(now), policy.objection_filing_days)
    tell(case.provider, letters.rejected(case.provider.name, reasons, until), now)


def withdraw_admission(provider: Provider, by: Actor, now: datetime) -> None:
    """Nothing has to be decided any more about letting this provider in: an import or a command did."""
    case = open_admission_of(provider.id)
    if case is not None:
        case.state = ADMISSION.after(State(case.state), Action.WITHDRAW)
        record("case.withdrawn", f"case:{case.id}", by=by, at=now)
        db.session.flush()


def move_cases(source: Provider, target: Provider, by: Actor, now: datetime) -> None:
    """The cases of a newcomer belong to the provider that takes it in; its own admission is no longer needed."""
    withdraw_admission(source, by, now)
    for case in db.session.scalars(select(Case).filter_by(provider_id=source.id)):
        case.provider_id = target.id
    db.session.flush()


events.admitted.append(withdraw_admission)
events.taken_in.append(move_cases)
