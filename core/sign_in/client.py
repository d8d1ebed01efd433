"""Authlib's client with what brokers need: a careful cache of discovery and keys, and our own key to authenticate."""

import logging
import time
from base64 import b64encode
from threading import Lock
from typing import Any, NoReturn
from urllib.parse import quote_plus

import requests
from authlib.integrations.flask_client import FlaskOAuth2App
from authlib.integrations.flask_client.integration import FlaskIntegration
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry

from core import clock
from core.client_settings import ClientSettings
from core.sign_in.keys import ClientKeys
from core.sign_in.refusals import SignInUnreachable

TIMEOUT = 5  # seconds to wait for the sign-in provider
REFETCH = 60  # seconds that must pass before an unknown key makes us ask again
REST = 5  # seconds in which a provider that just failed is not asked again, so that nobody queues for it
ASSERTION_SECONDS = 60
TOLD = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint")
ISS_PROMISED = "authorization_response_iss_parameter_supported"
log = logging.getLogger(__name__)


class Client(FlaskOAuth2App):
    """One audience's client. Raises `SignInUnreachable` when the provider gives no sense.

    Safe in several threads: what is cached is read without waiting.
    """

    def __init__(self, name: str, settings: ClientSettings, keys: ClientKeys) -> None:
        super().__init__(
            framework=FlaskIntegration(name),
            name=name,
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            client_kwargs={
                "scope": settings.scope,
                "code_challenge_method": "S256",
                "token_endpoint_auth_method": settings.client_auth,
                "default_timeout": TIMEOUT,
            },
        )
        self.settings = settings
        self._keys = keys
        self._fetching = Lock()
        self._metadata: dict[str, Any] = {}
        self._jwks: dict[str, Any] = {}
        self._fetched_at = 0.0
        self._failed_at = time.monotonic() - REST

    def load_server_metadata(self) -> dict[str, Any]:
        """Where things are: from the settings, or from the discovery document, which is kept."""
        if not self._metadata:
            with self._fetching:
                if not self._metadata:
                    self._metadata = self._discover()
        return self._metadata

    def fetch_jwk_set(self, force: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 -- Authlib's signature
        """The provider's keys. `force` is an unknown key: both are fetched anew, once a minute at most.

        Who needs a new key waits for it; everybody else reads on. When the provider is away just then, the keys that
        we have still count.
        """
        metadata = self.load_server_metadata()
        if not self._jwks or force:
            before = self._fetched_at
            with self._fetching:
                if not self._jwks:
                    self._jwks, self._fetched_at = self._fetch_keys(metadata["jwks_uri"]), time.monotonic()
                elif self._fetched_at == before and time.monotonic() - before > REFETCH:
                    self._fetch_anew()
        return self._jwks

    def _fetch_anew(self) -> None:
        self._fetched_at = time.monotonic()
        try:
            metadata = self._discover()
            self._metadata, self._jwks = metadata, self._fetch_keys(metadata["jwks_uri"])
        except SignInUnreachable:
            log.warning("sign-in provider of %s is away; its known keys still count", self.name)

    def _fetch_keys(self, address: str) -> dict[str, Any]:
        """The keys that we can use; others are to be ignored (RFC 7517, 5), but none at all makes no sense."""
        keys = self._fetch(address).get("keys")
        usable = [key for key in keys if _is_usable(key)] if isinstance(keys, list) else []
        if not usable:
            self._give_up(f"{address}: no key that we can use")
        return {"keys": usable}

    def _discover(self) -> dict[str, Any]:
        wanted = self.settings
        told: dict[str, Any] = {name: getattr(wanted, name) for name in TOLD}
        if not wanted.authorization_endpoint:
            document = self._fetch(wanted.issuer.rstrip("/") + "/.well-known/openid-configuration")
            if document.get("issuer") != wanted.issuer:
                self._give_up("discovery document of another issuer")
            told = {name: told[name] or _address(document.get(name)) for name in TOLD}
            told[ISS_PROMISED] = document.get(ISS_PROMISED) is True
        if not all(told[name] for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")):
            self._give_up("discovery document without addresses")
        return told | {"issuer": wanted.issuer, "id_token_signing_alg_values_supported": sorted(wanted.algorithms)}

    def _fetch(self, address: str) -> dict[str, Any]:
        if time.monotonic() - self._failed_at < REST:
            raise SignInUnreachable
        try:
            answer = requests.get(address, headers={"Accept": "application/json"}, timeout=TIMEOUT)
            answer.raise_for_status()
            found: Any = answer.json()
        except (requests.RequestException, ValueError) as error:
            self._give_up(f"{address}: {error}")
        if not isinstance(found, dict):
            self._give_up(f"{address}: no JSON object")
        return dict(found)

    def _give_up(self, why: str) -> NoReturn:
        self._failed_at = time.monotonic()
        log.warning("sign-in provider of %s unreachable: %s", self.name, why)
        raise SignInUnreachable

    def _get_oauth_client(self, **metadata: Any) -> Any:
        session = super()._get_oauth_client(**metadata)  # type: ignore[misc]  # a gap in the stubs
        if self.settings.client_auth == "private_key_jwt":
            key = self._keys.current()
            session.client_secret = key
            # A fresh one for each call: Authlib would use the same `jti` twice.
            expires = {"exp": int(clock.now().timestamp()) + ASSERTION_SECONDS}
            algorithm = self.settings.assertion_algorithm
            session.register_client_auth_method(PrivateKeyJWT(alg=algorithm, headers={"kid": key.kid}, claims=expires))
        session.register_client_auth_method(("client_secret_basic", _encoded_basic))
        return session


def _is_usable(key: Any) -> bool:
    try:
        return isinstance(key, dict) and key.get("use", "sig") == "sig" and bool(JWKRegistry.import_key(key))
    except (JoseError, ValueError, KeyError, TypeError):
        return False


def _encoded_basic(
    client: Any, _: str, uri: str, headers: dict[str, str], body: str
) -> tuple[str, dict[str, str], str]:
    """RFC 6749, 2.3.1: name and secret are encoded as in a form, which Authlib leaves out."""
    text = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
    headers["Authorization"] = "Basic " + b64encode(text.encode()).decode()
    return uri, headers, body


def _address(value: object) -> str:
    return value if isinstance(value, str) and value.startswith(("https://", "http://")) else ""
