"""The way in and the way out: start, return, sign out. Starting is a link, because a policy blocks posted redirects."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from flask import Blueprint, Flask, current_app, flash, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from core import clock
from core.access import ENTRANCE, Audience, Identity, Role, open_to
from core.audit import record
from core.config import Settings
from core.db import transaction
from core.errors import NotFound
from core.policy.loading import current_policies
from core.sign_in.claims import identity_from
from core.sign_in.oidc import SignInCancelled, init_oidc, redirect_to_provider, safe_return, verified_claims
from core.sign_in.sessions import Lifetime, end, find, start, touch

Arrival = Callable[[Identity, datetime], None]
AUDIENCE_AT = {entrance: audience for audience, entrance in ENTRANCE.items()}
HOME = {Audience.EHERKENNING: "/aanbieder", Audience.STAFF: "/commissie", Audience.TEACHER: "/dossier"}

bp = Blueprint("sign_in", __name__)


@bp.get("/inloggen/<entrance>", endpoint="start")
@open_to(Role.ANYONE)
def begin(entrance: str) -> Response:
    """Send the person to the sign-in provider of the entrance."""
    audience = _audience(entrance)
    back = url_for(".arrive", entrance=entrance, _external=True)
    response = redirect_to_provider(audience, back)
    session["return_to"] = safe_return(request.args.get("naar"), HOME[audience])
    return response


@bp.get("/inloggen/<entrance>/terug")
@open_to(Role.ANYONE)
def arrive(entrance: str) -> Response:
    """Take the person in: check, rotate the session, tell the package that knows such people."""
    audience = _audience(entrance)
    try:
        claims = verified_claims(audience)
    except SignInCancelled as cancelled:
        flash(cancelled.detail, "info")
        return redirect(url_for("search.search_page"), 303)
    now = clock.now()
    policy = current_policies().on(clock.day_of(now))
    identity = identity_from(audience, claims, lowest_level=policy.provider_level)
    arrivals: Mapping[Audience, Arrival] = current_app.extensions["arrivals"]
    with transaction():
        if audience in arrivals:
            arrivals[audience](identity, now)
        token = start(identity, now, _lifetime())
        record("sign-in.started", f"account:{audience}", by=identity.actor, at=now)
    return_to = session.pop("return_to", HOME[audience])
    session.clear()
    session["token"] = token
    return redirect(return_to, 303)


@bp.post("/uitloggen")
@open_to(Role.ANYONE)
def leave() -> Response:
    """End the session on the server and in the browser."""
    token = session.get("token")
    if token:
        with transaction():
            end(token)
    session.clear()
    flash("U bent uitgelogd.", "success")
    return redirect(url_for("search.search_page"), 303)


def _audience(entrance: str) -> Audience:
    if entrance not in AUDIENCE_AT:
        raise NotFound
    return AUDIENCE_AT[entrance]


def _lifetime() -> Lifetime:
    lifetime: Lifetime = current_app.extensions["session_lifetime"]
    return lifetime


def recognise() -> None:
    """Find out who sends this request; a session that ended is forgotten."""
    token = session.get("token")
    if not token or request.endpoint == "static":
        return
    now = clock.now()
    found = find(token, now, _lifetime())
    if found is None:
        session.clear()
        flash("Uw sessie is verlopen. Log opnieuw in.", "info")
        return
    g.identity = found.identity
    if found.is_stale:
        with transaction():
            touch(token, now)


def init_sign_in(app: Flask, settings: Settings, arrivals: Mapping[Audience, Arrival]) -> None:
    """Recognise people before anything else; `arrivals` is called inside the transaction of a sign-in."""
    init_oidc(app, settings)
    idle, most = timedelta(minutes=settings.session_idle_minutes), timedelta(hours=settings.session_hours)
    app.extensions["session_lifetime"] = Lifetime(idle, most)
    app.extensions["arrivals"] = arrivals
    app.before_request(recognise)
    app.register_blueprint(bp)
