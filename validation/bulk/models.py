"""The table of what a job does to each activity."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.models import Activity
from core.db import Base
from core.jobs import Job

BULK, BULK_UNDO = "bulk", "bulk-undo"  # the kinds of jobs


class ItemState(StrEnum):
    """How it went with one activity; what is done may be undone later, by a job with items of its own."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    UNDONE = "undone"


class BulkItem(Base):
    """One activity in a job: what happened to it, why not, and what it takes to undo it."""

    __tablename__ = "bulk_item"
    __table_args__ = (CheckConstraint("state IN ('waiting', 'done', 'refused', 'undone')", name="state"),)

    job_id: Mapped[int] = mapped_column(ForeignKey(Job.id), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey(Activity.id), index=True)
    state: Mapped[str] = mapped_column(String(10), default=ItemState.WAITING)
    note: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # with the version that the person saw
    version_after: Mapped[int | None]  # of the activity; another one by now means that undoing would overwrite
    activity: Mapped[Activity] = relationship()
