"""What an activity says. No Flask, no database, no clock."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.policy import Hours
from core.policy.hours import ZERO

HOUR_NAMES = {"contact_hours": "Contacturen", "self_study_hours": "Zelfstudie-uren"}


@dataclass(frozen=True, kw_only=True)
class Content:
    """Everything a provider says about an activity; a draft may leave all of it open."""

    title: str = ""
    type: str = ""
    sectors: tuple[str, ...] = ()
    subject: str = ""
    description: str = ""
    goal: str = ""
    programme: str = ""
    planning: str = ""
    contact_hours: Decimal | None = None
    self_study_hours: Decimal | None = None
    self_study_account: str = ""
    closing_test: str = ""
    prior_knowledge: str = ""
    place: str = ""
    website: str = ""
    starts_on: date | None = None
    ends_on: date | None = None

    @property
    def hours(self) -> Hours:
        """The declared hours, open parts counted as none."""
        return Hours(self.contact_hours or ZERO, self.self_study_hours or ZERO)
