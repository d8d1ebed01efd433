"""The pages under /dev: who can sign in, and the demonstration sign-in provider."""

from http import HTTPStatus
from typing import Any, cast

from authlib.oauth2 import OAuth2Error
from flask import Blueprint, Flask, current_app, render_template, request
from flask_wtf.csrf import CSRFProtect
from joserfc.jwk import KeySet
from werkzeug.wrappers import Response

from core.access import Role, open_to
from core.config import Settings
from core.problems import answer
from demo.people import PEOPLE
from demo.sign_in_provider import OpenIdProvider

bp = Blueprint("demo", __name__, url_prefix="/dev")


def _provider() -> OpenIdProvider:
    provider: OpenIdProvider = current_app.extensions["demo_provider"]
    return provider


@bp.get("")
@open_to(Role.ANYONE)
def people_page() -> str:
    """Everybody you can be."""
    return render_template("demo/people.html", people=PEOPLE)


@bp.get("/oidc/.well-known/openid-configuration")
@open_to(Role.ANYONE)
def discovery() -> dict[str, Any]:
    """The discovery document."""
    return _provider().metadata()


@bp.get("/oidc/jwks")
@open_to(Role.ANYONE)
def jwks() -> dict[str, Any]:
    """The public key."""
    return dict(KeySet([_provider().key]).as_dict(private=False))


@bp.route("/oidc/authorize", methods=["GET", "POST"])
@open_to(Role.ANYONE)
def authorize() -> Response | str:
    """Ask as whom to sign in; a request that does not fit is refused here and not redirected."""
    provider = _provider()
    try:
        grant: Any = provider.server.get_consent_grant()  # type: ignore[no-untyped-call]  # a gap in the stubs
    except OAuth2Error as error:
        return answer(HTTPStatus.BAD_REQUEST, code=error.error or "invalid_request", detail=str(error.description))
    people = provider.people_for(grant.request.payload.client_id)
    hint = request.args.get("login_hint")
    if request.method == "GET" and hint not in {person.id for person in people}:
        return render_template("demo/sign_in.html", people=people)
    chosen = next((person for person in people if person.id == request.form.get("person", hint)), None)
    response: Any = provider.server.create_authorization_response(grant_user=chosen, grant=grant)
    return cast("Response", response)


@bp.post("/oidc/token")
@open_to(Role.ANYONE)
def token() -> Response:
    """Give a token for a code."""
    response: Any = _provider().server.create_token_response()
    return cast("Response", response)


@bp.get("/oidc/userinfo")
@open_to(Role.ANYONE)
def userinfo() -> dict[str, Any] | tuple[str, int]:
    """The claims of whoever the access token belongs to."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    person = _provider().vault.person_with(value) if scheme.lower() == "bearer" else None
    return {"sub": person.id, **person.claims} if person else ("", 401)


def greeting(address: str) -> list[str]:
    """What a newcomer reads in the shell: who can sign in, and where."""
    people = [f"  {address}/inloggen/{person.entrance:<10} {person.name}: {person.about}" for person in PEOPLE]
    return ["U kunt inloggen als:", *people, f"Of kies iemand op {address}/dev"]


def init_demo(app: Flask, settings: Settings, csrf: CSRFProtect) -> None:
    """Mount everything under /dev. The caller made sure that this is no production."""
    app.extensions["demo_provider"] = OpenIdProvider(app, settings)
    app.extensions["greeting"] = greeting(settings.base_url)
    csrf.exempt(token)
    app.register_blueprint(bp)
