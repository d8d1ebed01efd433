"""The way out: here, at the provider, and when the provider says so; and the list of one's own sessions."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from core import clock
from core.access import SIGNED_IN, Audience, Role, current_identity, open_to, signed_in
from core.audit import record
from core.db import db, transaction
from core.errors import NotFound
from core.sign_in.keys import ClientKeys
from core.sign_in.logout_tokens import LogoutRefused, checked, use_up
from core.sign_in.oidc import client_for
from core.sign_in.pages import NOBODY, audience_at, may_be_recorded
from core.sign_in.recognising import lifetime
from core.sign_in.refusals import SignInUnreachable
from core.sign_in.sessions import SignInSession, end, session_with, sessions_of
from core.web import current_settings

GONE = "U bent uitgelogd."

bp = Blueprint("sessions", __name__)


@bp.post("/uitloggen")
@open_to(Role.ANYONE)
def leave() -> Response | str:
    """End the session on the server and in the browser, and go on to the provider where that can end one too."""
    identity, onward = current_identity(), ""
    if identity:
        row = session_with(session.get("token", ""))
        onward = _farewell_address(identity.audience, row.id_token) if row else ""
        with transaction():
            end(session.get("token", ""), clock.now())
            record("sign-in.ended", f"account:{identity.audience}", by=identity.actor, at=clock.now())
    session.clear()
    if onward:
        # A page that moves on by itself: a policy on forms would block a redirect to another site.
        return render_template("signed_out.html", onward=onward)
    flash(GONE, "success")
    return redirect(url_for("search.search_page"), 303)


@bp.get("/uitgelogd")
@open_to(Role.ANYONE)
def left() -> Response:
    """Where the provider sends the browser after it ended its own session."""
    flash(GONE, "success")
    return redirect(url_for("search.search_page"), 303)


@bp.post("/inloggen/<entrance>/afmelden")
@open_to(Role.ANYONE)
def provider_signs_out(entrance: str) -> tuple[dict[str, str], int]:
    """Back-channel logout: the provider itself posts here; there is no browser and no cookie."""
    audience, now = audience_at(entrance), clock.now()
    try:
        client_for(audience).fetch_jwk_set()
    except SignInUnreachable as away:
        return {"error": "temporarily_unavailable"}, away.status
    try:
        claims = checked(request.form.get("logout_token", ""), client_for(audience), now)
        with transaction():
            ended = use_up(claims, audience, now)
            data = {"sessions": ended}
            record("sign-in.ended-by-provider", f"account:{audience}", by=NOBODY, at=now, data=data)
    except LogoutRefused as refused:
        if may_be_recorded():
            with transaction():
                record("sign-in.logout-refused", f"account:{audience}", by=NOBODY, at=now, result=refused.code)
        return {"error": "invalid_request", "error_description": refused.detail}, refused.status
    return {}, 200


@bp.get("/.well-known/jwks.json")
@open_to(Role.ANYONE)
def jwks() -> dict[str, object]:
    """Our public keys, current and next, for the providers where we authenticate with them."""
    keys: ClientKeys = current_app.extensions["client_keys"]
    return keys.public()


@bp.get("/sessies")
@open_to(*SIGNED_IN)
def session_list() -> str:
    """Where one is signed in."""
    here = session_with(session["token"])
    rows = sessions_of(signed_in().account_key, clock.now(), lifetime())
    return render_template("sessions.html", sessions=rows, here=here)


@bp.post("/sessies/<id:session_id>/uitloggen")
@open_to(*SIGNED_IN)
def end_session(session_id: int) -> Response:
    """Sign out somewhere else; only one's own sessions can be found."""
    with transaction():
        found = db.session.get(SignInSession, session_id, with_for_update=True)
        if found is None or found.account_key != signed_in().account_key:
            raise NotFound
        found.ended_at = found.ended_at or clock.now()
        record("sign-in.ended", f"account:{found.audience}", by=signed_in().actor, at=clock.now())
    flash("Die sessie is beëindigd.", "success")
    return redirect(url_for(".session_list"), 303)


def _farewell_address(audience: Audience, id_token: str) -> str:
    """Where the provider ends its own session; '' when it cannot, or does not answer."""
    client = client_for(audience)
    try:
        if not id_token or not client.load_server_metadata()["end_session_endpoint"]:
            return ""
    except SignInUnreachable:
        return ""
    address = current_settings().base_url + url_for("sessions.left")
    return str(client.create_logout_url(address, id_token, client_id=client.client_id)["url"])
