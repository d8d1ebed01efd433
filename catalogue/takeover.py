"""When an offer of the former register may be published as it was validated there. No Flask, no database, no clock."""

from enum import StrEnum

from catalogue.changes import changes_between
from catalogue.content import Content
from catalogue.gaps import lacking
from core.policy import Policy

EMPTY = Content()


class Readiness(StrEnum):
    """Where an offer is in the take-over, in the order in which a provider works through them."""

    READY = "ready"
    LACKING = "lacking"
    CHANGED = "changed"
    NEVER_VALIDATED = "never-validated"
    ENDED = "ended"
    DONE = "done"


READINESS_NAMES = {
    Readiness.READY: "Klaar om te publiceren",
    Readiness.LACKING: "Nog aan te vullen",
    Readiness.CHANGED: "Zelf gewijzigd",
    Readiness.NEVER_VALIDATED: "Niet eerder gevalideerd",
    Readiness.ENDED: "Al afgelopen",
    Readiness.DONE: "Afgehandeld",
}


def judge(content: Content, original: Content, policy: Policy) -> tuple[list[str], list[str]]:
    """The required fields in which something is missing, and the decided fields that say otherwise than the original.

    What the former register did not keep may be completed without a new decision.
    """
    missing = lacking(content, policy)
    lacks = [name for name in policy.takeover.required if name in missing]
    changed = [
        name for name in changes_between(original, content, policy).decided if not _completes(name, original, policy)
    ]
    return lacks, changed


def completed(content: Content, original: Content, policy: Policy) -> list[str]:
    """The decided fields that the former register did not keep and its provider filled in: nobody judged these."""
    return [name for name in changes_between(original, content, policy).decided if _completes(name, original, policy)]


def _completes(name: str, original: Content, policy: Policy) -> bool:
    return name in policy.takeover.completable and getattr(original, name) == getattr(EMPTY, name)
