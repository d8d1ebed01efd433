"""foundation"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column(
            "position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("object", sa.String(length=80), nullable=False),
        sa.Column("result", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=300), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entry_hash")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_object"), ["object"], unique=False)

    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("occasion", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_outbox_message_done_iff_done_at")),
        sa.CheckConstraint("state IN ('waiting', 'done', 'parked')", name=op.f("ck_outbox_message_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("kind", "subject", "occasion", name=op.f("uq_outbox_message_kind_subject_occasion")),
    )
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_message_waiting", ["state", "due_at"], unique=False)

    op.create_table(
        "provider",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kvk_number", sa.String(length=8), nullable=False),
        sa.Column("branch", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("admitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("branch = '' OR length(branch) = 12", name=op.f("ck_provider_branch_length")),
        sa.CheckConstraint("origin IN ('migrated', 'new')", name=op.f("ck_provider_origin")),
        sa.CheckConstraint("length(kvk_number) = 8", name=op.f("ck_provider_kvk_number_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
        sa.UniqueConstraint("kvk_number", "branch", name=op.f("uq_provider_kvk_number_branch")),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("identity", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_session")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_session_started_at"), ["started_at"], unique=False)

    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'submitted', 'validated', 'published')", name=op.f("ck_activity_state")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_activity_provider_id_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index("ix_activity_own", ["provider_id", "state", "updated_at"], unique=False)

    op.create_table(
        "declaration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("set_version", sa.String(length=20), nullable=False),
        sa.Column("requirement", sa.String(length=40), nullable=False),
        sa.Column("declared_by", sa.String(length=300), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_declaration_provider_id_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
        sa.UniqueConstraint(
            "provider_id", "set_version", "requirement", name=op.f("uq_declaration_provider_id_set_version_requirement")
        ),
    )
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_declaration_provider_id"), ["provider_id"], unique=False)

    op.create_table(
        "activity_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("sectors", sa.JSON(), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("planning", sa.Text(), nullable=False),
        sa.Column("contact_hours", sa.Integer(), nullable=True),
        sa.Column("self_study_hours", sa.Integer(), nullable=True),
        sa.Column("self_study_account", sa.Text(), nullable=False),
        sa.Column("closing_test", sa.Text(), nullable=False),
        sa.Column("prior_knowledge", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "contact_hours >= 0 AND self_study_hours >= 0", name=op.f("ck_activity_version_hours_not_negative")
        ),
        sa.CheckConstraint(
            "frozen_at IS NULL OR ends_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_activity_version_ends_after_start"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_version_activity_id_activity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_version")),
        sa.UniqueConstraint("activity_id", "ordinal", name=op.f("uq_activity_version_activity_id_ordinal")),
    )
    with op.batch_alter_table("activity_version", schema=None) as batch_op:
        batch_op.create_index(
            "uq_activity_version_draft",
            ["activity_id"],
            unique=True,
            sqlite_where=sa.text("frozen_at IS NULL"),
            postgresql_where=sa.text("frozen_at IS NULL"),
        )

    op.create_table(
        "migrated_offer",
        sa.Column("source_key", sa.String(length=100), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_migrated_offer_activity_id_activity")),
        sa.PrimaryKeyConstraint("source_key", name=op.f("pk_migrated_offer")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_migrated_offer_activity_id")),
    )
    op.create_table(
        "case_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("procedure", sa.String(length=12), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("term", sa.JSON(), nullable=False),
        sa.Column("handler", sa.String(length=300), nullable=False),
        sa.Column("handler_name", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("procedure IN ('validation')", name=op.f("ck_case_file_procedure")),
        sa.CheckConstraint("state != 'in_review' OR handler != ''", name=op.f("ck_case_file_review_has_handler")),
        sa.CheckConstraint(
            "state IN ('received', 'in_review', 'decided', 'withdrawn')", name=op.f("ck_case_file_state")
        ),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_case_file_activity_id_activity")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_case_file_provider_id_provider")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["activity_version.id"], name=op.f("fk_case_file_version_id_activity_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
    )
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.create_index("ix_case_file_activity", ["activity_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_file_provider_id"), ["provider_id"], unique=False)
        batch_op.create_index(
            "ix_case_file_queue",
            ["due_on", "id", "handler"],
            unique=False,
            sqlite_where=sa.text("state IN ('received', 'in_review')"),
            postgresql_where=sa.text("state IN ('received', 'in_review')"),
        )
        batch_op.create_index(batch_op.f("ix_case_file_version_id"), ["version_id"], unique=False)
        batch_op.create_index(
            "uq_case_file_open",
            ["activity_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('received', 'in_review')"),
            postgresql_where=sa.text("state IN ('received', 'in_review')"),
        )

    op.create_table(
        "recognition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("contact_hours", sa.Integer(), nullable=False),
        sa.Column("self_study_hours", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "contact_hours >= 0 AND self_study_hours >= 0", name=op.f("ck_recognition_hours_not_negative")
        ),
        sa.CheckConstraint("length(number) > 0", name=op.f("ck_recognition_has_number")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_recognition_activity_id_activity")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["activity_version.id"], name=op.f("fk_recognition_version_id_activity_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognition")),
        sa.UniqueConstraint("activity_id", "register", name=op.f("uq_recognition_activity_id_register")),
        sa.UniqueConstraint("register", "number", name=op.f("uq_recognition_register_number")),
    )
    with op.batch_alter_table("recognition", schema=None) as batch_op:
        batch_op.create_index("ix_recognition_newest", ["register", "valid_from", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recognition_version_id"), ["version_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("recognition_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("verdicts", sa.JSON(), nullable=False),
        sa.Column("contact_hours", sa.Integer(), nullable=False),
        sa.Column("self_study_hours", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=300), nullable=False),
        sa.Column("decided_by_name", sa.String(length=200), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'approved') = (recognition_id IS NOT NULL)", name=op.f("ck_decision_recognition_iff_approved")
        ),
        sa.CheckConstraint(
            "outcome = 'approved' OR length(reasons) > 0", name=op.f("ck_decision_rejection_has_reasons")
        ),
        sa.CheckConstraint(
            "outcome IN ('approved', 'temporarily_rejected', 'rejected')", name=op.f("ck_decision_outcome")
        ),
        sa.CheckConstraint("contact_hours >= 0 AND self_study_hours >= 0", name=op.f("ck_decision_hours_not_negative")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_decision_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["recognition_id"], ["recognition.id"], name=op.f("fk_decision_recognition_id_recognition")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_decision")),
        sa.UniqueConstraint("recognition_id", name=op.f("uq_decision_recognition_id")),
    )
    op.create_table(
        "dossier_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("teacher", sa.String(length=300), nullable=False),
        sa.Column("recognition_id", sa.Integer(), nullable=False),
        sa.Column("contact_hours", sa.Integer(), nullable=False),
        sa.Column("self_study_hours", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recognition_id"], ["recognition.id"], name=op.f("fk_dossier_entry_recognition_id_recognition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_entry")),
        sa.UniqueConstraint("teacher", "recognition_id", name=op.f("uq_dossier_entry_teacher_recognition_id")),
    )
    with op.batch_alter_table("dossier_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_entry_recognition_id"), ["recognition_id"], unique=False)

    op.create_table(
        "number_part",
        sa.Column(
            "part", sa.String(length=20).with_variant(sa.String(length=20, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("recognition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recognition_id"], ["recognition.id"], name=op.f("fk_number_part_recognition_id_recognition")
        ),
        sa.PrimaryKeyConstraint("part", "recognition_id", name=op.f("pk_number_part")),
    )


def downgrade() -> None:
    op.drop_table("number_part")
    with op.batch_alter_table("dossier_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_entry_recognition_id"))

    op.drop_table("dossier_entry")
    op.drop_table("decision")
    with op.batch_alter_table("recognition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recognition_version_id"))
        batch_op.drop_index("ix_recognition_newest")

    op.drop_table("recognition")
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_case_file_open",
            sqlite_where=sa.text("state IN ('received', 'in_review')"),
            postgresql_where=sa.text("state IN ('received', 'in_review')"),
        )
        batch_op.drop_index(batch_op.f("ix_case_file_version_id"))
        batch_op.drop_index(
            "ix_case_file_queue",
            sqlite_where=sa.text("state IN ('received', 'in_review')"),
            postgresql_where=sa.text("state IN ('received', 'in_review')"),
        )
        batch_op.drop_index(batch_op.f("ix_case_file_provider_id"))
        batch_op.drop_index("ix_case_file_activity")

    op.drop_table("case_file")
    op.drop_table("migrated_offer")
    with op.batch_alter_table("activity_version", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_activity_version_draft",
            sqlite_where=sa.text("frozen_at IS NULL"),
            postgresql_where=sa.text("frozen_at IS NULL"),
        )

    op.drop_table("activity_version")
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_declaration_provider_id"))

    op.drop_table("declaration")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_own")

    op.drop_table("activity")
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_session_started_at"))

    op.drop_table("sign_in_session")
    op.drop_table("provider")
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_message_waiting")

    op.drop_table("outbox_message")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_object"))

    op.drop_table("audit_entry")
