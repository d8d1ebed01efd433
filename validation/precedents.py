"""What was decided before: about activities like this one, and about this provider. Never writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from catalogue.models import ActivityVersion
from core.db import db
from core.policy import Hours
from core.policy.hours import ZERO
from core.policy.model import Procedure
from validation.judgement_models import Decision
from validation.models import Case
from validation.similarity import Portrait, likeness
from validation.states import State

LOOKED_AT = 1000  # of the same type, the newest
SHOWN = 5


@dataclass(frozen=True)
class Precedent:
    """An earlier decision about something alike; `granted` counts when it was approved."""

    case_id: int
    title: str
    declared: Hours
    outcome: str
    granted: Hours
    decided_at: datetime


def similar_decisions(case: Case) -> list[Precedent]:
    """Decisions on other activities of the same type with words in common, most alike first."""
    version = case.submitted
    query = (
        select(
            Case.id,
            ActivityVersion.title,
            ActivityVersion.contact_hours,
            ActivityVersion.self_study_hours,
            Decision.outcome,
            Decision.contact_hours,
            Decision.self_study_hours,
            Decision.decided_at,
        )
        .join(Decision, Decision.case_id == Case.id)
        .join(ActivityVersion, ActivityVersion.id == Case.version_id)
        .where(Case.procedure == Procedure.VALIDATION, Case.type == case.type, Case.state == State.DECIDED)
        .where(Case.activity_id != case.activity_id, ActivityVersion.wiped_at.is_(None))
        .order_by(Case.id.desc(), Decision.id.desc())
        .limit(LOOKED_AT)
    )
    own = Portrait(version.title, version.hours.total)
    found: dict[int, tuple[float, Precedent]] = {}
    for id_, title, contact, self_study, outcome, granted, granted_self_study, decided_at in db.session.execute(query):
        declared = Hours(contact or ZERO, self_study or ZERO)
        alike = likeness(own, Portrait(title, declared.total))
        if alike and id_ not in found:  # of a corrected decision the last one counts
            hours = Hours(granted, granted_self_study)
            found[id_] = (alike, Precedent(id_, title, declared, outcome, hours, decided_at))
    best = sorted(found.values(), key=lambda pair: (-pair[0], -pair[1].case_id))
    return [precedent for _, precedent in best[:SHOWN]]


def record_of(provider_id: int, procedure: str = Procedure.VALIDATION) -> Mapping[str, int]:
    """How often each outcome was decided about this provider; what was corrected counts once, as it was first."""
    query = (
        select(Decision.outcome, func.count())
        .join(Case, Case.id == Decision.case_id)
        .where(Case.provider_id == provider_id, Case.procedure == procedure, Decision.corrects_id.is_(None))
        .group_by(Decision.outcome)
    )
    return dict(db.session.execute(query).all())
