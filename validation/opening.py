"""A new case, under the policy of its day and with its explained term. Called inside a transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from catalogue.models import ActivityVersion
from core.audit import Data, record
from core.clock import day_of
from core.db import db
from core.policy import Policies
from validation.due import start_clock
from validation.engine import Person, table_of, tell_timeline
from validation.models import Case, CaseEvent
from validation.procedures import TABLES
from validation.states import State

RECEIVE = "receive"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a case is about: a version, perhaps a change of a baseline; a decision; or the provider alone."""

    version: ActivityVersion | None = None
    baseline_id: int | None = None
    previous_id: int | None = None
    decision_id: int | None = None


NOTHING_MORE = Subject()


def open_case(  # noqa: PLR0913 -- one argument per fact
    procedure: str,
    provider_id: int,
    policies: Policies,
    subject: Subject = NOTHING_MORE,
    *,
    by: Person,
    now: datetime,
    state: str = "",
    text: str = "",
) -> Case:
    """Received today, in the first state of its procedure or the one that is named; `text` is what was said with it."""
    policy, version, table = policies.on(day_of(now)), subject.version, TABLES[procedure]
    case = Case(
        procedure=procedure,
        activity_id=version.activity_id if version else None,
        version_id=version.id if version else None,
        baseline_id=subject.baseline_id,
        previous_id=subject.previous_id,
        about_id=subject.decision_id,
        provider_id=provider_id,
        policy_id=policy.id,
        state=state or table.begins,
        type=version.type if version else "",
        sectors=f",{','.join(version.sectors)}," if version else "",
        received_at=now,
        term={},
    )
    if not table.needs:
        start_clock(case, policies, day_of(now))
    db.session.add(case)
    db.session.flush()
    tell_timeline(case, RECEIVE, by, now, text=text, is_inner=False)
    about: Data = (
        {"activity": version.activity_id, "version": version.ordinal} if version else {"provider": provider_id}
    )
    due = {"due": case.due_on.isoformat()} if case.due_on else {}
    record("case.received", f"case:{case.id}", by=by.actor, at=now, data={**about, **due})
    return case


def arrived(case: Case, event: str, policies: Policies, *, by: Person, now: datetime) -> None:
    """One of the events came that the clock of this procedure waits for; when all have, it starts. Twice is once."""
    table = table_of(case)
    come = select(CaseEvent.action).where(CaseEvent.case_id == case.id, CaseEvent.action.in_(table.needs))
    known = set(db.session.scalars(come))
    if event in known or case.state != table.begins:
        return
    tell_timeline(case, event, by, now, is_inner=False, once=event)
    record(f"case.{event}", f"case:{case.id}", by=by.actor, at=now)
    if known | {event} == table.needs:
        case.state = State.RECEIVED
        start_clock(case, policies, day_of(now))
