"""Questions that the provider did not answer in time, and reminders before that."""

from datetime import datetime, time, timedelta

from sqlalchemy import Select, String, cast, exists, literal, or_, select

from core.clock import AMSTERDAM
from core.formatting import dutch_date
from core.policy.model import QuestionRule
from providers.messages import tell
from validation.closing import close
from validation.daily.running import Found, Step, Today, found_by, is_told, note_reminder
from validation.extending import about_of
from validation.models import Case, CaseEvent, Question
from validation.questions import lapse, place_of
from validation.states import State
from validation.term_letters import asked_again, gone_on
from validation.term_text import from_data

ASKED = "asked:"


def _waiting() -> Select[int]:
    open_ones = select(Case.id).join(Question, Question.case_id == Case.id)
    return open_ones.where(Case.state == State.WAITING, Question.answered_at.is_(None), Question.lapsed_on.is_(None))


def _find_unanswered(today: Today, after: int) -> Found:
    return found_by(_waiting().where(Question.answer_by < today.day), after)


def _end(case: Case, today: Today) -> None:
    """Go on without the answer, or close the case, as its policy says."""
    question = case.open_question
    if question is None or question.answer_by >= today.day:
        return
    if _rule(case, today).unanswered == "close":
        close(case, question, now=today.now)
        return
    lapse(case, today.policies, now=today.now)
    tell(case.provider, gone_on(about_of(case), question.answer_by, from_data(case.term)), today.now)


def _find_waiting(today: Today, after: int) -> Found:
    """Whose answer is wanted soon; a question of today is still fresh."""
    is_fresh = Question.asked_at >= datetime.combine(today.day, time.min, AMSTERDAM)
    soon = or_(
        *(
            (Case.policy_id == policy.id)
            & (Question.answer_by <= today.day + timedelta(days=policy.questions.remind_days))
            for policy in today.policies.all
        )
    )
    is_reminded = exists().where(
        CaseEvent.case_id == Case.id, CaseEvent.once == literal(ASKED) + cast(Question.id, String)
    )
    return found_by(_waiting().where(Question.answer_by >= today.day, soon, ~is_fresh, ~is_reminded), after)


def _remind(case: Case, today: Today) -> None:
    question, rule = case.open_question, _rule(case, today)
    if question is None:
        return
    remind_on, once = question.answer_by - timedelta(days=rule.remind_days), f"{ASKED}{question.id}"
    if not remind_on <= today.day <= question.answer_by or is_told(case, once):
        return
    is_closed = rule.unanswered == "close"
    notice = asked_again(about_of(case), question.text, question.answer_by, place_of(case), is_closed_without=is_closed)
    tell(case.provider, notice, today.now)
    text = f"De aanbieder is herinnerd aan de vraag. Antwoord uiterlijk {dutch_date(question.answer_by)}."
    note_reminder(case, text, today, once=once, is_inner=False)


def _rule(case: Case, today: Today) -> QuestionRule:
    return today.policies.named(case.policy_id).questions


UNANSWERED = Step("unanswered", _find_unanswered, _end)
ASKED_AGAIN = Step("asked", _find_waiting, _remind)
