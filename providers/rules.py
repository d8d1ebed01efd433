"""When a provider may submit. No Flask, no database, no clock."""

from collections.abc import Collection
from enum import StrEnum

from core.policy import Policy


class Origin(StrEnum):
    """Where a provider came from: known from the former register, or new."""

    MIGRATED = "migrated"
    NEW = "new"


class Standing(StrEnum):
    """How far a provider is; only an admitted one may submit."""

    UNDECLARED = "undeclared"
    AWAITING_ADMISSION = "awaiting_admission"
    ADMITTED = "admitted"


def open_requirements(policy: Policy, declared: Collection[str]) -> list[str]:
    """The codes of the requirements that still have to be declared, in the policy's order."""
    return [item.code for item in policy.requirements if item.code not in declared]


def standing(policy: Policy, declared: Collection[str], *, admitted: bool) -> Standing:
    """An admitted provider that has not declared the newest set must declare first."""
    if open_requirements(policy, declared):
        return Standing.UNDECLARED
    return Standing.ADMITTED if admitted else Standing.AWAITING_ADMISSION
