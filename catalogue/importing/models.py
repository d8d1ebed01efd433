"""The table of what an import could not take."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.jobs import Job


class ImportProblem(Base):
    """Why something in a file did not land: line and column as the sender sees them, and what stood there."""

    __tablename__ = "import_problem"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey(Job.id), index=True)
    line: Mapped[int]
    column: Mapped[str] = mapped_column(String(100))
    value: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
