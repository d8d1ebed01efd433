"""Forged tokens and unfit claims: each is really sent, each is refused calmly, and nobody comes in."""

import hashlib
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from core import clock
from core.db import db, transaction
from providers.models import FormerNumber, Provider
from tests.peers.open_id import KVK_NUMBER, LEVEL, Claims, Peer, rsa_key, unpacked
from tests.peers.visitor import CLIENT, Visitor, assert_refused

TOO_LOW, MISSING, UNFIT = "sign-in-level-too-low", "sign-in-claim-missing", "sign-in-company-unfit"
LEGAL, ACTING = "urn:etoegang:core:LegalSubjectID", "urn:etoegang:core:ActingSubjectID"
BRANCH = "urn:etoegang:1.9:ServiceRestriction:Vestigingsnr"
PERSON = {"sub": "somebody", "sub_id_type": "urn:nl-eid-gdi:1.0:id:BSN", "iss": "urn:example:brp"}
Forge = Callable[[Peer], None]


@dataclass(frozen=True)
class Attack:
    """What the provider seems to answer, and how the application must refuse it."""

    forge: Forge
    code: str = "sign-in-token-refused"
    entrance: str = "aanbieder"
    says: str = ""


def token(change: Callable[[Claims], Any] = lambda _: None, **how: Any) -> Forge:
    """Another id token, signed by the provider unless `how` says otherwise."""
    return lambda peer: peer.forge(lambda claims: change(claims) or claims, **how)


def claims(**changes: Any) -> Forge:
    """An id token with other claims; None leaves one out."""

    def change(found: Claims) -> None:
        found.update(changes)
        for name in [name for name, value in changes.items() if value is None]:
            del found[name]

    return token(change)


def answer(**changes: Any) -> Forge:
    """Another answer of the token endpoint."""
    return lambda peer: peer.edit("/token", lambda body: body | changes)


def without(name: str) -> Forge:
    return lambda peer: peer.edit("/token", lambda body: {key: body[key] for key in body if key != name})


def at(seconds: int, *names: str) -> Forge:
    """An id token whose times lie so far from now."""
    return token(lambda found: found.update(dict.fromkeys(names, int(time.time()) + seconds)))


def issuer(change: Callable[[str], str]) -> Forge:
    return token(lambda found: found.update(iss=change(found["iss"])))


def hash_of(access_token: str | None, size: int = 16) -> Forge:
    """An id token that belongs to this access token, or to the one that was really given."""

    def edit(peer: Peer) -> None:
        def change(body: Claims) -> None:
            header, found = unpacked(body["id_token"])
            digest = hashlib.sha256((access_token or body["access_token"]).encode()).digest()
            at_hash = urlsafe_b64encode(digest[:size]).rstrip(b"=").decode()
            body["id_token"] = peer.sign(found | {"at_hash": at_hash}, **header)

        peer.edit("/token", change)

    return edit


def list_of_access(peer: Peer) -> None:
    def change(body: Claims) -> None:
        header, found = unpacked(body["id_token"])
        body |= {"access_token": [5], "id_token": peer.sign(found | {"at_hash": "AAAA"}, **header)}

    peer.edit("/token", change)


def as_logout(peer: Peer) -> None:
    """A logout token for the same client, about the same person, in the place of the id token."""
    event = "http://schemas.openid.net/event/backchannel-logout"
    peer.forge(lambda found: found.update(nonce=None, events={event: {}}), header={"typ": "logout+jwt"})


def secret_from_public_key(peer: Peer) -> None:
    peer.forge(alg="HS256", key=peer.key.as_pem(private=False))


def key_brought_along(peer: Peer) -> None:
    stranger = rsa_key("stranger")
    peer.forge(key=stranger, header={"jwk": stranger.as_dict(private=False)})


def cut_off(peer: Peer) -> None:
    peer.edit("/token", lambda body: body | {"id_token": body["id_token"].rpartition(".")[0] + "."})


