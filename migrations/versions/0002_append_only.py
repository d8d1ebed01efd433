"""What was decided or written down never changes: triggers refuse it on both engines."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Table → the rows that are closed: all of them, or those for which a condition on the old row holds.
CLOSED = {"audit_entry": "", "decision": "", "activity_version": "OLD.frozen_at IS NOT NULL", "recognition": ""}
# Tables of which only these columns are closed to an UPDATE; rows are never deleted, so a number never comes back.
COLUMNS = {"recognition": "activity_id, register, number"}


def upgrade() -> None:
    """Add the triggers."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for table, condition in CLOSED.items():
        for statement in _postgresql(table, condition) if postgresql else _sqlite(table, condition):
            op.execute(statement)


def downgrade() -> None:
    """Take them away."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in CLOSED:
        for event in ("update", "delete", "truncate") if postgresql else ("update", "delete"):
            target = f" ON {table}" if postgresql else ""
            op.execute(f"DROP TRIGGER {table}_no_{event}{target}")
    if postgresql:
        op.execute("DROP FUNCTION refuse_change()")


def _event(event: str, table: str) -> str:
    columns = f" OF {COLUMNS[table]}" if event == "update" and table in COLUMNS else ""
    return event.upper() + columns


def _sqlite(table: str, condition: str) -> list[str]:
    when = f" WHEN {condition}" if condition else ""
    return [
        f"CREATE TRIGGER {table}_no_{event} BEFORE {_event(event, table)} ON {table}{when}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for event in ("update", "delete")
    ]


def _postgresql(table: str, condition: str) -> list[str]:
    when = f" WHEN ({condition})" if condition else ""
    rows = [
        f"CREATE TRIGGER {table}_no_{event} BEFORE {_event(event, table)} ON {table}"
        f" FOR EACH ROW{when} EXECUTE FUNCTION refuse_change()"
        for event in ("update", "delete")
    ]
    return [*rows, f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse_change()"]
