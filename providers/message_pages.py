"""What the register told the provider; mail may be lost, this is not."""

from flask import Blueprint, Flask, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import clock
from core.access import Audience, Role, current_identity, open_to, signed_in
from core.db import transaction
from core.requests import LARGEST_ID, page_count, page_number
from providers.messages import PAGE, message_count, messages_of, read_until, unread_count
from providers.queries import provider_of

bp = Blueprint("messages", __name__, url_prefix="/aanbieder/berichten")


@bp.get("")
@open_to(Role.PROVIDER)
def message_list() -> str | Response:
    """All messages, newest first."""
    provider = provider_of(signed_in())
    page, pages = page_number(), page_count(message_count(provider), PAGE)
    if page > pages:
        return redirect(url_for(".message_list"), 303)
    messages = messages_of(provider, page)
    return render_template("provider/messages.html", messages=messages, page=page, pages=pages)


@bp.post("/gelezen")
@open_to(Role.PROVIDER)
def mark_read() -> Response:
    """Everything up to the message that the page showed was read."""
    with transaction():
        newest = min(request.form.get("newest", 0, type=int), LARGEST_ID)
        read_until(provider_of(signed_in()), newest, clock.now())
    return redirect(url_for(".message_list"), 303)


def unread() -> int:
    """For the menu: how many messages nobody has read; asked once per page."""
    identity = current_identity()
    if identity is None or identity.audience is not Audience.EHERKENNING:
        return 0
    if "unread" not in g:
        g.unread = unread_count(identity.account_key)
    count: int = g.unread
    return count


def init_messages(app: Flask) -> None:
    """Let every page tell that there is something to read."""
    app.jinja_env.globals["unread_messages"] = unread
