"""The tables of cases: what they are about, what happened in them, and what was asked."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.models import Activity, ActivityVersion
from core.db import Base, UtcDateTime
from providers.models import Provider
from validation.procedures import procedure_names
from validation.states import CLOSED, FIXED, State

if TYPE_CHECKING:
    from validation.judgement_models import Decision

NOTE = "note"  # an event that somebody wrote for colleagues
WITH_HIDDEN = "with_hidden"  # an option of the few queries that read what a member must not see: see committee.ties
# What a further procedure has in common with these three; their own rules are named one by one below.
OPEN_STATES = text("state NOT IN ('decided', 'withdrawn')")
OPEN_VALIDATION = text(f"procedure = 'validation' AND {OPEN_STATES}")
OPEN_ADMISSION = text(f"procedure = 'admission' AND {OPEN_STATES}")
STANDING_OBJECTION = text("procedure = 'objection' AND state != 'withdrawn'")
OF_ADMISSION = "'received', 'in_review', 'waiting_for_provider', 'decided', 'withdrawn'"


class Case(Base):
    """One piece of work for the committee. It keeps the policy it was received under and its explained term.

    A validation is about a version of an activity, an admission about the provider alone, an objection about a
    decision. The clock of a procedure that needs more than a request runs from `started_on` on.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        CheckConstraint(f"procedure != 'admission' OR state IN ({OF_ADMISSION})", name="admission_state"),
        CheckConstraint(
            f"procedure != 'validation' OR state IN ({OF_ADMISSION}, 'with_chair', 'proposed')", name="validation_state"
        ),
        CheckConstraint(f"procedure != 'objection' OR state IN ({OF_ADMISSION}, 'late')", name="objection_state"),
        CheckConstraint(
            "state NOT IN ('in_review', 'with_chair', 'proposed') OR handler != ''", name="review_has_handler"
        ),
        CheckConstraint("second = '' OR (handler != '' AND second != handler)", name="second_is_another"),
        CheckConstraint("procedure != 'validation' OR activity_id IS NOT NULL", name="validation_has_activity"),
        CheckConstraint("procedure != 'admission' OR activity_id IS NULL", name="admission_has_no_activity"),
        CheckConstraint("(activity_id IS NULL) = (version_id IS NULL)", name="activity_has_version"),
        CheckConstraint("(procedure = 'objection') = (about_id IS NOT NULL)", name="objection_has_decision"),
        CheckConstraint("(started_on IS NULL) = (due_on IS NULL)", name="started_has_term"),
        CheckConstraint(
            "procedure NOT IN ('admission', 'validation', 'objection') OR started_on IS NOT NULL", name="starts_at_once"
        ),
        Index(
            "uq_case_file_open",
            "activity_id",
            unique=True,
            sqlite_where=OPEN_VALIDATION,
            postgresql_where=OPEN_VALIDATION,
        ),
        Index(
            "uq_case_file_open_admission",
            "provider_id",
            unique=True,
            sqlite_where=OPEN_ADMISSION,
            postgresql_where=OPEN_ADMISSION,
        ),
        Index(
            "uq_case_file_objection",
            "about_id",
            unique=True,
            sqlite_where=STANDING_OBJECTION,
            postgresql_where=STANDING_OBJECTION,
        ),
        Index("ix_case_file_queue", "due_on", "id", sqlite_where=OPEN_STATES, postgresql_where=OPEN_STATES),
        Index(
            "ix_case_file_in_hand", "handler", "due_on", "id", sqlite_where=OPEN_STATES, postgresql_where=OPEN_STATES
        ),
        Index(
            "ix_case_file_of_provider",
            "provider_id",
            "due_on",
            "id",
            sqlite_where=OPEN_STATES,
            postgresql_where=OPEN_STATES,
        ),
        Index("ix_case_file_activity", "activity_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    procedure: Mapped[str] = mapped_column(String(40))
    activity_id: Mapped[int | None] = mapped_column(ForeignKey(Activity.id))
    version_id: Mapped[int | None] = mapped_column(ForeignKey(ActivityVersion.id), index=True)
    baseline_id: Mapped[int | None] = mapped_column(ForeignKey(ActivityVersion.id))
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"), index=True)  # that it follows on
    about_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id", use_alter=True))
    provider_id: Mapped[int] = mapped_column(ForeignKey(Provider.id), index=True)
    policy_id: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(40))
    type: Mapped[str] = mapped_column(String(40), default="")  # of the activity, as it was submitted
    sectors: Mapped[str] = mapped_column(String(200), default="")  # likewise, as in ",po,vo,"
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_on: Mapped[date | None]
    due_on: Mapped[date | None]
    term: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_compared: Mapped[bool] = mapped_column(default=False)  # two judgements, which both assessors may read since
    is_extended: Mapped[bool] = mapped_column(default=False)
    handler: Mapped[str] = mapped_column(String(300), default="")
    handler_name: Mapped[str] = mapped_column(String(200), default="")
    second: Mapped[str] = mapped_column(String(300), default="")
    second_name: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)
    activity: Mapped[Activity] = relationship()
    submitted: Mapped[ActivityVersion] = relationship(foreign_keys=[version_id])
    baseline: Mapped[ActivityVersion | None] = relationship(foreign_keys=[baseline_id])  # what it is a change of
    provider: Mapped[Provider] = relationship()
    decisions: Mapped[list["Decision"]] = relationship(
        back_populates="case", foreign_keys="Decision.case_id", order_by="Decision.id"
    )
    about: Mapped["Decision | None"] = relationship(foreign_keys=[about_id])
    questions: Mapped[list["Question"]] = relationship(back_populates="case", order_by="Question.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def title(self) -> str:
        """What the case is about, in a line of a list."""
        procedure = procedure_names().get(self.procedure, self.procedure)
        about = self.submitted.title if self.activity_id else f"{procedure} van {self.provider.name}"
        return f"Bezwaar: {about}" if self.about_id else about

    @property
    def is_open(self) -> bool:
        """Whether it still has to be decided."""
        return self.state not in CLOSED

    @property
    def can_change_hands(self) -> bool:
        """Whether a member can let go of it: what the chair decides stays as it is."""
        return self.state not in FIXED

    @property
    def decision(self) -> "Decision | None":
        """The decision that holds: the last one, which names those that it corrects."""
        return self.decisions[-1] if self.decisions else None

    @property
    def open_question(self) -> "Question | None":
        """What the provider still has to answer."""
        waits = self.state == State.WAITING  # what was withdrawn needs no answer any more
        return next((question for question in self.questions if waits and question.is_open), None)


class CaseEvent(Base):
    """One thing that happened in a case, for people to read; inner ones are no business of the provider.

    With `once` it cannot happen twice: a reminder has the day in it.
    """

    __tablename__ = "case_event"
    __table_args__ = (
        UniqueConstraint("case_id", "once"),
        CheckConstraint("action != 'note' OR is_inner", name="notes_are_inner"),
        Index("ix_case_event_list", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id))
    action: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(300))
    by_name: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    is_inner: Mapped[bool]
    once: Mapped[str | None] = mapped_column(String(80))


class Question(Base):
    """What the committee asks the provider; until the answer the clock of the case stands still.

    Without an answer by the end of `answer_by` it lapses.
    """

    __tablename__ = "case_question"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered_iff_answer"),
        CheckConstraint("(answered_at IS NULL) = (answered_by = '')", name="answered_by_somebody"),
        CheckConstraint("answered_at IS NULL OR lapsed_on IS NULL", name="answered_or_lapsed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id), index=True)
    text: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(String(300))
    asked_by_name: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_by: Mapped[date]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str] = mapped_column(String(300), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lapsed_on: Mapped[date | None]  # the last day on which it could be answered, and was not
    case: Mapped[Case] = relationship(back_populates="questions")

    @property
    def is_open(self) -> bool:
        """Whether it still can be answered."""
        return self.answered_at is None and self.lapsed_on is None