def tampered(peer: Peer) -> None:
    """The claims were changed after the provider signed."""

    def change(body: Claims) -> None:
        header, found = unpacked(body["id_token"])
        other = peer.sign(found | {LEGAL: "90000102"}, **header)
        body["id_token"] = other.rpartition(".")[0] + "." + body["id_token"].rpartition(".")[2]

    peer.edit("/token", change)


OURS = CLIENT["aanbieder"]
FORGED: Mapping[str, Attack] = {
    "a token with algorithm none": Attack(token(alg="none")),
    "a token with algorithm nOnE": Attack(token(alg="nOnE", key=b"")),
    "a token whose signature was cut off": Attack(cut_off),
    "a token that was changed after it was signed": Attack(tampered),
    "a token signed with our public knowledge of the key as a secret": Attack(secret_from_public_key),
    "a token signed with another key under the right name": Attack(token(key=rsa_key("stranger"))),
    "a token that brings its own key along": Attack(key_brought_along),
    "a token of another issuer": Attack(claims(iss="https://evil.example")),
    "a token of an issuer with one more slash": Attack(issuer(lambda name: name + "/")),
    "a token of no issuer": Attack(claims(iss=None)),
    "a token for somebody else, requested by us": Attack(claims(aud="tester", azp=OURS)),
    "a token for our other entrance": Attack(claims(aud=CLIENT["leraar"])),
    "a token for us and somebody else": Attack(claims(aud=[OURS, "tester"], azp=OURS)),
    "a token for us and ourselves": Attack(claims(aud=[OURS, OURS], azp=OURS)),
    "a token for nobody": Attack(claims(aud=None)),
    "a token for us, requested by somebody else": Attack(claims(azp="tester")),
    "a token with another nonce": Attack(claims(nonce="another")),
    "a token without a nonce": Attack(claims(nonce=None)),
    "a token with an empty nonce": Attack(claims(nonce="")),
    "a token that expired a minute ago": Attack(at(-60, "exp")),
    "a token that never expires": Attack(claims(exp=None)),
    "a token that expires some day": Attack(claims(exp="tomorrow")),
    "a token issued a minute from now": Attack(at(60, "iat")),
    "a token issued at no time": Attack(claims(iat=None)),
    "a token that is valid a minute from now": Attack(at(60, "nbf")),
    "a token that belongs to another access token": Attack(hash_of("another")),
    "a token about nobody": Attack(claims(sub=None)),
    "a token about a list": Attack(claims(sub=["debrug"])),
    "a token about somebody whose name cannot be written": Attack(claims(sub="\ud800")),
    "a logout token in the place of an id token": Attack(as_logout),
    "an answer without an id token": Attack(without("id_token")),
    "an answer with a number for an id token": Attack(answer(id_token=5)),
    "an answer with nothing for an id token": Attack(answer(id_token=None)),
    "an answer with a list for an id token": Attack(answer(id_token=["a", "b", "c"])),
    "an answer with words for an id token": Attack(answer(id_token="é.é.é")),
    "an answer that expires some day": Attack(answer(expires_in="tomorrow")),
    "an answer with a list for an access token": Attack(list_of_access),
}
UNFITTING: Mapping[str, Attack] = {
    "a level that is too low": Attack(
        claims(acr=LEVEL + "loa2"), TOO_LOW, says="EH2+ of hoger nodig. U logde in met: EH2."
    ),
    "a level that may be too low": Attack(claims(acr="http://eidas.europa.eu/LoA/low"), TOO_LOW, says="EH2."),
    "no level": Attack(
        claims(acr=None), TOO_LOW, says="EH2+ of hoger nodig. U logde in met: geen of een onbekend niveau."
    ),
    "an unknown level": Attack(claims(acr=LEVEL + "loa9"), TOO_LOW, says="onbekend niveau"),
    "a level that is only the end of its name": Attack(claims(acr="loa3"), TOO_LOW, says="onbekend niveau"),
    "a list of levels": Attack(claims(acr=[LEVEL + "loa3"]), TOO_LOW, says="onbekend niveau"),
    "no company": Attack(claims(**{LEGAL: None}), MISSING, says=LEGAL),
    "an empty company": Attack(claims(**{LEGAL: " "}), MISSING, says=LEGAL),
    "a company that is an object": Attack(claims(**{LEGAL: {"value": "90100011"}}), MISSING, says=LEGAL),
    "no acting person": Attack(claims(**{ACTING: None}), MISSING, says=ACTING),
    "an acting person with a broken line": Attack(claims(**{ACTING: "a\nb"}), MISSING),
    "a company number that is too short": Attack(claims(**{LEGAL: "9010001"}), UNFIT),
    "a company number with other digits": Attack(claims(**{LEGAL: "٩٠١٠٠٠١١"}), UNFIT),
    "a branch that is none": Attack(claims(**{BRANCH: "12"}), UNFIT),
    "a number of another kind": Attack(claims(namequalifier="urn:etoegang:1.9:EntityConcernedID:RSIN"), UNFIT),
    "two companies that contradict": Attack(claims(represents={"sub": "90000102", **KVK_NUMBER}), UNFIT),
    "a list of companies beside a chain": Attack(
        claims(**{LEGAL: ["90100011"]}, represents={"sub": "90100011", **KVK_NUMBER}), UNFIT
    ),
    "a chain that ends at a person": Attack(claims(**{LEGAL: None}, represents=PERSON), UNFIT),
    "a chain of rubbish": Attack(claims(represents="90100011"), UNFIT),
    "no role": Attack(claims(roles=["gardener"]), "sign-in-no-role", "commissie"),
    "no roles at all": Attack(claims(roles=None), "sign-in-no-role", "commissie"),
    "a role that is no list": Attack(claims(roles="committee"), "sign-in-no-role", "commissie"),
    "a role for providers": Attack(claims(roles=["provider", "administrator"]), "sign-in-no-role", "commissie"),
    "staff without a name": Attack(claims(name=None), MISSING, "commissie"),
}
ATTACKS = {**FORGED, **UNFITTING}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_nobody_comes_in_with(visitor: Visitor, peer: Peer, attack: Attack) -> None:
    attack.forge(peer)
    page = visitor.sign_in(attack.entrance)
    assert_refused(visitor, page, attack.entrance, attack.code, says=attack.says)


