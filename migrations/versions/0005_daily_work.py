"""The daily work: changes beside what is live, editions, tombstones, jobs, imports, and actions on many at once."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

FROZEN = "OLD.frozen_at IS NOT NULL"
WIPED_IS_EMPTY = (
    "wiped_at IS NULL OR (title = '' AND description = '' AND goal = '' AND programme = '' AND planning = ''"
    " AND self_study_account = '' AND closing_test = '' AND prior_knowledge = '')"
)
STATES = ("draft", "submitted", "rejected", "validated", "published", "deleted")
HAS_TEXT = "outcome = 'approved' OR length(reasons) > 0"
LEADING = sa.text("is_leading")
# Table → event → condition under which it is closed, and the columns that an UPDATE may not touch.
TRIGGERS = {
    "activity_version": {"UPDATE": FROZEN + " AND NEW.wiped_at IS NULL", "DELETE": FROZEN},
    "recognition": {"UPDATE OF activity_id, register, number": "", "DELETE": ""},
    "decision": {"UPDATE": "", "DELETE": ""},
}
BEFORE = TRIGGERS | {"activity_version": {"UPDATE": FROZEN, "DELETE": FROZEN}}


def upgrade() -> None:
    """New columns where there was a table, then the new tables."""
    _open()
    _activities()
    _recognitions()
    with op.batch_alter_table("case_file") as batch:
        batch.add_column(sa.Column("baseline_id", sa.Integer()))
        batch.create_foreign_key(
            "fk_case_file_baseline_id_activity_version", "activity_version", ["baseline_id"], ["id"]
        )
    with op.batch_alter_table("decision") as batch:
        batch.add_column(sa.Column("reason_codes", sa.JSON(), nullable=False, server_default="[]"))
        batch.drop_constraint("uq_decision_recognition_id", type_="unique")
        batch.drop_constraint(op.f("ck_decision_rejection_has_reasons"), type_="check")
        batch.create_index("ix_decision_recognition_id", ["recognition_id"])
    with op.batch_alter_table("decision") as batch:
        batch.alter_column("reason_codes", server_default=None)
        batch.create_check_constraint("rejection_has_reasons", f"{HAS_TEXT} OR length(CAST(reason_codes AS TEXT)) > 2")
    with op.batch_alter_table("dossier_entry") as batch:
        batch.add_column(sa.Column("title", sa.String(300), nullable=False, server_default=""))
    op.execute(
        "UPDATE dossier_entry SET title = (SELECT activity_version.title FROM recognition JOIN activity_version"
        " ON activity_version.id = recognition.version_id WHERE recognition.id = dossier_entry.recognition_id)"
    )
    with op.batch_alter_table("dossier_entry") as batch:
        batch.alter_column("title", server_default=None)
    _new_tables()
    _close(TRIGGERS)


def _activities() -> None:
    with op.batch_alter_table("activity") as batch:
        batch.add_column(sa.Column("change", sa.String(10), nullable=False, server_default=""))
        batch.add_column(sa.Column("title_key", sa.String(300), nullable=False, server_default=""))
        batch.add_column(sa.Column("starts_on", sa.Date()))
        batch.add_column(sa.Column("ends_on", sa.Date()))
        batch.add_column(sa.Column("form_key", sa.String(40)))
        batch.add_column(sa.Column("deleted_at", UtcDateTime()))
    connection = op.get_bind()
    newest = sa.text(
        "SELECT activity_id, title, starts_on, CASE WHEN ends_on >= starts_on OR starts_on IS NULL THEN ends_on END"
        " FROM activity_version AS one WHERE ordinal ="
        " (SELECT max(ordinal) FROM activity_version WHERE activity_id = one.activity_id)"
    )
    fill = sa.text(
        "UPDATE activity SET title_key = :title, starts_on = :starts_on, ends_on = :ends_on WHERE id = :activity_id"
    )
    for activity_id, title, starts_on, ends_on in connection.execute(newest).all():
        facts = {"title": title.casefold()[:300], "starts_on": starts_on, "ends_on": ends_on}
        connection.execute(fill, {"activity_id": activity_id, **facts})
    with op.batch_alter_table("activity") as batch:
        for name in ("change", "title_key"):
            batch.alter_column(name, server_default=None)
        batch.drop_constraint(op.f("ck_activity_state"), type_="check")
        batch.create_check_constraint("state", f"state IN {STATES}")
        batch.create_check_constraint("change", "change IN ('', 'draft', 'submitted', 'rejected')")
        batch.create_check_constraint(
            "change_beside_what_is_live", "change = '' OR state IN ('validated', 'published')"
        )
        batch.create_check_constraint("ends_after_start", "ends_on >= starts_on")
        batch.create_check_constraint("deleted_iff_deleted_at", "(state = 'deleted') = (deleted_at IS NOT NULL)")
        batch.create_unique_constraint("uq_activity_provider_id_form_key", ["provider_id", "form_key"])
        batch.create_index("ix_activity_recent", ["provider_id", "updated_at", "id"])
        batch.create_index("ix_activity_title", ["provider_id", "title_key"])
    with op.batch_alter_table("activity_version") as batch:
        batch.drop_constraint(op.f("ck_activity_version_ends_after_start"), type_="check")
        batch.drop_column("starts_on")
        batch.drop_column("ends_on")
        batch.add_column(sa.Column("wiped_at", UtcDateTime()))
        batch.create_check_constraint("wiped_is_empty", WIPED_IS_EMPTY)


def _recognitions() -> None:
    with op.batch_alter_table("recognition") as batch:
        batch.add_column(sa.Column("is_leading", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.drop_index("ix_recognition_newest")
    op.execute("UPDATE recognition SET is_leading = true WHERE register != 'registerleraar'")
    op.execute(
        "UPDATE recognition SET is_leading = true WHERE register = 'registerleraar' AND NOT EXISTS"
        " (SELECT 1 FROM recognition AS own WHERE own.activity_id = recognition.activity_id AND own.is_leading)"
    )
    with op.batch_alter_table("recognition") as batch:
        batch.alter_column("is_leading", server_default=None)
    for name, columns, unique in (
        ("uq_recognition_leading", ["activity_id"], True),
        ("ix_recognition_newest", ["valid_from", "id"], False),
    ):
        op.create_index(name, "recognition", columns, unique=unique, sqlite_where=LEADING, postgresql_where=LEADING)


def _new_tables() -> None:
    with op.batch_alter_table("migrated_offer") as batch:
        batch.drop_constraint("uq_migrated_offer_activity_id", type_="unique")
        batch.drop_constraint("fk_migrated_offer_activity_id_activity", type_="foreignkey")
    op.rename_table("migrated_offer", "imported_offer")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE imported_offer RENAME CONSTRAINT pk_migrated_offer TO pk_imported_offer")
    with op.batch_alter_table("imported_offer") as batch:
        batch.alter_column("source_key", type_=sa.String(120), existing_type=sa.String(100))
        batch.add_column(sa.Column("origin", sa.String(10), nullable=False, server_default="former"))
        batch.add_column(sa.Column("published_at", UtcDateTime()))
        batch.add_column(sa.Column("turned_down_at", UtcDateTime()))
        batch.add_column(sa.Column("lacks", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("changed", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("checked_under", sa.String(60), nullable=False, server_default=""))
        batch.create_unique_constraint("uq_imported_offer_activity_id", ["activity_id"])
        batch.create_foreign_key("fk_imported_offer_activity_id_activity", "activity", ["activity_id"], ["id"])
        batch.create_check_constraint("origin", "origin IN ('former', 'own')")
        batch.create_check_constraint("only_former_offers_are_taken_over", "published_at IS NULL OR origin = 'former'")
    with op.batch_alter_table("imported_offer") as batch:
        for name in ("origin", "lacks", "changed", "checked_under"):
            batch.alter_column(name, server_default=None)
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("activity_id", sa.Integer(), sa.ForeignKey("activity.id"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("is_online", sa.Boolean(), nullable=False),
        sa.Column("place", sa.String(100), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("price_in_cents", sa.Integer()),
        sa.Column("registration_link", sa.String(300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        sa.CheckConstraint("is_online OR place != ''", name="is_somewhere"),
        sa.CheckConstraint("price_in_cents >= 0", name="price_not_negative"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_edition_coming", "edition", ["activity_id", "ends_on"])
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("owner", sa.String(40), nullable=False),
        sa.Column("started_by", sa.String(300), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime()),
        sa.CheckConstraint("state IN ('running', 'done', 'cancelled', 'failed')", name="state"),
        sa.CheckConstraint("(state = 'running') = (finished_at IS NULL)", name="running_until_finished"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_job_owner", "job", ["owner", "kind", "id"])
    op.create_table(
        "import_problem",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("job_id", sa.Integer(), sa.ForeignKey("job.id"), nullable=False, index=True),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("column", sa.String(100), nullable=False),
        sa.Column("value", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    op.create_table(
        "bulk_item",
        sa.Column("job_id", sa.Integer(), sa.ForeignKey("job.id"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("activity_id", sa.Integer(), sa.ForeignKey("activity.id"), nullable=False, index=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("version_after", sa.Integer()),
        sa.CheckConstraint("state IN ('waiting', 'done', 'refused', 'undone')", name="state"),
    )


def _open() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in TRIGGERS:
        for event in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{event}" + (f" ON {table}" if postgresql else ""))


def _close(triggers: dict[str, dict[str, str]]) -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table, events in triggers.items():
        for event, condition in events.items():
            name = f"{table}_no_{event.split()[0].lower()}"
            when = f" WHEN ({condition})" if condition else ""
            each = " FOR EACH ROW" if postgresql else ""
            body = (
                "EXECUTE FUNCTION refuse_change()"
                if postgresql
                else (f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")
            )
            op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table}{each}{when} {body}")


def downgrade() -> None:
    """Back to one version at a time; what was rejected or deleted is a draft again, deleted texts stay away.

    Changes that the committee still had are withdrawn, and later decisions about one recognition are lost.
    """
    _open()
    op.execute(
        "UPDATE case_file SET state = 'withdrawn' WHERE state IN ('received', 'in_review', 'waiting_for_provider')"
        " AND activity_id IN (SELECT id FROM activity WHERE change = 'submitted')"
    )
    for table in ("bulk_item", "import_problem", "job", "edition"):
        op.drop_table(table)
    op.execute("DELETE FROM imported_offer WHERE origin = 'own'")
    with op.batch_alter_table("imported_offer") as batch:
        for name in ("origin", "only_former_offers_are_taken_over"):
            batch.drop_constraint(op.f(f"ck_imported_offer_{name}"), type_="check")
        for name in ("origin", "published_at", "turned_down_at", "lacks", "changed", "checked_under"):
            batch.drop_column(name)
        batch.alter_column("source_key", type_=sa.String(100), existing_type=sa.String(120))
        batch.drop_constraint("uq_imported_offer_activity_id", type_="unique")
        batch.drop_constraint("fk_imported_offer_activity_id_activity", type_="foreignkey")
    op.rename_table("imported_offer", "migrated_offer")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE migrated_offer RENAME CONSTRAINT pk_imported_offer TO pk_migrated_offer")
    with op.batch_alter_table("migrated_offer") as batch:
        batch.create_unique_constraint("uq_migrated_offer_activity_id", ["activity_id"])
        batch.create_foreign_key("fk_migrated_offer_activity_id_activity", "activity", ["activity_id"], ["id"])
    with op.batch_alter_table("dossier_entry") as batch:
        batch.drop_column("title")
    # Of several decisions about one recognition, only the first fits.
    op.execute(
        "DELETE FROM decision WHERE recognition_id IS NOT NULL AND case_id NOT IN"
        " (SELECT min(case_id) FROM decision WHERE recognition_id IS NOT NULL GROUP BY recognition_id)"
    )
    # Only admissions could wait, and reasons were texts.
    op.execute(
        "UPDATE case_file SET state = 'in_review' WHERE state = 'waiting_for_provider' AND procedure = 'validation'"
    )
    op.execute("UPDATE decision SET reasons = CAST(reason_codes AS TEXT) WHERE outcome != 'approved' AND reasons = ''")
    with op.batch_alter_table("decision") as batch:
        batch.drop_constraint(op.f("ck_decision_rejection_has_reasons"), type_="check")
        batch.create_check_constraint("rejection_has_reasons", HAS_TEXT)
    with op.batch_alter_table("decision") as batch:
        batch.drop_column("reason_codes")
        batch.drop_index("ix_decision_recognition_id")
        batch.create_unique_constraint("uq_decision_recognition_id", ["recognition_id"])
    with op.batch_alter_table("case_file") as batch:
        batch.drop_constraint("fk_case_file_baseline_id_activity_version", type_="foreignkey")
        batch.drop_column("baseline_id")
    for name in ("uq_recognition_leading", "ix_recognition_newest"):
        op.drop_index(name, "recognition")
    with op.batch_alter_table("recognition") as batch:
        batch.drop_column("is_leading")
        batch.create_index("ix_recognition_newest", ["register", "valid_from", "id"])
    _activities_before()
    _close(BEFORE)


def _activities_before() -> None:
    with op.batch_alter_table("activity_version") as batch:
        batch.add_column(sa.Column("starts_on", sa.Date()))
        batch.add_column(sa.Column("ends_on", sa.Date()))
        batch.drop_constraint(op.f("ck_activity_version_wiped_is_empty"), type_="check")
        batch.drop_column("wiped_at")
    op.execute(
        "UPDATE activity_version SET"
        " starts_on = (SELECT starts_on FROM activity WHERE activity.id = activity_version.activity_id),"
        " ends_on = (SELECT ends_on FROM activity WHERE activity.id = activity_version.activity_id)"
    )
    with op.batch_alter_table("activity_version") as batch:
        batch.create_check_constraint(
            "ends_after_start", "frozen_at IS NULL OR ends_on IS NULL OR ends_on >= starts_on"
        )
    op.execute("UPDATE activity SET deleted_at = NULL, state = 'draft' WHERE state IN ('rejected', 'deleted')")
    with op.batch_alter_table("activity") as batch:
        for name in ("state", "change", "change_beside_what_is_live", "ends_after_start", "deleted_iff_deleted_at"):
            batch.drop_constraint(op.f(f"ck_activity_{name}"), type_="check")
        batch.create_check_constraint("state", "state IN ('draft', 'submitted', 'validated', 'published')")
        batch.drop_constraint("uq_activity_provider_id_form_key", type_="unique")
        for name in ("ix_activity_recent", "ix_activity_title"):
            batch.drop_index(name)
        for name in ("change", "title_key", "starts_on", "ends_on", "form_key", "deleted_at"):
            batch.drop_column(name)
