"""How an index of Meilisearch is set up, and its name. Another set-up, or another document, gets an index beside it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from search import lexicon
from search.document import FORMAT
from search.index import FACETS, MOST_VALUES

TEXTS = (
    "title",
    "title_more",
    "provider",
    "provider_more",
    "subject",
    "subject_more",
    "description",
    "description_more",
)
NUMBERS = ("edition_day", "ends", "from_day", "hours", "until_day")
MOST_HITS = 15_000  # the engine warns of more than 20,000
ONE_SLIP, TWO_SLIPS = 5, 9  # word lengths from which a typing slip is forgiven
SETTINGS: dict[str, Any] = {
    "searchableAttributes": list(TEXTS),  # from most to least
    "displayedAttributes": ["id", "digest"],
    "filterableAttributes": [
        {
            "attributePatterns": list(FACETS),
            "features": {"facetSearch": False, "filter": {"equality": True, "comparison": False}},
        },
        {
            "attributePatterns": list(NUMBERS),
            "features": {"facetSearch": False, "filter": {"equality": True, "comparison": True}},
        },
    ],
    "sortableAttributes": ["hours", "next_day", "title_key", "valid_from"],  # the server, too, keeps them in this order
    # An order that is asked for goes first; the place of a word counts for more than how near words are to each other.
    "rankingRules": ["sort", "words", "typo", "attributeRank", "proximity", "wordPosition", "exactness"],
    "proximityPrecision": "byAttribute",  # other forms and parts stand in no order
    # Words with digits are kept from slips by the question: `disableOnNumbers` breaks the search by beginnings.
    "typoTolerance": {"enabled": True, "minWordSizeForTypos": {"oneTypo": ONE_SLIP, "twoTypos": TWO_SLIPS}},
    "pagination": {"maxTotalHits": MOST_HITS},
    "faceting": {"maxValuesPerFacet": MOST_VALUES, "sortFacetValuesBy": {"*": "count"}},
}


def uid_of(name: str) -> str:
    """The index of this format: a new version of the program builds its own while the old one still serves."""
    shape = json.dumps([FORMAT, SETTINGS, lexicon.digest()], sort_keys=True)
    return f"{name}-{hashlib.sha256(shape.encode()).hexdigest()[:12]}"


def is_set(wanted: Mapping[str, Any], current: Mapping[str, Any]) -> bool:
    """Whether settings hold all that is wanted; what else they hold is the server's own affair."""
    return all(_is_equal(value, current.get(name)) for name, value in wanted.items())


def _is_equal(wanted: Any, current: Any) -> bool:
    if isinstance(wanted, Mapping):
        return isinstance(current, Mapping) and is_set(wanted, current)
    return bool(wanted == current)
