"""The tables of providers: who they are, what they declared, who may be called."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, UtcDateTime
from providers.rules import member_label

IN_FORCE = text("withdrawn_at IS NULL")


class Provider(Base):
    """A legal entity, or one branch of it when the sign-in was bound to that branch.

    `sources` says for each company detail where it comes from; what the provider wrote itself is never overwritten.
    """

    __tablename__ = "provider"
    __table_args__ = (
        UniqueConstraint("kvk_number", "branch"),
        CheckConstraint("length(kvk_number) = 8", name="kvk_number_length"),
        CheckConstraint("branch = '' OR length(branch) = 12", name="branch_length"),
        CheckConstraint("origin IN ('migrated', 'new')", name="origin"),
        CheckConstraint("admitted_at IS NULL OR rejected_at IS NULL", name="admitted_or_rejected"),
        CheckConstraint("(suspended_at IS NULL) = (suspension_reason = '')", name="suspension_has_reason"),
        {"sqlite_autoincrement": True},  # an id is never given twice: audit trail and outbox know it
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kvk_number: Mapped[str] = mapped_column(String(8))
    branch: Mapped[str] = mapped_column(String(12), default="")
    name: Mapped[str] = mapped_column(String(200))
    origin: Mapped[str] = mapped_column(String(10))
    website: Mapped[str] = mapped_column(String(300), default="")
    street: Mapped[str] = mapped_column(String(200), default="")
    postcode: Mapped[str] = mapped_column(String(10), default="")
    place: Mapped[str] = mapped_column(String(100), default="")
    sources: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    trade_register_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_shielded: Mapped[bool] = mapped_column(default=False)
    ended_on: Mapped[date | None]
    details_checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    admitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rejected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    suspension_reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    contact: Mapped["ContactPerson | None"] = relationship(back_populates="provider")

    __mapper_args__ = {"version_id_col": version}


class FormerNumber(Base):
    """A KvK number that a provider had before a takeover; it still leads to the provider."""

    __tablename__ = "former_number"
    __table_args__ = (UniqueConstraint("kvk_number", "branch"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey(Provider.id), index=True)
    kvk_number: Mapped[str] = mapped_column(String(8))
    branch: Mapped[str] = mapped_column(String(12), default="")
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Declaration(Base):
    """One requirement of one version of the set, declared by one person; a withdrawn one stays on record."""

    __tablename__ = "declaration"
    __table_args__ = (
        Index(
            "uq_declaration_in_force",
            "provider_id",
            "set_version",
            "requirement",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by = '')", name="withdrawn_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey(Provider.id))
    set_version: Mapped[str] = mapped_column(String(20))
    requirement: Mapped[str] = mapped_column(String(40))
    declared_by: Mapped[str] = mapped_column(String(300))
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[str] = mapped_column(String(300), default="")
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ContactPerson(Base):
    """Who the register writes to. Mail goes to `confirmed_email` only: the address that answered our link.

    `asked_at` is when the last link was or will be sent, `undeliverable` an address that a mail server refused.
    """

    __tablename__ = "contact_person"

    provider_id: Mapped[int] = mapped_column(ForeignKey(Provider.id), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    function: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(30))
    confirmed_email: Mapped[str] = mapped_column(String(254), default="")
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undeliverable: Mapped[str] = mapped_column(String(254), default="")
    version: Mapped[int] = mapped_column(default=1)
    provider: Mapped[Provider] = relationship(back_populates="contact")

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_confirmed(self) -> bool:
        """Whether the address that stands here answered our link."""
        return self.email == self.confirmed_email


class Member(Base):
    """A colleague, known by the pseudonym of the sign-in; a name is only there when they gave one.

    `intermediary` is the KvK number of the company through which they came last, if any.
    """

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("provider_id", "ordinal"),
        CheckConstraint("role IN ('administrator', 'editor')", name="role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey(Provider.id))
    account_key: Mapped[str] = mapped_column(String(300), unique=True)
    ordinal: Mapped[int]
    name: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(15))
    intermediary: Mapped[str] = mapped_column(String(8), default="")
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def label(self) -> str:
        """How colleagues see this member."""
        return member_label(self.name, self.ordinal)


class ProviderMessage(Base):
    """What the register told a provider. It stands on the site whatever became of the mail."""

    __tablename__ = "provider_message"
    __table_args__ = (Index("ix_provider_message_list", "provider_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey(Provider.id))
    subject: Mapped[str] = mapped_column(String(200))
    paragraphs: Mapped[list[Any]] = mapped_column(JSON)
    link_text: Mapped[str] = mapped_column(String(100), default="")
    link: Mapped[str] = mapped_column(String(300), default="")
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
