"""The mailbox under /dev/mail: what the demonstration would have sent. Knows files, nothing of outbox or letters."""

from io import BytesIO
from itertools import islice
from pathlib import Path

from flask import Blueprint, current_app, render_template, send_file
from werkzeug.wrappers import Response

from core.access import Role, open_to
from core.errors import NotFound
from demo.mailbox import Mail, find_mail, newest_mails

MOST = 50
# The HTML of an e-mail is shown in a box of its own: no scripts, no cookies, nothing from elsewhere.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
    " sandbox"
)

bp = Blueprint("demo_mail", __name__, url_prefix="/dev/mail")


@bp.get("")
@open_to(Role.ANYONE)
def mailbox() -> str:
    """What was sent last."""
    return render_template("demo/mailbox.html", mails=list(islice(newest_mails(_folder()), MOST)), most=MOST)


@bp.get("/<name>")
@open_to(Role.ANYONE)
def mail_page(name: str) -> str:
    """One e-mail: its headers, its text and its attachments."""
    return render_template("demo/mail.html", mail=_mail(name))


@bp.get("/<name>/html")
@open_to(Role.ANYONE)
def html_page(name: str) -> Response:
    """The HTML part as a mail program would show it."""
    if not (html := _mail(name).html):
        raise NotFound
    return Response(html, mimetype="text/html", headers={"Content-Security-Policy": POLICY})


@bp.get("/<name>/bijlage/<int:index>")
@open_to(Role.ANYONE)
def attachment(name: str, index: int) -> Response:
    """One attachment, to save and never to show: its kind is what the sender says it is."""
    attachments = _mail(name).attachments
    if index >= len(attachments):
        raise NotFound
    found = attachments[index]
    response = send_file(
        BytesIO(found.content), "application/octet-stream", as_attachment=True, download_name=found.name
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _folder() -> Path:
    folder: Path = current_app.extensions["mail_folder"]
    return folder


def _mail(name: str) -> Mail:
    found = find_mail(_folder(), name)
    if found is None:
        raise NotFound
    return found
