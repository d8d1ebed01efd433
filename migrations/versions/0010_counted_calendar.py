"""With which table of school holidays all open terms were counted last."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No row: the first day counts all of them."""
    op.create_table(
        "counted_calendar",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_counted_calendar_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counted_calendar")),
    )


def downgrade() -> None:
    """All terms stay as they are."""
    op.drop_table("counted_calendar")
