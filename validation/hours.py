"""What register hours may be granted. No Flask, no database, no clock."""

from dataclasses import dataclass
from decimal import Decimal

from core.policy import Hours
from core.policy.hours import step_in_words


@dataclass(frozen=True)
class HourFault:
    """One thing wrong with the granted hours: the field, and the sentence that says how to fix it."""

    field: str
    text: str


def proposal(declared: Hours, declared_before: Hours, granted_before: Hours) -> Hours:
    """What to begin with when a change is judged: a part that is declared as before counts for what it counted for.

    Otherwise somebody who looks at another part of the change would raise the hours without deciding to.
    """
    return Hours(
        granted_before.contact if declared.contact == declared_before.contact else declared.contact,
        granted_before.self_study if declared.self_study == declared_before.self_study else declared.self_study,
    )


def grant_faults(declared: Hours, granted: Hours, step: Decimal, reason: str) -> list[HourFault]:
    """Per part at most what was declared, in the policy's step; less than declared needs a reason; never nothing."""
    faults = [
        *_part_faults("contact_hours", declared.contact, granted.contact, step),
        *_part_faults("self_study_hours", declared.self_study, granted.self_study, step),
    ]
    if not faults and not granted.total:
        faults.append(HourFault("contact_hours", "Ken bij elkaar meer dan 0 uur toe, of wijs de activiteit af."))
    if not faults and granted != declared and not reason.strip():
        faults.append(HourFault("reasons", "U kent minder uren toe dan opgegeven. Leg uit waarom."))
    return faults


def _part_faults(field: str, declared: Decimal, granted: Decimal, step: Decimal) -> list[HourFault]:
    if granted < 0:
        return [HourFault(field, "Vul 0 uur of meer in.")]
    if granted > declared:
        return [HourFault(field, "Ken niet meer uren toe dan de aanbieder opgaf.")]
    if granted % step:
        return [HourFault(field, f"Rond af op {step_in_words(step)}.")]
    return []
