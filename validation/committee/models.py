"""The tables of the committee's people: members, what ties them, and the cases that they stepped back from."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, UtcDateTime
from validation.models import Case


class CommitteeMember(Base):
    """Who signed in as a member of the committee. Reminders go to `email`; while away nobody gets cases."""

    __tablename__ = "committee_member"
    __table_args__ = (
        CheckConstraint("(away_from IS NULL) = (away_until IS NULL)", name="away_has_both_ends"),
        CheckConstraint("away_until >= away_from", name="away_in_order"),
    )

    account_key: Mapped[str] = mapped_column(String(300), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="")
    is_chair: Mapped[bool]
    is_active: Mapped[bool] = mapped_column(default=True)  # came last as a member of the committee
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    away_from: Mapped[date | None]
    away_until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    def is_away(self, day: date) -> bool:
        """Whether this member takes no cases on a day."""
        return self.away_from is not None and self.away_until is not None and self.away_from <= day <= self.away_until


class Tie(Base):
    """A conflict of interest: a company, by KvK number, that a member must not judge, on these days."""

    __tablename__ = "tie"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="in_order"),
        CheckConstraint("length(kvk_number) = 8", name="kvk_number_length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member: Mapped[str] = mapped_column(ForeignKey(CommitteeMember.account_key), index=True)
    kvk_number: Mapped[str] = mapped_column(String(8), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Recusal(Base):
    """One case that a member stepped back from, and why; from then on the case does not exist for that member."""

    __tablename__ = "recusal"
    __table_args__ = (UniqueConstraint("case_id", "member"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id))
    member: Mapped[str] = mapped_column(String(300), index=True)
    reason: Mapped[str] = mapped_column(Text)
    recused_at: Mapped[datetime] = mapped_column(UtcDateTime)
