"""What the outbox does for providers: mail to the contact person, and details from the trade register."""

import logging

from flask import current_app

from core import clock
from core.audit import Actor
from core.db import db, transaction
from core.mail.letter import Letter, Point, as_email
from core.mail.transport import Transport, Undeliverable
from core.outbox import Hopeless, Message
from core.web import current_settings
from providers.contacts import LINK_LIFETIME, link_token, note_undeliverable
from providers.details import prefill
from providers.models import ContactPerson, Provider, ProviderMessage
from providers.queries import locked_provider
from providers.trade_register_client import TradeRegister

WORKER = Actor("worker", "worker")
log = logging.getLogger(__name__)


def send_message(message: Message) -> None:
    """Mail what was written to a provider; without a confirmed address it stands on the site only."""
    row = db.session.get(ProviderMessage, int(message.subject))
    contact = db.session.get(ContactPerson, row.provider_id) if row else None
    if row is None or contact is None or not contact.confirmed_email:
        return
    base_url = current_settings().base_url
    letter = Letter(
        recipient=contact.confirmed_email,
        subject=row.subject,
        paragraphs=tuple(_addressed(paragraph, base_url) for paragraph in row.paragraphs),
        link_text=row.link_text,
        link=base_url + row.link if row.link else "",
        reference=f"provider-message-{row.id}",
    )
    _send(letter, row.provider_id)


def _addressed(kept: str | list[str], base_url: str) -> str | Point:
    """A paragraph as it was kept; who reads it in a mail needs the whole address."""
    if isinstance(kept, str):
        return kept
    text, path = kept
    return Point(text, base_url + path)


def ask_for_confirmation(message: Message) -> None:
    """Mail the link with which somebody shows that the address is theirs."""
    contact = db.session.get(ContactPerson, int(message.subject))
    if contact is None or contact.is_confirmed:
        return
    token = link_token(contact, str(current_app.secret_key))
    name = contact.provider.name
    letter = Letter(
        recipient=contact.email,
        subject="Bevestig uw e-mailadres",
        paragraphs=(
            f"{contact.name} is opgegeven als contactpersoon van {name} bij Registeruur.",
            "Bevestig dat dit e-mailadres klopt. Daarna sturen wij de berichten voor deze aanbieder daarheen.",
            f"De link werkt {LINK_LIFETIME.days} dagen. Kent u {name} niet? Dan hoeft u niets te doen.",
        ),
        link_text="E-mailadres bevestigen",
        link=f"{current_settings().base_url}/contactpersoon/{token}",
        reference=f"contact-{message.id}",
        is_on_site=False,
    )
    _send(letter, contact.provider_id)


def fetch_details(message: Message) -> None:
    """Ask the trade register about a provider that just arrived, where one is configured."""
    register: TradeRegister | None = current_app.extensions["trade_register"]
    provider = db.session.get(Provider, int(message.subject))
    if register is None or provider is None:
        return
    kvk_number = provider.kvk_number
    db.session.rollback()  # no transaction is held open while the register thinks
    facts = register.company(kvk_number)
    if facts is None:
        log.info("the trade register does not know %s", kvk_number)
        return
    with transaction():
        prefill(locked_provider(int(message.subject)), facts, by=WORKER, now=clock.now())


def _send(letter: Letter, provider_id: int) -> None:
    transport: Transport = current_app.extensions["mail"]
    settings = current_settings()
    db.session.rollback()  # no transaction is held open while the mail server thinks
    try:
        transport.send(as_email(letter, settings.mail_from, settings.base_url, clock.now()))
    except Undeliverable as refused:
        with transaction():
            note_undeliverable(provider_id, letter.recipient)
        # The rest of what the server says usually repeats the address.
        raise Hopeless(f"the mail server refused it for good: {str(refused)[:3]}") from None
