"""What an edition says, and what keeps it from being offered. No Flask, no database, no clock."""

from dataclasses import dataclass
from datetime import date

from core.policy import Policy

AS_TYPED = "%d-%m-%Y"
PAST = "Deze uitvoering is al voorbij. Vul een datum in vanaf vandaag."
TOO_LATE = "De activiteit zelf eindigt op {}. Kies een eerdere datum, of wijzig eerst de einddatum van de activiteit."


@dataclass(frozen=True, kw_only=True)
class EditionFacts:
    """Everything a provider says about one time that an activity is given; no price means not stated, 0 is free."""

    starts_on: date
    ends_on: date
    is_online: bool
    place: str
    language: str
    price_in_cents: int | None
    registration_link: str


def faults(
    facts: EditionFacts, before: EditionFacts | None, *, activity_ends_on: date | None, policy: Policy, today: date
) -> dict[str, str]:
    """Per field the sentence that says how to fix it; empty means that it can be offered.

    Days that stay as they were are left alone, so that a link can still be mended when the activity's own end moved.
    """
    found = {}
    if facts.language not in {item.code for item in policy.languages}:
        found["language"] = "Kies de taal."
    if before is None or (facts.starts_on, facts.ends_on) != (before.starts_on, before.ends_on):
        field = "starts_on" if facts.starts_on == facts.ends_on else "ends_on"
        if facts.ends_on < today:
            found[field] = PAST
        elif activity_ends_on and facts.ends_on > activity_ends_on:
            found[field] = TOO_LATE.format(activity_ends_on.strftime(AS_TYPED))
    return found
