"""Becoming a provider: details with their sources, contact person, members, messages, and cases of admission."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OPEN = "state IN ('received', 'in_review', 'waiting_for_provider')"
OPEN_BEFORE = "state IN ('received', 'in_review')"
IN_FORCE = sa.text("withdrawn_at IS NULL")
TRIGGERS = ("update", "delete")


def upgrade() -> None:
    """New columns on providers and cases, and the tables beside them."""
    _closed("DROP")
    with op.batch_alter_table("provider", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.add_column(sa.Column("street", sa.String(200), nullable=False, server_default=""))
        batch.add_column(sa.Column("postcode", sa.String(10), nullable=False, server_default=""))
        batch.add_column(sa.Column("sources", sa.JSON(), nullable=False, server_default="{}"))
        batch.add_column(sa.Column("is_shielded", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("ended_on", sa.Date()))
        batch.add_column(sa.Column("suspension_reason", sa.Text(), nullable=False, server_default=""))
        for name in ("trade_register_at", "details_checked_at", "confirmed_at", "rejected_at", "suspended_at"):
            batch.add_column(sa.Column(name, UtcDateTime()))
        batch.create_check_constraint("admitted_or_rejected", "admitted_at IS NULL OR rejected_at IS NULL")
        batch.create_check_constraint("suspension_has_reason", "(suspended_at IS NULL) = (suspension_reason = '')")
    with op.batch_alter_table("provider", table_kwargs={"sqlite_autoincrement": True}) as batch:
        for name in ("street", "postcode", "sources", "is_shielded", "suspension_reason"):
            batch.alter_column(name, server_default=None)
    with op.batch_alter_table("declaration") as batch:
        batch.add_column(sa.Column("withdrawn_by", sa.String(300), nullable=False, server_default=""))
        batch.add_column(sa.Column("withdrawn_at", UtcDateTime()))
        batch.drop_constraint("uq_declaration_provider_id_set_version_requirement", type_="unique")
        batch.drop_index("ix_declaration_provider_id")
        batch.create_check_constraint("withdrawn_by_somebody", "(withdrawn_at IS NULL) = (withdrawn_by = '')")
    with op.batch_alter_table("declaration") as batch:
        batch.alter_column("withdrawn_by", server_default=None)
    op.create_index(
        "uq_declaration_in_force",
        "declaration",
        ["provider_id", "set_version", "requirement"],
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )
    _new_tables()
    _cases()
    op.create_index(op.f("ix_audit_entry_actor"), "audit_entry", ["actor"])
    _closed("CREATE")


def _new_tables() -> None:
    op.create_table(
        "former_number",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("kvk_number", sa.String(8), nullable=False),
        sa.Column("branch", sa.String(12), nullable=False),
        sa.Column("replaced_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_former_number_provider_id_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_number")),
        sa.UniqueConstraint("kvk_number", "branch", name=op.f("uq_former_number_kvk_number_branch")),
    )
    op.create_index(op.f("ix_former_number_provider_id"), "former_number", ["provider_id"])
    op.create_table(
        "contact_person",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("function", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("phone", sa.String(30), nullable=False),
        sa.Column("confirmed_email", sa.String(254), nullable=False),
        sa.Column("asked_at", UtcDateTime()),
        sa.Column("undeliverable", sa.String(254), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_contact_person_provider_id_provider")),
        sa.PrimaryKeyConstraint("provider_id", name=op.f("pk_contact_person")),
    )
    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("account_key", sa.String(300), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(15), nullable=False),
        sa.Column("intermediary", sa.String(8), nullable=False),
        sa.Column("first_seen_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("role IN ('administrator', 'editor')", name=op.f("ck_member_role")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_member_provider_id_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("account_key", name=op.f("uq_member_account_key")),
        sa.UniqueConstraint("provider_id", "ordinal", name=op.f("uq_member_provider_id_ordinal")),
    )
    op.create_table(
        "provider_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("paragraphs", sa.JSON(), nullable=False),
        sa.Column("link_text", sa.String(100), nullable=False),
        sa.Column("link", sa.String(300), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime()),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_provider_message_provider_id_provider")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_message")),
    )
    op.create_index("ix_provider_message_list", "provider_message", ["provider_id", "id"])
    op.create_table(
        "case_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(300), nullable=False),
        sa.Column("asked_by_name", sa.String(200), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(300), nullable=False),
        sa.Column("answered_at", UtcDateTime()),
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f("ck_case_question_answered_iff_answer")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by = '')", name=op.f("ck_case_question_answered_by_somebody")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_question_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_question")),
    )
    op.create_index(op.f("ix_case_question_case_id"), "case_question", ["case_id"])


def _cases() -> None:
    for name in ("uq_case_file_open", "ix_case_file_queue"):
        op.drop_index(name, "case_file")
    with op.batch_alter_table("case_file") as batch:
        batch.alter_column("activity_id", existing_type=sa.Integer(), nullable=True)
        batch.alter_column("version_id", existing_type=sa.Integer(), nullable=True)
        batch.alter_column("state", existing_type=sa.String(12), type_=sa.String(20))
        for name in ("procedure", "state", "review_has_handler"):
            batch.drop_constraint(op.f(f"ck_case_file_{name}"), type_="check")
        batch.create_check_constraint("procedure", "procedure IN ('validation', 'admission')")
        batch.create_check_constraint(
            "state", "state IN ('received', 'in_review', 'waiting_for_provider', 'decided', 'withdrawn')"
        )
        batch.create_check_constraint(
            "review_has_handler", "state NOT IN ('in_review', 'waiting_for_provider') OR handler != ''"
        )
        batch.create_check_constraint(
            "validation_has_activity", "(procedure = 'validation') = (activity_id IS NOT NULL)"
        )
        batch.create_check_constraint("activity_has_version", "(activity_id IS NULL) = (version_id IS NULL)")
    _case_indexes(OPEN)
    open_admission = sa.text(f"procedure = 'admission' AND {OPEN}")
    op.create_index(
        "uq_case_file_open_admission",
        "case_file",
        ["provider_id"],
        unique=True,
        sqlite_where=open_admission,
        postgresql_where=open_admission,
    )
    with op.batch_alter_table("decision") as batch:
        batch.add_column(sa.Column("procedure", sa.String(12), nullable=False, server_default="validation"))
        batch.drop_constraint(op.f("ck_decision_recognition_iff_approved"), type_="check")
        batch.create_check_constraint("procedure", "procedure IN ('validation', 'admission')")
        batch.create_check_constraint(
            "recognition_iff_approved",
            "(outcome = 'approved' AND procedure = 'validation') = (recognition_id IS NOT NULL)",
        )
    with op.batch_alter_table("decision") as batch:
        batch.alter_column("procedure", server_default=None)


def _case_indexes(condition: str) -> None:
    where = sa.text(condition)
    op.create_index(
        "uq_case_file_open", "case_file", ["activity_id"], unique=True, sqlite_where=where, postgresql_where=where
    )
    op.create_index(
        "ix_case_file_queue",
        "case_file",
        ["due_on", "id", "handler"],
        sqlite_where=where,
        postgresql_where=where,
    )


def _closed(verb: str) -> None:
    """SQLite copies a table to change it, and loses the triggers that keep decisions closed."""
    if op.get_bind().dialect.name == "postgresql":
        return
    for event in TRIGGERS:
        body = (
            f" BEFORE {event.upper()} ON decision BEGIN SELECT RAISE(ABORT, 'decision is append-only'); END"
            if verb == "CREATE"
            else ""
        )
        op.execute(f"{verb} TRIGGER decision_no_{event}{body}")


def downgrade() -> None:
    """Back to providers without registration; cases of admission go, and so do withdrawn declarations."""
    _closed("DROP")
    op.drop_index(op.f("ix_audit_entry_actor"), "audit_entry")
    op.drop_table("case_question")
    _cases_before()
    for table in ("provider_message", "member", "contact_person", "former_number"):
        op.drop_table(table)
    op.execute("DELETE FROM declaration WHERE withdrawn_at IS NOT NULL")
    op.drop_index("uq_declaration_in_force", "declaration")
    with op.batch_alter_table("declaration") as batch:
        batch.drop_constraint(op.f("ck_declaration_withdrawn_by_somebody"), type_="check")
        batch.drop_column("withdrawn_by")
        batch.drop_column("withdrawn_at")
        batch.create_unique_constraint(
            "uq_declaration_provider_id_set_version_requirement", ["provider_id", "set_version", "requirement"]
        )
        batch.create_index("ix_declaration_provider_id", ["provider_id"])
    with op.batch_alter_table("provider") as batch:
        for name in ("admitted_or_rejected", "suspension_has_reason"):
            batch.drop_constraint(op.f(f"ck_provider_{name}"), type_="check")
        for name in (
            *("street", "postcode", "sources", "is_shielded", "ended_on", "suspension_reason"),
            *("trade_register_at", "details_checked_at", "confirmed_at", "rejected_at", "suspended_at"),
        ):
            batch.drop_column(name)
    _closed("CREATE")


def _cases_before() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE decision DISABLE TRIGGER USER")
    op.execute("DELETE FROM decision WHERE procedure = 'admission'")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE decision ENABLE TRIGGER USER")
    op.execute("DELETE FROM case_file WHERE procedure = 'admission'")
    for name in ("uq_case_file_open", "ix_case_file_queue", "uq_case_file_open_admission"):
        op.drop_index(name, "case_file")
    with op.batch_alter_table("decision") as batch:
        for name in ("procedure", "recognition_iff_approved"):
            batch.drop_constraint(op.f(f"ck_decision_{name}"), type_="check")
        batch.drop_column("procedure")
        batch.create_check_constraint(
            "recognition_iff_approved", "(outcome = 'approved') = (recognition_id IS NOT NULL)"
        )
    with op.batch_alter_table("case_file") as batch:
        for name in (*("procedure", "state", "review_has_handler", "validation_has_activity", "activity_has_version"),):
            batch.drop_constraint(op.f(f"ck_case_file_{name}"), type_="check")
        batch.create_check_constraint("procedure", "procedure IN ('validation')")
        batch.create_check_constraint("state", "state IN ('received', 'in_review', 'decided', 'withdrawn')")
        batch.create_check_constraint("review_has_handler", "state != 'in_review' OR handler != ''")
        batch.alter_column("state", existing_type=sa.String(20), type_=sa.String(12))
        batch.alter_column("activity_id", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("version_id", existing_type=sa.Integer(), nullable=False)
    _case_indexes(OPEN_BEFORE)
