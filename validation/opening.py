"""A new case, under the policy of its day and with its explained term. Called inside a transaction."""

from datetime import datetime

from catalogue.models import ActivityVersion
from core.audit import Actor, Data, record
from core.clock import day_of
from core.db import db
from core.policy import Policies, Procedure
from validation.models import Case
from validation.states import State
from validation.term_text import as_data
from validation.terms import compute_term


def open_case(  # noqa: PLR0913 -- one argument per fact
    procedure: Procedure,
    provider_id: int,
    policies: Policies,
    version: ActivityVersion | None = None,
    baseline_id: int | None = None,
    *,
    by: Actor,
    now: datetime,
) -> Case:
    """Received today; about a version of an activity, perhaps a change of a baseline, or about the provider alone."""
    policy = policies.on(day_of(now))
    term = compute_term(day_of(now), policy.terms[procedure], policies.calendar)
    case = Case(
        procedure=procedure,
        activity_id=version.activity_id if version else None,
        version_id=version.id if version else None,
        baseline_id=baseline_id,
        provider_id=provider_id,
        policy_id=policy.id,
        state=State.RECEIVED,
        received_at=now,
        due_on=term.due_on,
        term=as_data(term),
    )
    db.session.add(case)
    db.session.flush()
    about: Data = (
        {"activity": version.activity_id, "version": version.ordinal} if version else {"provider": provider_id}
    )
    record("case.received", f"case:{case.id}", by=by, at=now, data={**about, "due": term.due_on.isoformat()})
    return case
