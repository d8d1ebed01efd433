"""The description of the interface, for programs and for people."""

from flask import Blueprint, current_app, render_template
from werkzeug.wrappers import Response

from api.document import operations
from api.sending import BASE, VERSION, as_json
from core.access import Role, open_to
from core.web import current_settings

bp = Blueprint("api", __name__)


@bp.get(f"{BASE}/openapi.json")
@open_to(Role.ANYONE)
def openapi() -> Response:
    """OpenAPI 3.1."""
    return as_json(current_app.extensions["api_document"])


@bp.get("/api")
@open_to(Role.ANYONE)
def documentation_page() -> str:
    """The same, to read."""
    document = current_app.extensions["api_document"]
    schemas = document["components"]["schemas"]
    return render_template(
        "public/api.html",
        document=document,
        operations=list(operations(document)),
        schemas=schemas,
        version=VERSION,
        most=current_settings().api_requests_a_minute,
    )
