"""What the double of Meilisearch promises, as it is published of the real one: everything else rests on this."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.peers.meilisearch import MASTER, Double, serving
from tests.peers.meilisearch_engine import slips_between
from tests.peers.meilisearch_filters import WrongFilter, compiled
from tests.peers.meilisearch_words import Question, Term

TYPOS = {"oneTypo": 5, "twoTypos": 9}
BOTH = {"equality": True, "comparison": True}
FEATURES = {"n": BOTH, "tag": {"equality": True, "comparison": False}}
TITLES = ["E-learning maken", "Leren maken", "Lezen is leven", "Klassenmanagement", "Klassen management"]
SETTINGS = {
    "searchableAttributes": ["title", "text"],
    "filterableAttributes": ["n"],
    "sortableAttributes": ["n"],
    "faceting": {"maxValuesPerFacet": 2, "sortFacetValuesBy": {"*": "count"}},
    "pagination": {"maxTotalHits": 3},
}


class Client:
    """Plain HTTP, as anybody would send it."""

    def __init__(self, double: Double) -> None:
        self._double, self.session = double, requests.Session()

    def ask(self, method: str, path: str, body: Any = None, key: str | None = MASTER, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        given = {"json": body} if body is not None else {}
        answer = self.session.request(method, f"{self._double.address}{path}", headers=headers, **given, **more)
        return answer.status_code, answer.json()

    def done(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """The task, when it is over."""
        status, told = self.ask(method, path, body)
        assert (status, told["status"]) == (202, "enqueued")
        while True:
            _, task = self.ask("GET", f"/tasks/{told['taskUid']}")
            if task["finishedAt"]:
                found: dict[str, Any] = task
                return found
            time.sleep(0.002)

    def found(self, q: str, **more: Any) -> list[int]:
        status, told = self.ask("POST", "/indexes/u/search", {"q": q, **more})
        assert status == 200, told
        return [hit["id"] for hit in told["hits"]]


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """With an index of some titles."""
    with serving() as double:
        client = Client(double)
        with client.session:
            assert client.done("PATCH", "/indexes/u/settings", SETTINGS)["status"] == "succeeded"
            documents = [{"id": i, "title": title, "n": [i, i * 10]} for i, title in enumerate(TITLES)]
            assert client.done("POST", "/indexes/u/documents?primaryKey=id", documents)["status"] == "succeeded"
            yield client
        double.faults.clear()  # these questions are not those of the register


@pytest.mark.parametrize(
    ("q", "more", "ids"),
    [
        ("klassenmanagement", {}, [3, 4]),
        ("klassen management", {}, [4, 3]),
        ("klassenm", {}, [3, 4]),
        ("klassenm leven", {"matchingStrategy": "all"}, []),
        ("lezen klassenm", {}, [2, 1]),
        ("lezne", {}, [2]),
        ("lazen", {}, [2]),
        ("wezen", {}, []),
        ("zlassenmanagement", {}, [3]),
        ('"lezne"', {}, []),
        ('"leze"', {}, []),
        ('"is leven"', {}, [2]),
        ('"leven is"', {}, []),
        ("maken", {}, [1, 0]),
        ("maken -leren", {}, [0]),
        ("-9QF2", {}, [0, 1, 2]),
        ("elearning", {}, [0]),
        ("e-learning", {}, [0]),
        ("", {"sort": ["n:desc"]}, [4, 3, 2]),
        ("", {"filter": "n 15 TO 19"}, []),
        ("", {"filter": "n >= 15 AND n <= 19"}, [2, 3, 4]),
        ("", {"offset": 2}, [2]),
        ("", {"page": 2, "hitsPerPage": 2}, [2]),
    ],
)
def test_it_searches_as_published(client: Client, q: str, more: dict[str, Any], ids: list[int]) -> None:
    assert client.found(q, **more) == ids


@pytest.mark.parametrize(
    ("method", "path", "more", "status", "code"),
    [
        ("POST", "/indexes/u/search", {"body": {"q": ""}, "key": None}, 401, "missing_authorization_header"),
        ("POST", "/indexes/u/search", {"body": {"q": ""}, "key": "x"}, 403, "invalid_api_key"),
        ("POST", "/indexes/u/search", {"data": b"{}"}, 415, "missing_content_type"),
        ("POST", "/indexes/none/search", {"body": {"q": ""}}, 404, "index_not_found"),
        ("POST", "/multi-search", {"body": {"queries": [{"indexUid": "none"}]}}, 400, "index_not_found"),
        ("POST", "/indexes/u/search", {"body": {"filter": 'title = "x"'}}, 400, "invalid_search_filter"),
        ("POST", "/indexes/u/search", {"body": {"filter": "n = x y"}}, 400, "invalid_search_filter"),
        ("POST", "/indexes/u/search", {"body": {"sort": ["title:asc"]}}, 400, "invalid_search_sort"),
        ("POST", "/indexes/u/search", {"body": {"facets": ["title"]}}, 400, "invalid_search_facets"),
        ("PATCH", "/indexes/u/settings", {"body": {"rankingRules": ["best"]}}, 400, "invalid_settings_ranking_rules"),
        ("PATCH", "/indexes/u/settings", {"body": {"colour": 1}}, 400, "bad_request"),
        ("POST", "/indexes/u:v/documents", {"body": [{"id": 1}]}, 400, "invalid_index_uid"),
        ("GET", "/tasks/9999", {}, 404, "task_not_found"),
        ("POST", "/keys", {"body": {"actions": ["search"], "indexes": ["*"]}}, 400, "missing_api_key_expires_at"),
    ],
)
def test_it_refuses_as_published(client: Client, method: str, path: str, more: Any, status: int, code: str) -> None:
    told = client.ask(method, path, **more)
    assert (told[0], told[1]["code"]) == (status, code)
    assert set(told[1]) == {"message", "code", "type", "link"}


def test_totals_are_exact_by_page_and_end_at_the_limit(client: Client) -> None:
    _, told = client.ask("POST", "/indexes/u/search", {"q": "", "page": 1, "hitsPerPage": 2})
    assert (told["totalHits"], told["totalPages"]) == (3, 2)
    federation = {"page": 1, "hitsPerPage": 2, "facetsByIndex": {"u": ["n"]}}
    queries = [{"indexUid": "u", "q": q} for q in ("maken", "leren", "")]
    _, told = client.ask("POST", "/multi-search", {"queries": queries, "federation": federation})
    assert (told["totalHits"], [hit["id"] for hit in told["hits"]]) == (5, [1, 0])
    assert len(told["facetsByIndex"]["u"]["distribution"]["n"]) == 2


def test_in_a_federation_pages_and_facets_are_asked_once(client: Client) -> None:
    for more in ({"limit": 1}, {"facets": ["n"]}):
        status, told = client.ask("POST", "/multi-search", {"queries": [{"indexUid": "u", **more}], "federation": {}})
        assert (status, told["code"].startswith("invalid_multi_search_query_")) == (400, True)


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("DELETE", "/indexes/none", None, "index_not_found"),
        ("POST", "/indexes/none/documents/delete-batch", ["1"], "index_not_found"),
        ("POST", "/swap-indexes", [{"indexes": ["u", "none"]}], "index_not_found"),
        ("POST", "/swap-indexes", [{"indexes": ["u", "u"], "rename": True}], "index_already_exists"),
        ("POST", "/indexes/new/documents", [{"a": 1}], "index_primary_key_no_candidate_found"),
        ("POST", "/indexes/u/documents", [{"id": 9}, {"id": 1.5}], "invalid_document_id"),
    ],
)
def test_what_cannot_be_done_is_promised_and_fails_later(
    client: Client, method: str, path: str, body: Any, code: str
) -> None:
    task = client.done(method, path, body)
    assert (task["status"], task["error"]["code"]) == ("failed", code)
    assert client.ask("GET", "/indexes/u/stats")[1]["numberOfDocuments"] == len(TITLES)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("n = 5", True),
        ("n != 5", False),
        ("n IN [1, 5]", True),
        ("n NOT IN [5]", False),
        ("n > 5 OR n < 5", False),
        ("NOT n > 5", True),
        ("(n = 1 OR n = 5) AND tag = 'A b'", True),
        ('tag = "a \\"b"', False),
        ("tag EXISTS", True),
        ("n = 1 OR n = 5 AND n = 2", False),
        ("", True),
    ],
)
def test_a_filter_means_what_it_says(text: str, fits: bool) -> None:
    assert compiled(text, FEATURES)({"n": 5, "tag": ["A b", "c"]}) is fits


@pytest.mark.parametrize(
    "text",
    ["n", "n =", "n = 5 6", "(n = 5", "n IN 5", "other = 1", "tag > 1", "n > x", 'tag = "open', "tag = é", "n = 5)"],
)
def test_a_filter_that_is_wrong_is_refused(text: str) -> None:
    with pytest.raises(WrongFilter):
        compiled(text, FEATURES)


@pytest.mark.parametrize("wanted", [5, [["n = 1", ["n = 2"]]], [5]])
def test_filters_nest_twice_and_are_texts(wanted: Any) -> None:
    with pytest.raises(WrongFilter):
        compiled(wanted, FEATURES)
    assert compiled([["n = 1", "n = 5"], "n = 5"], FEATURES)({"n": 5})


@pytest.mark.parametrize(
    ("wanted", "word", "is_begun", "slips"),
    [
        ("lezen", "lezen", False, 0),
        ("lezen", "lzeen", False, 1),
        ("lezen", "leven", False, 1),
        ("lezen", "wezen", False, 2),
        ("lezen", "ezen", False, 2),
        ("lezen", "lezende", False, 2),
        ("lezen", "lezende", True, 0),
        ("lezem", "lezende", True, 1),
        ("lezen", "schrijven", False, 3),
    ],
)
def test_slips_are_counted_as_published(wanted: str, word: str, is_begun: bool, slips: int) -> None:
    assert slips_between(wanted, word, is_begun=is_begun) == slips


def test_a_question_holds_ten_words_and_only_the_last_is_a_beginning() -> None:
    question = Question("a b " * 8, TYPOS)
    assert len(question.terms) == 10
    assert Question("lezen le", TYPOS).terms == [Term(("lezen",), slips=1), Term(("le",), is_begun=True)]
    assert Question('lezen "le', TYPOS).terms[1] == Term(("le",), is_phrase=True)
