"""The last entry of the audit trail of every Dutch calendar day, and how many it has."""

from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ENTRIES = sa.table("audit_entry", sa.column("position"), sa.column("at", UtcDateTime()), sa.column("hash"))
NEXT = (
    sa.select(ENTRIES)
    .where(ENTRIES.c.position > sa.bindparam("after", type_=sa.BigInteger()))
    .order_by(ENTRIES.c.position)
    .limit(1000)
)


def upgrade() -> None:
    """The table, and the days that were."""
    table = op.create_table(
        "audit_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_audit_day")),
        sa.UniqueConstraint("position", name=op.f("uq_audit_day_position")),
    )
    connection, after, days = op.get_bind(), 0, {}
    while rows := connection.execute(NEXT, {"after": after}).all():
        for row in rows:
            day = row.at.astimezone(AMSTERDAM).date()
            entries = days[day]["entries"] + 1 if day in days else 1
            days[day] = {"day": day, "entries": entries, "position": row.position, "hash": row.hash}
        after = rows[-1].position
    op.bulk_insert(table, list(days.values()))


def downgrade() -> None:
    """The entries themselves stay."""
    op.drop_table("audit_day")
