"""The table of the dossier."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.models import Recognition
from core.db import Base, HourNumber, UtcDateTime
from core.policy import Hours


class DossierEntry(Base):
    """An activity that a teacher added, with the register hours as they were on that day."""

    __tablename__ = "dossier_entry"
    __table_args__ = (UniqueConstraint("teacher", "recognition_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    teacher: Mapped[str] = mapped_column(String(300))
    recognition_id: Mapped[int] = mapped_column(ForeignKey(Recognition.id), index=True)
    title: Mapped[str] = mapped_column(String(300))
    contact_hours: Mapped[Decimal] = mapped_column(HourNumber)
    self_study_hours: Mapped[Decimal] = mapped_column(HourNumber)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recognition: Mapped[Recognition] = relationship()

    @property
    def hours(self) -> Hours:
        """What counts for this teacher."""
        return Hours(self.contact_hours, self.self_study_hours)
