"""The filters beside the results: per facet what can be chosen, how it is called, and how many there are of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.policy import Policy
from core.texts import folded
from providers.queries import find_providers
from search.document import ON_SITE, ONLINE
from search.index import MOST_VALUES, Filters

Counts = Mapping[str, Mapping[str, int]]
LEGENDS = {
    "sector": "Onderwijssector",
    "type": "Soort activiteit",
    "waar": "Online of op locatie",
    "vakgebied": "Vakgebied",
    "aanbieder": "Aanbieder",
}
PLURALS = {
    "sector": "sectoren",
    "type": "soorten",
    "waar": "plaatsen",
    "vakgebied": "vakgebieden",
    "aanbieder": "aanbieders",
}
WAYS = {ONLINE: "Online", ON_SITE: "Op locatie"}
ORDERED = {"sector", "type", "waar"}
TOPICS = {"vakgebied", "type"}
SHOWN = 8  # values of one facet that do not have to be folded out


@dataclass(frozen=True)
class Choice:
    """One value of a facet."""

    value: str
    name: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """What can be chosen in one of the facets: the most frequent and what is chosen, and the rest, which folds out."""

    legend: str
    shown: list[Choice]
    rest: list[Choice]
    plural: str

    @property
    def unfolds(self) -> str:
        """What folding out gives; the engine counts no more than so many values, and there may be others."""
        total = len(self.shown) + len(self.rest)
        return f"alle {total} {self.plural}" if total < MOST_VALUES else f"nog {len(self.rest)} {self.plural}"


def facets(counts: Counts, filters: Filters, policy: Policy) -> dict[str, Facet]:
    """The facets in which there is something to choose, in the order of the page.

    Values stand in the order of the policy, or else by name: whoever ticks one must not see the others move.
    """
    names = _names(counts, filters, policy)
    found = {}
    for facet, legend in LEGENDS.items():
        known, chosen = names[facet], filters.chosen.get(facet, ())
        every = dict.fromkeys(chosen, 0) | dict(counts.get(facet, {}))
        shown = {*sorted(every, key=lambda value: (-every[value], value))[:SHOWN], *chosen}
        order = {value: place for place, value in enumerate(known)} if facet in ORDERED else {}
        values = sorted(every, key=lambda value: (order.get(value, len(order)), folded(known.get(value, value))))
        choices = [Choice(value, known.get(value, value), every[value], value in chosen) for value in values]
        if choices:
            in_sight = [choice for choice in choices if choice.value in shown]
            rest = [choice for choice in choices if choice.value not in shown]
            found[facet] = Facet(legend, in_sight, rest, PLURALS[facet])
    return found


def topic(found: Mapping[str, Facet], filters: Filters) -> str:
    """The name of the one subject or type that was chosen, and nothing else; '' otherwise."""
    chosen = [(facet, value) for facet, values in filters.chosen.items() for value in values]
    if len(chosen) != 1 or chosen[0][0] not in TOPICS:
        return ""
    return next(choice.name for choice in found[chosen[0][0]].shown if choice.is_chosen)


def _names(counts: Counts, filters: Filters, policy: Policy) -> dict[str, Mapping[str, str]]:
    providers = {*counts.get("aanbieder", {}), *filters.chosen.get("aanbieder", ())}
    return {
        "vakgebied": {},
        "sector": {item.code: f"{item.name} ({item.code})" for item in policy.sectors},
        "type": {item.code: item.name for item in policy.types},
        "waar": WAYS,
        "aanbieder": find_providers(providers),
    }
