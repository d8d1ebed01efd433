"""What a member must not see: the one policy for every read of cases and of what belongs to them.

A case does not exist for a member who has a tie with its provider, under its present number or a former one, or who
stepped back from it. The policy joins each query that a request of the staff makes, in counts and nested queries, too,
so that no page can forget it. Tables that it does not know of are read through `Case`; a test keeps it so.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, String, and_, cast, literal, or_, select, union
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria

from core import clock
from core.access import Audience, current_identity
from providers.models import FormerNumber, Provider
from validation.committee.models import Recusal, Tie
from validation.judgement_models import Assessment, Decision, Objection
from validation.models import WITH_HIDDEN, Case, CaseEvent, Question

BY_TABLE = Case.__table__  # for the queries that the policy itself consists of: it must not join these
OF_A_CASE = (CaseEvent, Question, Assessment, Decision, Objection)


def holds_on(today: date) -> ColumnElement[bool]:
    """Whether a tie holds on a day."""
    return and_(Tie.from_on <= today, or_(Tie.until_on.is_(None), Tie.until_on >= today))


def is_hidden_from(member: str, today: date, cases: Any = Case) -> ColumnElement[bool]:
    """Whether a case must not exist for this member. `cases` are the columns of one: of the class, or of its table."""
    tied, stepped_back = _tied_providers(member, today), _stepped_back_from(member)
    is_about_it = cases.about_id.is_not(None) & cases.previous_id.in_(stepped_back)  # an objection: the same matter
    return or_(cases.provider_id.in_(tied), cases.id.in_(stepped_back), is_about_it)


def _tied_providers(member: str, today: date) -> Select[int]:
    """By their present number, or by a former one."""
    numbers = select(Tie.kvk_number).where(Tie.member == member, holds_on(today))
    present = select(Provider.id).where(Provider.kvk_number.in_(numbers))
    former = select(FormerNumber.provider_id).where(FormerNumber.kvk_number.in_(numbers))
    return select(union(present, former).subquery().c.id)


def _stepped_back_from(member: str) -> Select[int]:
    return select(Recusal.case_id).where(Recusal.member == member)


def hidden_in_trail(member: str, today: date) -> CompoundSelect[tuple[str]]:
    """How the audit trail names the cases that must not exist for this member, and the activities they are about."""
    columns = BY_TABLE.c
    hidden = is_hidden_from(member, today, columns)
    return union(
        select(literal("case:") + cast(columns.id, String)).where(hidden),
        select(literal("activity:") + cast(columns.activity_id, String)).where(
            hidden, columns.activity_id.is_not(None)
        ),
    )


def hide(state: ORMExecuteState) -> None:
    """Let a request of the staff read only what its person may see."""
    person = current_identity()
    if person is None or person.audience is not Audience.STAFF or not state.is_select:
        return
    if state.execution_options.get(WITH_HIDDEN):
        return
    member, today = person.account_key, clock.today()
    tied, stepped_back = _tied_providers(member, today), _stepped_back_from(member)
    ids = select(BY_TABLE.c.id).where(is_hidden_from(member, today, BY_TABLE.c))
    # Lambdas, because only these are applied to an alias that is joined. They may close over queries, which are told
    # apart by what they ask, but over no plain value and no call: those would be kept from the first member on.
    state.statement = state.statement.options(
        with_loader_criteria(
            Case,
            lambda case: and_(
                case.provider_id.not_in(tied),
                case.id.not_in(stepped_back),
                or_(case.about_id.is_(None), case.previous_id.not_in(stepped_back)),
            ),
            include_aliases=True,
        ),
        *(with_loader_criteria(kind, lambda row: row.case_id.not_in(ids), include_aliases=True) for kind in OF_A_CASE),
    )
