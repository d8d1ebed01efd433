"""Brokers differ, and settings follow them: where claims are, what levels are called, how a client proves itself."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.peers.open_id import Peer, account, unpacked
from tests.peers.visitor import Visitor, assert_refused, query_of

ODD_SECRET = "a+b/c=d%41&e: 'f'"
DEPTH = {
    "company": {"chamber.of.commerce": "90100011", "name": "Academie De Brug", "place": {"branch": "000012345678"}},
}
OWN_WORDS = {
    "legal_subject": ["company", "chamber.of.commerce"],
    "branch": ["company", "place", "branch"],
    "company_name": ["company", "name"],
    "acting_subject": ["sub"],
    "level": ["loa"],
}
ACCOUNTS = {
    "eh3": account(DEPTH | {"loa": "EH3"}, told_in=("userinfo",)),
    "eh2": account(DEPTH | {"loa": "EH2"}, told_in=("userinfo",)),
    "eh9": account(DEPTH | {"loa": "EH9"}, told_in=("userinfo",)),
    "jansen": account({"name": "R. Jansen", "groups": {"register": ["committee"]}}),
    "devries": account({"name": "S. de Vries"}),
}
CLIENTS: dict[str, dict[str, Any]] = {
    "registeruur-eherkenning": {
        "token_endpoint_auth_method": "client_secret_post",
        "token_endpoint_auth_signing_alg": None,
        "client_secret": ODD_SECRET,
    },
    "registeruur-teacher": {"client_secret": ODD_SECRET},
}


@pytest.fixture(scope="module")
def peer(node_modules: None, nothing_left_behind: None, application_address: str) -> Iterator[Peer]:
    with Peer(application_address, accounts=ACCOUNTS, changes=CLIENTS) as peer:
        yield peer


@pytest.fixture(scope="module")
def more_settings(peer: Peer) -> dict[str, Any]:
    """A broker that tells all at userinfo in its own words, one without discovery, and one that wants the secret."""
    return {
        "eherkenning_client_auth": "client_secret_post",
        "eherkenning_client_secret": ODD_SECRET,
        "eherkenning_claims_from": "userinfo",
        "eherkenning_claims": json.dumps(OWN_WORDS),
        "eherkenning_levels": json.dumps({"EH2": "loa2", "EH3": "loa3"}),
        "eherkenning_acr_values": "idp:eherkenning",
        "eherkenning_prompt": "login",
        "staff_claims": json.dumps({"roles": ["groups", "register"]}),
        "staff_authorization_endpoint": f"{peer.issuer}/auth",
        "staff_token_endpoint": f"{peer.issuer}/token",
        "staff_jwks_uri": f"{peer.issuer}/jwks",
        "teacher_client_secret": ODD_SECRET,
    }


def test_claims_and_levels_are_read_where_and_as_the_settings_say(visitor: Visitor) -> None:
    page = visitor.sign_in("aanbieder", "eh3")
    assert "<b>Academie De Brug</b>, vestiging 000012345678</span>" in page.text
    (row,) = visitor.site.sessions()
    assert (row.identity["kvk_number"], row.identity["level"]) == ("90100011", "loa3")
    assert row.account_key == "eherkenning:90100011:000012345678:eh3"


def test_the_level_and_the_prompt_are_asked_in_the_words_of_the_broker(visitor: Visitor) -> None:
    sent = query_of(visitor.request_to_provider("aanbieder"))
    assert (sent["acr_values"], sent["prompt"]) == ("idp:eherkenning", "login")
    assert "prompt" not in query_of(visitor.request_to_provider("leraar"))


def test_what_is_told_only_as_userinfo_was_really_asked_there(visitor: Visitor) -> None:
    visitor.sign_in("aanbieder", "eh3")
    (asked,) = visitor.site.peer.interceptor.seen("/me")
    assert asked.headers["Authorization"].startswith("Bearer ")
    assert not {"company", "loa"} & set(unpacked(visitor.site.sessions()[0].id_token)[1])


def test_fixed_addresses_need_no_discovery(visitor: Visitor) -> None:
    visitor.sign_in("commissie", "jansen")
    assert visitor.is_in("commissie")
    assert not visitor.site.peer.interceptor.seen("/.well-known/openid-configuration")
    assert not visitor.site.peer.interceptor.seen("/me")


def test_without_discovery_nobody_promised_to_name_the_issuer_but_a_wrong_one_is_refused(
    visitor: Visitor, other: Visitor
) -> None:
    visitor.come_back("commissie", iss=None)
    assert visitor.is_in("commissie")
    page = other.come_back("commissie", iss="https://other.example")
    assert_refused(other, page, "commissie", sessions=1)


def test_without_a_known_way_out_one_is_signed_out_here(visitor: Visitor) -> None:
    visitor.sign_in("commissie", "jansen")
    page = visitor.post("/uitloggen")
    assert "U bent uitgelogd." in page.text
    assert not visitor.is_in("commissie")


def test_a_secret_that_is_posted_travels_in_the_form_and_nowhere_else(visitor: Visitor) -> None:
    visitor.sign_in("aanbieder", "eh3")
    (exchange,) = visitor.site.peer.interceptor.seen("/token")
    assert (exchange.form["client_id"], exchange.form["client_secret"]) == ("registeruur-eherkenning", ODD_SECRET)
    assert "Authorization" not in exchange.headers
    assert "client_assertion" not in exchange.form


def test_a_secret_in_the_header_may_have_any_symbols(visitor: Visitor) -> None:
    """RFC 6749, section 2.3.1: name and secret are encoded there as in a form."""
    visitor.sign_in("leraar")
    assert visitor.is_in("leraar")


def nothing_at_userinfo(peer: Peer) -> None:
    peer.edit("/me", lambda told: {"sub": told["sub"]})


def another_subject(peer: Peer) -> None:
    peer.edit("/me", lambda told: told | {"sub": "somebody-else"})


def no_subject(peer: Peer) -> None:
    peer.edit("/me", lambda told: told | {"sub": None})


def a_list(peer: Peer) -> None:
    peer.interceptor.answer("/me", 200, b'["rubbish"]')


def a_page(peer: Peer) -> None:
    peer.interceptor.answer("/me", 200, b"<p>rubbish</p>", kind="text/html")


def a_fault(peer: Peer) -> None:
    peer.interceptor.answer("/me", 500)


def a_broken_line(peer: Peer) -> None:
    peer.interceptor.refuse("/me")


def another_kind_of_access(peer: Peer) -> None:
    peer.edit("/token", lambda body: body | {"token_type": 5})


def no_access(peer: Peer) -> None:
    peer.edit("/token", lambda body: {name: value for name, value in body.items() if name != "access_token"})


@pytest.mark.parametrize(
    ("happens", "status", "code"),
    [
        (nothing_at_userinfo, 403, "sign-in-level-too-low"),
        (another_subject, 403, "sign-in-token-refused"),
        (no_subject, 403, "sign-in-token-refused"),
        (a_list, 403, "sign-in-token-refused"),
        (a_page, 503, "sign-in-unreachable"),
        (a_fault, 503, "sign-in-unreachable"),
        (a_broken_line, 503, "sign-in-unreachable"),
        (another_kind_of_access, 403, "sign-in-token-refused"),
        (no_access, 403, "sign-in-token-refused"),
    ],
)
def test_what_userinfo_says_counts_only_for_the_person_who_signed_in(
    visitor: Visitor, peer: Peer, happens: Callable[[Peer], None], status: int, code: str
) -> None:
    happens(peer)
    assert_refused(visitor, visitor.sign_in("aanbieder", "eh3"), "aanbieder", code, status=status)


def test_the_signed_token_wins_from_userinfo(visitor: Visitor, peer: Peer) -> None:
    peer.forge(lambda claims: claims.update(loa="EH2"))
    page = visitor.sign_in("aanbieder", "eh3")
    assert_refused(visitor, page, "aanbieder", "sign-in-level-too-low", says="EH2.")


@pytest.mark.parametrize(("person", "says"), [("eh2", "U logde in met: EH2."), ("eh9", "geen of een onbekend niveau")])
def test_a_level_in_the_words_of_the_broker_is_judged_as_well(visitor: Visitor, person: str, says: str) -> None:
    page = visitor.sign_in("aanbieder", person)
    assert_refused(visitor, page, "aanbieder", "sign-in-level-too-low", says=says)
