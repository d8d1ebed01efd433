"""The rules of the demonstration provider, as Authlib wants them: code grant, identity token, required challenge."""

import secrets
from collections.abc import Callable
from typing import Any

from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from joserfc.jwk import RSAKey

from demo.clients import Code, Vault
from demo.people import Person

ALGORITHM = "PS256"


class Identification(OpenIDCode):
    """Signs who the person is, for the client that asked; a nonce works once."""

    def __init__(self, issuer: str, key: Callable[[], RSAKey], vault: Vault) -> None:
        super().__init__(require_nonce=True)
        self._issuer, self._key, self._vault = issuer, key, vault

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return self._vault.knows_nonce(nonce, request.payload.client_id)

    def resolve_client_private_key(self, _: Any) -> RSAKey:
        return self._key()

    def get_client_algorithm(self, _: Any) -> str:
        return ALGORITHM

    def get_client_claims(self, client: Any) -> dict[str, Any]:
        return {"iss": self._issuer, "aud": [client.client_id], "jti": secrets.token_urlsafe(16)}

    def get_encode_header(self, _: Any) -> dict[str, Any]:
        return {"alg": ALGORITHM, "kid": self._key().kid}

    def generate_user_info(self, user: Person, _: str) -> UserInfo:
        return UserInfo(sub=user.id, **user.claims)


class RequiredChallenge(CodeChallenge):
    """Authlib asks confidential clients for a challenge only if they offer one; here all must, and with S256."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        data = grant.request.payload.data
        if not data.get("code_challenge") or data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("Missing 'code_challenge' with method S256")
        super().validate_code_challenge(grant, redirect_uri)


def code_grant(vault: Vault) -> type[AuthorizationCodeGrant]:
    """The code grant over the provider's memory; Authlib wants a class, so it is made around the vault."""

    class CodeGrant(AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

        def save_authorization_code(self, code: str, request: Any) -> None:
            vault.keep_code(code, request)

        def query_authorization_code(self, code: str, client: Any) -> Code | None:
            return vault.take_code(code, client.client_id)

        def delete_authorization_code(self, _: Any) -> None:
            """Taken is gone already: a code works once."""

        def authenticate_user(self, authorization_code: Any) -> Any:
            return authorization_code.person

    return CodeGrant
