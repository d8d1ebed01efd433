"""Whether this process lives, and whether it can work."""

from http import HTTPStatus

from flask import Blueprint
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.access import Role, open_to
from core.db import db

bp = Blueprint("health", __name__, url_prefix="/health")


@bp.get("/live")
@open_to(Role.ANYONE)
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@bp.get("/ready")
@open_to(Role.ANYONE)
def ready() -> tuple[dict[str, str], int]:
    """The database answers too."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return {"status": "database unreachable"}, HTTPStatus.SERVICE_UNAVAILABLE
    return {"status": "ok"}, HTTPStatus.OK
