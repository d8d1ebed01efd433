"""An offer from elsewhere, and what it is known by when it comes again. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from catalogue.content import Content
from core.policy import Hours

_as_json = json.JSONEncoder(ensure_ascii=False).encode
HALF = 32  # symbols of a digest: the first half is about the row as it was sent, the second about what it means
# The columns of the first exports. A digest names these always and others only when filled, so that it stays the same
# when there are more columns to know.
FIRST_COLUMNS = {
    *("kvk_nummer", "aanbieder", "nummer_registerleraar", "titel", "type", "vakgebied", "omschrijving", "doel"),
    *("programma", "toetsing", "voorkennis", "contacturen", "zelfstudie_uren", "register_uren"),
    *("startdatum", "einddatum"),
}


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One offer, ready to become a draft: of the former register, or from a provider's own file.

    `older_key` is what earlier versions knew it by; mostly the same.
    """

    kvk_number: str
    provider: str
    own_key: str
    old_number: str
    old_total: Decimal | None
    content: Content
    source_key: str
    older_key: str
    sent: str  # the digest of the row as it was sent

    @property
    def keys(self) -> tuple[str, str]:
        """All that it may be known by."""
        return self.source_key, self.older_key

    @cached_property
    def meaning(self) -> str:
        """A digest that differs when the offer says something else. What is empty is left out: there may be more."""
        facts = vars(self.content) | {
            "kvk_number": self.kvk_number,
            "provider": self.provider,
            "own_key": self.own_key,
            "old_number": self.old_number,
            "old_total": self.old_total,
        }
        said = [f"{name} {len(text)} {text}" for name in sorted(facts) if (text := _said(facts[name]))]
        return hashlib.sha256("".join(said).encode()).hexdigest()[:HALF]

    @property
    def digest(self) -> str:
        """What is kept, to know the offer by when it comes again: see `is_same`."""
        return self.sent[:HALF] + self.meaning

    @property
    def old_hours(self) -> Hours | None:
        """What the former register granted; None when it never validated this offer, or only the provider says so."""
        return self.content.hours if self.old_number and self.old_total is not None else None


def digest_of_row(row: Mapping[str, str], columns: Iterable[str]) -> str:
    """Differs when anything in these columns differs, as it was sent."""
    facts = {name: row.get(name, "") for name in sorted(columns) if name in FIRST_COLUMNS or row.get(name)}
    return hashlib.sha256(_as_json(facts).encode()).hexdigest()


def is_same(landed: str, now: str) -> bool:
    """Whether two digests are of one offer: sent in the same words, or meaning the same in another notation.

    The first outlives changes of how rows are understood; earlier versions wrote nothing but the digest of the row.
    """
    return landed[:HALF] == now[:HALF] or landed[HALF:] == now[HALF:]


def _said(fact: str | Decimal | date | tuple[str, ...] | None) -> str:
    if isinstance(fact, str):
        return fact
    if isinstance(fact, Decimal):
        return str(fact.normalize())  # 12,5 and 12,50 are one number
    if isinstance(fact, date):
        return fact.isoformat()
    return ",".join(fact or ())


def fingerprint(*told_apart: str) -> str:
    """What an offer that has no key or number is known by."""
    return "-" + hashlib.sha256("\n".join(told_apart).encode()).hexdigest()[:40]
