"""Questions of the committee: while the provider owes an answer, the clock stands still. Inside a transaction."""

from datetime import date, datetime, timedelta

from core.access import Identity
from core.audit import Actor, Data
from core.clock import day_of
from core.db import db
from core.errors import Refusal, StaleVersion
from core.formatting import dutch_date
from core.policy import Policies
from providers import letters
from providers.messages import read_about, tell
from validation.addresses import page_of
from validation.comparing import AlreadyCompared
from validation.due import keep_term, term_of
from validation.engine import advance, allowed, clock_hand, provider_hand, staff_hand, table_of, tell_timeline
from validation.models import Case, Question
from validation.states import Action
from validation.term_change import Cause, change_for_committee
from validation.term_text import from_data, in_words
from validation.terms import Term


class WrongDay(Refusal):
    """Nobody can answer by a day that is over, and no provider is left waiting for longer than the policy says."""

    code = "wrong-answer-day"

    def __init__(self, latest: date) -> None:
        super().__init__(f"Kies een dag na vandaag, uiterlijk {dutch_date(latest)}.")


class NoQuestion(Refusal):
    """The committee waits for nothing, because a colleague was faster or the case was closed."""

    code = "no-open-question"
    title = "Deze vraag staat niet meer open"

    def __init__(self) -> None:
        super().__init__(
            "Een collega heeft de vraag al beantwoord of de aanvraag ingetrokken, "
            "de tijd om te antwoorden is voorbij, of de commissie heeft al besloten."
        )


def ask(case: Case, text: str, answer_by: date, policies: Policies, *, by: Identity, now: datetime) -> None:
    """Ask the provider something, to answer by the end of a day; the clock stands still from tomorrow until then.

    Until the answer comes the due date is the one that holds when it comes on the last day. Raises `WrongDay`,
    `AlreadyCompared`, `NotYours` or `ActionNotAllowed`.
    """
    latest = day_of(now) + timedelta(days=policies.named(case.policy_id).questions.longest_answer_days)
    if not day_of(now) < answer_by <= latest:
        raise WrongDay(latest)
    question = Question(
        case_id=case.id,
        text=text,
        answer_by=answer_by,
        asked_by=by.account_key,
        asked_by_name=by.name,
        asked_at=now,
    )
    person = staff_hand(case, by)
    allowed(case, Action.ASK, person)
    if case.is_compared:
        raise AlreadyCompared
    case.questions.append(question)
    db.session.flush()
    keep_term(case, term_of(case, policies))
    advance(case, Action.ASK, person, now, text=text, data={"question": question.id})
    tell(case.provider, _letter(case, question), now)


def _letter(case: Case, question: Question) -> letters.Notice:
    if case.activity_id is None:
        return letters.asked(case.provider.name, question.text, question.answer_by, place_of(case))
    return letters.asked_about(case.title, question.text, question.answer_by, place_of(case))


def place_of(case: Case) -> str:
    """Where the provider answers."""
    return f"{page_of(case)}/vraag"


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
    question.answer, question.answered_by, question.answered_at = text, by.key, now
    before = from_data(case.term)
    data = _run_again(case, question, policies)
    advance(case, Action.ANSWER, provider_hand(by), now, text=text, data=data)
    _tell_of_due_date(case, before, Cause.ANSWERED, now)
    _back_to_queue(case, now)
    read_about(case.provider_id, place_of(case), now)
    return case


def lapse(case: Case, policies: Policies, *, now: datetime) -> None:
    """The last day to answer is over: the committee goes on with what it has. Raises `NoQuestion`."""
    question = case.open_question
    if question is None:
        raise NoQuestion
    question.lapsed_on = question.answer_by
    before = from_data(case.term)
    data = _run_again(case, question, policies)
    advance(case, Action.LAPSE, clock_hand(), now, data=data, once=f"lapse:{question.id}")
    _tell_of_due_date(case, before, Cause.LAPSED, now)
    _back_to_queue(case, now)


def _run_again(case: Case, question: Question, policies: Policies) -> Data:
    before = case.due_on
    keep_term(case, term_of(case, policies))
    return {"question": question.id, "due": str(case.due_on), "due_before": str(before)}


def _tell_of_due_date(case: Case, before: Term, cause: Cause, now: datetime) -> None:
    """Both sides read in the timeline that the due date is another one, and why."""
    if told := change_for_committee(before, from_data(case.term), cause):
        tell_timeline(case, "recompute", clock_hand(), now, text=told, is_inner=False)


def _back_to_queue(case: Case, now: datetime) -> None:
    """Whoever asked may have let go of it meanwhile: then it waits where a case is that somebody let go of."""
    if not case.handler and (case.state, Action.RELEASE) in table_of(case).steps:
        advance(case, Action.RELEASE, clock_hand(), now, text="Wie het vroeg, had de zaak al losgelaten.")


def thanks(case: Case) -> str:
    """What the provider reads after its answer: the new due date, and how it came about."""
    term = from_data(case.term)
    return f"Uw antwoord is verstuurd. U krijgt uiterlijk {dutch_date(term.due_on)} bericht ({in_words(term)})."
