"""The tables of activities, their versions, and their recognitions."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.content import Content
from core.db import Base, HourNumber, UtcDateTime
from core.policy import Hours
from core.policy.hours import ZERO
from providers.models import Provider

FORMER_REGISTER = "registerleraar"  # whose offers were taken over
BY_CODE_POINT = String(20).with_variant(String(20, collation="C"), "postgresql")


class Activity(Base):
    """What a provider offers. What it says is in its versions, what it is worth in its recognitions."""

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'submitted', 'validated', 'published')", name="state"),
        Index("ix_activity_own", "provider_id", "state", "updated_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey(Provider.id))
    state: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    provider: Mapped[Provider] = relationship()
    versions: Mapped[list["ActivityVersion"]] = relationship(
        back_populates="activity", order_by="ActivityVersion.ordinal"
    )
    recognitions: Mapped[list["Recognition"]] = relationship(back_populates="activity", order_by="Recognition.id")

    __mapper_args__ = {"version_id_col": version}


class ActivityVersion(Base):
    """What an activity says. Frozen versions never change; at most one per activity is still being written."""

    __tablename__ = "activity_version"
    __table_args__ = (
        UniqueConstraint("activity_id", "ordinal"),
        Index(
            "uq_activity_version_draft",
            "activity_id",
            unique=True,
            sqlite_where=text("frozen_at IS NULL"),
            postgresql_where=text("frozen_at IS NULL"),
        ),
        CheckConstraint("contact_hours >= 0 AND self_study_hours >= 0", name="hours_not_negative"),
        CheckConstraint("frozen_at IS NULL OR ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey(Activity.id))
    ordinal: Mapped[int]
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    title: Mapped[str] = mapped_column(String(300))
    type: Mapped[str] = mapped_column(String(40))
    sectors: Mapped[list[str]] = mapped_column(JSON)
    subject: Mapped[str] = mapped_column(String(100))
    description: Mapped[str] = mapped_column(Text)
    goal: Mapped[str] = mapped_column(Text)
    programme: Mapped[str] = mapped_column(Text)
    planning: Mapped[str] = mapped_column(Text)
    contact_hours: Mapped[Decimal | None] = mapped_column(HourNumber)
    self_study_hours: Mapped[Decimal | None] = mapped_column(HourNumber)
    self_study_account: Mapped[str] = mapped_column(Text)
    closing_test: Mapped[str] = mapped_column(Text)
    prior_knowledge: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(100))
    website: Mapped[str] = mapped_column(String(300))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    activity: Mapped[Activity] = relationship(back_populates="versions")

    @property
    def hours(self) -> Hours:
        """The declared hours, open parts counted as none."""
        return Hours(self.contact_hours or ZERO, self.self_study_hours or ZERO)

    @property
    def content(self) -> Content:
        """What this version says, as a value for the rules."""
        names = Content.__dataclass_fields__
        return Content(**{name: getattr(self, name) for name in names} | {"sectors": tuple(self.sectors)})

    def say(self, content: Content) -> None:
        """Put a value into the columns."""
        for name in Content.__dataclass_fields__:
            setattr(self, name, getattr(content, name))
        self.sectors = list(content.sectors)


class Recognition(Base):
    """What one register granted one activity: a number and hours per part, for one version, from a day on."""

    __tablename__ = "recognition"
    __table_args__ = (
        UniqueConstraint("register", "number"),
        UniqueConstraint("activity_id", "register"),
        Index("ix_recognition_newest", "register", "valid_from", "id"),
        CheckConstraint("contact_hours >= 0 AND self_study_hours >= 0", name="hours_not_negative"),
        CheckConstraint("length(number) > 0", name="has_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey(Activity.id))
    version_id: Mapped[int] = mapped_column(ForeignKey(ActivityVersion.id), index=True)
    register: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(20))
    contact_hours: Mapped[Decimal] = mapped_column(HourNumber)
    self_study_hours: Mapped[Decimal] = mapped_column(HourNumber)
    valid_from: Mapped[date]
    activity: Mapped[Activity] = relationship(back_populates="recognitions")
    version: Mapped[ActivityVersion] = relationship()

    @property
    def hours(self) -> Hours:
        """The register hours."""
        return Hours(self.contact_hours, self.self_study_hours)


class NumberPart(Base):
    """Every ending of every number, so that any inner part is found by an index: see `catalogue.numbers.parts`."""

    __tablename__ = "number_part"

    part: Mapped[str] = mapped_column(BY_CODE_POINT, primary_key=True)
    recognition_id: Mapped[int] = mapped_column(ForeignKey(Recognition.id), primary_key=True)


class MigratedOffer(Base):
    """Where an activity came from: the row of the former register's export, so that a second import changes nothing."""

    __tablename__ = "migrated_offer"

    source_key: Mapped[str] = mapped_column(String(100), primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey(Activity.id), unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
