"""When what teachers find of an activity last changed, for whoever follows the catalogue."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# What is shown now, or was once: the audit trail knows. Nobody followed the catalogue before, so any moment will do.
EVER_SHOWN = """
UPDATE activity SET shown_changed_at = updated_at
WHERE state = 'published' OR EXISTS (
  SELECT 1 FROM audit_entry
  WHERE audit_entry.object = 'activity:' || activity.id
    AND audit_entry.action IN ('activity.publish', 'activity.take-over'))
"""


def upgrade() -> None:
    """Add the moment, and fill it for what was ever shown."""
    op.add_column("activity", sa.Column("shown_changed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_activity_shown_changed", "activity", ["shown_changed_at"])
    op.execute(EVER_SHOWN)


def downgrade() -> None:
    """Nobody can follow the catalogue any more."""
    op.drop_index("ix_activity_shown_changed", "activity")
    with op.batch_alter_table("activity") as batch:
        batch.drop_column("shown_changed_at")
