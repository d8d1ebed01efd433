"""What every page stands on before any package adds its own: cookies, proxies, forms, headers, errors, formats."""

from flask import Flask, current_app
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from core.access import current_identity
from core.config import Settings
from core.formatting import init_formatting
from core.headers import init_headers
from core.kept_texts import init_kept_texts
from core.problems import init_problems
from core.requests import IdConverter
from core.secret_key import own_key
from core.uploads import init_uploads

LARGEST_FORM = 2_000_000  # bytes; seven texts of 20,000 symbols fit in whatever script, as browsers encode them


def current_settings() -> Settings:
    """The settings of the running application."""
    settings: Settings = current_app.extensions["settings"]
    return settings


def init_web(app: Flask, settings: Settings) -> CSRFProtect:
    """Set up the application; the protection of forms is handed back for the few routes that programs post to."""
    https = settings.base_url.startswith("https://")
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key or own_key(settings.instance),
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the session does
    )
    app.extensions["settings"] = settings
    app.url_map.converters["id"] = IdConverter
    trusted = settings.proxies
    proxied = ProxyFix(app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=trusted)
    setattr(app, "wsgi_app", proxied)  # noqa: B010 -- mypy guards methods
    init_formatting(app)
    init_headers(app, https=https)
    init_kept_texts(app)
    init_problems(app)
    app.jinja_env.globals.update(identity=current_identity, is_demo=settings.demo, base_url=settings.base_url)
    init_uploads(app, settings.largest_import_mb)
    return CSRFProtect(app)
