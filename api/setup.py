"""Opens the interface: routes, their description, and how often anybody may ask."""

from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask

from api import activities, documentation, providers  # noqa: F401 -- two of them declare routes
from api.document import finished
from api.limits import init_limits
from api.questions import codes
from api.routes import OpenApi, bp
from api.sending import BASE, VERSION, init_sending
from core.config import Settings

ABOUT = (
    "Wat leraren in het register kunnen vinden, voor programma's. Lezen mag iedereen, zonder sleutel."
    " Wat er per versie verandert, staat op de pagina met uitleg."
)


def init_api(app: Flask, settings: Settings) -> None:
    """Add the routes under `/api/v1`."""
    app.config.update(
        API_TITLE="Registeruur",
        API_VERSION=VERSION,
        OPENAPI_VERSION="3.1.0",
    )
    info: dict[str, Any] = {
        "description": ABOUT,
        "contact": {"name": "Registeruur", "email": settings.mail_from, "url": f"{settings.base_url}/api"},
    }
    names = MarshmallowPlugin(schema_name_resolver=lambda schema: getattr(schema, "outside", ""))
    servers = [{"url": f"{settings.base_url}{BASE}"}]
    api = OpenApi(app, spec_kwargs={"info": info, "servers": servers, "marshmallow_plugin": names})
    init_sending(app)
    init_limits(app, settings.api_requests_a_minute)
    api.register_blueprint(bp)
    del app.cli.commands["openapi"]  # it would print what the routes declare, which is not the whole description
    app.extensions["api_document"] = finished(api.spec.to_dict(), BASE, codes(app.extensions["policies"]))
    app.register_blueprint(documentation.bp)
