"""What a member must not see: the one policy for every read of cases and of what belongs to them.

A case does not exist for a member who has a tie with its provider, under its present number or a former one, or who
stepped back from it. The policy joins each query that a request of the staff makes, in counts and nested queries, too,
so that no page can forget it. Tables that it does not know of are read through `Case`; a test keeps it so.
"""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select, union
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria

from core import clock
from core.access import Audience, current_identity
from providers.models import FormerNumber, Provider
from validation.committee.models import Recusal, Tie
from validation.judgement_models import Assessment, Decision, Objection
from validation.models import Case, CaseEvent, Question

WITH_HIDDEN = "with_hidden"  # an option of the few queries that act on what the member must not see any more
OF_A_CASE = (CaseEvent, Question, Assessment, Decision, Objection)


def holds_on(today: date) -> ColumnElement[bool]:
    """Whether a tie holds on a day."""
    return and_(Tie.from_on <= today, or_(Tie.until_on.is_(None), Tie.until_on >= today))


def is_hidden_from(member: str, today: date) -> ColumnElement[bool]:
    """Whether a case must not exist for this member."""
    numbers = select(Tie.kvk_number).where(Tie.member == member, holds_on(today))
    present = select(Provider.id).where(Provider.kvk_number.in_(numbers))
    former = select(FormerNumber.provider_id).where(FormerNumber.kvk_number.in_(numbers))
    tied = union(present, former).subquery()
    stepped_back = select(Recusal.case_id).where(Recusal.member == member)
    return or_(Case.provider_id.in_(select(tied.c.id)), Case.id.in_(stepped_back))


def hide(state: ORMExecuteState) -> None:
    """Let a request of the staff read only what its person may see."""
    person = current_identity()
    if person is None or person.audience is not Audience.STAFF or not state.is_select:
        return
    if state.execution_options.get(WITH_HIDDEN):
        return
    hidden = is_hidden_from(person.account_key, clock.today())
    # By the table, because the criteria must not be applied to this query itself.
    cases = Case.__table__
    ids = select(cases.c.id).where(hidden)
    state.statement = state.statement.options(
        with_loader_criteria(Case, ~hidden, include_aliases=True),
        *(with_loader_criteria(kind, kind.case_id.not_in(ids), include_aliases=True) for kind in OF_A_CASE),
    )
