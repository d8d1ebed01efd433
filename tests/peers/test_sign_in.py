"""Honest sign-ins at an independent provider: who comes in, and what the application really sends."""

import hashlib
import time
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.peers.open_id import LEVEL, SECRET, Peer, unpacked
from tests.peers.visitor import AUDIENCE, Site, Visitor, query_of

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ENTRANCES = pytest.mark.parametrize("entrance", AUDIENCE)


@pytest.mark.parametrize(
    ("entrance", "person", "home", "name"),
    [
        ("aanbieder", "debrug", "/aanbieder", "Academie De Brug"),
        ("commissie", "jansen", "/commissie", "R. Jansen"),
        ("commissie", "bakker", "/commissie", "T. Bakker"),
        ("leraar", "devries", "/dossier", "S. de Vries"),
    ],
)
def test_everybody_comes_in_through_their_own_entrance(
    visitor: Visitor, entrance: str, person: str, home: str, name: str
) -> None:
    page = visitor.sign_in(entrance, person)
    assert page.status_code == 200
    assert page.url.startswith(visitor.site.address + home)
    assert f"Ingelogd als <b>{name}</b></span>" in page.text
    assert visitor.site.entries()[-1] == ("sign-in.started", f"account:{AUDIENCE[entrance]}", "done")
    assert [other for other in AUDIENCE if visitor.is_in(other)] == [entrance]


@pytest.mark.parametrize(
    ("person", "header"),
    [
        ("branch", "<b>Academie De Brug</b>, vestiging 000012345678</span>"),
        ("chain", "<b>Academie De Brug</b>, via een tussenpersoon (KvK-nummer 90000102)</span>"),
        ("represents", "<b>KvK 90100011</b>, via een tussenpersoon (KvK-nummer 90000102)</span>"),
        ("loa2plus", "<b>Academie De Brug</b></span>"),
    ],
)
def test_the_header_says_for_whom_one_acts_and_through_whom(visitor: Visitor, person: str, header: str) -> None:
    assert header in visitor.sign_in("aanbieder", person).text


def test_a_name_is_shown_and_never_run(visitor: Visitor, peer: Peer) -> None:
    peer.forge(lambda claims: claims.update(name="<script>alert(1)</script>"))
    page = visitor.sign_in("leraar").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_one_returns_to_the_page_that_asked(visitor: Visitor) -> None:
    page = visitor.sign_in("commissie", naar="/commissie?wie=mine")
    assert page.url == f"{visitor.site.address}/commissie?wie=mine"


@ENTRANCES
def test_the_request_binds_the_code_to_a_verifier_that_only_we_know(visitor: Visitor, entrance: str) -> None:
    visitor.sign_in(entrance)
    (asked,), (exchange,) = (visitor.site.peer.interceptor.seen(path) for path in ("/auth", "/token"))
    verifier = exchange.form["code_verifier"]
    assert 43 <= len(verifier) <= 128
    challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    assert (asked.query["code_challenge"], asked.query["code_challenge_method"]) == (challenge, "S256")
    back = f"{visitor.site.address}/inloggen/{entrance}/terug"
    assert (asked.query["redirect_uri"], exchange.form["redirect_uri"]) == (back, back)
    assert (asked.query["response_type"], asked.query["scope"]) == ("code", "openid")
    assert exchange.form["grant_type"] == "authorization_code"


def test_state_nonce_and_challenge_are_long_and_never_the_same_twice(visitor: Visitor) -> None:
    sent = [query_of(visitor.request_to_provider(entrance)) for entrance in AUDIENCE for _ in range(10)]
    for name in ("state", "nonce", "code_challenge"):
        values = {query[name] for query in sent}
        assert len(values) == len(sent)
        assert all(len(urlsafe_b64decode(value + "==")) * 8 >= 128 for value in values)
    assert not {query["state"] for query in sent} & {query["nonce"] for query in sent}


def test_only_providers_are_asked_for_a_level_and_it_is_that_of_the_policy(visitor: Visitor) -> None:
    levels = {entrance: query_of(visitor.request_to_provider(entrance)).get("acr_values") for entrance in AUDIENCE}
    assert levels == {"aanbieder": LEVEL + "loa2plus", "commissie": None, "leraar": None}


def published(site: Site) -> KeySet:
    keys = requests.get(f"{site.address}/.well-known/jwks.json", timeout=5).json()
    assert all(set(key) == {"kty", "n", "e", "kid", "use"} and key["use"] == "sig" for key in keys["keys"])
    return KeySet.import_key_set(keys)


