"""Joins the parts of signing in to the application."""

from collections.abc import Mapping

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from core.access import Audience
from core.config import Settings
from core.sign_in import commands, pages, session_pages
from core.sign_in.oidc import init_oidc
from core.sign_in.pages import Arrive
from core.sign_in.recognising import init_recognising
from core.sign_in.throttle import Throttle


def init_sign_in(app: Flask, settings: Settings, csrf: CSRFProtect, arrivals: Mapping[Audience, Arrive]) -> None:
    """`arrivals` is called inside the transaction of a sign-in, and may give the person further roles."""
    init_oidc(app, settings)
    init_recognising(app, settings)
    app.extensions["arrivals"] = arrivals
    app.extensions["on_record"] = Throttle(pages.ON_RECORD_A_MINUTE)
    csrf.exempt(session_pages.provider_signs_out)  # a signed token takes the place of a form's
    for blueprint in (pages.bp, session_pages.bp, commands.bp):
        app.register_blueprint(blueprint)
