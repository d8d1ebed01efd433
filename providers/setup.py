"""Joins the providers to the application: mail, the trade register, and what the outbox does for them."""

from collections.abc import Mapping

from flask import Flask

from core.config import Settings
from core.mail.transport import Encryption, Folder, Smtp
from core.outbox import Handler
from providers import bureau_pages, contact_pages, details_pages, member_pages, message_pages, pages
from providers.arriving import PROVIDER_ARRIVED
from providers.contacts import CONTACT_ASKED
from providers.delivering import ask_for_confirmation, fetch_details, send_message
from providers.message_pages import init_messages
from providers.messages import MESSAGE_WRITTEN
from providers.trade_register_client import TradeRegister

PROVIDER_PAGES = (
    pages.bp,
    details_pages.bp,
    contact_pages.bp,
    member_pages.bp,
    message_pages.bp,
    bureau_pages.bp,
)
PROVIDER_HANDLERS: Mapping[str, Handler] = {
    MESSAGE_WRITTEN: send_message,
    CONTACT_ASKED: ask_for_confirmation,
    PROVIDER_ARRIVED: fetch_details,
}


def init_providers(app: Flask, settings: Settings) -> None:
    """Connect mail and trade register as the settings say."""
    app.extensions["trade_register"] = (
        TradeRegister(settings.kvk_url.rstrip("/"), settings.kvk_api_key, settings.kvk_ca_file)
        if settings.kvk_api_key
        else None
    )
    app.extensions["mail_folder"] = settings.instance / "mail"
    app.extensions["mail"] = _smtp(settings) if settings.mail_server else Folder(settings.instance / "mail")
    init_messages(app)


def _smtp(settings: Settings) -> Smtp:
    host, port = settings.mail_server.rsplit(":", 1)
    return Smtp(
        host=host,
        port=int(port),
        encryption=Encryption(settings.mail_encryption),
        user=settings.mail_user,
        password=settings.mail_password,
        ca_file=settings.mail_ca_file,
    )
