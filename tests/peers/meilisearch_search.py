"""Answers to questions of the Meilisearch double: alone, several at once, or several that become one list."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from tests.peers.meilisearch_engine import Key, fit, is_excluded, sort_key
from tests.peers.meilisearch_filters import WrongFilter, compiled, values_of
from tests.peers.meilisearch_state import Document, Fault, Index, State, no_index
from tests.peers.meilisearch_words import Question

Found = dict[str, Key]  # ids with what they are ranked by: less is better
IN_FEDERATION = {"limit": "pagination", "offset": "pagination", "page": "pagination", "hitsPerPage": "pagination"}
SCORES = {"typo": 1, "attributeRank": 2, "proximity": 3, "wordPosition": 4, "exactness": 5}


def search(index: Index, query: Mapping[str, Any]) -> dict[str, Any]:
    """One question to one index."""
    found = _found(index, query)
    facets = query.get("facets")
    more = {"facetDistribution": distribution(index, found, facets), "facetStats": {}} if facets is not None else {}
    most = index.settings["pagination"]["maxTotalHits"]
    hits, paging = _page(sorted(found, key=found.__getitem__), query, most)
    shown = [_shown(index, index.documents[id_], query) for id_ in hits]
    return {"hits": shown, "query": query.get("q") or "", "processingTimeMs": 1, **paging, **more}


def multi_search(state: State, told: Mapping[str, Any]) -> dict[str, Any]:
    queries, federation = told["queries"], told.get("federation")
    if federation is not None:
        return _federated(state, queries, federation)
    results = []
    for number, query in enumerate(queries):
        index = _index(state, query, number)
        results.append({"indexUid": query["indexUid"], **search(index, query)})
    return {"results": results}


def _federated(state: State, queries: list[Mapping[str, Any]], federation: Mapping[str, Any]) -> dict[str, Any]:
    """One list of all that any question finds, each document where it fits best."""
    best: dict[tuple[str, str], tuple[Key, int]] = {}
    for number, query in enumerate(queries):
        _must_be_plain(query, number)
        for id_, key in _found(_index(state, query, number), query).items():
            place = (query["indexUid"], id_)
            best[place] = min(best.get(place, (key, number)), (key, number))
    ranked = sorted(best, key=best.__getitem__)
    most = max(
        (state.indexes[query["indexUid"]].settings["pagination"]["maxTotalHits"] for query in queries), default=0
    )
    hits, paging = _page(ranked, federation, most, is_capped=False)
    shown = []
    for uid, id_ in hits:
        number = best[uid, id_][1]
        index = state.indexes[uid]
        told = {"indexUid": uid, "queriesPosition": number, "weightedRankingScore": 1.0}
        shown.append(_shown(index, index.documents[id_], queries[number]) | {"_federation": told})
    return {"hits": shown, "processingTimeMs": 1, **paging, **_facets(state, best, federation)}


def _facets(state: State, found: Iterable[tuple[str, str]], federation: Mapping[str, Any]) -> dict[str, Any]:
    """By index, over all that was found in it."""
    by_index = {
        uid: {"distribution": distribution(state.indexes[uid], [i for u, i in found if u == uid], names), "stats": {}}
        for uid, names in federation.get("facetsByIndex", {}).items()
        if names is not None
    }
    return {"facetsByIndex": by_index} if by_index else {}


def distribution(index: Index, ids: Iterable[str], facets: list[str]) -> dict[str, dict[str, int]]:
    """How many of these documents have each value, of as many values as the settings allow."""
    known = filterable(index)
    for facet in facets:
        if facet not in known:
            raise Fault(400, "invalid_search_facets", f"Invalid facet distribution: `{facet}` is not filterable.")
    faceting = index.settings["faceting"]
    order = faceting["sortFacetValuesBy"]
    counts: dict[str, dict[str, int]] = {}
    for facet in facets:
        counter = Counter(str(v) for id_ in ids for v in dict.fromkeys(values_of(index.documents[id_], facet)))
        ranked = sorted(counter.items(), key=lambda one: one[0])
        if order.get(facet, order["*"]) == "count":
            ranked.sort(key=lambda one: -one[1])
        counts[facet] = dict(ranked[: faceting["maxValuesPerFacet"]])
    return counts


def filterable(index: Index) -> dict[str, Mapping[str, bool]]:
    """By attribute what filters are allowed."""
    known: dict[str, Mapping[str, bool]] = {}
    for one in index.settings["filterableAttributes"]:
        if isinstance(one, str):
            known[one] = {"equality": True, "comparison": True}
        else:
            allowed = {"equality": True, "comparison": False} | (one.get("features") or {}).get("filter", {})
            known |= dict.fromkeys(one["attributePatterns"], allowed)
    return known


def _index(state: State, query: Mapping[str, Any], number: int) -> Index:
    """Other than in an address, an unknown index in a body is a bad request."""
    if query["indexUid"] not in state.indexes:
        fault = no_index(query["indexUid"], 400)
        fault.told["message"] = f"Inside `.queries[{number}]`: {fault.told['message']}"
        raise fault
    return state.indexes[query["indexUid"]]


def _must_be_plain(query: Mapping[str, Any], number: int) -> None:
    for name in IN_FEDERATION:
        if query.get(name) is not None:
            code = "invalid_multi_search_query_pagination"
            raise Fault(400, code, f"Inside `.queries[{number}]`: Using pagination options is not allowed here.")
    if query.get("facets"):
        code = "invalid_multi_search_query_facets"
        raise Fault(400, code, f"Inside `.queries[{number}]`: Using facet options is not allowed here.")


def _found(index: Index, query: Mapping[str, Any]) -> Found:
    sort = query.get("sort") or []
    for name in (one.rpartition(":")[0] for one in sort):
        if name not in index.settings["sortableAttributes"]:
            raise Fault(400, "invalid_search_sort", f"Attribute `{name}` is not sortable.")
    try:
        fits = compiled(query.get("filter"), filterable(index))
    except WrongFilter as wrong:
        raise Fault(400, "invalid_search_filter", str(wrong)) from None
    tolerance = index.settings["typoTolerance"]["minWordSizeForTypos"]
    question = Question(query.get("q") or "", tolerance)
    is_lenient = query.get("matchingStrategy", "last") == "last"
    found = {}
    for id_, document in index.documents.items():
        if fits(document) and (key := _key(index, question, id_, sort, is_lenient=is_lenient)) is not None:
            found[id_] = key
    return found


def _key(index: Index, question: Question, id_: str, sort: list[str], *, is_lenient: bool) -> Key | None:
    """What a document is ranked by, in the order of the rules; None: it does not answer."""
    texts, terms = index.texts[id_], question.terms
    if is_excluded(question, texts):
        return None
    least = 1 if is_lenient and terms else len(terms)
    for many in range(len(terms), least - 1, -1):
        how = fit(question, terms[:many], texts) if terms else (0, 0, 0, 0, 0)
        if how is not None:
            parts = {name: how[place - 1] for name, place in SCORES.items()}
            parts |= {"words": len(terms) - many}
            by = {"sort": sort_key(index.documents[id_], sort)}
            return tuple(by.get(rule, parts.get(rule, 0)) for rule in index.settings["rankingRules"])
    return None


def _page(ranked: list[Any], asked: Mapping[str, Any], most: int, *, is_capped: bool = True) -> tuple[list[Any], Any]:
    """The hits of a page, and what is said of pages. Nothing lies beyond `most`, but in a federation it is counted."""
    total = min(len(ranked), most) if is_capped else len(ranked)
    if asked.get("page") is None and asked.get("hitsPerPage") is None:
        start, size = asked.get("offset", 0), asked.get("limit", 20)
        return ranked[:most][start : start + size], {"offset": start, "limit": size, "estimatedTotalHits": total}
    page, size = asked.get("page", 1), asked.get("hitsPerPage", 20)
    start = max(page - 1, 0) * size
    told = {"page": page, "hitsPerPage": size, "totalHits": total, "totalPages": -(-total // size) if size else 0}
    return ranked[:most][start : start + size if page else start], told


def _shown(index: Index, document: Document, query: Mapping[str, Any]) -> Document:
    """What may be seen of a document, and was asked for."""
    wanted, allowed = query.get("attributesToRetrieve", ["*"]), index.settings["displayedAttributes"]
    return {
        name: value
        for name, value in document.items()
        if (allowed == ["*"] or name in allowed) and (wanted == ["*"] or name in wanted)
    }
