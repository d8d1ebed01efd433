"""The tables of what the committee thinks and decides."""

from datetime import date, datetime
from decimal import Decimal
from typing import Self

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.access import Identity
from core.db import Base, HourNumber, UtcDateTime
from core.policy import Hours
from core.policy.hours import ZERO
from validation.models import Case

FIRST = text("corrects_id IS NULL")


class Assessment(Base):
    """What one member thinks of a case: the whole of a decision as they would take it, and notes for colleagues.

    Verdicts and notes stand per criterion; those of `carried` were taken from the decision on the version before.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("case_id", "member"),
        CheckConstraint("advice IN ('approved', 'temporarily_rejected', 'rejected')", name="advice"),
        CheckConstraint("contact_hours >= 0 AND self_study_hours >= 0", name="hours_not_negative"),
        CheckConstraint("advice = 'temporarily_rejected' OR improve_by IS NULL", name="only_what_can_improve"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id))
    member: Mapped[str] = mapped_column(String(300))
    member_name: Mapped[str] = mapped_column(String(200))
    verdicts: Mapped[dict[str, str]] = mapped_column(JSON)
    notes: Mapped[dict[str, str]] = mapped_column(JSON)
    carried: Mapped[list[str]] = mapped_column(JSON)
    advice: Mapped[str] = mapped_column(String(20))
    contact_hours: Mapped[Decimal | None] = mapped_column(HourNumber)
    self_study_hours: Mapped[Decimal | None] = mapped_column(HourNumber)
    reason_codes: Mapped[list[str]] = mapped_column(JSON)
    reasons: Mapped[str] = mapped_column(Text)
    improve_by: Mapped[date | None]
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    case: Mapped[Case] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def hours(self) -> Hours:
        """The proposed hours, open parts counted as none."""
        return Hours(self.contact_hours or ZERO, self.self_study_hours or ZERO)


class Objection(Base):
    """Why a provider does not agree with a decision, why it says so late if it does, and what was said at the hearing.

    Without a hearing, `hearing` says why there was none.
    """

    __tablename__ = "objection"
    __table_args__ = (
        CheckConstraint("length(grounds) > 0", name="has_grounds"),
        CheckConstraint("heard_on IS NULL OR length(hearing) > 0", name="hearing_has_report"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id), primary_key=True)
    grounds: Mapped[str] = mapped_column(Text)
    late_reason: Mapped[str] = mapped_column(Text, default="")
    heard_on: Mapped[date | None]
    hearing: Mapped[str] = mapped_column(Text, default="")


class Decision(Base):
    """How a case ended. Never edited: a later one names the one that it corrects, and both stay.

    Approval of an activity has hours, what is not approved has reasons. `drafted_by` is the member who proposed it
    where another one had to agree; `objection_id` the objection that it answers.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("corrects_id"),
        Index("uq_decision_first", "case_id", unique=True, sqlite_where=FIRST, postgresql_where=FIRST),
        CheckConstraint(
            "procedure NOT IN ('validation', 'admission')"
            " OR outcome IN ('approved', 'temporarily_rejected', 'rejected')",
            name="outcome",
        ),
        CheckConstraint(
            "procedure != 'objection' OR outcome IN ('upheld', 'revised', 'inadmissible')", name="objection_outcome"
        ),
        CheckConstraint(
            "(outcome = 'approved' AND procedure = 'validation') = (recognition_id IS NOT NULL)",
            name="recognition_iff_approved",
        ),
        CheckConstraint(
            "outcome = 'approved' OR length(reasons) > 0 OR length(CAST(reason_codes AS TEXT)) > 2",  # more than []
            name="rejection_has_reasons",
        ),
        CheckConstraint("contact_hours >= 0 AND self_study_hours >= 0", name="hours_not_negative"),
        CheckConstraint("outcome = 'temporarily_rejected' OR improve_by IS NULL", name="only_what_can_improve"),
        CheckConstraint("drafted_by != decided_by", name="four_eyes"),
        CheckConstraint("(corrects_id IS NULL) = (correction = '')", name="correction_says_why"),
        CheckConstraint("corrects_id != id", name="corrects_another"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id), index=True)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    correction: Mapped[str] = mapped_column(Text, default="")
    objection_id: Mapped[int | None] = mapped_column(ForeignKey(Case.id))
    procedure: Mapped[str] = mapped_column(String(40))
    recognition_id: Mapped[int | None] = mapped_column(ForeignKey("recognition.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(20))
    verdicts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    contact_hours: Mapped[Decimal] = mapped_column(HourNumber, default=ZERO)
    self_study_hours: Mapped[Decimal] = mapped_column(HourNumber, default=ZERO)
    reasons: Mapped[str] = mapped_column(Text)
    reason_codes: Mapped[list[str]] = mapped_column(JSON, default=list)  # field:code of a rule, see catalogue.reasons
    improve_by: Mapped[date | None]
    drafted_by: Mapped[str] = mapped_column(String(300), default="")
    drafted_by_name: Mapped[str] = mapped_column(String(200), default="")
    decided_by: Mapped[str] = mapped_column(String(300))
    decided_by_name: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    case: Mapped[Case] = relationship(back_populates="decisions", foreign_keys=[case_id])

    @classmethod
    def in_words(cls, case: Case, outcome: str, reasons: str, *, by: Identity, now: datetime) -> Self:
        """A decision that grants no hours: how the case ends, and why."""
        return cls(
            case_id=case.id,
            procedure=case.procedure,
            outcome=outcome,
            reasons=reasons,
            decided_by=by.account_key,
            decided_by_name=by.name,
            decided_at=now,
        )

    @property
    def hours(self) -> Hours:
        """The register hours that were granted; nothing unless approved."""
        return Hours(self.contact_hours, self.self_study_hours)
