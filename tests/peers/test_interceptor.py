"""The interceptor does what a test asks of it, and complains about what nobody met."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests

from tests.peers.interceptor import Answer, Interceptor


@pytest.fixture
def behind() -> Iterator[Interceptor]:
    """A server that says one thing, with two cookies."""
    said = Answer(200, [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Location", "/there")], b"honest")
    with Interceptor() as behind:
        behind.tamper("/page", lambda _: said, lasting=True)
        yield behind


@pytest.fixture
def front(behind: Interceptor) -> Iterator[Interceptor]:
    with Interceptor() as front:
        front.upstream = behind.server_port
        yield front


def get(front: Interceptor, timeout: float = 5) -> requests.Response:
    return requests.get(f"{front.address}/page", timeout=timeout)


def test_an_answer_passes_unchanged_and_the_server_hears_the_address_of_the_front(
    front: Interceptor, behind: Interceptor
) -> None:
    page = requests.post(f"{front.address}/page?x=1", data={"y": "é"}, timeout=5)
    assert (page.text, page.headers["Location"], dict(page.cookies)) == ("honest", "/there", {"a": "1", "b": "2"})
    (seen,) = behind.seen("/page")
    assert (seen.method, seen.query, seen.form) == ("POST", {"x": "1"}, {"y": "é"})
    assert seen.headers["Host"] == seen.headers["X-Forwarded-Host"] == front.address.removeprefix("http://")
    assert replace(front.seen("/page")[0], headers={}) == replace(seen, headers={})


def test_a_change_counts_once_unless_it_is_lasting(front: Interceptor) -> None:
    front.tamper("/page", lambda answer: answer._replace(body=b"always"), lasting=True)
    front.tamper("/page", lambda answer: answer._replace(status=201, body=answer.body + b" once"))
    front.answer("/page", 500, b"rubbish")
    assert [(page.status_code, page.text) for page in (get(front) for _ in range(4))] == [
        (201, "honest once"),
        (500, "rubbish"),
        (200, "always"),
        (200, "always"),
    ]
    front.reset()
    assert get(front).text == "honest"


def test_a_refused_request_gets_no_answer(front: Interceptor) -> None:
    front.refuse("/page")
    with pytest.raises(requests.ConnectionError):
        get(front)
    assert get(front).text == "honest"


def test_a_held_answer_lets_the_one_who_asks_wait(front: Interceptor) -> None:
    front.hang("/page")
    with pytest.raises(requests.Timeout):
        get(front, timeout=0.1)
    front.hang("/page", 0.01)
    assert get(front).text == "honest"


def test_a_change_that_nobody_met_is_a_mistake(front: Interceptor) -> None:
    front.refuse("/pgae")
    with pytest.raises(AssertionError, match="/pgae"):
        front.reset()
    front.reset()
