"""The tables of activities, their versions, and their recognitions."""

from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.content import Content
from catalogue.states import Change, State, is_mended
from core.db import Base, HourNumber, UtcDateTime
from core.jobs import Job
from core.policy import Hours
from core.policy.hours import ZERO
from core.texts import folded
from providers.models import Provider

IS_LEADING = text("is_leading")
FORMER_REGISTER = "registerleraar"  # whose offers were taken over
# The period belongs to the activity: an end date hides every version at once, also while a change is judged.
VERSIONED = tuple(name for name in Content.__dataclass_fields__ if name not in {"starts_on", "ends_on"})
_versioned = attrgetter(*VERSIONED)
LONGEST_KEY = 300
BY_CODE_POINT = String(20).with_variant(String(20, collation="C"), "postgresql")


def folded_title(title: str) -> str:
    """A title as lists sort and find it; folding can make it longer than its column."""
    return folded(title)[:LONGEST_KEY]


def activity_columns(content: Content) -> dict[str, Any]:
    """What of a content belongs to the activity itself, and what lists are sorted by."""
    return {
        "starts_on": content.starts_on,
        "ends_on": content.ends_on,
        "title_key": folded_title(content.title),
    }


def version_columns(content: Content) -> dict[str, Any]:
    """What of a content belongs to one version."""
    return {**dict(zip(VERSIONED, _versioned(content), strict=True)), "sectors": list(content.sectors)}


class Activity(Base):
    """What a provider offers. What it says is in its versions, what it is worth in its recognitions."""

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'submitted', 'rejected', 'validated', 'published', 'deleted')", name="state"
        ),
        CheckConstraint("change IN ('', 'draft', 'submitted', 'rejected')", name="change"),
        CheckConstraint("change = '' OR state IN ('validated', 'published')", name="change_beside_what_is_live"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("state != 'published' OR shown_changed_at IS NOT NULL", name="shown_is_stamped"),
        CheckConstraint("(state = 'deleted') = (deleted_at IS NOT NULL)", name="deleted_iff_deleted_at"),
        UniqueConstraint("provider_id", "form_key"),
        Index("ix_activity_own", "provider_id", "state", "updated_at"),
        Index("ix_activity_recent", "provider_id", "updated_at", "id"),
        Index("ix_activity_title", "provider_id", "title_key"),
        Index("ix_activity_shown_changed", "shown_changed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey(Provider.id))
    state: Mapped[str] = mapped_column(String(10))
    change: Mapped[str] = mapped_column(String(10), default="")  # where a later version is, beside the live one
    title_key: Mapped[str] = mapped_column(String(LONGEST_KEY), default="")  # the newest title, to sort and to find
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    form_key: Mapped[str | None] = mapped_column(String(40))  # the empty form it began as: sent twice, made once
    shown_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # what teachers find of it; never: None
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    provider: Mapped[Provider] = relationship()
    versions: Mapped[list["ActivityVersion"]] = relationship(
        back_populates="activity", order_by="ActivityVersion.ordinal"
    )
    recognitions: Mapped[list["Recognition"]] = relationship(back_populates="activity", order_by="Recognition.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_mended(self) -> bool:
        """Whether its provider may still put right what the committee turned down."""
        return is_mended(State(self.state), Change(self.change))

    def schedule(self, content: Content) -> None:
        """Put what belongs to the activity itself, and what lists are sorted by, into the columns."""
        for name, value in activity_columns(content).items():
            setattr(self, name, value)


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
        CheckConstraint(
            "wiped_at IS NULL OR (title = '' AND description = '' AND goal = '' AND programme = '' AND planning = ''"
            " AND self_study_account = '' AND closing_test = '' AND prior_knowledge = '')",
            name="wiped_is_empty",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey(Activity.id))
    ordinal: Mapped[int]
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wiped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
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
    activity: Mapped[Activity] = relationship(back_populates="versions")

    @property
    def hours(self) -> Hours:
        """The declared hours, open parts counted as none."""
        return Hours(self.contact_hours or ZERO, self.self_study_hours or ZERO)

    @property
    def title_key(self) -> str:
        """The title as lists sort and find it."""
        return folded_title(self.title)

    @property
    def content(self) -> Content:
        """What this version says, as a value for the rules."""
        facts = {name: getattr(self, name) for name in VERSIONED} | {"sectors": tuple(self.sectors)}
        return Content(**facts, starts_on=self.activity.starts_on, ends_on=self.activity.ends_on)

    def say(self, content: Content) -> None:
        """Put a value into the columns."""
        for name, value in version_columns(content).items():
            setattr(self, name, value)


class Recognition(Base):
    """What one register granted one activity: a number and hours per part, for one version, from a day on."""

    __tablename__ = "recognition"
    __table_args__ = (
        UniqueConstraint("register", "number"),
        UniqueConstraint("activity_id", "register"),
        Index(
            "uq_recognition_leading", "activity_id", unique=True, sqlite_where=IS_LEADING, postgresql_where=IS_LEADING
        ),
        Index("ix_recognition_newest", "valid_from", "id", sqlite_where=IS_LEADING, postgresql_where=IS_LEADING),
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
    withdrawn_on: Mapped[date | None]  # from this day on it no longer counts; number and row stay
    shown_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when teachers saw it last; None: now, or never
    is_leading: Mapped[bool]  # the one that the activity is shown under: what this register granted, once it did
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


class ImportedOffer(Base):
    """Where an activity came from: a row of the former register's export, or one of the provider's own file.

    A second import of the row changes nothing. Of offers of the former register it is kept what they lack to be
    published as they are, so that nobody has to read them all to count them.
    """

    __tablename__ = "imported_offer"
    __table_args__ = (
        CheckConstraint("origin IN ('former', 'own')", name="origin"),
        CheckConstraint("published_at IS NULL OR origin = 'former'", name="only_former_offers_are_taken_over"),
    )

    source_key: Mapped[str] = mapped_column(String(120), primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey(Activity.id), unique=True)
    origin: Mapped[str] = mapped_column(String(10))
    digest: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    landing_id: Mapped[int | None] = mapped_column(ForeignKey(Job.id), index=True)  # that can be taken back
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # as validated under the old register
    turned_down_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # by the committee of this register
    lacks: Mapped[list[str]] = mapped_column(JSON, default=list)  # fields, in the order of the form
    changed: Mapped[list[str]] = mapped_column(JSON, default=list)  # fields under the decision that say something else
    checked_under: Mapped[str] = mapped_column(String(60), default="")  # the policy of both
    activity: Mapped[Activity] = relationship()


class Edition(Base):
    """One time that an activity is given: free facts of the provider, which nobody reviews."""

    __tablename__ = "edition"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("is_online OR place != ''", name="is_somewhere"),
        CheckConstraint("price_in_cents >= 0", name="price_not_negative"),
        Index("ix_edition_coming", "activity_id", "ends_on"),
        {"sqlite_autoincrement": True},  # a form of a removed one must not meet a newer one under its id
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey(Activity.id))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    is_online: Mapped[bool]
    place: Mapped[str] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(10))
    price_in_cents: Mapped[int | None]
    registration_link: Mapped[str] = mapped_column(String(300))
    version: Mapped[int] = mapped_column(default=1)
    activity: Mapped[Activity] = relationship()

    __mapper_args__ = {"version_id_col": version}
