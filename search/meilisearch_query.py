"""A question as Meilisearch understands it. Pure. Only words are sent, so that no sign works as an operator."""

from collections.abc import Iterable, Iterator
from typing import Any

from search.document import NEVER
from search.index import FACETS, Filters, Order, Query
from search.meilisearch_settings import ONE_SLIP
from search.words import stem, words_of

ORDERS = {
    Order.RELEVANCE: [],
    Order.NEWEST: ["valid_from:desc"],
    Order.TITLE: ["title_key:asc"],
    Order.START: ["next_day:asc"],
    Order.FEWEST_HOURS: ["hours:asc"],
    Order.MOST_HOURS: ["hours:desc"],
}
Request = dict[str, Any]


def asking(query: Query, uid: str) -> Request:
    """For the hits of a page, and for counts in the facets in which nothing is chosen."""
    facets = [facet for facet in FACETS if not query.filters.chosen.get(facet)]
    return _request(query, uid, facets, page=query.page, hitsPerPage=query.per_page)


def counting(query: Query, uid: str, facet: str) -> Request:
    """For the counts in one facet, as if nothing were chosen in it."""
    return _request(query, uid, [facet], without=facet, limit=0)


def _request(query: Query, uid: str, facets: list[str], *, without: str = "", **paging: int) -> Request:
    same: Request = {
        "indexUid": uid,
        "filter": list(_filters(query, without)),
        "matchingStrategy": "all",
        "attributesToRetrieve": ["id"],
    }
    if order := ORDERS[query.order]:
        same["sort"] = order
    federation: Request = {**paging, "facetsByIndex": {uid: facets} if facets else {}}
    return {"queries": [{"q": words, **same} for words in phrasings(query.text)], "federation": federation}


def phrasings(text: str) -> list[str]:
    """The same question in different words; a hit of one of them is a hit. Between quotes a word is exactly that word.

    The words as they are typed; then their stems; then the stems before a last word that is unfinished.
    """
    words = words_of(text)
    typed, stems = [_as_typed(word) for word in words], [_quoted(stem(word)) for word in words]
    ways = (typed, stems, [*stems[:-1], *typed[-1:]])
    return list(dict.fromkeys(" ".join(way) for way in ways))


def _as_typed(word: str) -> str:
    """A slip may be forgiven, but not in a number."""
    return word if word.isalpha() or len(word) < ONE_SLIP else _quoted(word)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _filters(query: Query, without: str) -> Iterator[str]:
    """All of them are needed."""
    filters = query.filters
    yield f"ends >= {query.today.toordinal()}"
    for facet, values in filters.chosen.items():
        if values and facet != without:
            yield f"{facet} IN [{', '.join(map(_quoted, values))}]"
    if filters.least_hours is not None:
        yield f"hours >= {int(filters.least_hours * 100)}"
    if filters.most_hours is not None:
        yield f"hours <= {int(filters.most_hours * 100)}"
    if filters.first_day or filters.last_day:
        yield f"({' OR '.join(_in_period(filters))})"


def _in_period(filters: Filters) -> Iterable[str]:
    """An edition that begins in the period; without editions: what can be followed in it.

    One and the same edition must lie between both days, which only TO asks for.
    """
    first = filters.first_day.toordinal() if filters.first_day else 0
    last = filters.last_day.toordinal() if filters.last_day else NEVER
    return (f"edition_day {first} TO {last}", f"(from_day <= {last} AND until_day >= {first})")
