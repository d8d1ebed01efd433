"""An OpenID provider in this process, on Authlib's server side: PKCE, client secret and exact address are enforced.

Codes, the key and the client secrets live in memory: one process, and gone with it.
"""

import secrets
from dataclasses import replace
from functools import cached_property
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6749.requests import OAuth2Request
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask
from joserfc.jwk import RSAKey

from core.access import ENTRANCE, Audience
from core.config import Settings
from demo.clients import Code, DemoClient, Vault
from demo.people import PEOPLE, Person

PATH = "/dev/oidc"
ALGORITHM = "PS256"


def with_demo_sign_in(settings: Settings) -> Settings:
    """The settings with the demonstration provider for all audiences, each with a fresh secret."""
    filled: dict[str, Any] = {}
    for audience in Audience:
        filled[f"{audience}_issuer"] = settings.base_url + PATH
        filled[f"{audience}_client_id"] = f"registeruur-{audience}"
        filled[f"{audience}_client_secret"] = secrets.token_urlsafe(32)
    return replace(settings, **filled)


class OpenIdProvider:
    """The provider: who may ask, what was promised, and the key that signs."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.issuer = settings.base_url + PATH
        self.vault = Vault()
        self._clients = {client.client_id: client for client in _clients(settings)}
        self.server = AuthorizationServer(app, self._clients.get, self.vault.keep_token)
        self.server.register_grant(self._grant(), [_RequiredChallenge(required=True), self._open_id()])

    @cached_property
    def key(self) -> RSAKey:
        """Made at the first sign-in, because it takes a while."""
        return RSAKey.generate_key(2048, {"use": "sig", "alg": ALGORITHM}, auto_kid=True)

    def people_for(self, client_id: str) -> list[Person]:
        """Who can sign in at this client."""
        return [person for person in PEOPLE if client_id == f"registeruur-{person.audience}"]

    def metadata(self) -> dict[str, Any]:
        """What the discovery document says."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "scopes_supported": ["openid"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
        }

    def _grant(self) -> type[AuthorizationCodeGrant]:
        vault = self.vault

        class Grant(AuthorizationCodeGrant):
            TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

            def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
                vault.keep_code(code, request)

            def query_authorization_code(self, code: str, client: DemoClient) -> Code | None:
                return vault.take_code(code, client.client_id)

            def delete_authorization_code(self, authorization_code: Code) -> None:
                """Taken is gone already: a code works once."""

            def authenticate_user(self, authorization_code: Code) -> Person:
                return authorization_code.person

        return Grant

    def _open_id(self) -> OpenIDCode:
        provider = self

        class OpenId(OpenIDCode):
            def exists_nonce(self, nonce: str, request: OAuth2Request) -> bool:
                return provider.vault.knows_nonce(nonce, request.payload.client_id)

            def resolve_client_private_key(self, client: DemoClient) -> RSAKey:  # noqa: ARG002 -- one key for all
                return provider.key

            def get_client_algorithm(self, client: DemoClient) -> str:  # noqa: ARG002 -- one algorithm for all
                return ALGORITHM

            def get_client_claims(self, client: DemoClient) -> dict[str, Any]:
                return {"iss": provider.issuer, "aud": [client.client_id], "jti": secrets.token_urlsafe(16)}

            def get_encode_header(self, client: DemoClient) -> dict[str, Any]:  # noqa: ARG002 -- one key for all
                return {"alg": ALGORITHM, "kid": provider.key.kid}

            def generate_user_info(self, user: Person, scope: str) -> UserInfo:  # noqa: ARG002 -- one scope
                return UserInfo(sub=user.id, **user.claims)

        return OpenId(require_nonce=True)


class _RequiredChallenge(CodeChallenge):
    """Authlib asks confidential clients for a challenge only if they offer one; here all must, and with S256."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: AuthorizationCodeGrant, redirect_uri: str) -> None:
        data = grant.request.payload.data
        if not data.get("code_challenge") or data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("Missing 'code_challenge' with method S256")  # noqa: EM101, TRY003 -- protocol text
        super().validate_code_challenge(grant, redirect_uri)


def _clients(settings: Settings) -> list[DemoClient]:
    return [
        DemoClient(
            client_id=getattr(settings, f"{audience}_client_id"),
            secret=getattr(settings, f"{audience}_client_secret"),
            redirect_uri=f"{settings.base_url}/inloggen/{ENTRANCE[audience]}/terug",
        )
        for audience in Audience
    ]
