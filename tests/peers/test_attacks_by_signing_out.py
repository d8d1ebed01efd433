"""Logout tokens that are forged, replayed or meant for others end no session; the answer is JSON, as programs want."""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import requests

from tests.peers.open_id import Claims, Peer, rsa_key
from tests.peers.visitor import AUDIENCE, CLIENT, Site, Visitor

EVENT = "http://schemas.openid.net/event/backchannel-logout"
REFUSED = ("sign-in.logout-refused", "account:teacher", "logout-refused")
Make = Callable[[Site], str]


def logout_claims(site: Site, **changes: Any) -> Claims:
    """What the provider would say about the only session of the teacher; None leaves a claim out."""
    (row,) = site.sessions()
    now = int(time.time())
    usual = {
        "iss": site.peer.issuer,
        "aud": CLIENT["leraar"],
        "iat": now,
        "exp": now + 120,
        "jti": secrets.token_hex(8),
        "sub": row.provider_subject,
        "sid": row.sid,
        "events": {EVENT: {}},
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


def tell(site: Site, token: str, entrance: str = "leraar") -> requests.Response:
    """As the provider itself does it: without a browser."""
    return requests.post(f"{site.address}/inloggen/{entrance}/afmelden", data={"logout_token": token}, timeout=10)


def signed(how: Mapping[str, Any] | None = None, **changes: Any) -> Make:
    """A logout token with other claims, or signed otherwise."""
    return lambda site: site.peer.sign(logout_claims(site, **changes), **{"typ": "logout+jwt", **(how or {})})


def aged(**ages: int) -> Make:
    """A logout token whose times lie so many seconds back, counted from when it is made."""

    def make(site: Site) -> str:
        times: dict[str, Any] = {name: int(time.time()) - age for name, age in ages.items()}
        return signed(**times)(site)

    return make


def from_public_key(site: Site) -> str:
    return signed({"alg": "HS256", "key": site.peer.key.as_pem(private=False)})(site)


def own_id_token(site: Site) -> str:
    return site.sessions()[0].id_token


def half_an_id_token(site: Site) -> str:
    """All that a logout token has, and the nonce that tells it from an id token."""
    return signed(nonce="the-nonce")(site)


HARMLESS: Mapping[str, Make] = {
    "of the usual kind": signed(),
    "that names the session only": signed(sub=None),
    "that names the person only": signed(sid=None),
    "of the type of any token": signed({"typ": "JWT"}),
    "with the other algorithm": signed({"alg": "RS256"}),
    "for us alone, as a list": signed(aud=[CLIENT["leraar"]]),
    "that was four minutes on its way": aged(iat=240),
    "without an end": signed(exp=None),
}
FORGED: Mapping[str, Make] = {
    "signed by a stranger": signed({"key": rsa_key("stranger")}),
    "signed by nobody": signed({"alg": "none"}),
    "signed with the public key as a secret": from_public_key,
    "with a key of a name that nobody knows": signed({"key": rsa_key("stranger"), "kid": "stranger"}),
    "of another type": signed({"typ": "at+jwt"}),
    "of another issuer": signed(iss="https://evil.example"),
    "of no issuer": signed(iss=None),
    "for another entrance": signed(aud=CLIENT["commissie"]),
    "for somebody else": signed(aud="tester", azp=CLIENT["leraar"]),
    "for us and somebody else": signed(aud=[CLIENT["leraar"], "tester"]),
    "for nobody": signed(aud=None),
    "with a nonce": half_an_id_token,
    "without events": signed(events=None),
    "with another event": signed(events={"http://schemas.openid.net/event/other": {}}),
    "with an event that is no object": signed(events={EVENT: True}),
    "with a list of events": signed(events=[EVENT]),
    "with the word for the event": signed(events=EVENT),
    "of ten minutes ago": aged(iat=600),
    "of ten minutes from now": aged(iat=-600),
    "that has ended": aged(exp=60),
    "that ends some day": signed(exp="tomorrow"),
    "of no time": signed(iat=None),
    "of some time": signed(iat="today"),
    "without a name of its own": signed(jti=None),
    "with a number for a name": signed(jti=5),
    "with a name of its own that cannot be written": signed(jti="\ud800"),
    "about nobody": signed(sub=None, sid=None),
    "about a list": signed(sub=["devries"]),
    "about an empty name": signed(sub="", sid=None),
    "about somebody whose name cannot be written": signed(sub="\ud800"),
    "that is an id token": own_id_token,
    "that is empty": lambda _: "",
    "that is rubbish": lambda _: "rubbish",
    "that is rubbish in three parts": lambda _: "é.é.é",
    "that has too many parts": lambda _: "a.b.c.d.e",
    "that is very long": lambda _: "a" * 200_000,
}


@pytest.mark.parametrize("make", FORGED.values(), ids=FORGED)
def test_nobody_is_signed_out_by_a_token(visitor: Visitor, site: Site, make: Make) -> None:
    visitor.sign_in("leraar")
    answer = tell(site, make(site))
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/json")
    assert answer.json()["error"] == "invalid_request"
    assert answer.headers["Cache-Control"] == "no-store"
    assert visitor.is_in("leraar")
    assert site.entries()[-1] == REFUSED


@pytest.mark.parametrize("make", HARMLESS.values(), ids=HARMLESS)
def test_one_is_signed_out_by_a_token(visitor: Visitor, site: Site, make: Make) -> None:
    visitor.sign_in("leraar")
    assert tell(site, make(site)).status_code == 200
    assert not visitor.is_in("leraar")
    assert site.entries()[-1] == ("sign-in.ended-by-provider", "account:teacher", "done")


@pytest.mark.parametrize("kid", ["next", "peer"], ids=["a name of its own", "the name of the old one"])
def test_one_is_signed_out_by_a_token_with_a_new_key_under(visitor: Visitor, site: Site, peer: Peer, kid: str) -> None:
    """At the sign-in, too, a key that was changed under its name is fetched anew."""
    visitor.sign_in("leraar")
    key = rsa_key("next").as_dict(private=False) | {"kid": kid}
    peer.interceptor.answer("/jwks", 200, json.dumps({"keys": [key]}).encode(), lasting=True)
    site.later(61)
    assert tell(site, signed({"key": rsa_key("next"), "kid": kid})(site)).status_code == 200
    assert not visitor.is_in("leraar")


def test_a_token_works_once(visitor: Visitor, site: Site) -> None:
    visitor.sign_in("leraar")
    token = signed(sid=None)(site)
    assert tell(site, token).status_code == 200
    visitor.sign_in("leraar")
    answer = tell(site, token)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert visitor.is_in("leraar")
    assert site.entries()[-1] == REFUSED


def test_a_token_under_another_signature_is_still_the_same_token(visitor: Visitor, site: Site) -> None:
    visitor.sign_in("leraar")
    claims = logout_claims(site, sid=None)
    assert tell(site, site.peer.sign(claims)).status_code == 200
    visitor.sign_in("leraar")
    assert tell(site, site.peer.sign(claims, alg="RS256")).status_code == 400
    assert visitor.is_in("leraar")


@pytest.mark.parametrize("entrance", [entrance for entrance in AUDIENCE if entrance != "leraar"])
def test_a_token_for_one_entrance_ends_nothing_at_another(visitor: Visitor, site: Site, entrance: str) -> None:
    visitor.sign_in("leraar")
    assert tell(site, signed()(site), entrance).status_code == 400
    assert tell(site, signed(aud=CLIENT[entrance])(site), entrance).status_code == 200
    assert visitor.is_in("leraar")


def test_a_token_about_somebody_else_ends_nothing_of_ours(visitor: Visitor, site: Site) -> None:
    visitor.sign_in("leraar")
    for changes in ({"sub": "jansen"}, {"sid": "another"}, {"sub": "jansen", "sid": None}):
        assert tell(site, signed(**changes)(site)).status_code == 200
    assert visitor.is_in("leraar")


def test_only_a_posted_form_counts(visitor: Visitor, site: Site) -> None:
    visitor.sign_in("leraar")
    address = f"{site.address}/inloggen/leraar/afmelden"
    token = signed()(site)
    assert requests.get(address, {"logout_token": token}, timeout=5).status_code == 405
    assert requests.post(f"{address}?logout_token={token}", timeout=5).status_code == 400
    assert requests.post(address, json={"logout_token": token}, timeout=5).status_code == 400
    assert tell(site, token, "directie").status_code == 404
    assert visitor.is_in("leraar")


def test_a_token_is_not_believed_while_the_keys_cannot_be_fetched(visitor: Visitor, site: Site, peer: Peer) -> None:
    visitor.sign_in("leraar")
    token = signed()(site)
    site.forget_the_provider()
    peer.interceptor.refuse("/jwks")
    answer = tell(site, token)
    assert answer.status_code == 503
    assert visitor.is_in("leraar")
    site.later(6)
    assert tell(site, token).status_code == 200
    assert not visitor.is_in("leraar")
