"""Which import landed an offer, so that it can be taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of what landed before nobody knows."""
    with op.batch_alter_table("imported_offer") as batch:
        batch.add_column(sa.Column("landing_id", sa.Integer()))
        batch.create_foreign_key("fk_imported_offer_landing_id_job", "job", ["landing_id"], ["id"])
        batch.create_index("ix_imported_offer_landing_id", ["landing_id"])


def downgrade() -> None:
    """Forget it, and end the jobs that only this version can do: the code before knows no such kind."""
    with op.batch_alter_table("imported_offer") as batch:
        batch.drop_index("ix_imported_offer_landing_id")
        batch.drop_constraint("fk_imported_offer_landing_id_job", type_="foreignkey")
        batch.drop_column("landing_id")
    op.execute(
        "UPDATE job SET state = 'cancelled', finished_at = created_at WHERE kind = 'import-undo' AND state = 'running'"
    )
    op.execute(
        "UPDATE outbox_message SET state = 'done', done_at = due_at, lease_until = NULL"
        " WHERE kind = 'job.step' AND state <> 'done'"
        " AND subject IN (SELECT CAST(id AS VARCHAR) FROM job WHERE kind = 'import-undo')"
    )
