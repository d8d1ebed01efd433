"""The filters beside the results: per facet what can be chosen, how it is called, and how many there are of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.policy import Policy
from core.texts import folded
from providers.queries import find_providers
from search.document import ON_SITE, ONLINE
from search.index import Filters

Counts = Mapping[str, Mapping[str, int]]
LEGENDS = {
    "sector": "Onderwijssector",
    "type": "Soort activiteit",
    "waar": "Online of op locatie",
    "vakgebied": "Vakgebied",
    "aanbieder": "Aanbieder",
}
WAYS = {ONLINE: "Online", ON_SITE: "Op locatie"}
ORDERED = {"sector", "type", "waar"}
SHOWN = 8  # values of one facet, those that are chosen first


@dataclass(frozen=True)
class Choice:
    """One value of a facet."""

    value: str
    name: str
    count: int
    is_chosen: bool


def facets(counts: Counts, filters: Filters, policy: Policy) -> dict[str, list[Choice]]:
    """The facets in which there is something to choose, in the order of the page.

    Values stand in the order of the policy, or else by name: whoever ticks one must not see the others move.
    """
    names = _names(counts, filters, policy)
    found = {}
    for facet in LEGENDS:
        known, chosen = names[facet], filters.chosen.get(facet, ())
        every = dict.fromkeys(chosen, 0) | dict(counts.get(facet, {}))
        frequent = sorted(every, key=lambda value: (value not in chosen, -every[value], value))[
            : max(SHOWN, len(chosen))
        ]
        order = {value: place for place, value in enumerate(known)} if facet in ORDERED else {}
        shown = sorted(frequent, key=lambda value: (order.get(value, len(order)), folded(known.get(value, value))))
        if shown:
            found[facet] = [Choice(value, known.get(value, value), every[value], value in chosen) for value in shown]
    return found


def _names(counts: Counts, filters: Filters, policy: Policy) -> dict[str, Mapping[str, str]]:
    providers = {*counts.get("aanbieder", {}), *filters.chosen.get("aanbieder", ())}
    return {
        "vakgebied": {},
        "sector": {item.code: f"{item.name} ({item.code})" for item in policy.sectors},
        "type": {item.code: item.name for item in policy.types},
        "waar": WAYS,
        "aanbieder": find_providers(providers),
    }