def assertions(visitor: Visitor, entrance: str, times: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Header and claims of the proofs that were sent, each checked against the keys that we publish."""
    keys = published(visitor.site)
    for _ in range(times):
        visitor.sign_in(entrance)
    found = []
    for exchange in visitor.site.peer.interceptor.seen("/token"):
        assert exchange.form["client_assertion_type"] == JWT_BEARER
        assert not {"client_id", "client_secret"} & set(exchange.form)
        assert "Authorization" not in exchange.headers
        token = jwt.decode(exchange.form["client_assertion"], keys, algorithms=["PS256", "RS256"])
        found.append((token.header, token.claims))
    return found


@pytest.mark.parametrize(
    ("entrance", "client_id", "algorithm"),
    [("aanbieder", "registeruur-eherkenning", "PS256"), ("commissie", "registeruur-staff", "RS256")],
)
def test_we_prove_who_we_are_with_our_own_key_and_anew_each_time(
    visitor: Visitor, entrance: str, client_id: str, algorithm: str
) -> None:
    first = published(visitor.site).keys[0].kid
    sent = assertions(visitor, entrance, times=2)
    for header, claims in sent:
        assert (header["alg"], header["kid"]) == (algorithm, first)
        assert (claims["iss"], claims["sub"]) == (client_id, client_id)
        assert claims["aud"] == f"{visitor.site.peer.issuer}/token"
        assert time.time() < claims["exp"] <= time.time() + 300
        assert abs(claims["iat"] - time.time()) < 60
    assert len({claims["jti"] for _, claims in sent}) == 2


def test_the_proof_is_named_by_no_secret_at_all(visitor: Visitor) -> None:
    visitor.sign_in("aanbieder")
    (exchange,) = visitor.site.peer.interceptor.seen("/token")
    assert set(exchange.form) == {
        "grant_type", "code", "redirect_uri", "code_verifier", "client_assertion_type", "client_assertion",
    }  # fmt: skip
    _, claims = unpacked(exchange.form["client_assertion"])
    assert set(claims) == {"iss", "sub", "aud", "exp", "iat", "jti"}


def test_a_secret_travels_in_the_header_and_nowhere_else(visitor: Visitor) -> None:
    visitor.sign_in("leraar")
    (exchange,) = visitor.site.peer.interceptor.seen("/token")
    basic = b64encode(f"registeruur-teacher:{SECRET}".encode()).decode()
    assert exchange.headers["Authorization"] == f"Basic {basic}"
    assert set(exchange.form) == {"grant_type", "code", "redirect_uri", "code_verifier"}
    assert SECRET not in "".join(
        f"{seen.path}{seen.query}{seen.form}" for seen in visitor.site.peer.interceptor.requests
    )


def in_the_cookie(visitor: Visitor) -> dict[str, Any]:
    """What the browser carries for us, which anybody who holds it can read."""
    serializer = visitor.site.app.session_interface.get_signing_serializer(visitor.site.app)  # type: ignore[attr-defined]
    found: dict[str, Any] = serializer.loads(visitor.cookie)
    return found


@ENTRANCES
def test_the_cookie_carries_nothing_of_the_provider_and_no_verifier(visitor: Visitor, entrance: str) -> None:
    sent = query_of(visitor.request_to_provider(entrance))
    assert in_the_cookie(visitor) == {"signing_in": [hashlib.sha256(sent["state"].encode()).hexdigest()]}
    visitor.sign_in(entrance)
    held = in_the_cookie(visitor)
    assert set(held) <= {"token", "csrf_token"}
    (row,) = visitor.site.sessions()
    assert row.token_hash == hashlib.sha256(held["token"].encode()).hexdigest()
    assert held["token"] not in str(vars(row))


def test_scripts_cannot_read_the_cookie_and_other_sites_cannot_make_it_go_along(visitor: Visitor) -> None:
    back = visitor.peek(visitor.way_back("leraar"))
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(back.headers["Set-Cookie"].split("; "))
    assert (back.headers["Cache-Control"], back.headers["Referrer-Policy"]) == ("no-store", "same-origin")


def test_the_session_changes_at_sign_in_and_at_each_further_one(visitor: Visitor, other: Visitor) -> None:
    back = visitor.way_back("leraar")
    planted = [visitor.cookie]
    for _ in range(2):
        visitor.get(back)
        assert visitor.is_in("leraar")
        planted.append(visitor.cookie)
        back = visitor.way_back("leraar")
    assert len(set(planted)) == 3
    for cookie in planted[:2]:
        other.browser.cookies.set("session", cookie, domain="127.0.0.1")
        assert not other.is_in("leraar")
        other.browser.cookies.clear()
