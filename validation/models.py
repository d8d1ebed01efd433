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
from validation.states import State

OPEN_STATES = text("state IN ('received', 'in_review', 'waiting_for_provider')")
OPEN_ADMISSION = text(f"procedure = 'admission' AND {OPEN_STATES}")


class Case(Base):
    """One piece of work for the committee. It keeps the policy it was received under and its explained term.

    A validation is about a version of an activity, an admission about the provider alone.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        CheckConstraint("procedure IN ('validation', 'admission')", name="procedure"),
        CheckConstraint(
            "state IN ('received', 'in_review', 'waiting_for_provider', 'decided', 'withdrawn')", name="state"
        ),
        CheckConstraint(
            "state NOT IN ('in_review', 'waiting_for_provider') OR handler != ''", name="review_has_handler"
        ),
        CheckConstraint("(procedure = 'validation') = (activity_id IS NOT NULL)", name="validation_has_activity"),
        CheckConstraint("(activity_id IS NULL) = (version_id IS NULL)", name="activity_has_version"),
        Index(
            "uq_case_file_open",
            "activity_id",
            unique=True,
            sqlite_where=OPEN_STATES,
            postgresql_where=OPEN_STATES,
        ),
        Index(
            "uq_case_file_open_admission",
            "provider_id",
            unique=True,
            sqlite_where=OPEN_ADMISSION,
            postgresql_where=OPEN_ADMISSION,
        ),
        Index("ix_case_file_queue", "due_on", "id", "handler", sqlite_where=OPEN_STATES, postgresql_where=OPEN_STATES),
        Index("ix_case_file_activity", "activity_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    procedure: Mapped[str] = mapped_column(String(12))
    activity_id: Mapped[int | None] = mapped_column(ForeignKey(Activity.id))
    version_id: Mapped[int | None] = mapped_column(ForeignKey(ActivityVersion.id), index=True)
    baseline_id: Mapped[int | None] = mapped_column(ForeignKey(ActivityVersion.id))
    provider_id: Mapped[int] = mapped_column(ForeignKey(Provider.id), index=True)
    policy_id: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(20))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date]
    term: Mapped[dict[str, Any]] = mapped_column(JSON)
    handler: Mapped[str] = mapped_column(String(300), default="")
    handler_name: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)
    activity: Mapped[Activity] = relationship()
    submitted: Mapped[ActivityVersion] = relationship(foreign_keys=[version_id])
    baseline: Mapped[ActivityVersion | None] = relationship(foreign_keys=[baseline_id])  # what it is a change of
    provider: Mapped[Provider] = relationship()
    decision: Mapped["Decision | None"] = relationship(back_populates="case")
    questions: Mapped[list["Question"]] = relationship(back_populates="case", order_by="Question.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def title(self) -> str:
        """What the case is about, in a line of a list."""
        return f"Toelating van {self.provider.name}" if self.activity_id is None else self.submitted.title

    @property
    def open_question(self) -> "Question | None":
        """What the provider still has to answer."""
        waits = self.state == State.WAITING  # what was withdrawn needs no answer any more
        return next((question for question in self.questions if waits and question.answered_at is None), None)


class Question(Base):
    """What the committee asks the provider; until the answer the clock of the case stands still."""

    __tablename__ = "case_question"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered_iff_answer"),
        CheckConstraint("(answered_at IS NULL) = (answered_by = '')", name="answered_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id), index=True)
    text: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(String(300))
    asked_by_name: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str] = mapped_column(String(300), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    case: Mapped[Case] = relationship(back_populates="questions")


class Decision(Base):
    """How a case ended. Never edited; approval of an activity has hours, what is not approved has reasons."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("outcome IN ('approved', 'temporarily_rejected', 'rejected')", name="outcome"),
        CheckConstraint("procedure IN ('validation', 'admission')", name="procedure"),
        CheckConstraint(
            "(outcome = 'approved' AND procedure = 'validation') = (recognition_id IS NOT NULL)",
            name="recognition_iff_approved",
        ),
        CheckConstraint(
            "outcome = 'approved' OR length(reasons) > 0 OR length(CAST(reason_codes AS TEXT)) > 2",  # more than []
            name="rejection_has_reasons",
        ),
        CheckConstraint("contact_hours >= 0 AND self_study_hours >= 0", name="hours_not_negative"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id), primary_key=True)
    procedure: Mapped[str] = mapped_column(String(12))
    recognition_id: Mapped[int | None] = mapped_column(ForeignKey("recognition.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(20))
    verdicts: Mapped[dict[str, str]] = mapped_column(JSON)
    contact_hours: Mapped[Decimal] = mapped_column(HourNumber)
    self_study_hours: Mapped[Decimal] = mapped_column(HourNumber)
    reasons: Mapped[str] = mapped_column(Text)
    reason_codes: Mapped[list[str]] = mapped_column(JSON, default=list)  # field:code of a rule, see catalogue.reasons
    decided_by: Mapped[str] = mapped_column(String(300))
    decided_by_name: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    case: Mapped[Case] = relationship(back_populates="decision")

    @property
    def hours(self) -> Hours:
        """The register hours that were granted; nothing unless approved."""
        return Hours(self.contact_hours, self.self_study_hours)
