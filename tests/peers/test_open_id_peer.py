"""The judge is judged first: what the independent provider grants, and what it refuses, to a bare client."""

import hashlib
import json
import os
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.errors import BadSignatureError

from tests.peers.interceptor import Interceptor
from tests.peers.open_id import (
    COMPANY,
    DUTCH_PROFILE,
    LEVEL,
    SECRET,
    WITH_SECRET,
    Peer,
    rsa_key,
    settings,
    submit,
    unpacked,
)

TESTER = ("tester", SECRET)
EVENT = "http://schemas.openid.net/event/backchannel-logout"


@pytest.fixture(scope="module")
def application() -> Iterator[Interceptor]:
    """Stands where an application would, and remembers who came by."""
    with Interceptor() as application:
        yield application


@pytest.fixture(scope="module")
def application_address(application: Interceptor) -> str:
    return application.address


@pytest.fixture(autouse=True)
def forgetful(application: Interceptor) -> Iterator[None]:
    """Each test starts with an application to which nobody came yet."""
    yield
    application.reset()


@pytest.fixture
def browser() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


@pytest.fixture
def verifier() -> str:
    return secrets.token_urlsafe(48)


def asking(peer: Peer, verifier: str, **changes: str) -> dict[str, str]:
    """An authorization request; an empty value leaves the parameter out."""
    challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "client_id": "tester",
        "redirect_uri": f"{peer.base_url}/inloggen/tester/terug",
        "response_type": "code",
        "scope": "openid",
        "state": "the-state",
        "nonce": "the-nonce",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "login_hint": "debrug",
    }
    return {name: value for name, value in (query | changes).items() if value}


def ask(browser: requests.Session, peer: Peer, verifier: str, **changes: str) -> requests.Response:
    return browser.get(f"{peer.issuer}/auth", params=asking(peer, verifier, **changes))


def brought_back(page: requests.Response) -> dict[str, str]:
    """The parameters with which the browser came back to the application."""
    assert urlsplit(page.url).path == "/inloggen/tester/terug", page.text
    return dict(parse_qsl(urlsplit(page.url).query))


def code_for(browser: requests.Session, peer: Peer, verifier: str, **changes: str) -> str:
    return brought_back(ask(browser, peer, verifier, **changes))["code"]


def exchange(
    peer: Peer, code: str, verifier: str, auth: tuple[str, str] | None = TESTER, **changes: str
) -> requests.Response:
    data = {
        "grant_type": "authorization_code",
        "code": code,
        "code_verifier": verifier,
        "redirect_uri": f"{peer.base_url}/inloggen/tester/terug",
    }
    data = {name: value for name, value in (data | changes).items() if value}
    return requests.post(f"{peer.issuer}/token", data=data, auth=auth, timeout=5)


def tokens(browser: requests.Session, peer: Peer, verifier: str, person: str = "debrug") -> dict[str, Any]:
    answer = exchange(peer, code_for(browser, peer, verifier, login_hint=person), verifier)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def claims_in(peer: Peer, token: str, algorithm: str = "PS256") -> dict[str, Any]:
    return jwt.decode(token, peer.key, algorithms=[algorithm]).claims


def userinfo(peer: Peer, access_token: str) -> requests.Response:
    return requests.get(f"{peer.issuer}/me", headers={"Authorization": f"Bearer {access_token}"}, timeout=5)


def test_discovery_names_only_what_the_dutch_profile_allows(peer: Peer) -> None:
    told = requests.get(f"{peer.issuer}/.well-known/openid-configuration", timeout=5).json()
    assert told["issuer"] == peer.issuer
    assert told["authorization_response_iss_parameter_supported"] is True
    assert told["response_types_supported"] == ["code"]
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["id_token_signing_alg_values_supported"] == ["PS256", "RS256"]
    assert told["backchannel_logout_session_supported"] is True
    endpoints = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint")
    assert all(told[name].startswith(f"{peer.issuer}/") for name in endpoints)


def test_the_keys_on_show_are_public(peer: Peer) -> None:
    (key,) = requests.get(f"{peer.issuer}/jwks", timeout=5).json()["keys"]
    assert key["kid"] == peer.key.kid
    assert not {"d", "p", "q"} & set(key)


def test_a_fitting_request_brings_a_signed_token_with_names_of_etoegang(
    browser: requests.Session, peer: Peer, verifier: str
) -> None:
    back = brought_back(ask(browser, peer, verifier))
    assert (back["iss"], back["state"]) == (peer.issuer, "the-state")
    token = exchange(peer, back["code"], verifier).json()["id_token"]
    claims = claims_in(peer, token)
    assert claims.items() >= (COMPANY | {"sub": "debrug", "acr": LEVEL + "loa3"}).items()
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (peer.issuer, "tester", "the-nonce")
    assert claims["sid"]


