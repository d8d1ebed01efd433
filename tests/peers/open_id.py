"""An OpenID provider by others, as a process of its own behind the interceptor, with the key to forge its tokens."""

import hmac
import html
import json
import re
import select
import subprocess
import tempfile
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Self

import requests
from joserfc import jws
from joserfc.jwk import RSAKey

from tests.peers.interceptor import Answer, Interceptor

FOLDER = Path(__file__).parent
START = 30  # seconds before we give up
SECRET = "a-secret-of-the-peer-for-one-client"
LEVEL = "urn:etoegang:core:assurance-class:"
Claims = dict[str, Any]
Edit = Callable[[Claims], Claims | None]  # None: the claims were changed in place
Account = dict[str, Any]


def account(claims: Claims, acr: str | None = None, *, told_in: tuple[str, ...] = ("id_token", "userinfo")) -> Account:
    """Somebody who can sign in; `told_in` says where the client finds the claims apart from `sub` and `acr`."""
    places = {place: claims if place in told_in else {} for place in ("id_token", "userinfo")}
    return {"acr": acr, **places} if acr else dict(places)


# Names, numbers and pseudonyms are invented; how claims are called is written out, not taken from the application.
COMPANY = {
    "urn:etoegang:core:LegalSubjectID": "90100011",
    "urn:etoegang:core:ActingSubjectID": f"{'4B75':0<64}@{'2D8F':0<32}",
    "urn:etoegang:1.11:attribute-represented:CompanyName": "Academie De Brug",
}
BRANCH = COMPANY | {"urn:etoegang:1.9:ServiceRestriction:Vestigingsnr": "000012345678"}
CHAIN = COMPANY | {"urn:etoegang:1.9:IntermediateEntityID:KvKnr": "90000102"}
KVK_NUMBER = {"sub_id_type": "urn:nl-eid-gdi:1.0:id:KvKnr", "iss": "urn:example:kvk"}
DUTCH_PROFILE = {
    "name": "J. Gemachtigde",
    "represents": {"sub": "90000102", **KVK_NUMBER, "represents": {"sub": "90100011", **KVK_NUMBER}},
}
ACCOUNTS: Mapping[str, Account] = {
    "debrug": account(COMPANY, LEVEL + "loa3"),
    "branch": account(BRANCH, LEVEL + "loa3"),
    "chain": account(CHAIN, LEVEL + "loa3"),
    "represents": account(DUTCH_PROFILE, LEVEL + "loa3"),
    "userinfo": account(COMPANY, LEVEL + "loa3", told_in=("userinfo",)),
    "loa2": account(COMPANY, LEVEL + "loa2"),
    "loa2plus": account(COMPANY, LEVEL + "loa2plus"),
    "no-level": account(COMPANY),
    "nobody": account({}, LEVEL + "loa3"),
    "jansen": account({"name": "R. Jansen", "roles": ["committee"]}),
    "bakker": account({"name": "T. Bakker", "roles": ["bureau"]}),
    "no-role": account({"name": "N. Rolloos", "roles": ["gardener"]}),
    "devries": account({"name": "S. de Vries"}),
}
WITH_KEY: dict[str, Any] = {"token_endpoint_auth_method": "private_key_jwt"}
WITH_SECRET: dict[str, Any] = {"token_endpoint_auth_method": "client_secret_basic", "client_secret": SECRET}
CLIENTS: Mapping[str, dict[str, Any]] = {
    "registeruur-eherkenning": {
        "entrance": "aanbieder",
        "id_token_signed_response_alg": "PS256",
        "token_endpoint_auth_signing_alg": "PS256",
        **WITH_KEY,
    },
    "registeruur-staff": {
        "entrance": "commissie",
        "id_token_signed_response_alg": "RS256",
        "token_endpoint_auth_signing_alg": "RS256",
        **WITH_KEY,
    },
    "registeruur-teacher": {"entrance": "leraar", "id_token_signed_response_alg": "PS256", **WITH_SECRET},
    "tester": {"entrance": "tester", "id_token_signed_response_alg": "PS256", **WITH_SECRET},
}


def settings(peer: "Peer") -> dict[str, str]:
    """Issuer, client id and secret of the three audiences, for `settings_for`."""
    given = {
        f"{audience}_{name}": value
        for audience in ("eherkenning", "staff", "teacher")
        for name, value in (("issuer", peer.issuer), ("client_id", f"registeruur-{audience}"))
    }
    return given | {"teacher_client_secret": SECRET}


