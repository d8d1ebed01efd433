"""The composition root: joins the packages into one application. No rules live here."""

import os
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import catalogue.commands
import catalogue.own_pages
import catalogue.pages
import core.commands
import core.health
import core.serving
import demo.commands
import demo.pages
import dossier.pages
import providers.commands
import providers.pages
import search.commands
import search.pages
import validation.commands
import validation.committee_pages
import validation.provider_pages
from catalogue.numbers import shown
from catalogue.publication import ACTIVITY_CHANGED
from catalogue.states import STATE_NAMES
from core.access import Audience, current_identity, init_access
from core.config import Settings, settings_or_exit
from core.db import db, init_db
from core.formatting import init_formatting
from core.headers import init_headers
from core.policy.loading import init_policies
from core.problems import init_problems
from core.requests import IdConverter
from core.secret_key import own_key
from core.sign_in.pages import init_sign_in
from demo.sign_in_provider import with_demo_sign_in
from providers.services import arrive
from search.services import ensure_built, init_search, refresh

PAGES = (
    search.pages.bp,
    catalogue.pages.bp,
    providers.pages.bp,
    catalogue.own_pages.bp,
    validation.provider_pages.bp,
    validation.committee_pages.bp,
    dossier.pages.bp,
    core.health.bp,
)
COMMANDS = (
    core.commands.audit,
    core.commands.outbox,
    core.commands.font_step,
    core.serving.bp,
    providers.commands.bp,
    catalogue.commands.activities,
    catalogue.commands.number_checks,
    validation.commands.bp,
    search.commands.bp,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The application. Ends the process with a list of what to change when it should not start."""
    settings = settings or settings_or_exit(os.environ)
    if settings.demo:
        settings = with_demo_sign_in(settings)
    settings.instance.mkdir(parents=True, exist_ok=True)
    app = Flask(__name__, instance_path=str(settings.instance))
    app.url_map.converters["id"] = IdConverter
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key or own_key(settings.instance),
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=2_000_000,
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the session does
    )
    app.extensions["settings"] = settings
    app.extensions["outbox_handlers"] = {ACTIVITY_CHANGED: refresh}
    app.extensions["before_work"] = [ensure_built]
    trusted = settings.proxies
    setattr(app, "wsgi_app", ProxyFix(app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=trusted))  # noqa: B010 -- mypy guards methods
    csrf = CSRFProtect(app)
    init_formatting(app)
    init_headers(app, https=settings.base_url.startswith("https://"))
    init_problems(app)
    init_policies(app, settings.policies)
    init_db(app, settings.database_url)
    Migrate(app, db, directory=str(Path(__file__).parent / "migrations"), render_as_batch=True)
    init_sign_in(app, settings, {Audience.EHERKENNING: arrive})
    init_access(app)
    init_search(app, settings)
    for blueprint in PAGES + COMMANDS:
        app.register_blueprint(blueprint)
    if settings.demo:
        demo.pages.init_demo(app, settings, csrf)
        app.register_blueprint(demo.commands.bp)
    app.jinja_env.filters["shown"] = shown
    app.jinja_env.globals.update(identity=current_identity, is_demo=settings.demo, activity_states=STATE_NAMES)
    return app