def test_a_chain_of_representation_keeps_its_depth(browser: requests.Session, peer: Peer, verifier: str) -> None:
    claims = claims_in(peer, tokens(browser, peer, verifier, "represents")["id_token"])
    assert claims["represents"] == DUTCH_PROFILE["represents"]


def test_a_thrifty_broker_tells_the_company_only_as_userinfo(
    browser: requests.Session, peer: Peer, verifier: str
) -> None:
    given = tokens(browser, peer, verifier, "userinfo")
    assert not COMPANY.keys() & claims_in(peer, given["id_token"]).keys()
    assert userinfo(peer, given["access_token"]).json().items() >= (COMPANY | {"sub": "userinfo"}).items()


def test_somebody_without_a_level_gets_none(browser: requests.Session, peer: Peer, verifier: str) -> None:
    assert "acr" not in claims_in(peer, tokens(browser, peer, verifier, "no-level")["id_token"])


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "https://evil.example/",
        "{base}/inloggen/tester/terug/",
        "{base}/inloggen/tester/terug?naar=elders",
        "{base}/inloggen/aanbieder/terug",
        "",
    ],
)
def test_another_return_address_is_refused_without_a_redirect(
    browser: requests.Session, peer: Peer, verifier: str, redirect_uri: str
) -> None:
    page = ask(browser, peer, verifier, redirect_uri=redirect_uri.format(base=peer.base_url))
    assert (page.status_code, page.history) == (400, [])
    assert page.json()["error"] in {"invalid_redirect_uri", "invalid_request"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": "", "code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"response_type": "id_token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"prompt": "none"}, "login_required"),
        ({"login_hint": "somebody-else"}, "login_required"),
        ({"login_hint": "cancel"}, "access_denied"),
        ({"login_hint": "cancel-signicat"}, "IDP-3200"),
    ],
)
def test_a_request_that_does_not_fit_brings_back_an_error_and_no_code(
    browser: requests.Session, peer: Peer, verifier: str, changes: dict[str, str], error: str
) -> None:
    page = ask(browser, peer, verifier, **changes)
    back = dict(parse_qsl(urlsplit(page.url).query or urlsplit(page.url).fragment))
    assert (back["error"], back["state"], back["iss"]) == (error, "the-state", peer.issuer)
    assert "code" not in back


def test_an_unknown_client_is_refused(browser: requests.Session, peer: Peer, verifier: str) -> None:
    page = ask(browser, peer, verifier, client_id="somebody")
    assert (page.status_code, page.json()["error"]) == (400, "invalid_client")


@pytest.mark.parametrize(
    ("auth", "changes", "error"),
    [
        (TESTER, {"code_verifier": "v" * 64}, "invalid_grant"),
        (TESTER, {"code_verifier": ""}, "invalid_grant"),
        (TESTER, {"code": "guessed"}, "invalid_grant"),
        (TESTER, {"redirect_uri": "{base}/inloggen/aanbieder/terug"}, "invalid_grant"),
        (TESTER, {"redirect_uri": ""}, "invalid_request"),
        (("tester", "guessed"), {}, "invalid_client"),
        (("registeruur-teacher", SECRET), {}, "invalid_grant"),
        (None, {}, "invalid_request"),
        (None, {"client_id": "tester"}, "invalid_client"),
    ],
)
def test_a_code_is_worth_nothing_to_whoever_cannot_prove_that_it_is_theirs(
    browser: requests.Session,
    peer: Peer,
    verifier: str,
    auth: tuple[str, str] | None,
    changes: dict[str, str],
    error: str,
) -> None:
    changed = {name: value.format(base=peer.base_url) for name, value in changes.items()}
    data = {"code": code_for(browser, peer, verifier)} | changed
    refused = exchange(peer, data.pop("code"), data.pop("code_verifier", verifier), auth, **data)
    assert refused.status_code in {400, 401}
    assert refused.json()["error"] == error


def test_a_code_works_once_and_a_second_use_withdraws_what_the_first_gave(
    browser: requests.Session, peer: Peer, verifier: str
) -> None:
    code = code_for(browser, peer, verifier)
    access_token = exchange(peer, code, verifier).json()["access_token"]
    assert userinfo(peer, access_token).status_code == 200
    assert exchange(peer, code, verifier).json()["error"] == "invalid_grant"
    assert userinfo(peer, access_token).status_code == 401


