"""What the demonstration provider remembers: its clients, and codes and tokens for as long as they live."""

import secrets
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from authlib.oauth2.rfc6749 import ClientMixin

from demo.people import Person

CODE_SECONDS = 60
TOKEN_SECONDS = 300


@dataclass(frozen=True)
class DemoClient(ClientMixin):
    """One of the three clients, with its one address to return to."""

    client_id: str
    secret: str
    redirect_uri: str

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_allowed_scope(self, scope: Collection[str] | str) -> str:
        return "openid" if "openid" in (scope.split() if isinstance(scope, str) else scope) else ""

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect_uri

    def check_client_secret(self, client_secret: str) -> bool:
        return secrets.compare_digest(client_secret, self.secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return endpoint == "token" and method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass(frozen=True)
class Code:
    """A promise to a client: this person signed in. The names of the methods are Authlib's."""

    client_id: str
    redirect_uri: str
    nonce: str
    person: Person
    code_challenge: str
    code_challenge_method: str
    made_at: float = field(default_factory=time.monotonic)

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return "openid"

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> str | None:
        return self.person.claims.get("acr")

    def get_amr(self) -> None:
        """Not told: the Dutch profile forbids it."""


class Vault:
    """Codes and tokens in memory, forgotten when they expire."""

    def __init__(self) -> None:
        self._codes: dict[str, Code] = {}
        self._tokens: dict[str, tuple[Person, float]] = {}
        self._lock = Lock()

    def keep_code(self, code: str, request: Any) -> None:
        """Remember what was promised under this code."""
        data = request.payload.data
        kept = Code(
            client_id=request.client.client_id,
            redirect_uri=request.payload.redirect_uri,
            nonce=data.get("nonce"),
            person=request.user,
            code_challenge=data.get("code_challenge"),
            code_challenge_method=data.get("code_challenge_method"),
        )
        with self._lock:
            fresh = {key: old for key, old in self._codes.items() if time.monotonic() - old.made_at < CODE_SECONDS}
            self._codes = fresh | {code: kept}

    def take_code(self, code: str, client_id: str) -> Code | None:
        """The promise under this code, once and only for its client."""
        with self._lock:
            kept = self._codes.pop(code, None)
        expired = kept is None or time.monotonic() - kept.made_at > CODE_SECONDS
        return None if expired or kept is None or kept.client_id != client_id else kept

    def knows_nonce(self, nonce: str, client_id: str) -> bool:
        """Whether the nonce was used for a code that still lives."""
        with self._lock:
            return any(code.nonce == nonce and code.client_id == client_id for code in self._codes.values())

    def keep_token(self, token: dict[str, Any], request: Any) -> None:
        """Remember whose access token this is."""
        now = time.monotonic()
        with self._lock:
            fresh = {key: old for key, old in self._tokens.items() if old[1] > now}
            self._tokens = fresh | {token["access_token"]: (request.user, now + TOKEN_SECONDS)}

    def person_with(self, access_token: str) -> Person | None:
        """Whose access token this is, while it lives."""
        with self._lock:
            known = self._tokens.get(access_token)
        return known[0] if known and time.monotonic() < known[1] else None
