"""What a decision must contain. No Flask, no database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
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


VERDICT_NAMES = {Verdict.MET: "Voldoet", Verdict.NOT_MET: "Voldoet niet"}


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What a committee member concluded: a verdict per criterion code, the outcome, the hours, and why.

    Reasons are codes of `catalogue.reasons` and a text of one's own; codes are for what is not approved.
    """

    verdicts: Mapping[str, Verdict | None]
    outcome: Outcome | None
    contact_hours: Decimal | None
    self_study_hours: Decimal | None
    reasons: str
    reason_codes: tuple[str, ...] = ()

    @property
    def hours(self) -> Hours:
        """The hours to grant, open parts counted as none."""
        return Hours(self.contact_hours or ZERO, self.self_study_hours or ZERO)


def faults(judgement: Judgement, declared: Hours, policy: Policy) -> dict[str, str]:
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
    return found


def _rejection_faults(judgement: Judgement, policy: Policy) -> dict[str, str]:
    if not judgement.reason_codes and not judgement.reasons.strip():
        return {"reasons": "Kies een reden, of leg uit waarom u afwijst en wat de aanbieder kan verbeteren."}
    if not {reason.code for reason in offered(policy)}.issuperset(judgement.reason_codes):
        return {"reason_codes": "Kies redenen uit de lijst."}
    for item in policy.criteria:
        if CRITERION + item.code in judgement.reason_codes and judgement.verdicts.get(item.code) is Verdict.MET:
            return {"reason_codes": f"U koos ‘Voldoet’ bij ‘{item.name}’. Dat is dan geen reden om af te wijzen."}
    return {}


def _approval_faults(judgement: Judgement, declared: Hours, policy: Policy) -> dict[str, str]:
    names = ("contact_hours", "self_study_hours")
    problems = {
        name: "Vul het aantal uren in. Geen uren? Vul 0 in." for name in names if getattr(judgement, name) is None
    }
    if not problems:
        found = grant_faults(declared, judgement.hours, policy.hours.step, judgement.reasons)
        problems = {fault.field: fault.text for fault in found}
    if Verdict.NOT_MET in judgement.verdicts.values():
        problems["outcome"] = "U kunt alleen goedkeuren als de activiteit aan alle criteria voldoet."
    if judgement.reason_codes:
        problems["reason_codes"] = "U koos redenen om af te wijzen. Haal die weg, of wijs de activiteit af."
    return problems
