"""The way in and the way out: start, return, sign out. Starting is a link, because a policy blocks posted redirects."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Flask, current_app, flash, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from core import clock
from core.access import ENTRANCE, Audience, Identity, Role, current_identity, open_to
from core.audit import Actor, record
from core.config import Settings
from core.db import transaction
from core.errors import NotFound
from core.policy.loading import current_policies
from core.sign_in.claims import SignInRefused, identity_from
from core.sign_in.oidc import (
    SignInCancelled,
    forget_old_attempts,
    init_oidc,
    redirect_to_provider,
    safe_return,
    verified_claims,
)
from core.sign_in.sessions import Lifetime, end, find, start, touch

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
NOBODY = Actor("unknown", "page")
Arrival = Callable[[Identity, datetime], None]
AUDIENCE_AT = {entrance: audience for audience, entrance in ENTRANCE.items()}
HOME = {Audience.EHERKENNING: "/aanbieder", Audience.STAFF: "/commissie", Audience.TEACHER: "/dossier"}

bp = Blueprint("sign_in", __name__)


@bp.get("/inloggen/<entrance>", endpoint="start")
@open_to(Role.ANYONE)
def begin(entrance: str) -> Response:
    """Send the person to the sign-in provider of the entrance."""
    audience, settings = _audience(entrance), _settings()
    here, home = urlsplit(request.host_url).hostname, urlsplit(settings.base_url).hostname
    if home in LOOPBACK and here != home:
        # Typed as localhost: the cookie must belong to the address to which the provider returns.
        return redirect(settings.base_url + request.full_path, 303)
    forget_old_attempts()
    response = redirect_to_provider(audience, _return_address(entrance), request.args.get("als"))
    session["return_to"] = safe_return(request.args.get("naar"), HOME[audience])
    return response


@bp.get("/inloggen/<entrance>/terug")
@open_to(Role.ANYONE)
def arrive(entrance: str) -> Response:
    """Take the person in: check, rotate the session, tell the package that knows such people."""
    audience = _audience(entrance)
    now = clock.now()
    policy = current_policies().on(clock.day_of(now))
    try:
        identity = identity_from(audience, verified_claims(audience), lowest_level=policy.provider_level)
    except SignInCancelled as cancelled:
        flash(cancelled.detail, "info")
        return redirect(url_for("search.search_page"), 303)
    except SignInRefused as refused:
        with transaction():
            record("sign-in.refused", f"account:{audience}", by=NOBODY, at=now, result=refused.code)
        raise
    arrivals: Mapping[Audience, Arrival] = current_app.extensions["arrivals"]
    with transaction():
        if audience in arrivals:
            arrivals[audience](identity, now)
        end(session.get("token", ""))
        token = start(identity, now, _lifetime())
        record("sign-in.started", f"account:{audience}", by=identity.actor, at=now)
    return_to = session.get("return_to", HOME[audience])
    session.clear()
    session["token"] = token
    return redirect(return_to, 303)


@bp.post("/uitloggen")
@open_to(Role.ANYONE)
def leave() -> Response:
    """End the session on the server and in the browser."""
    identity = current_identity()
    if identity:
        with transaction():
            end(session.get("token", ""))
            record("sign-in.ended", f"account:{identity.audience}", by=identity.actor, at=clock.now())
    session.clear()
    flash("U bent uitgelogd.", "success")
    return redirect(url_for("search.search_page"), 303)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _return_address(entrance: str) -> str:
    """Where the provider sends the browser: from the settings, never from what a request calls this host."""
    return _settings().base_url + url_for(".arrive", entrance=entrance)


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
        session.pop("token")
        g.session_ended = True
        flash("U was te lang niet actief. Log opnieuw in.", "info")
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
