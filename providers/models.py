"""The tables of providers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, UtcDateTime


class Provider(Base):
    """A legal entity, or one branch of it when the sign-in was bound to that branch."""

    __tablename__ = "provider"
    __table_args__ = (
        UniqueConstraint("kvk_number", "branch"),
        CheckConstraint("length(kvk_number) = 8", name="kvk_number_length"),
        CheckConstraint("branch = '' OR length(branch) = 12", name="branch_length"),
        CheckConstraint("origin IN ('migrated', 'new')", name="origin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kvk_number: Mapped[str] = mapped_column(String(8))
    branch: Mapped[str] = mapped_column(String(12), default="")
    name: Mapped[str] = mapped_column(String(200))
    origin: Mapped[str] = mapped_column(String(10))
    website: Mapped[str] = mapped_column(String(300), default="")
    place: Mapped[str] = mapped_column(String(100), default="")
    admitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    declarations: Mapped[list["Declaration"]] = relationship(back_populates="provider")

    __mapper_args__ = {"version_id_col": version}


class Declaration(Base):
    """One requirement of one version of the set, declared by one person."""

    __tablename__ = "declaration"
    __table_args__ = (UniqueConstraint("provider_id", "set_version", "requirement"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey(Provider.id), index=True)
    set_version: Mapped[str] = mapped_column(String(20))
    requirement: Mapped[str] = mapped_column(String(40))
    declared_by: Mapped[str] = mapped_column(String(300))
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    provider: Mapped[Provider] = relationship(back_populates="declarations")
