"""Keys change on both sides while people sign in, and nobody asks more often than needed."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
import requests
from joserfc.jwk import RSAKey

from core.sign_in.keys import ClientKeys
from tests.peers.interceptor import Answer
from tests.peers.open_id import Peer, rsa_key, signed, unpacked
from tests.peers.visitor import AUDIENCE, Site, Visitor, assert_refused

DISCOVERY = "/.well-known/openid-configuration"


def our_key_names(site: Site) -> list[str]:
    """The keys that we publish: the one in use and the next one."""
    keys = requests.get(f"{site.address}/.well-known/jwks.json", timeout=5).json()["keys"]
    return [key["kid"] for key in keys]


def key_used(visitor: Visitor) -> str:
    """The key with which we proved who we are at the last exchange."""
    header, _ = unpacked(visitor.site.peer.interceptor.seen("/token")[-1].form["client_assertion"])
    return str(header["kid"])


def by_the_command(site: Site) -> None:
    result = site.app.test_cli_runner().invoke(args=["keys", "rotate"])
    assert result.exit_code == 0, result.output
    assert our_key_names(site)[0] in result.output


def by_another_process(site: Site) -> None:
    ClientKeys(site.app.extensions["settings"].instance).rotate()


# Each at its own client: a provider keeps the keys of a client for a while, and cannot know one after the next one.
@pytest.mark.parametrize(("rotate", "entrance"), [(by_the_command, "aanbieder"), (by_another_process, "commissie")])
def test_after_a_change_of_our_keys_the_one_that_was_announced_signs(
    site: Site, visitor: Visitor, other: Visitor, rotate: Callable[[Site], None], entrance: str
) -> None:
    current, following = our_key_names(site)
    visitor.sign_in(entrance)
    assert key_used(visitor) == current
    rotate(site)
    other.sign_in(entrance)
    assert key_used(other) == following
    assert other.is_in(entrance)
    assert our_key_names(site)[0] == following
    assert our_key_names(site)[1] not in {current, following}


def fetched(site: Site) -> tuple[int, int]:
    """How often the provider was asked for its metadata and for its keys."""
    return len(site.peer.interceptor.seen(DISCOVERY)), len(site.peer.interceptor.seen("/jwks"))


def with_key(peer: Peer, key: RSAKey, kid: str = "") -> None:
    """The next token is signed with this key."""
    peer.forge(key=key, header={"kid": kid or key.kid})


def test_many_sign_ins_ask_once_where_things_are_and_which_keys_count(site: Site) -> None:
    for _ in range(4):
        with Visitor(site) as visitor:
            visitor.sign_in("leraar")
            assert visitor.is_in("leraar")
    assert fetched(site) == (1, 1)


def test_each_audience_asks_for_itself(site: Site, visitor: Visitor) -> None:
    for entrance in AUDIENCE:
        visitor.request_to_provider(entrance)
    assert fetched(site) == (len(AUDIENCE), 0)


def test_people_who_come_at_the_same_moment_let_us_ask_once(site: Site) -> None:
    with ExitStack() as doors, ThreadPoolExecutor(8) as pool:
        visitors = [doors.enter_context(Visitor(site)) for _ in range(8)]
        back = list(pool.map(lambda visitor: visitor.way_back("leraar"), visitors))
        assert fetched(site) == (1, 0)
        pages = list(pool.map(lambda pair: pair[0].get(pair[1]), zip(visitors, back, strict=True)))
        assert [page.status_code for page in pages] == [200] * 8
        assert fetched(site) == (1, 1)


@pytest.mark.parametrize("kept", [True, False], ids=["beside the old one", "in the place of the old one"])
def test_a_new_key_of_the_provider_is_fetched_once(site: Site, visitor: Visitor, peer: Peer, kept: bool) -> None:
    visitor.sign_in("leraar")
    peer.publish(*([peer.key] if kept else []), rsa_key("next"))
    site.later(61)
    before = fetched(site)
    for _ in range(3):
        with Visitor(site) as newcomer:
            with_key(peer, rsa_key("next"))
            newcomer.sign_in("leraar")
            assert newcomer.is_in("leraar")
    assert fetched(site) == (before[0] + 1, before[1] + 1)


def test_a_key_that_the_provider_withdrew_is_worth_nothing_after_the_next_fetch(
    site: Site, visitor: Visitor, other: Visitor, peer: Peer
) -> None:
    peer.publish(rsa_key("next"))
    with_key(peer, rsa_key("next"))
    visitor.sign_in("leraar")
    assert visitor.is_in("leraar")
    assert_refused(other, other.sign_in("leraar"), "leraar", sessions=1)


def test_tokens_with_unknown_keys_make_us_ask_once_a_minute_at_most(site: Site, visitor: Visitor, peer: Peer) -> None:
    visitor.sign_in("leraar")
    site.later(61)
    before = fetched(site)
    for number in range(4):
        with Visitor(site) as stranger:
            with_key(peer, rsa_key("stranger"), f"stranger-{number}")
            assert_refused(stranger, stranger.sign_in("leraar"), "leraar", sessions=1)
    assert fetched(site) == (before[0] + 1, before[1] + 1)


def test_whoever_posts_unknown_keys_for_signing_out_makes_us_ask_once_a_minute_at_most(
    site: Site, visitor: Visitor, peer: Peer
) -> None:
    visitor.sign_in("leraar")
    site.later(61)
    before = fetched(site)
    for number in range(4):
        token = peer.sign({"iss": peer.issuer}, key=rsa_key("stranger"), kid=f"stranger-{number}")
        answer = requests.post(f"{site.address}/inloggen/leraar/afmelden", data={"logout_token": token}, timeout=5)
        assert answer.status_code == 400
    assert fetched(site) == (before[0] + 1, before[1] + 1)


@pytest.mark.parametrize(
    "key",
    [
        {"kty": "AKP", "alg": "ML-DSA-65", "pub": "AQAB"},
        {"kty": "EC", "crv": "BP-256", "x": "AQAB", "y": "AQAB"},
        {"kty": "RSA", "use": "enc"},
    ],
    ids=["of a future kind", "on a curve that we do not know", "that lacks a part"],
)
def test_a_key_that_we_cannot_use_does_not_stand_in_the_way_of_the_others(
    visitor: Visitor, peer: Peer, key: dict[str, str]
) -> None:
    """RFC 7517, section 5: such keys are to be ignored."""
    peer.edit("/jwks", lambda found: {"keys": [key | {"kid": "other"}, *found["keys"]]})
    visitor.sign_in("leraar")
    assert visitor.is_in("leraar")


@pytest.mark.parametrize(
    "rubbish",
    [
        "a page with an apology",
        '["list"]',
        "{}",
        '{"keys": []}',
        '{"keys": ["rubbish"]}',
        '{"keys": [{"kty": "RSA"}]}',
        '{"error": "temporarily_unavailable"}',
    ],
)
def test_keys_that_were_rubbish_once_are_asked_for_again(
    site: Site, visitor: Visitor, other: Visitor, peer: Peer, rubbish: str
) -> None:
    peer.interceptor.answer("/jwks", 200, rubbish.encode())
    assert visitor.sign_in("leraar").status_code in {403, 503}
    site.later(61)
    other.sign_in("leraar")
    assert other.is_in("leraar")


@pytest.mark.parametrize("kid", [None, "peer"], ids=["no name", "the name of the old one"])
def test_a_new_key_that_says_nothing_about_itself_is_found_too(
    site: Site, visitor: Visitor, other: Visitor, peer: Peer, kid: str | None
) -> None:
    visitor.sign_in("leraar")
    next_key = rsa_key("next").as_dict(private=False) | {"kid": kid}
    body = {"keys": [{name: value for name, value in next_key.items() if value}]}
    peer.interceptor.answer("/jwks", 200, json.dumps(body).encode(), lasting=True)
    site.later(61)
    before = fetched(site)
    peer.edit("/token", lambda body: body | {"id_token": unnamed(body["id_token"], kid)})
    other.sign_in("leraar")
    assert other.is_in("leraar")
    assert fetched(site) == (before[0] + 1, before[1] + 1)


def unnamed(token: str, kid: str | None) -> str:
    """The same claims, signed with the next key under this name or none."""
    _, claims = unpacked(token)
    return signed(claims, {"alg": "PS256"} | ({"kid": kid} if kid else {}), rsa_key("next"))


def test_wrong_signatures_make_us_ask_once_a_minute_at_most(site: Site, visitor: Visitor, peer: Peer) -> None:
    visitor.sign_in("leraar")
    site.later(61)
    before = fetched(site)
    for _ in range(4):
        with Visitor(site) as stranger:
            with_key(peer, rsa_key("stranger"), peer.key.kid or "")
            assert_refused(stranger, stranger.sign_in("leraar"), "leraar", sessions=1)
    assert fetched(site) == (before[0] + 1, before[1] + 1)


@pytest.mark.parametrize("path", [DISCOVERY, "/jwks"])
def test_keys_that_we_have_still_count_while_the_provider_cannot_tell_new_ones(
    site: Site, visitor: Visitor, other: Visitor, peer: Peer, path: str
) -> None:
    visitor.sign_in("leraar")
    site.later(61)
    peer.interceptor.refuse(path)
    with_key(peer, rsa_key("stranger"))
    with Visitor(site) as stranger:
        assert_refused(stranger, stranger.sign_in("leraar"), "leraar", sessions=1)
    other.sign_in("leraar")
    assert other.is_in("leraar")


def slowly(answer: Answer, body: dict[str, Any]) -> Answer:
    """As slow as a provider may well be."""
    time.sleep(0.5)
    return answer._replace(body=json.dumps(body).encode())


def test_people_who_come_at_the_same_moment_with_a_new_key_all_come_in(
    site: Site, visitor: Visitor, peer: Peer
) -> None:
    visitor.sign_in("leraar")
    public = [key.as_dict(private=False) for key in (peer.key, rsa_key("next"))]
    peer.interceptor.tamper("/jwks", lambda answer: slowly(answer, {"keys": public}))
    site.later(61)
    with ExitStack() as doors, ThreadPoolExecutor(4) as pool:
        visitors = [doors.enter_context(Visitor(site)) for _ in range(4)]
        back = [visitor.way_back("leraar") for visitor in visitors]
        for _ in visitors:
            with_key(peer, rsa_key("next"))
        pages = list(pool.map(lambda pair: pair[0].get(pair[1]), zip(visitors, back, strict=True)))
    assert [page.status_code for page in pages] == [200] * 4
