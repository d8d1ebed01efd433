"""The contact person, whose address counts once somebody there answered our link. Called inside a transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer

from core.audit import Actor, record
from core.db import db
from core.errors import Refusal, StaleVersion
from core.outbox import enqueue
from providers.models import ContactPerson, Provider

CONTACT_ASKED = "contact.confirmation"
LINK_LIFETIME = timedelta(days=7)
REST = timedelta(minutes=1)  # between two links of one provider, so that nobody is flooded through us
SALT = "contact-address"


@dataclass(frozen=True)
class Contact:
    """What the contact page asks."""

    name: str
    function: str
    email: str
    phone: str


class LinkExpired(Refusal):
    """The link in the mail is too old, forged, or for an address that was changed since."""

    code = "contact-link-expired"
    title = "Deze link werkt niet meer"

    def __init__(self) -> None:
        super().__init__("De link is verlopen of hoort bij een ander e-mailadres. Vraag in Registeruur een nieuwe aan.")


class JustAsked(Refusal):
    """A mail left a moment ago."""

    code = "contact-just-asked"

    def __init__(self) -> None:
        super().__init__("De e-mail is net verstuurd. Wacht een minuut voordat u die opnieuw laat versturen.")


def save_contact(provider: Provider, contact: Contact, *, seen: int, by: Actor, now: datetime) -> bool:
    """Keep the contact person; says whether a mail goes out to have the address confirmed, in a minute at most.

    `seen` is the version that the form showed, 0 for none. Raises `StaleVersion`.
    """
    row = db.session.get(ContactPerson, provider.id, with_for_update=True)
    if (row.version if row else 0) != seen:
        raise StaleVersion
    if row is None:
        row = ContactPerson(provider_id=provider.id)
        db.session.add(row)
    row.name, row.function, row.email, row.phone = contact.name, contact.function, contact.email, contact.phone
    db.session.flush()
    record("provider.contact-changed", f"provider:{provider.id}", by=by, at=now)
    if row.is_confirmed:
        return False
    if row.asked_at is None or row.asked_at <= now:  # else a link is on its way, to whatever stands here
        _ask(row, max(now, row.asked_at + REST) if row.asked_at else now)
    return True


def ask_again(provider: Provider, now: datetime) -> bool:
    """Send the link once more; says whether there was anything left to confirm. Raises `JustAsked`."""
    row = db.session.get(ContactPerson, provider.id, with_for_update=True)
    if row is None or row.is_confirmed:
        return False
    if row.asked_at is not None and now - row.asked_at < REST:
        raise JustAsked
    _ask(row, now)
    return True


def confirm_address(token: str, key: str, *, by: Actor, now: datetime) -> ContactPerson:
    """Somebody answered from the address. Raises `LinkExpired`."""
    row = contact_with(token, key)
    if not row.is_confirmed:
        row.confirmed_email = row.email
        record("provider.contact-confirmed", f"provider:{row.provider_id}", by=by, at=now)
    return row


def contact_with(token: str, key: str) -> ContactPerson:
    """The contact person that a link is about. Raises `LinkExpired`."""
    try:
        provider_id, email = URLSafeTimedSerializer(key, SALT).loads(token, int(LINK_LIFETIME.total_seconds()))
    except (BadSignature, ValueError, TypeError):
        raise LinkExpired from None
    row = db.session.get(ContactPerson, provider_id)
    if row is None or row.email != email:
        raise LinkExpired
    return row


def link_token(row: ContactPerson, key: str) -> str:
    """What the link in the mail carries: about whom, signed, so that nothing has to be kept."""
    return str(URLSafeTimedSerializer(key, SALT).dumps([row.provider_id, row.email]))


def note_undeliverable(provider_id: int, email: str) -> None:
    """A mail server said that nobody has this address; the page of the contact person tells it."""
    row = db.session.get(ContactPerson, provider_id, with_for_update=True)
    if row is not None:
        row.undeliverable = email


def _ask(row: ContactPerson, when: datetime) -> None:
    row.asked_at, row.undeliverable = when, ""
    enqueue(CONTACT_ASKED, str(row.provider_id), occasion=when.isoformat(), due=when)
