"""What keeps an activity from being submitted. No Flask, no database, no clock."""

import dataclasses
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalogue.content import Content
from catalogue.reasons import sentence
from core.policy import Hours, Policy


@dataclass(frozen=True)
class Gap:
    """One thing that keeps an activity from being submitted: the field, and the sentence that says how to fix it."""

    code: str
    field: str
    text: str = dataclasses.field(compare=False)


TEXT_FIELDS = ("title", "description", "goal", "programme", "planning")
ORDER = {name: place for place, name in enumerate(Content.__dataclass_fields__)}


def gaps(content: Content, policy: Policy, today: date) -> list[Gap]:
    """Everything that keeps this content from being submitted, in the order of the form; empty means ready."""
    found = [*_of_any_day(content, policy), *_of_dates(content, today)]
    found.sort(key=lambda gap: ORDER[gap[0]])
    return [Gap(code, field, sentence(f"{field}:{code}", policy)) for field, code in found]


def lacking(content: Content, policy: Policy) -> set[str]:
    """The fields with a gap, whatever day it is; without a word about them."""
    return {field for field, _ in _of_any_day(content, policy)}


def needs_account(hours: Hours) -> bool:
    """Whether the provider must account for the self-study."""
    return hours.self_study > 0


def needs_closing_test(hours: Hours, policy: Policy) -> bool:
    """Whether there must be a closing exam, test or assignment."""
    return hours.self_study_share > policy.hours.closing_test_above_share


Found = list[tuple[str, str]]  # field and code


def _of_any_day(content: Content, policy: Policy) -> Found:
    missing = [(name, "missing") for name in TEXT_FIELDS if not getattr(content, name).strip()]
    return missing + _of_choices(content, policy) + _of_hours(content, policy)


def _of_choices(content: Content, policy: Policy) -> Found:
    types, sectors = ({item.code for item in items} for items in (policy.types, policy.sectors))
    checks = {
        ("type", "missing"): content.type not in types,
        ("sectors", "missing"): not content.sectors or not sectors.issuperset(content.sectors),
    }
    return _applying(checks)


def _of_hours(content: Content, policy: Policy) -> Found:
    parts = {name: getattr(content, name) for name in ("contact_hours", "self_study_hours")}
    found = [(name, code) for name, hours in parts.items() for code in _of_part(hours, policy)]
    hours = content.hours
    checks = {
        ("contact_hours", "no-hours"): not found and not hours.total,
        ("self_study_account", "no-account"): needs_account(hours) and not content.self_study_account.strip(),
        ("closing_test", "no-closing-test"): needs_closing_test(hours, policy) and not content.closing_test.strip(),
    }
    return found + _applying(checks)


def _of_part(hours: Decimal | None, policy: Policy) -> list[str]:
    if hours is None:
        return ["missing"]
    rule = policy.hours
    checks = {"out-of-range": not 0 <= hours <= rule.most_per_part, "step": hours % rule.step != 0}
    return [code for code, applies in checks.items() if applies]


def _of_dates(content: Content, today: date) -> Found:
    first, last = content.starts_on, content.ends_on
    if last is None:
        return []
    return _applying({("ends_on", "ended"): last < today, ("ends_on", "order"): first is not None and last < first})


def _applying(checks: dict[tuple[str, str], bool]) -> Found:
    return [found for found, applies in checks.items() if applies]
