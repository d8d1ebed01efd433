"""Who sends this request; and what becomes of a form that arrives after its session ended."""

from datetime import timedelta

from flask import Blueprint, Flask, current_app, flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from core import clock
from core.access import SIGNED_IN, Identity, Role, entrance_of, open_to, roles_of, signed_in
from core.config import Settings
from core.db import db, transaction
from core.requests import is_for_programs, typed_texts, wants_json
from core.sign_in import kept_forms
from core.sign_in.refusals import SessionEnded
from core.sign_in.sessions import Lifetime, find, touch

bp = Blueprint("kept_forms", __name__)


def init_recognising(app: Flask, settings: Settings) -> None:
    """Recognise people before anything else looks at the request."""
    idle, most = timedelta(minutes=settings.session_idle_minutes), timedelta(hours=settings.session_hours)
    app.extensions["session_lifetime"] = Lifetime(idle, most)
    app.before_request(recognise)
    app.register_blueprint(bp)


def lifetime() -> Lifetime:
    """How long sessions last here."""
    found: Lifetime = current_app.extensions["session_lifetime"]
    return found


def recognise() -> None:
    """Find out who sends this request; a session that ended is forgotten, but not what was typed in it."""
    token = None if is_for_programs() or request.endpoint == "static" else session.get("token")
    if not token:
        return
    now = clock.now()
    found = find(token, now, lifetime())
    if found is None or found.is_over:
        if wants_json():
            return  # a script only asks: the form that it asks about may still come, and be kept
        session.pop("token")
        if found and request.method == "POST":
            _keep_what_was_typed(found.identity)
        flash("Uw sessie is afgelopen. Log opnieuw in.", "info")
        return
    g.identity = found.identity
    if found.is_stale:
        with transaction():
            touch(token, now)


@bp.get("/verder/<token>")
@open_to(*SIGNED_IN)
def kept_form_page(token: str) -> str:
    """What somebody typed before the session ended, to send it after all."""
    form = kept_forms.kept_form(token, signed_in().account_key, clock.now())
    return render_template("kept_form.html", form=form, token=token, typed=typed_texts(form.fields))


@bp.post("/verder/<token>")
@open_to(*SIGNED_IN)
def discard(token: str) -> Response:
    """It need not be sent any more."""
    with transaction():
        db.session.delete(kept_forms.kept_form(token, signed_in().account_key, clock.now()))
    flash("Wat u had ingevuld is weggegooid.", "info")
    return redirect(url_for("search.search_page"), 303)


def _keep_what_was_typed(identity: Identity) -> None:
    """Raises `SessionEnded` when the person might have sent this form; else the request goes on as anybody's."""
    roles = roles_of(request.endpoint) if request.endpoint else frozenset()
    if Role.ANYONE in roles or not roles & identity.roles:
        return
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    with transaction():
        token = kept_forms.keep(identity.account_key, request.full_path.rstrip("?"), fields, clock.now())
    raise SessionEnded(entrance_of(identity.audience, url_for("kept_forms.kept_form_page", token=token)))
