"""The OpenID Connect client, one per audience, on Authlib with the checks that its defaults leave out."""

import logging
from http import HTTPStatus
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app, request, session
from joserfc.errors import JoseError
from werkzeug.wrappers import Response

from core.access import Audience
from core.config import Settings
from core.sign_in.claims import SignInRefused

LEEWAY = 10  # seconds of clock difference that are forgiven
TIMEOUT = 5  # seconds to wait for the sign-in provider
CANCELLED = {"access_denied", "IDP-3200"}
KEPT_ATTEMPTS = 3
UNFIT = "Het inloggen is niet gelukt. Begin opnieuw; blijft dit gebeuren, neem dan contact op met het register."
log = logging.getLogger(__name__)


class SignInCancelled(SignInRefused):
    """The person chose not to sign in."""

    code = "sign-in-cancelled"

    def __init__(self) -> None:
        super().__init__("U hebt het inloggen afgebroken. U kunt opnieuw inloggen wanneer u wilt.")


class SignInUnreachable(SignInRefused):
    """The sign-in provider does not answer."""

    code = "sign-in-unreachable"
    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self) -> None:
        super().__init__("De inlogdienst is nu niet bereikbaar. Probeer het over een paar minuten opnieuw.")


def init_oidc(app: Flask, settings: Settings) -> None:
    """Register a client per audience; the metadata is fetched at the first sign-in, not at the start."""
    oauth = OAuth(app)
    for audience in Audience:
        issuer = getattr(settings, f"{audience}_issuer").rstrip("/")
        oauth.register(  # type: ignore[no-untyped-call]  # a gap in the stubs
            name=audience,
            client_id=getattr(settings, f"{audience}_client_id"),
            client_secret=getattr(settings, f"{audience}_client_secret"),
            server_metadata_url=f"{issuer}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid", "code_challenge_method": "S256", "default_timeout": TIMEOUT},
        )
    app.extensions["oidc"] = oauth


def forget_old_attempts() -> None:
    """Keep the cookie small: of the sign-ins that were begun and not finished only the last few count."""
    begun = [name for name in session if name.startswith("_state_")]
    for name in begun[:-KEPT_ATTEMPTS]:
        session.pop(name)


def redirect_to_provider(audience: Audience, redirect_uri: str, hint: str | None) -> Response:
    """Send the browser away to sign in. Raises `SignInRefused` when the provider cannot be reached."""
    try:
        response: Response = _client(audience).authorize_redirect(
            redirect_uri, **({"login_hint": hint} if hint else {})
        )
    except requests.RequestException as error:
        log.warning("sign-in provider of %s unreachable: %s", audience, error)
        raise SignInUnreachable from None
    return response


def verified_claims(audience: Audience) -> dict[str, Any]:
    """The claims of the id token that the current request brings back, all checks done. Raises `SignInRefused`."""
    client = _client(audience)
    try:
        issuer = client.load_server_metadata()["issuer"]
        if request.args.get("iss", issuer) != issuer:  # RFC 9207, against mix-up of two providers
            raise SignInRefused(UNFIT)
        options = {
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": client.client_id},
        }
        token = client.authorize_access_token(claims_options=options, leeway=LEEWAY)
    except requests.RequestException as error:
        log.warning("sign-in provider of %s unreachable: %s", audience, error)
        raise SignInUnreachable from None
    except OAuthError as error:
        if error.error in CANCELLED:
            raise SignInCancelled from None
        log.warning("sign-in refused for %s: %s", audience, error)
        raise SignInRefused(UNFIT) from None
    except (JoseError, ValueError, KeyError) as error:
        log.warning("sign-in refused for %s: %s", audience, error)
        raise SignInRefused(UNFIT) from None
    return dict(token.get("userinfo") or {})


def safe_return(address: str | None, otherwise: str) -> str:
    """The page to return to after sign-in: only a path of this site, never another one."""
    is_path = address and address.startswith("/") and not address.startswith("//")
    return address if address and is_path and address.isprintable() and "\\" not in address else otherwise


def _client(audience: Audience) -> Any:
    return current_app.extensions["oidc"].create_client(audience.value)
