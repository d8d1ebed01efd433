"""What the daily work keeps between two days."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class CountedCalendar(Base):
    """The one row that says with which table of school holidays all open terms were counted last."""

    __tablename__ = "counted_calendar"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
