"""An offer from elsewhere, and what it is known by when it comes again. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from catalogue.content import Content
from core.policy import Hours

# The columns of the first exports. A digest names these always and others only when filled, so that it stays the same
# when there are more columns to know.
FIRST_COLUMNS = {
    *("kvk_nummer", "aanbieder", "nummer_registerleraar", "titel", "type", "vakgebied", "omschrijving", "doel"),
    *("programma", "toetsing", "voorkennis", "contacturen", "zelfstudie_uren", "register_uren"),
    *("startdatum", "einddatum"),
}


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One offer, ready to become a draft: of the former register, or from a provider's own file."""

    kvk_number: str
    provider: str
    own_key: str
    old_number: str
    old_total: Decimal | None
    content: Content
    source_key: str
    digest: str

    @property
    def old_hours(self) -> Hours | None:
        """What the former register granted; None when it never validated this offer, or only the provider says so."""
        return self.content.hours if self.old_number and self.old_total is not None else None


def digest_of(row: Mapping[str, str], columns: Iterable[str]) -> str:
    """Differs when anything in these columns differs, as it was sent."""
    facts = {name: row.get(name, "") for name in sorted(columns) if name in FIRST_COLUMNS or row.get(name)}
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def fingerprint(*told_apart: str) -> str:
    """What an offer that has no key or number is known by."""
    return "-" + hashlib.sha256("\n".join(told_apart).encode()).hexdigest()[:40]
