"""The tables of the committee's work."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.models import Activity, ActivityVersion
from core.db import Base, HourNumber, UtcDateTime
from core.policy import Hours
from providers.models import Provider

OPEN_STATES = text("state IN ('received', 'in_review')")


class Case(Base):
    """One piece of work for the committee. It keeps the policy it was received under and its explained term."""

    __tablename__ = "case_file"
    __table_args__ = (
        CheckConstraint("procedure IN ('validation')", name="procedure"),
        CheckConstraint("state IN ('received', 'in_review', 'decided', 'withdrawn')", name="state"),
        CheckConstraint("state != 'in_review' OR handler != ''", name="review_has_handler"),
        Index(
            "uq_case_file_open",
            "activity_id",
            unique=True,
            sqlite_where=OPEN_STATES,
            postgresql_where=OPEN_STATES,
        ),
        Index("ix_case_file_queue", "due_on", "id", "handler", sqlite_where=OPEN_STATES, postgresql_where=OPEN_STATES),
        Index("ix_case_file_activity", "activity_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    procedure: Mapped[str] = mapped_column(String(12))
    activity_id: Mapped[int] = mapped_column(ForeignKey(Activity.id))
    version_id: Mapped[int] = mapped_column(ForeignKey(ActivityVersion.id), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey(Provider.id), index=True)
    policy_id: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(12))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date]
    term: Mapped[dict[str, Any]] = mapped_column(JSON)
    handler: Mapped[str] = mapped_column(String(300), default="")
    handler_name: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)
    activity: Mapped[Activity] = relationship()
    submitted: Mapped[ActivityVersion] = relationship()
    provider: Mapped[Provider] = relationship()
    decision: Mapped["Decision | None"] = relationship(back_populates="case")

    __mapper_args__ = {"version_id_col": version}


class Decision(Base):
    """How a case ended. Never edited; approval has hours, the other outcomes have reasons."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("outcome IN ('approved', 'temporarily_rejected', 'rejected')", name="outcome"),
        CheckConstraint("(outcome = 'approved') = (recognition_id IS NOT NULL)", name="recognition_iff_approved"),
        CheckConstraint("outcome = 'approved' OR length(reasons) > 0", name="rejection_has_reasons"),
        CheckConstraint("contact_hours >= 0 AND self_study_hours >= 0", name="hours_not_negative"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id), primary_key=True)
    recognition_id: Mapped[int | None] = mapped_column(ForeignKey("recognition.id"), unique=True)
    outcome: Mapped[str] = mapped_column(String(20))
    verdicts: Mapped[dict[str, str]] = mapped_column(JSON)
    contact_hours: Mapped[Decimal] = mapped_column(HourNumber)
    self_study_hours: Mapped[Decimal] = mapped_column(HourNumber)
    reasons: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(String(300))
    decided_by_name: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    case: Mapped[Case] = relationship(back_populates="decision")

    @property
    def hours(self) -> Hours:
        """The register hours that were granted; nothing unless approved."""
        return Hours(self.contact_hours, self.self_study_hours)