def assertion(peer: Peer, key: str = "application", alg: str = "PS256", **changes: Any) -> dict[str, str]:
    """A client that proves itself with its own key."""
    now = int(time.time())
    claims = {
        "iss": "registeruur-eherkenning",
        "sub": "registeruur-eherkenning",
        "aud": f"{peer.issuer}/token",
        "jti": secrets.token_hex(16),
        "iat": now,
        "exp": now + 60,
    }
    token = peer.sign(claims | changes, key=rsa_key(key), alg=alg, kid="application")
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    return {"client_assertion_type": kind, "client_assertion": token}


def status_with(browser: requests.Session, peer: Peer, verifier: str, proof: dict[str, str]) -> tuple[int, str | None]:
    back = f"{peer.base_url}/inloggen/aanbieder/terug"
    page = ask(browser, peer, verifier, client_id="registeruur-eherkenning", redirect_uri=back)
    code = dict(parse_qsl(urlsplit(page.url).query))["code"]
    answer = exchange(peer, code, verifier, None, redirect_uri=back, **proof)
    return answer.status_code, answer.json().get("error")


@pytest.fixture
def keys_on_show(application: Interceptor) -> None:
    body = {"keys": [rsa_key("application").as_dict(private=False)]}
    application.answer("/.well-known/jwks.json", 200, json.dumps(body).encode(), lasting=True)


def test_a_client_proves_itself_once_with_each_assertion(
    browser: requests.Session, peer: Peer, verifier: str, keys_on_show: None
) -> None:
    proof = assertion(peer)
    assert status_with(browser, peer, verifier, proof) == (200, None)
    assert status_with(browser, peer, verifier, proof) == (401, "invalid_client")


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "stranger"},
        {"alg": "RS256"},
        {"aud": "https://evil.example/token"},
        {"iss": "registeruur-staff"},
        {"sub": "registeruur-staff"},
        {"exp": 1},
        {"jti": ""},
    ],
)
def test_a_proof_that_does_not_fit_is_refused(
    browser: requests.Session, peer: Peer, verifier: str, keys_on_show: None, wrong: dict[str, Any]
) -> None:
    status, error = status_with(browser, peer, verifier, assertion(peer, **wrong))
    assert (status, error) == (401, "invalid_client")


def sign_out(browser: requests.Session, peer: Peer, id_token: str, back: str) -> requests.Response:
    query = {"id_token_hint": id_token, "post_logout_redirect_uri": back, "state": "bye"}
    return browser.get(f"{peer.issuer}/session/end", params=query)


def test_signing_out_ends_the_session_and_tells_the_client_behind_the_browser(
    browser: requests.Session, peer: Peer, verifier: str, application: Interceptor
) -> None:
    given = tokens(browser, peer, verifier)
    application.answer("/inloggen/tester/afmelden", 200)
    back = f"{peer.base_url}/uitgelogd"
    page = submit(browser, sign_out(browser, peer, given["id_token"], back))
    assert page.url == f"{back}?state=bye"

    (told,) = application.seen("/inloggen/tester/afmelden")
    token = told.form["logout_token"]
    header, claims = jwt.decode(token, peer.key, algorithms=["PS256"]).header, claims_in(peer, token)
    assert header["typ"] == "logout+jwt"
    assert (claims["iss"], claims["aud"], claims["events"]) == (peer.issuer, "tester", {EVENT: {}})
    assert claims["sid"] == claims_in(peer, given["id_token"])["sid"]
    assert "nonce" not in claims
    assert brought_back(ask(browser, peer, verifier, prompt="none", login_hint=""))["error"] == "login_required"
    assert userinfo(peer, given["access_token"]).status_code == 401


def test_signing_out_never_leads_to_a_foreign_address(browser: requests.Session, peer: Peer, verifier: str) -> None:
    given = tokens(browser, peer, verifier)
    page = sign_out(browser, peer, given["id_token"], "https://evil.example/")
    assert (page.status_code, page.json()["error"]) == (400, "invalid_request")


def test_who_is_signed_in_stays_so_until_somebody_else_is_wanted(
    browser: requests.Session, peer: Peer, verifier: str
) -> None:
    code_for(browser, peer, verifier)
    code = code_for(browser, peer, verifier, prompt="none", login_hint="")
    assert claims_in(peer, exchange(peer, code, verifier).json()["id_token"])["sub"] == "debrug"
    assert brought_back(ask(browser, peer, verifier, login_hint="cancel"))["error"] == "access_denied"
    other = submit(browser, ask(browser, peer, verifier, login_hint="devries"))
    token = exchange(peer, brought_back(other)["code"], verifier).json()["id_token"]
    assert claims_in(peer, token)["sub"] == "devries"


