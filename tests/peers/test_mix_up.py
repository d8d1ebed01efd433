"""Two providers for two audiences: the one cannot speak for the other (RFC 9207 and more)."""

import secrets
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.peers.open_id import Peer, rsa_key
from tests.peers.visitor import CLIENT, Visitor, assert_refused, changed, query_of

EVENT = "http://schemas.openid.net/event/backchannel-logout"


@pytest.fixture(scope="module")
def second(node_modules: None, nothing_left_behind: None, application_address: str) -> Iterator[Peer]:
    """The provider of the staff, which has gone bad; it knows the names and secrets of all clients."""
    with Peer(application_address, key=rsa_key("second")) as second:
        yield second


@pytest.fixture(autouse=True)
def second_honest_again(second: Peer) -> Iterator[None]:
    yield
    second.interceptor.reset()


@pytest.fixture(scope="module")
def more_settings(second: Peer) -> dict[str, Any]:
    return {"staff_issuer": second.issuer}


def logout_claims(issuer: str, client_id: str, subject: str) -> dict[str, Any]:
    now = int(time.time())
    return {
        "iss": issuer,
        "aud": client_id,
        "iat": now,
        "jti": secrets.token_hex(8),
        "sub": subject,
        "events": {EVENT: {}},
    }


def at(provider: Peer, request: str) -> str:
    """The same request, at another provider."""
    return urlsplit(request)._replace(netloc=urlsplit(provider.issuer).netloc).geturl()


def test_each_provider_lets_its_own_people_in(visitor: Visitor, other: Visitor, peer: Peer, second: Peer) -> None:
    visitor.sign_in("leraar")
    other.sign_in("commissie")
    assert (visitor.is_in("leraar"), other.is_in("commissie")) == (True, True)
    assert [len(provider.interceptor.seen("/token")) for provider in (peer, second)] == [1, 1]


@pytest.mark.parametrize("how", ["honest about who it is", "silent about who it is"])
def test_a_provider_that_answers_for_another_one_is_noticed_before_a_code_is_sent(
    visitor: Visitor, peer: Peer, second: Peer, how: str
) -> None:
    """The attacker led the browser to a provider that it owns; we would send the code to the other one."""
    back = visitor.follow_to_provider(at(second, visitor.request_to_provider("leraar")))
    assert query_of(back)["iss"] == second.issuer
    page = visitor.get(back if how.startswith("honest") else changed(back, iss=None))
    assert_refused(visitor, page, "leraar")
    assert peer.interceptor.seen("/token") == second.interceptor.seen("/token") == []


def test_a_provider_that_lies_about_who_it_is_gets_no_further_than_its_code(
    visitor: Visitor, peer: Peer, second: Peer
) -> None:
    back = visitor.follow_to_provider(at(second, visitor.request_to_provider("leraar")))
    page = visitor.get(changed(back, iss=peer.issuer))
    assert_refused(visitor, page, "leraar")
    assert [request.form["code"] for request in peer.interceptor.seen("/token")] == [query_of(back)["code"]]
    assert second.interceptor.seen("/token") == []


def test_a_code_of_one_provider_is_never_sent_to_the_other(visitor: Visitor, peer: Peer, second: Peer) -> None:
    """The state belongs to one attempt, and the attempt to one provider."""
    back = visitor.way_back("leraar")
    staff = visitor.request_to_provider("commissie")
    swapped = (
        urlsplit(changed(back, state=query_of(staff)["state"]))._replace(path="/inloggen/commissie/terug").geturl()
    )
    assert_refused(visitor, visitor.get(swapped), "commissie")
    assert second.interceptor.seen("/token") == []


@pytest.mark.parametrize("kid", ["second", "peer"])
def test_a_token_signed_by_the_other_provider_is_refused(visitor: Visitor, peer: Peer, kid: str) -> None:
    peer.forge(key=rsa_key("second"), header={"kid": kid})
    assert_refused(visitor, visitor.sign_in("leraar"), "leraar")


def test_a_token_that_names_the_other_provider_is_refused(visitor: Visitor, peer: Peer, second: Peer) -> None:
    second.forge(lambda claims: claims.update(iss=peer.issuer))
    assert_refused(visitor, visitor.sign_in("commissie"), "commissie")


@pytest.mark.parametrize("kid", ["second", "peer"])
@pytest.mark.parametrize("entrance", ["leraar", "commissie"])
def test_the_other_provider_signs_nobody_out(
    visitor: Visitor, peer: Peer, second: Peer, entrance: str, kid: str
) -> None:
    visitor.sign_in("leraar")
    (row,) = visitor.site.sessions()
    for issuer in (peer.issuer, second.issuer):
        claims = logout_claims(issuer, CLIENT["leraar"], row.provider_subject)
        token = second.sign(claims, typ="logout+jwt", kid=kid)
        assert visitor.send(f"/inloggen/{entrance}/afmelden", logout_token=token).status_code == 400
    assert visitor.is_in("leraar")


def test_people_of_the_same_name_at_both_providers_are_two_people(
    visitor: Visitor, other: Visitor, peer: Peer, second: Peer
) -> None:
    visitor.sign_in("leraar")
    second.forge(lambda claims: claims.update(sub="devries"))
    other.sign_in("commissie")
    (row, _) = visitor.site.sessions()
    claims = logout_claims(second.issuer, CLIENT["commissie"], row.provider_subject)
    answer = visitor.send("/inloggen/commissie/afmelden", logout_token=second.sign(claims, typ="logout+jwt"))
    assert answer.status_code == 200
    assert (visitor.is_in("leraar"), other.is_in("commissie")) == (True, False)
