"""Who acts for whom: the nested `represents` of the NL GOV profile (OpenID.NLGov 1.0.1). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KVK_TYPE = "urn:nl-eid-gdi:1.0:id:KvKnr"
DEEPEST = 8  # no chain of mandates is longer; this only ends a walk through rubbish


@dataclass(frozen=True)
class Represented:
    """The company at the end of the chain, and the companies between it and the person, nearest to the person first."""

    kvk_number: str
    intermediaries: tuple[str, ...]


class NoCompany(ValueError):  # noqa: N818 -- an outcome, not a fault
    """The chain does not end at a company with a KvK number."""


def represented(claims: Mapping[str, Any]) -> Represented | None:
    """The deepest `represents`; None when the claims have none. Raises `NoCompany`."""
    chain: list[str] = []
    link = claims.get("represents")
    if link is None:
        return None
    while isinstance(link, Mapping) and len(chain) < DEEPEST:
        chain.append(_kvk_number(link))
        link = link.get("represents")
    if link is not None or not chain or not chain[-1]:
        raise NoCompany
    return Represented(chain[-1], tuple(number for number in chain[:-1] if number))


def _kvk_number(link: Mapping[str, Any]) -> str:
    """The number of one link, also when it stands among the alternatives; '' for a natural person."""
    others = link.get("alt_sub")
    known = [link, *(others if isinstance(others, list) else [others])]
    numbers = [
        other["sub"]
        for other in known
        if isinstance(other, Mapping) and other.get("sub_id_type") == KVK_TYPE and isinstance(other.get("sub"), str)
    ]
    return numbers[0] if numbers else ""
