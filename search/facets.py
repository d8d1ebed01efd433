"""The filters beside the results: per facet what can be chosen, how it is called, and how many there are of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.policy import Policy
from providers.queries import find_providers
from search.document import ON_SITE, ONLINE
from search.index import Filters

LEGENDS = {
    "sector": "Onderwijssector",
    "type": "Soort activiteit",
    "waar": "Online of op locatie",
    "vakgebied": "Vakgebied",
    "aanbieder": "Aanbieder",
}
WAYS = {ONLINE: "Online", ON_SITE: "Op locatie"}
SHOWN = 8  # values of one facet; what is chosen is always shown


@dataclass(frozen=True)
class Choice:
    """One value of a facet."""

    value: str
    name: str
    count: int
    is_chosen: bool


def facets(counts: Mapping[str, Mapping[str, int]], filters: Filters, policy: Policy) -> dict[str, list[Choice]]:
    """The facets in which there is something to choose, in the order of the page; most frequent values first."""
    names = _names(counts, filters, policy)
    found = {}
    for facet in LEGENDS:
        chosen = filters.chosen.get(facet, ())
        every = {**counts.get(facet, {}), **{value: counts.get(facet, {}).get(value, 0) for value in chosen}}
        ranked = sorted(every, key=lambda value: (value not in chosen, -every[value], names[facet].get(value, value)))
        shown = [value for place, value in enumerate(ranked) if place < SHOWN or value in chosen]
        choices = [Choice(value, names[facet].get(value, value), every[value], value in chosen) for value in shown]
        if choices:
            found[facet] = choices
    return found


def _names(counts: Mapping[str, Mapping[str, int]], filters: Filters, policy: Policy) -> dict[str, Mapping[str, str]]:
    providers = {*counts.get("aanbieder", {}), *filters.chosen.get("aanbieder", ())}
    return {
        "vakgebied": {},
        "sector": {item.code: f"{item.name} ({item.code})" for item in policy.sectors},
        "type": {item.code: item.name for item in policy.types},
        "waar": WAYS,
        "aanbieder": find_providers(providers),
    }
