"""What a decision must contain. No Flask, no database, no clock."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from catalogue.reasons import CRITERION, offered
from core.policy import Hours, Policy
from core.policy.hours import ZERO
from validation.hours import grant_faults
from validation.states import Outcome


class Verdict(StrEnum):
    """The judgement of one criterion."""

    MET = "met"
    NOT_MET = "not_met"
    UNCLEAR = "unclear"


VERDICT_NAMES = {Verdict.MET: "Voldoet", Verdict.NOT_MET: "Voldoet niet", Verdict.UNCLEAR: "Niet duidelijk"}
RANKS = {Outcome.REJECTED: 0, Outcome.TEMPORARILY_REJECTED: 1, Outcome.APPROVED: 2}  # for who asked for it
ADVICES = (Outcome.APPROVED, Outcome.TEMPORARILY_REJECTED, Outcome.REJECTED)


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What a committee member concluded: a verdict per criterion code, the outcome, the hours, and why.

    Reasons are codes of `catalogue.reasons` and a text of one's own; codes are for what is not approved. Notes, per
    criterion, are for colleagues. `carried` are the criteria whose verdict is that of the version before.
    """

    verdicts: Mapping[str, Verdict | None]
    outcome: Outcome | None
    contact_hours: Decimal | None
    self_study_hours: Decimal | None
    reasons: str
    reason_codes: tuple[str, ...] = ()
    improve_by: date | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    carried: tuple[str, ...] = ()

    @property
    def hours(self) -> Hours:
        """The hours to grant, open parts counted as none."""
        return Hours(self.contact_hours or ZERO, self.self_study_hours or ZERO)


def faults(judgement: Judgement, declared: Hours, policy: Policy, today: date) -> dict[str, str]:
    """Everything that keeps the judgement from being a decision: field → sentence; empty means it can be taken."""
    found = {
        f"criterion-{item.code}": f"Kies of de activiteit voldoet: {item.name.lower()}."
        for item in policy.criteria
        if judgement.verdicts.get(item.code) is None
    }
    if judgement.outcome is None:
        found["outcome"] = "Kies een besluit."
    elif judgement.outcome is Outcome.APPROVED:
        found |= _approval_faults(judgement, declared, policy)
    else:
        found |= _rejection_faults(judgement, policy)
    longest = policy.decision.longest_improve_days
    if judgement.outcome is Outcome.TEMPORARILY_REJECTED and not (
        judgement.improve_by and today < judgement.improve_by <= today + timedelta(days=longest)
    ):
        found["improve_by"] = f"Kies een dag na vandaag, hoogstens {longest} dagen later."
    return found


def still_met(verdicts: Mapping[str, str], changed: Collection[str], policy: Policy) -> dict[str, str]:
    """The criteria that a change need not be judged by again: they were met, and none of their fields changed."""
    return {
        item.code: verdicts[item.code]
        for item in policy.criteria
        if verdicts.get(item.code) == Verdict.MET and set(item.fields).isdisjoint(changed)
    }


def is_worse(judgement: Judgement, outcome: str, hours: Hours) -> bool:
    """Whether somebody who objected would be worse off than with the earlier outcome and hours."""
    if RANKS[Outcome(judgement.outcome or outcome)] < RANKS[Outcome(outcome)]:
        return True
    granted = judgement.hours
    return outcome == Outcome.APPROVED and (granted.contact < hours.contact or granted.self_study < hours.self_study)


def is_same(judgement: Judgement, other: Judgement) -> bool:
    """Whether a provider would notice no difference, and neither would who asks for the grounds."""

    def told(one: Judgement) -> tuple[object, ...]:
        is_approved = one.outcome is Outcome.APPROVED
        turned_down = (set(one.reason_codes), one.improve_by if one.outcome is Outcome.TEMPORARILY_REJECTED else None)
        return one.outcome, one.hours if is_approved else turned_down, one.reasons.strip(), dict(one.verdicts)

    return told(judgement) == told(other)


def disagreements(one: Judgement, other: Judgement) -> list[str]:
    """On what two assessors do not agree that the decision depends on; empty when it would be the same."""
    found = [] if one.outcome == other.outcome else ["outcome"]
    if one.outcome == other.outcome == Outcome.APPROVED:
        names = ("contact_hours", "self_study_hours")
        found += [name for name in names if (getattr(one, name) or ZERO) != (getattr(other, name) or ZERO)]
    return found


def _rejection_faults(judgement: Judgement, policy: Policy) -> dict[str, str]:
    if not judgement.reason_codes and not judgement.reasons.strip():
        return {"reasons": "Kies een reden, of leg uit waarom u afwijst en wat de aanbieder kan verbeteren."}
    if not {reason.code for reason in offered(policy)}.issuperset(judgement.reason_codes):
        return {"reason_codes": "Kies redenen uit de lijst."}
    for item in policy.criteria:
        if CRITERION + item.code in judgement.reason_codes and judgement.verdicts.get(item.code) is Verdict.MET:
            return {"reason_codes": f"U koos ‘Voldoet’ bij ‘{item.name}’. Dat is dan geen reden om af te wijzen."}
    if not judgement.reason_codes and set(judgement.verdicts.values()) == {Verdict.MET}:
        return {"outcome": "Alle criteria voldoen. Kies een reden uit de lijst, of oordeel anders over een criterium."}
    return {}


def _approval_faults(judgement: Judgement, declared: Hours, policy: Policy) -> dict[str, str]:
    names = ("contact_hours", "self_study_hours")
    problems = {
        name: "Vul het aantal uren in. Geen uren? Vul 0 in." for name in names if getattr(judgement, name) is None
    }
    if not problems:
        found = grant_faults(declared, judgement.hours, policy.hours.step, judgement.reasons)
        problems = {fault.field: fault.text for fault in found}
    if not {Verdict.NOT_MET, Verdict.UNCLEAR}.isdisjoint(judgement.verdicts.values()):
        problems["outcome"] = "U kunt alleen goedkeuren als de activiteit aan alle criteria voldoet."
    if judgement.reason_codes:
        problems["reason_codes"] = "U koos redenen om af te wijzen. Haal die weg, of wijs de activiteit af."
    return problems
