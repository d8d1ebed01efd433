"""The composition root: joins the packages into one application. No rules live here."""

import os
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate

import catalogue.commands
import core.audit_day_pages
import core.commands
import core.health
import core.serving
import demo.commands
import demo.mail_pages
import demo.pages
import dossier.pages
import providers.commands
import search.commands
import validation.commands
import validation.daily.commands
from api.setup import init_api
from catalogue.publication import ACTIVITY_CHANGED
from catalogue.setup import CATALOGUE_PAGES, init_catalogue, recheck_offers
from core.access import Audience, init_access
from core.config import Settings, settings_or_exit
from core.db import db, init_db
from core.jobs import JOB_STEP, advance
from core.outbox import Together
from core.policy.loading import init_policies
from core.sign_in.setup import init_sign_in
from core.web import init_web
from demo.sign_in_provider import with_demo_sign_in
from providers.arriving import arrive
from providers.setup import PROVIDER_HANDLERS, PROVIDER_PAGES, init_providers
from search.checking import NIGHTLY, check_nightly, ensure_nightly
from search.services import ensure_built, init_search, refresh
from search.setup import SEARCH_PAGES
from validation.committee.members import arrive_member
from validation.daily.scheduling import ensure_today
from validation.setup import VALIDATION_HANDLERS, VALIDATION_JOBS, VALIDATION_PAGES

PAGES = (
    *SEARCH_PAGES,
    *PROVIDER_PAGES,
    *CATALOGUE_PAGES,
    *VALIDATION_PAGES,
    dossier.pages.bp,
    core.audit_day_pages.bp,
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
    validation.daily.commands.bp,
    validation.commands.procedures,
    search.commands.bp,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The application. Ends the process with a list of what to change when it should not start."""
    settings = settings or settings_or_exit(os.environ)
    if settings.demo:
        settings = with_demo_sign_in(settings)
    settings.instance.mkdir(parents=True, exist_ok=True)
    app = Flask(__name__, instance_path=str(settings.instance))
    csrf = init_web(app, settings)
    app.extensions["outbox_handlers"] = {
        ACTIVITY_CHANGED: Together(refresh, most=200),
        NIGHTLY: check_nightly,
        JOB_STEP: advance,
        **PROVIDER_HANDLERS,
        **VALIDATION_HANDLERS,
    }
    app.extensions["job_kinds"] = {**VALIDATION_JOBS}
    app.extensions["before_work"] = [ensure_built, ensure_nightly, recheck_offers, ensure_today]
    init_policies(app, settings.policies)
    init_db(app, settings.database_url)
    Migrate(app, db, directory=str(Path(__file__).parent / "migrations"), render_as_batch=True)
    init_sign_in(app, settings, csrf, {Audience.EHERKENNING: arrive, Audience.STAFF: arrive_member})
    init_access(app)
    init_providers(app, settings)
    init_catalogue(app)
    init_search(app, settings)
    for blueprint in PAGES + COMMANDS:
        app.register_blueprint(blueprint)
    init_api(app, settings)
    if settings.demo:
        demo.pages.init_demo(app, settings, csrf)
        app.register_blueprint(demo.commands.bp)
        app.register_blueprint(demo.mail_pages.bp)
    return app
