"""An OpenID provider in this process, on Authlib's server side: PKCE, client secret and exact address are enforced.

Codes, the key and the client secrets live in memory: one process, and gone with it.
"""

import secrets
from dataclasses import replace
from functools import cached_property
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from flask import Flask
from joserfc.jwk import RSAKey

from core.access import ENTRANCE, Audience
from core.client_settings import ClientSettings
from core.config import Settings
from demo.clients import DemoClient, Vault
from demo.grants import ALGORITHM, Identification, RequiredChallenge, code_grant
from demo.people import PEOPLE, Person

PATH = "/dev/oidc"


def with_demo_sign_in(settings: Settings) -> Settings:
    """The settings with the demonstration provider for all audiences, each with a fresh secret."""
    clients: dict[str, ClientSettings] = {
        audience: replace(
            settings.clients[audience],
            issuer=settings.base_url + PATH,
            client_id=f"registeruur-{audience}",
            client_secret=secrets.token_urlsafe(32),
            client_auth="client_secret_basic",
        )
        for audience in Audience
    }
    return replace(settings, clients=clients)


class OpenIdProvider:
    """The provider: who may ask, what was promised, and the key that signs."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.issuer = settings.base_url + PATH
        self.vault = Vault()
        self._clients = {client.client_id: client for client in _clients(settings)}
        self.server = AuthorizationServer(app, self._clients.get, self.vault.keep_token)
        rules: list[Any] = [
            RequiredChallenge(required=True),
            Identification(self.issuer, lambda: self.key, self.vault),
        ]
        self.server.register_grant(code_grant(self.vault), rules)

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


def _clients(settings: Settings) -> list[DemoClient]:
    return [
        DemoClient(
            client_id=settings.clients[audience].client_id,
            secret=settings.clients[audience].client_secret,
            redirect_uri=f"{settings.base_url}/inloggen/{ENTRANCE[audience]}/terug",
        )
        for audience in Audience
    ]
