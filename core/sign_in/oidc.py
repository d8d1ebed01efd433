"""The way to the sign-in provider and back, on Authlib, with the checks that its defaults leave out."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from flask import Flask, current_app, request
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import KeySet

from core.access import Audience
from core.config import Settings
from core.sign_in.attempts import SignInAttempt
from core.sign_in.client import ISS_PROMISED, Client
from core.sign_in.keys import ClientKeys
from core.sign_in.refusals import ProviderRefused, SignInCancelled, SignInUnreachable, TokenRefused

LEEWAY = 10  # seconds of clock difference that are forgiven
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Arrival:
    """What a sign-in brought: checked claims, and what is needed to sign out at the provider later."""

    claims: Mapping[str, Any]
    subject: str
    sid: str
    id_token: str


def init_oidc(app: Flask, settings: Settings) -> None:
    """Set up a client per audience; nothing is fetched before the first sign-in."""
    keys = ClientKeys(settings.instance)
    app.extensions["client_keys"] = keys
    app.extensions["oidc"] = {
        audience: Client(audience.value, settings.clients[audience], keys) for audience in Audience
    }


def client_for(audience: Audience) -> Client:
    """The client of an audience."""
    client: Client = current_app.extensions["oidc"][audience]
    return client


def verified_arrival(audience: Audience, attempt: SignInAttempt, return_address: str) -> Arrival:
    """What the current request brings back, all checks done. Raises a `SignInRefused`."""
    client = client_for(audience)
    try:
        return _verified(client, attempt, return_address)
    except requests.RequestException as error:
        log.warning("sign-in provider of %s unreachable: %s", audience, error)
        raise SignInUnreachable from None
    except (OAuthError, JoseError, ValueError, KeyError, TypeError) as error:
        # Whatever a broker or a forger sends, it is no fault of ours: these are the ways in which libraries say no.
        log.warning("sign-in refused for %s: %s: %s", audience, type(error).__name__, error)
        raise TokenRefused from None


def key_set(client: Client, *, force: bool = False) -> KeySet:
    """The keys that may have signed what the provider says."""
    found: Any = client.fetch_jwk_set(force=force)
    return KeySet.import_key_set(found)


def _verified(client: Client, attempt: SignInAttempt, return_address: str) -> Arrival:
    _check_sender(client)
    code = request.args.get("code", "")
    if not code:
        raise TokenRefused
    token = client.fetch_access_token(  # type: ignore[no-untyped-call]  # a gap in the stubs
        redirect_uri=return_address, code=code, code_verifier=attempt.code_verifier, grant_type="authorization_code"
    )
    if str(token.get("token_type")).lower() != "bearer":
        raise TokenRefused
    options = {
        "iss": {"essential": True, "value": client.settings.issuer},
        "aud": {"essential": True, "value": client.client_id},
    }
    claims = _signed_claims(client, token, nonce=attempt.nonce, claims_options=options, leeway=LEEWAY)
    if claims is None or claims["aud"] not in (client.client_id, [client.client_id]):
        raise TokenRefused  # no token, or one that is for others as well
    subject = claims["sub"]
    if not isinstance(subject, str) or not subject or not subject.isprintable():
        raise TokenRefused
    told = _told_by_userinfo(client, token, subject) if client.settings.claims_from == "userinfo" else {}
    sid = claims.get("sid")
    known = sid if isinstance(sid, str) and sid.isprintable() else ""
    return Arrival(told | dict(claims), subject, known, token["id_token"])


def _signed_claims(client: Client, token: Any, **checks: Any) -> Any:
    """What the id token says. A provider that names no key may have changed it: then, too, keys are fetched anew."""
    try:
        return client.parse_id_token(token, **checks)
    except BadSignatureError:
        client.fetch_jwk_set(force=True)
        return client.parse_id_token(token, **checks)


def _check_sender(client: Client) -> None:
    """RFC 9207, against mix-up of two providers; then what the provider itself has to say."""
    metadata = client.load_server_metadata()
    sender = request.args.get("iss")
    if sender != metadata["issuer"] and (sender is not None or metadata.get(ISS_PROMISED)):
        raise TokenRefused
    error = request.args.get("error")
    if error in client.settings.cancel_codes:
        raise SignInCancelled
    if error is not None:
        log.warning("sign-in provider of %s refused: %r", client.name, error[:100])
        raise ProviderRefused


def _told_by_userinfo(client: Client, token: Mapping[str, Any], subject: str) -> dict[str, Any]:
    """More about the same person; what the signed token says comes first."""
    told = dict(client.userinfo(token=token))
    if told.get("sub") != subject:
        raise TokenRefused
    return told


def safe_return(address: str | None, otherwise: str) -> str:
    """The page to return to after sign-in: only a path of this site, never another one."""
    is_path = address and address.startswith("/") and not address.startswith("//")
    return address if address and is_path and address.isprintable() and "\\" not in address else otherwise