def test_nobody_new_comes_in_with_a_number_from_before_a_takeover(visitor: Visitor, other: Visitor, peer: Peer) -> None:
    visitor.sign_in("aanbieder")
    with visitor.site.app.app_context(), transaction():
        provider = db.session.scalars(select(Provider)).one()
        former = FormerNumber(provider_id=provider.id, kvk_number="90000102", replaced_at=clock.now())
        db.session.add(former)
    claims(**{LEGAL: "90000102"})(peer)
    page = other.sign_in("aanbieder")
    assert_refused(other, page, "aanbieder", "sign-in-number-replaced", says="KvK-nummer 90100011", sessions=1)


HARMLESS: Mapping[str, Forge] = {
    "a token that was only signed again": token(),
    "a token signed with the other algorithm": token(alg="RS256"),
    "a token for us alone, as a list": claims(aud=[OURS]),
    "a token requested by us": claims(azp=OURS),
    "a token that expired five seconds ago": at(-5, "exp"),
    "a token issued five seconds from now": at(5, "iat", "nbf"),
    "a token with the hash of its access token": hash_of(None),
    "a token of which much is unknown": claims(colour="green", acr=LEVEL + "loa4", amr=["pin"]),
    "a token of a session whose name cannot be written": claims(sid="\ud800"),
    "a level as eIDAS calls it": claims(acr="http://eidas.europa.eu/LoA/substantial"),
}


@pytest.mark.parametrize("forge", HARMLESS.values(), ids=HARMLESS)
def test_the_same_forging_without_harm_lets_one_in(visitor: Visitor, peer: Peer, forge: Forge) -> None:
    forge(peer)
    page = visitor.sign_in("aanbieder")
    assert page.status_code == 200
    assert visitor.is_in("aanbieder")
