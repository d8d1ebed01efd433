"""When what teachers find of an activity last changed, and until when they saw which number of it."""

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
# Which number was seen is known of what leads; an earlier one may have been.
SEEN_UNTIL = """
UPDATE recognition SET shown_until = (SELECT shown_changed_at FROM activity WHERE activity.id = activity_id)
WHERE (is_leading OR withdrawn_on IS NOT NULL) AND EXISTS (
  SELECT 1 FROM activity WHERE activity.id = activity_id AND state <> 'published' AND shown_changed_at IS NOT NULL)
"""
STAMPED = "ck_activity_shown_is_stamped"


def upgrade() -> None:
    """Add the moments, and fill them for what was ever shown."""
    op.add_column("activity", sa.Column("shown_changed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_activity_shown_changed", "activity", ["shown_changed_at"])
    op.execute(EVER_SHOWN)
    op.add_column("recognition", sa.Column("shown_until", sa.DateTime(timezone=True), nullable=True))
    op.execute(SEEN_UNTIL)
    with op.batch_alter_table("activity") as batch:
        batch.create_check_constraint(op.f(STAMPED), "state != 'published' OR shown_changed_at IS NOT NULL")


def downgrade() -> None:
    """Nobody can follow the catalogue any more."""
    op.drop_column("recognition", "shown_until")
    op.drop_index("ix_activity_shown_changed", "activity")
    with op.batch_alter_table("activity") as batch:
        batch.drop_constraint(op.f(STAMPED), type_="check")
        batch.drop_column("shown_changed_at")
