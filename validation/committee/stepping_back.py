"""Having nothing to do with a case: recorded ties, and single cases. Called inside a transaction."""

from datetime import date, datetime

from sqlalchemy import select

from core.access import Identity
from core.audit import record
from core.clock import day_of
from core.db import db
from validation.committee.models import CommitteeMember, Recusal, Tie
from validation.committee.ties import is_hidden_from
from validation.engine import clock_hand, staff_hand, tell_timeline
from validation.handling import can_let_go, release
from validation.models import WITH_HIDDEN, Case

BECAUSE_OF_A_TIE, STEPPED_BACK = "Belang bij de aanbieder", "Heeft zich teruggetrokken"


def step_back(case: Case, reason: str, *, by: Identity, now: datetime) -> None:
    """From now on this case does not exist for the member; whoever had it in hand lets it go."""
    tell_timeline(case, "recuse", staff_hand(case, by), now, text=reason)
    record("case.recused", f"case:{case.id}", by=by.actor, at=now)
    if by.account_key in {case.handler, case.second} and case.can_change_hands:
        release(case, by.account_key, by=clock_hand(), now=now, why=STEPPED_BACK)
    db.session.add(Recusal(case_id=case.id, member=by.account_key, reason=reason, recused_at=now))
    db.session.flush()


def tie(
    member: CommitteeMember, kvk_number: str, first: date, last: date | None, *, by: Identity, now: datetime
) -> Tie:
    """Record a conflict of interest; what the member has in hand of this company goes back to the queue."""
    made = Tie(member=member.account_key, kvk_number=kvk_number, from_on=first, until_on=last, recorded_at=now)
    db.session.add(made)
    db.session.flush()
    record("committee.tied", f"tie:{made.id}", by=by.actor, at=now, data={"kvk_number": kvk_number})
    let_go_of_tied(member.account_key, now)
    return made


def untie(found: Tie, *, by: Identity, now: datetime) -> None:
    """The tie ended today; that there was one stays on record. One that had not begun is over before it began."""
    today = day_of(now)
    found.until_on = max(today, found.from_on)
    record("committee.untied", f"tie:{found.id}", by=by.actor, at=now, data={"kvk_number": found.kvk_number})


def let_go_of_tied(member: str, now: datetime) -> None:
    """What the member has in hand and must not see any more goes back to the queue."""
    in_hand = select(Case).where(can_let_go(member), is_hidden_from(member, day_of(now)))
    query = in_hand.order_by(Case.id).with_for_update().execution_options(**{WITH_HIDDEN: True})
    for case in db.session.scalars(query):
        release(case, member, by=clock_hand(), now=now, why=BECAUSE_OF_A_TIE)
