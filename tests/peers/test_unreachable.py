"""A provider that is down, slow, or talks rubbish: the person hears so in Dutch, and the application stays well."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from tests.peers.interceptor import Answer
from tests.peers.open_id import Peer
from tests.peers.visitor import AUDIENCE, Site, Visitor, assert_refused

DISCOVERY = "/.well-known/openid-configuration"
UNREACHABLE, REFUSED = "sign-in-unreachable", "sign-in-token-refused"
PATIENCE = 5  # seconds that we wait for a provider
Happening = Callable[[Peer], None]


def says(path: str, body: str, status: int = 200, kind: str = "application/json") -> Happening:
    return lambda peer: peer.interceptor.answer(path, status, body.encode(), kind=kind)


def hangs_up(path: str) -> Happening:
    return lambda peer: peer.interceptor.refuse(path)


def tells(**changes: object) -> Happening:
    """Another discovery document."""
    return lambda peer: peer.edit(DISCOVERY, lambda document: document | changes)


def bytes_at(path: str) -> Happening:
    return lambda peer: peer.interceptor.tamper(path, lambda _: Answer(200, [], b"\xff\xfe\x00"))


AT_THE_START: Mapping[str, Happening] = {
    "it hangs up": hangs_up(DISCOVERY),
    "it has a fault": says(DISCOVERY, "{}", 500),
    "it is closed for maintenance": says(DISCOVERY, "<p>later</p>", 503, "text/html"),
    "it knows no such page": says(DISCOVERY, "{}", 404),
    "it sends a page with an apology": says(DISCOVERY, "<p>sorry</p>", 200, "text/html"),
    "it sends a list": says(DISCOVERY, "[]"),
    "it sends nothing": says(DISCOVERY, ""),
    "it sends bytes": bytes_at(DISCOVERY),
    "it is another issuer": tells(issuer="https://evil.example"),
    "it is no issuer": tells(issuer=None),
    "it has no token endpoint": tells(token_endpoint=None),
    "its address to go to is a script": tells(authorization_endpoint="javascript:alert(1)"),
    "its address to go to is a list": tells(authorization_endpoint=["https://evil.example"]),
    "its keys are a file": tells(jwks_uri="file:///etc/passwd"),
}


@pytest.mark.parametrize("happens", AT_THE_START.values(), ids=AT_THE_START)
def test_nobody_is_sent_to_a_provider_of_which(visitor: Visitor, peer: Peer, happens: Happening) -> None:
    happens(peer)
    page = visitor.sign_in("leraar")
    assert_refused(visitor, page, "leraar", UNREACHABLE, status=503, says="Probeer het over een paar minuten opnieuw.")


AT_THE_RETURN: Mapping[str, tuple[Happening, int, str]] = {
    "the exchange hangs up": (hangs_up("/token"), 503, UNREACHABLE),
    "the exchange has a fault": (says("/token", "{}", 500), 503, UNREACHABLE),
    "the exchange is too busy": (says("/token", "<p>later</p>", 429, "text/html"), 503, UNREACHABLE),
    "the exchange refuses": (says("/token", '{"error": "invalid_grant"}', 400), 403, REFUSED),
    "the exchange refuses with a list": (says("/token", '{"error": [], "error_description": {}}', 400), 403, REFUSED),
    "the exchange is a page": (says("/token", "<p>sorry</p>", 200, "text/html"), 403, REFUSED),
    "the exchange is a list": (says("/token", "[]"), 403, REFUSED),
    "the exchange is null": (says("/token", "null"), 403, REFUSED),
    "the exchange is empty": (says("/token", "{}"), 403, REFUSED),
    "the exchange is bytes": (bytes_at("/token"), 403, REFUSED),
    "the keys hang up": (hangs_up("/jwks"), 503, UNREACHABLE),
    "the keys have a fault": (says("/jwks", "{}", 500), 503, UNREACHABLE),
    "the keys are a page": (says("/jwks", "<p>sorry</p>", 200, "text/html"), 503, UNREACHABLE),
    "the keys are a list": (says("/jwks", "[]"), 503, UNREACHABLE),
    "the keys are bytes": (bytes_at("/jwks"), 503, UNREACHABLE),
    "the keys are no keys": (says("/jwks", "{}"), 503, UNREACHABLE),
    "the keys are none": (says("/jwks", '{"keys": []}'), 503, UNREACHABLE),
    "the keys are words": (says("/jwks", '{"keys": ["rubbish"]}'), 503, UNREACHABLE),
    "the keys are of no kind": (says("/jwks", '{"keys": [{"kid": "peer"}]}'), 503, UNREACHABLE),
    "the keys lack their numbers": (says("/jwks", '{"keys": [{"kty": "RSA", "kid": "peer"}]}'), 503, UNREACHABLE),
}


@pytest.mark.parametrize(("happens", "status", "code"), AT_THE_RETURN.values(), ids=AT_THE_RETURN)
def test_nobody_comes_in_when(visitor: Visitor, peer: Peer, happens: Happening, status: int, code: str) -> None:
    back = visitor.way_back("leraar")
    happens(peer)
    assert_refused(visitor, visitor.get(back), "leraar", code, status=status)


@pytest.mark.parametrize("entrance", AUDIENCE)
def test_a_provider_that_is_down_is_down_for_one_audience_only(visitor: Visitor, peer: Peer, entrance: str) -> None:
    peer.interceptor.refuse(DISCOVERY)
    assert_refused(visitor, visitor.sign_in(entrance), entrance, UNREACHABLE, status=503)
    other = next(other for other in AUDIENCE if other != entrance)
    visitor.sign_in(other)
    assert visitor.is_in(other)


def test_a_provider_that_came_back_is_found_after_a_short_rest(visitor: Visitor, site: Site, peer: Peer) -> None:
    peer.interceptor.refuse(DISCOVERY)
    for _ in range(3):
        assert_refused(visitor, visitor.sign_in("leraar"), "leraar", UNREACHABLE, status=503)
    assert len(peer.interceptor.seen(DISCOVERY)) == 1
    site.later(6)
    visitor.sign_in("leraar")
    assert visitor.is_in("leraar")


def test_while_a_provider_hangs_people_hear_so_in_time_and_nobody_waits_for_somebody_else(
    visitor: Visitor, other: Visitor, site: Site, peer: Peer
) -> None:
    back = visitor.way_back("leraar")
    peer.interceptor.hang("/token")
    peer.interceptor.hang(DISCOVERY, lasting=True)
    began = time.monotonic()
    with ExitStack() as doors, ThreadPoolExecutor(5) as pool:
        at_the_exchange = pool.submit(visitor.get, back)
        while not peer.interceptor.seen("/token"):
            time.sleep(0.01)  # else somebody else may be the one whose exchange hangs
        newcomers = [doors.enter_context(Visitor(site)) for _ in range(4)]
        at_the_start = [pool.submit(newcomer.sign_in, "commissie") for newcomer in newcomers]
        other.sign_in("leraar")
        assert other.is_in("leraar")
        assert time.monotonic() - began < PATIENCE
        pages = [waiting.result() for waiting in (at_the_exchange, *at_the_start)]
    assert PATIENCE - 0.5 < time.monotonic() - began < 2 * PATIENCE
    assert [page.status_code for page in pages] == [503] * 5
    assert all("Opnieuw inloggen" in page.text for page in pages)
    refused = ("sign-in.refused", "account:teacher", UNREACHABLE)
    assert refused in site.entries()[-5:]
    assert not visitor.is_in("leraar")