def test_a_forged_token_carries_the_real_signature_or_any_other(
    browser: requests.Session, peer: Peer, verifier: str
) -> None:
    peer.forge(lambda claims: claims.update(acr="forged"))
    claims = claims_in(peer, tokens(browser, peer, verifier)["id_token"])
    assert (claims["acr"], claims["sub"]) == ("forged", "debrug")

    peer.forge(lambda claims: {"sub": claims["sub"]}, alg="RS256", header={"kid": "another"})
    token = tokens(browser, peer, verifier)["id_token"]
    assert unpacked(token)[0] == {"alg": "RS256", "kid": "another", "typ": "JWT"}
    assert claims_in(peer, token, "RS256") == {"sub": "debrug"}

    peer.forge(key=rsa_key("stranger"))
    with pytest.raises(BadSignatureError):
        claims_in(peer, tokens(browser, peer, verifier)["id_token"])

    peer.forge(alg="none")
    assert tokens(browser, peer, verifier)["id_token"].endswith(".")

    peer.forge(alg="HS256", key=peer.key.as_pem(private=False))
    assert len(tokens(browser, peer, verifier)["id_token"].split(".")[2]) == 43


def test_other_answers_and_the_keys_on_show_can_be_changed_too(
    browser: requests.Session, peer: Peer, verifier: str
) -> None:
    given = tokens(browser, peer, verifier)
    peer.edit("/me", lambda claims: claims | {"sub": "somebody-else"})
    assert [userinfo(peer, given["access_token"]).json()["sub"] for _ in range(2)] == ["somebody-else", "debrug"]
    peer.publish(rsa_key("next"))
    (key,) = requests.get(f"{peer.issuer}/jwks", timeout=5).json()["keys"]
    assert key["kid"] == "next"
    assert len(peer.interceptor.seen("/jwks")) == 1


def test_a_client_may_want_the_other_algorithm_or_another_proof(
    browser: requests.Session, verifier: str, node_modules: None, application: Interceptor
) -> None:
    changes: dict[str, dict[str, Any]] = {
        "tester": {"id_token_signed_response_alg": "RS256"},
        "registeruur-eherkenning": WITH_SECRET | {"token_endpoint_auth_signing_alg": None},
    }
    with Peer(application.address, changes=changes) as peer:
        assert claims_in(peer, tokens(browser, peer, verifier)["id_token"], "RS256")["sub"] == "debrug"
        proof = {"client_id": "registeruur-eherkenning", "client_secret": SECRET}
        assert status_with(browser, peer, verifier, proof) == (200, None)


def test_whoever_must_sign_in_again_does_so(browser: requests.Session, peer: Peer, verifier: str) -> None:
    for _ in range(2):
        asked = {"prompt": "login", "acr_values": LEVEL + "loa2plus", "scope": "openid kvk"}
        token = exchange(peer, code_for(browser, peer, verifier, **asked), verifier).json()["id_token"]
        assert claims_in(peer, token)["acr"] == LEVEL + "loa3"


def test_a_client_that_does_not_take_the_notice_shows_in_the_log(
    browser: requests.Session, peer: Peer, verifier: str, application: Interceptor
) -> None:
    given = tokens(browser, peer, verifier)
    application.answer("/inloggen/tester/afmelden", 400)
    submit(browser, sign_out(browser, peer, given["id_token"], f"{peer.base_url}/uitgelogd"))
    assert "got: 400 Bad Request" in peer.log()


def test_a_peer_that_stops_leaves_no_process_and_answers_nobody(node_modules: None) -> None:
    with Peer("http://127.0.0.1:9", key=rsa_key("second-peer")) as peer:
        assert requests.get(f"{peer.issuer}/jwks", timeout=5).json()["keys"][0]["kid"] == "second-peer"
        running = peer.process_id
        os.kill(running, 0)
        peer.stop()
        with pytest.raises(ProcessLookupError):
            os.kill(running, 0)
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{peer.issuer}/jwks", timeout=5)


def test_wrong_metadata_stops_the_start_with_the_reason(node_modules: None) -> None:
    with (
        pytest.raises(RuntimeError, match="id_token_signed_response_alg"),
        Peer("http://127.0.0.1:9", changes={"tester": {"id_token_signed_response_alg": "HS256"}}),
    ):
        pass


def test_settings_name_the_three_clients(peer: Peer) -> None:
    given = settings(peer)
    assert {given[f"{audience}_issuer"] for audience in ("eherkenning", "staff", "teacher")} == {peer.issuer}
    assert given["teacher_client_secret"] == SECRET
