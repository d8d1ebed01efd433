"""What a case is a change of, for who judges it. Asks the database for the earlier version only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from catalogue.differences import Difference, differences
from catalogue.models import ActivityVersion, Recognition
from core.policy import Hours, Policy
from validation.hours import proposal
from validation.judgement import Judgement, still_met
from validation.judgement_models import Decision
from validation.models import Case
from validation.queries import cases_of
from validation.states import Outcome


@dataclass(frozen=True)
class SubmittedChange:
    """The earlier version, what the committee thought of it, and what the new one says differently."""

    baseline: ActivityVersion
    rejected_at: datetime | None  # when it was turned down; else it was validated
    number: str
    hours: Hours | None
    decided: list[Difference]
    free: list[Difference]
    verdicts: Mapping[str, str]  # per criterion what was thought of the earlier version
    carried: dict[str, str]  # of those that were met and of which no field changed

    @property
    def granted(self) -> Hours | None:
        """What the earlier version counts for; None when that was turned down."""
        return None if self.rejected_at else self.hours

    def proposal(self, declared: Hours) -> Hours:
        """The hours to begin with for a version that declares these."""
        return proposal(declared, self.baseline.hours, self.granted) if self.granted else declared


def change_of(case: Case, known: Sequence[Case], policy: Policy) -> SubmittedChange | None:
    """What this case changes; None when it is about something new. `known` are all its activity's, newest first."""
    baseline = case.baseline
    if baseline is None:
        return None
    judged = [(other, other.decision) for other in known if other.id < case.id and other.decision]
    of_baseline = next((decision for other, decision in judged if other.version_id == baseline.id), None)
    is_rejected = of_baseline is not None and of_baseline.outcome != Outcome.APPROVED
    approved = next((decision for _, decision in judged if decision.outcome == Outcome.APPROVED), None)
    recognition, hours = _granted(case, approved, policy)
    found = [] if baseline.wiped_at else differences(baseline.content, case.submitted.content, policy)
    stands = None if baseline.wiped_at else of_baseline or approved
    return SubmittedChange(
        baseline=baseline,
        rejected_at=of_baseline.decided_at if of_baseline and is_rejected else None,
        number=recognition.number if recognition else "",
        hours=hours,
        decided=[difference for difference in found if difference.is_decided],
        free=[difference for difference in found if not difference.is_decided],
        verdicts=stands.verdicts if stands else {},
        carried=still_met(stands.verdicts, {difference.field for difference in found}, policy) if stands else {},
    )


def _granted(case: Case, approved: Decision | None, policy: Policy) -> tuple[Recognition | None, Hours | None]:
    """What held when the case came in: the decision's hours, since those of the recognition change with the version."""
    if approved:
        granted = next(known for known in case.activity.recognitions if known.id == approved.recognition_id)
        return granted, approved.hours
    former = next((known for known in case.activity.recognitions if known.register != policy.register), None)
    return former, former.hours if former else None


def with_carried(judgement: Judgement, case: Case, policy: Policy) -> Judgement:
    """The same judgement, knowing which of its verdicts are those of the version before."""
    change = change_of(case, cases_of(case.activity_id or 0), policy)
    known = change.carried if change else {}
    same = tuple(code for code, verdict in known.items() if judgement.verdicts.get(code) == verdict)
    return replace(judgement, carried=same)
