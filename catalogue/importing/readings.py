"""How the rows of each way in are understood: by which columns, and what an offer is called. Knows no database."""

import hashlib
from typing import Any

from catalogue.importing.batches import Claim
from catalogue.importing.rows import Offer, OfferSchema, OwnOfferSchema
from catalogue.takeover import judge
from core.policy import Policy

NUMBER, KEY, TITLE = "nummer_registerleraar", "eigen_sleutel", "titel"
DOUBLE = "Dit aanbod staat al op regel {line} van dit bestand, met een andere inhoud. Verwijder een van beide."
TAKEN_HERE = "Dit nummer staat al op regel {line} van dit bestand, bij een andere aanbieder. Controleer beide."
NUMBER_TWICE = "Dit nummer staat al op regel {line} van dit bestand, met een andere inhoud. Verwijder een van beide."
KEY_TWICE = "Deze sleutel staat al op regel {line} van dit bestand. Geef elke activiteit een eigen sleutel."
ALIKE = "Op regel {line} staat een activiteit met dezelfde titel, soort en startdatum. Geef beide een eigen sleutel."


def own_prefix(provider_id: int) -> str:
    """How everything begins that a provider's own offers are known by."""
    return f"own:{provider_id}:"


class FormerReading:
    """The export of the former register."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.schema = OfferSchema(policy)

    def claims(self, offer: Offer) -> tuple[Claim, ...]:
        """The offer itself, and its number, which only one provider can have."""
        itself = Claim(offer.source_key, offer.meaning, NUMBER, DOUBLE)
        number = offer.old_number
        return (itself, Claim(f"number {number}", offer.source_key, NUMBER, TAKEN_HERE)) if number else (itself,)

    def origin(self, offer: Offer) -> dict[str, Any]:
        """With what the offer lacks to be published as it was validated."""
        lacks, changed = judge(offer.content, offer.content, self._policy)
        facts = {"lacks": lacks, "changed": changed, "checked_under": self._policy.id}
        return {"origin": "former", "digest": offer.digest, **facts}


class OwnReading:
    """The file of one provider."""

    def __init__(self, provider_id: int, kvk_number: str, policy: Policy) -> None:
        self._provider_id = provider_id
        self.schema = OwnOfferSchema(policy, own_kvk=kvk_number)

    def claims(self, offer: Offer) -> tuple[Claim, ...]:
        """By its old number, its key, or else by what people tell activities apart."""
        mine = own_prefix(self._provider_id)
        if offer.old_number:
            return (Claim(f"{mine}number:{offer.old_number}", offer.meaning, NUMBER, NUMBER_TWICE),)
        if offer.own_key:
            return (Claim(f"{mine}key:{offer.own_key}", offer.meaning, KEY, KEY_TWICE),)
        told_apart = f"{offer.content.title}\n{offer.content.type}\n{offer.content.starts_on}"
        fingerprint = hashlib.sha256(told_apart.encode()).hexdigest()[:40]
        return (Claim(f"{mine}row:{fingerprint}", offer.meaning, TITLE, ALIKE),)

    def origin(self, offer: Offer) -> dict[str, Any]:
        """It is nobody's but the provider's: nothing of it can be taken over."""
        return {"origin": "own", "digest": offer.digest, "lacks": [], "changed": [], "checked_under": ""}
