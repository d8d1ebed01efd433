"""Telling a provider something: on the site at once, and by mail to the confirmed address of the contact person."""

from datetime import datetime

from sqlalchemy import func, select, update

from core.db import db
from core.outbox import enqueue
from providers.letters import Notice
from providers.models import Member, Provider, ProviderMessage

MESSAGE_WRITTEN = "provider.message"
PAGE = 50


def tell(provider: Provider, notice: Notice, now: datetime) -> None:
    """Write the message and ask for its mail. Called inside a transaction."""
    message = ProviderMessage(
        provider_id=provider.id,
        subject=notice.subject,
        paragraphs=list(notice.paragraphs),
        link_text=notice.link_text,
        link=notice.link,
        sent_at=now,
    )
    db.session.add(message)
    db.session.flush()
    enqueue(MESSAGE_WRITTEN, str(message.id), occasion="written", due=now)


def messages_of(provider: Provider, page: int) -> list[ProviderMessage]:
    """A page of messages, newest first."""
    query = select(ProviderMessage).filter_by(provider_id=provider.id).order_by(ProviderMessage.id.desc())
    return list(db.session.scalars(query.limit(PAGE).offset((page - 1) * PAGE)))


def message_count(provider: Provider) -> int:
    """How many messages there are."""
    query = select(func.count()).select_from(ProviderMessage).filter_by(provider_id=provider.id)
    return db.session.scalar(query) or 0


def unread_count(account_key: str) -> int:
    """How many messages nobody of this member's provider has read yet, for the menu of every page."""
    query = (
        select(func.count())
        .select_from(ProviderMessage)
        .join(Member, Member.provider_id == ProviderMessage.provider_id)
    )
    unread = query.where(Member.account_key == account_key, ProviderMessage.read_at.is_(None))
    return db.session.scalar(unread) or 0


def read_about(provider_id: int, link: str, now: datetime) -> None:
    """What leads here was seen, because somebody did what it asked for. Called inside a transaction."""
    about = (ProviderMessage.provider_id == provider_id) & (ProviderMessage.link == link)
    db.session.execute(update(ProviderMessage).where(about, ProviderMessage.read_at.is_(None)).values(read_at=now))


def read_until(provider: Provider, newest: int, now: datetime) -> None:
    """The messages up to this one were seen. Called inside a transaction."""
    seen = (ProviderMessage.provider_id == provider.id) & (ProviderMessage.id <= newest)
    query = update(ProviderMessage).where(seen, ProviderMessage.read_at.is_(None))
    db.session.execute(query.values(read_at=now))
