"""The letter about a decision, for the preview and for the sending alike. Never writes."""

from datetime import datetime

from catalogue.reasons import reason
from catalogue.steps import field_address
from core.clock import day_of
from core.mail.letter import Point
from core.policy import Policy
from core.policy.calendar import last_day_to_object
from providers.letters import Notice
from validation import letters
from validation.judgement import Judgement
from validation.models import Case
from validation.states import Outcome


def letter_about(  # noqa: PLR0913 -- one argument per fact
    case: Case,
    judgement: Judgement,
    number: str,
    policy: Policy,
    *,
    is_change: bool,
    now: datetime,
    was_valid: bool = False,
) -> Notice:
    """What the provider is told; before the decision is taken there may be no number yet. As `letters.Decided`."""
    about = letters.Decided(
        title=case.submitted.title,
        path=f"/aanbieder/activiteiten/{case.activity_id}",
        is_change=is_change,
        note=judgement.reasons.strip(),
        object_until=last_day_to_object(day_of(now), policy.objection_filing_days),
        improve_by=judgement.improve_by,
        was_valid=was_valid,
    )
    if judgement.outcome is Outcome.APPROVED:
        return letters.approved(about, number, judgement.hours, case.submitted.hours, policy)
    found = (reason(code, policy) for code in judgement.reason_codes)
    points = [Point(one.text, field_address(case.activity.id, one.field)) for one in found]
    return letters.turned_down(about, Outcome(judgement.outcome or ""), points)
