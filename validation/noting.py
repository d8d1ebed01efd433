"""Notes for colleagues in the timeline of a case. Called inside a transaction."""

from datetime import datetime

from core.access import Identity
from core.audit import record
from validation.engine import staff_hand, tell_timeline
from validation.models import NOTE, Case


def note(case: Case, text: str, *, by: Identity, now: datetime) -> None:
    """Write something down that the provider never reads; possible at any time, also after the decision."""
    tell_timeline(case, NOTE, staff_hand(case, by), now, text=text)
    record("case.noted", f"case:{case.id}", by=by.actor, at=now)