@cache
def rsa_key(name: str) -> RSAKey:
    """A key by its name, which is its kid: made once, because that takes long."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


def signed(claims: Claims, header: Mapping[str, Any], key: RSAKey | bytes = b"") -> str:
    """A token with any header, also one that no honest library makes: `none`, or a public key as an HMAC secret."""
    if isinstance(key, RSAKey) and header["alg"] != "none":
        lenient = jws.JWSRegistry(strict_check_header=False, algorithms=[header["alg"]])
        return jws.serialize_compact(dict(header), json.dumps(claims), key, registry=lenient)
    text = f"{_packed(json.dumps(header).encode())}.{_packed(json.dumps(claims).encode())}"
    secret = key if isinstance(key, bytes) and header["alg"] == "HS256" else b""
    return f"{text}.{_packed(hmac.digest(secret, text.encode(), 'sha256')) if secret else ''}"


def unpacked(token: str) -> tuple[Claims, Claims]:
    """Header and claims of a token, without a look at the signature."""
    header, claims, _ = token.split(".")
    return json.loads(urlsafe_b64decode(header + "==")), json.loads(urlsafe_b64decode(claims + "=="))


def _packed(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def _edited(claims: Claims, change: Edit) -> Claims:
    changed = change(claims)
    return claims if changed is None else changed


def submit(browser: requests.Session, page: requests.Response) -> requests.Response:
    """Post the form of a page that would post itself, as at signing out."""
    action = re.search(r'<form[^>]* action="([^"]+)"', page.text)
    assert action, page.text
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    return browser.post(html.unescape(action[1]), data={name: html.unescape(value) for name, value in fields})


class Peer:
    """The provider for an application at `base_url`; `changes` are metadata of clients that differ, by client id.

    None takes a piece of metadata away. A second peer beside the first gets a `key` of its own.
    """

    def __init__(
        self,
        base_url: str,
        *,
        key: RSAKey | None = None,
        accounts: Mapping[str, Account] = ACCOUNTS,
        changes: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.base_url = base_url
        self.key = key or rsa_key("peer")
        self.interceptor = Interceptor()
        self.issuer = self.interceptor.address
        self._accounts = accounts
        self._clients = [self._client(id_, **CLIENTS[id_] | dict((changes or {}).get(id_, {}))) for id_ in CLIENTS]

    def _client(self, client_id: str, *, entrance: str, **more: Any) -> dict[str, Any]:
        metadata = {
            "client_id": client_id,
            "redirect_uris": [f"{self.base_url}/inloggen/{entrance}/terug"],
            "post_logout_redirect_uris": [f"{self.base_url}/uitgelogd"],
            "backchannel_logout_uri": f"{self.base_url}/inloggen/{entrance}/afmelden",
            "backchannel_logout_session_required": True,
            "grant_types": ["authorization_code"],
            "response_types": ["code"],
            **({"jwks_uri": f"{self.base_url}/.well-known/jwks.json"} if WITH_KEY.items() <= more.items() else {}),
            **more,
        }
        return {name: value for name, value in metadata.items() if value is not None}

    def __enter__(self) -> Self:
        self.interceptor.__enter__()
        self._log = tempfile.TemporaryFile("a+")  # the process appends, whoever reads moves about
        self._process = subprocess.Popen(
            ["node", "op.mjs"],  # noqa: S607 -- whichever Node.js this machine has
            cwd=FOLDER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        try:
            self.interceptor.upstream = self._port_when_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _port_when_ready(self) -> int:
        given = {
            "issuer": self.issuer,
            "jwks": {"keys": [self.key.as_dict(private=True)]},
            "accounts": self._accounts,
            "clients": self._clients,
        }
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(given) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline() if select.select([self._process.stdout], [], [], START)[0] else ""
        if not line.startswith("ready "):
            raise RuntimeError(f"The OpenID provider did not start.\n{self.log()}")
        return int(line.removeprefix("ready "))

    @property
    def process_id(self) -> int:
        return self._process.pid

    def stop(self) -> None:
        """End our own process and nothing else; what it wrote is gone after this."""
        process = self._process
        assert process.stdin
        assert process.stdout
        process.stdin.close()  # it ends with its input
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
        self._log.close()
        self.interceptor.__exit__()

    def log(self) -> str:
        """What the provider complained about until now."""
        self._log.seek(0)
        return self._log.read()

    def sign(self, claims: Claims, *, key: RSAKey | bytes | None = None, **header: Any) -> str:
        """A token as the provider would sign it, or not quite: `header` comes over the usual one."""
        return signed(
            claims, {"alg": "PS256", "kid": self.key.kid, "typ": "JWT"} | header, self.key if key is None else key
        )

    def forge(
        self,
        change: Edit = lambda claims: claims,
        *,
        key: RSAKey | bytes | None = None,
        alg: str | None = None,
        header: Mapping[str, Any] | None = None,
    ) -> None:
        """Let the next id token be another one: other claims, another key, another header."""

        def forged(body: Claims) -> None:
            original, claims = unpacked(body["id_token"])
            whole = original | ({"alg": alg} if alg else {}) | dict(header or {})
            body["id_token"] = self.sign(_edited(claims, change), key=key, **whole)

        self.edit("/token", forged)

    def edit(self, path: str, change: Edit) -> None:
        """Let the next JSON answer of a path be another one, such as `/me`, where the userinfo is."""

        def edited(answer: Answer) -> Answer:
            return answer._replace(body=json.dumps(_edited(json.loads(answer.body), change)).encode())

        self.interceptor.tamper(path, edited)

    def publish(self, *keys: RSAKey) -> None:
        """From now on these are the keys of the provider, as after a change of keys."""
        public = [key.as_dict(private=False) for key in keys]
        self.interceptor.answer("/jwks", 200, json.dumps({"keys": public}).encode(), lasting=True)
