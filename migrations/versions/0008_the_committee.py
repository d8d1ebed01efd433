"""The committee: its people and what ties them, what happened in a case, assessments, objections, corrections."""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OPEN = "state NOT IN ('decided', 'withdrawn')"
OPEN_BEFORE = "state IN ('received', 'in_review', 'waiting_for_provider')"
OF_ADMISSION = "'received', 'in_review', 'waiting_for_provider', 'decided', 'withdrawn'"
HAS_REASONS = "outcome = 'approved' OR length(reasons) > 0 OR length(CAST(reason_codes AS TEXT)) > 2"
RECOGNITION = "(outcome = 'approved' AND procedure = 'validation') = (recognition_id IS NOT NULL)"
KNOWN_OUTCOMES = "outcome IN ('approved', 'temporarily_rejected', 'rejected')"
CHECKS = {
    "admission_state": f"procedure != 'admission' OR state IN ({OF_ADMISSION})",
    "validation_state": f"procedure != 'validation' OR state IN ({OF_ADMISSION}, 'with_chair', 'proposed')",
    "objection_state": f"procedure != 'objection' OR state IN ({OF_ADMISSION}, 'late')",
    "review_has_handler": "state NOT IN ('in_review', 'with_chair', 'proposed') OR handler != ''",
    "second_is_another": "second = '' OR (handler != '' AND second != handler)",
    "validation_has_activity": "procedure != 'validation' OR activity_id IS NOT NULL",
    "admission_has_no_activity": "procedure != 'admission' OR activity_id IS NULL",
    "objection_has_decision": "(procedure = 'objection') = (about_id IS NOT NULL)",
    "started_has_term": "(started_on IS NULL) = (due_on IS NULL)",
    "starts_at_once": "procedure NOT IN ('admission', 'validation', 'objection') OR started_on IS NOT NULL",
}
CHECKS_BEFORE = {
    "procedure": "procedure IN ('validation', 'admission')",
    "state": f"state IN ({OF_ADMISSION})",
    "review_has_handler": "state NOT IN ('in_review', 'waiting_for_provider') OR handler != ''",
    "validation_has_activity": "(procedure = 'validation') = (activity_id IS NOT NULL)",
}
NEW_TEXTS = {"type": 40, "sectors": 200, "second": 300, "second_name": 200}
NEW_FLAGS = ("is_compared", "is_extended")
# What is known of cases from before this table was kept, in the order in which it happened.
EVENTS = """
INSERT INTO case_event (case_id, action, at, "by", by_name, text, data, is_inner)
SELECT case_id, action, at, who, name, '', '{}', is_inner FROM (
  SELECT id AS case_id, 'receive' AS action, received_at AS at, '' AS who, '' AS name, false AS is_inner FROM case_file
  UNION ALL SELECT case_id, 'ask', asked_at, asked_by, asked_by_name, false FROM case_question
  UNION ALL SELECT case_id, 'answer', answered_at, answered_by, '', false FROM case_question
    WHERE answered_at IS NOT NULL
  UNION ALL SELECT case_id, CASE outcome WHEN 'approved' THEN 'approve'
    WHEN 'rejected' THEN 'reject' ELSE 'reject_temporarily' END, decided_at, decided_by, decided_by_name, false
    FROM decision
  UNION ALL SELECT case_file.id, 'withdraw', audit_entry.at, audit_entry.actor, '', false FROM case_file
    JOIN audit_entry ON audit_entry.object = 'case:' || CAST(case_file.id AS VARCHAR(20))
    AND audit_entry.action = 'case.withdrawn'
) AS known ORDER BY at, case_id
"""
MEMBERS = """
INSERT INTO committee_member (account_key, name, email, is_chair, is_active, last_seen_at, version)
SELECT account_key, max(name), '', false, true, max(at), 1 FROM (
  SELECT handler AS account_key, handler_name AS name, received_at AS at FROM case_file WHERE handler != ''
  UNION ALL SELECT decided_by, decided_by_name, decided_at FROM decision
) AS known GROUP BY account_key
"""


def upgrade() -> None:
    """Cases learn more, decisions get a number of their own, and the new tables know what was known already."""
    _triggers("DROP")
    _cases()
    _decisions()
    with op.batch_alter_table("case_file") as batch:
        batch.create_foreign_key("fk_case_file_about_id_decision", "decision", ["about_id"], ["id"])
    _questions()
    with op.batch_alter_table("recognition") as batch:
        batch.add_column(sa.Column("withdrawn_on", sa.Date()))
    _new_tables()
    op.execute(EVENTS)
    op.execute(MEMBERS)
    _triggers("CREATE")


def _cases() -> None:
    with op.batch_alter_table("case_file") as batch:
        for name in CHECKS_BEFORE:
            batch.drop_constraint(op.f(f"ck_case_file_{name}"), type_="check")
        for name in ("uq_case_file_open", "uq_case_file_open_admission", "ix_case_file_queue"):
            batch.drop_index(name)
    with op.batch_alter_table("case_file") as batch:
        batch.alter_column("procedure", type_=sa.String(40), existing_type=sa.String(12))
        batch.alter_column("state", type_=sa.String(40), existing_type=sa.String(20))
        batch.alter_column("due_on", nullable=True, existing_type=sa.Date())
        batch.add_column(sa.Column("previous_id", sa.Integer()))
        batch.add_column(sa.Column("about_id", sa.Integer()))
        batch.add_column(sa.Column("started_on", sa.Date()))
        for column in _new_columns():
            batch.add_column(column)
        batch.create_foreign_key("fk_case_file_previous_id_case_file", "case_file", ["previous_id"], ["id"])
        batch.create_index(op.f("ix_case_file_previous_id"), ["previous_id"])
    _fill_cases()
    with op.batch_alter_table("case_file") as batch:
        for name in (*NEW_TEXTS, *NEW_FLAGS):
            batch.alter_column(name, server_default=None)
        for name, condition in CHECKS.items():
            batch.create_check_constraint(name, condition)
    _index("uq_case_file_open", ["activity_id"], f"procedure = 'validation' AND {OPEN}", unique=True)
    _index("uq_case_file_open_admission", ["provider_id"], f"procedure = 'admission' AND {OPEN}", unique=True)
    _index("uq_case_file_objection", ["about_id"], "procedure = 'objection' AND state != 'withdrawn'", unique=True)
    _index("ix_case_file_queue", ["due_on", "id"], OPEN)
    _index("ix_case_file_in_hand", ["handler", "due_on", "id"], OPEN)
    _index("ix_case_file_of_provider", ["provider_id", "due_on", "id"], OPEN)


def _new_columns() -> list[sa.Column]:
    flags = [sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()) for name in NEW_FLAGS]
    texts = [
        sa.Column(name, sa.String(length), nullable=False, server_default="") for name, length in NEW_TEXTS.items()
    ]
    return [*flags, *texts]


def _fill_cases() -> None:
    received = (
        "CAST(term ->> 'received_on' AS DATE)"
        if op.get_bind().dialect.name == "postgresql"
        else "json_extract(term, '$.received_on')"
    )
    op.execute(f"UPDATE case_file SET started_on = {received}")
    codes = "CAST(sectors AS VARCHAR(1000))"
    for symbol in ("[", "]", '"', " "):
        codes = f"replace({codes}, '{symbol}', '')"
    version = "FROM activity_version WHERE activity_version.id = case_file.version_id"
    op.execute(
        f"UPDATE case_file SET type = (SELECT type {version}), sectors = (SELECT ',' || {codes} || ',' {version})"
        " WHERE version_id IS NOT NULL"
    )
    op.execute(
        "UPDATE case_file SET previous_id = (SELECT max(one.id) FROM case_file AS one WHERE one.id < case_file.id"
        " AND one.activity_id = case_file.activity_id AND one.state = 'decided') WHERE activity_id IS NOT NULL"
    )


def _decisions() -> None:
    op.execute("CREATE TABLE decision_before AS SELECT * FROM decision")
    op.drop_table("decision")
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("case_file.id"), nullable=False, index=True),
        sa.Column("corrects_id", sa.Integer(), sa.ForeignKey("decision.id"), unique=True),
        sa.Column("correction", sa.Text(), nullable=False),
        sa.Column("objection_id", sa.Integer(), sa.ForeignKey("case_file.id")),
        sa.Column("procedure", sa.String(40), nullable=False),
        *_facts_of_a_decision(),
        sa.Column("reason_codes", sa.JSON(), nullable=False),
        sa.Column("improve_by", sa.Date()),
        sa.Column("drafted_by", sa.String(300), nullable=False),
        sa.Column("drafted_by_name", sa.String(200), nullable=False),
        sa.CheckConstraint(f"procedure NOT IN ('validation', 'admission') OR {KNOWN_OUTCOMES}", name="outcome"),
        sa.CheckConstraint(
            "procedure != 'objection' OR outcome IN ('upheld', 'revised', 'inadmissible')", name="objection_outcome"
        ),
        sa.CheckConstraint("outcome = 'temporarily_rejected' OR improve_by IS NULL", name="only_what_can_improve"),
        sa.CheckConstraint("drafted_by != decided_by", name="four_eyes"),
        sa.CheckConstraint("(corrects_id IS NULL) = (correction = '')", name="correction_says_why"),
        sa.CheckConstraint("corrects_id != id", name="corrects_another"),
    )
    op.create_index(op.f("ix_decision_recognition_id"), "decision", ["recognition_id"])
    first = sa.text("corrects_id IS NULL")
    op.create_index(
        "uq_decision_first", "decision", ["case_id"], unique=True, sqlite_where=first, postgresql_where=first
    )
    kept = (
        "case_id, procedure, recognition_id, outcome, verdicts, contact_hours, self_study_hours, reasons,"
        " reason_codes, decided_by, decided_by_name, decided_at"
    )
    op.execute(
        f"INSERT INTO decision ({kept}, correction, drafted_by, drafted_by_name)"
        f" SELECT {kept}, '', '', '' FROM decision_before ORDER BY decided_at, case_id"
    )
    op.drop_table("decision_before")


def _facts_of_a_decision() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("recognition_id", sa.Integer(), sa.ForeignKey("recognition.id")),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("verdicts", sa.JSON(), nullable=False),
        sa.Column("contact_hours", sa.Integer(), nullable=False),
        sa.Column("self_study_hours", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(300), nullable=False),
        sa.Column("decided_by_name", sa.String(200), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(RECOGNITION, name="recognition_iff_approved"),
        sa.CheckConstraint(HAS_REASONS, name="rejection_has_reasons"),
        sa.CheckConstraint("contact_hours >= 0 AND self_study_hours >= 0", name="hours_not_negative"),
    ]


def _questions() -> None:
    with op.batch_alter_table("case_question") as batch:
        batch.add_column(sa.Column("answer_by", sa.Date()))
        batch.add_column(sa.Column("lapsed_on", sa.Date()))
    # Nobody was told a last day: who still owes an answer has two weeks from now, and no answer came too late.
    open_until, answered = (
        ("CURRENT_DATE + 14", "CAST(answered_at AS DATE) + 1")
        if op.get_bind().dialect.name == "postgresql"
        else ("date('now', '+14 days')", "date(answered_at, '+1 day')")
    )
    op.execute(f"UPDATE case_question SET answer_by = COALESCE({answered}, {open_until})")
    with op.batch_alter_table("case_question") as batch:
        batch.alter_column("answer_by", nullable=False, existing_type=sa.Date())
        batch.create_check_constraint("answered_or_lapsed", "answered_at IS NULL OR lapsed_on IS NULL")


def _new_tables() -> None:
    op.create_table(
        "case_event",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("case_file.id"), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(300), nullable=False),
        sa.Column("by_name", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("is_inner", sa.Boolean(), nullable=False),
        sa.Column("once", sa.String(80)),
        sa.UniqueConstraint("case_id", "once"),
        sa.CheckConstraint("action != 'note' OR is_inner", name="notes_are_inner"),
    )
    op.create_index("ix_case_event_list", "case_event", ["case_id", "id"])
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("case_file.id"), nullable=False),
        sa.Column("member", sa.String(300), nullable=False),
        sa.Column("member_name", sa.String(200), nullable=False),
        sa.Column("verdicts", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("carried", sa.JSON(), nullable=False),
        sa.Column("advice", sa.String(20), nullable=False),
        sa.Column("contact_hours", sa.Integer()),
        sa.Column("self_study_hours", sa.Integer()),
        sa.Column("reason_codes", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("improve_by", sa.Date()),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("case_id", "member"),
        sa.CheckConstraint("advice IN ('approved', 'temporarily_rejected', 'rejected')", name="advice"),
        sa.CheckConstraint("contact_hours >= 0 AND self_study_hours >= 0", name="hours_not_negative"),
        sa.CheckConstraint("advice = 'temporarily_rejected' OR improve_by IS NULL", name="only_what_can_improve"),
    )
    op.create_table(
        "objection",
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("case_file.id"), primary_key=True, autoincrement=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("late_reason", sa.Text(), nullable=False),
        sa.Column("heard_on", sa.Date()),
        sa.Column("hearing", sa.Text(), nullable=False),
        sa.CheckConstraint("length(grounds) > 0", name="has_grounds"),
        sa.CheckConstraint("heard_on IS NULL OR length(hearing) > 0", name="hearing_has_report"),
    )
    op.create_table(
        "committee_member",
        sa.Column("account_key", sa.String(300), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("is_chair", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.Column("away_from", sa.Date()),
        sa.Column("away_until", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(away_from IS NULL) = (away_until IS NULL)", name="away_has_both_ends"),
        sa.CheckConstraint("away_until >= away_from", name="away_in_order"),
    )
    op.create_table(
        "tie",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("member", sa.String(300), sa.ForeignKey("committee_member.account_key"), nullable=False, index=True),
        sa.Column("kvk_number", sa.String(8), nullable=False, index=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date()),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("until_on >= from_on", name="in_order"),
        sa.CheckConstraint("length(kvk_number) = 8", name="kvk_number_length"),
    )
    op.create_table(
        "recusal",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("case_file.id"), nullable=False),
        sa.Column("member", sa.String(300), nullable=False, index=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recused_at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("case_id", "member"),
    )


def _index(name: str, columns: list[str], condition: str, *, unique: bool = False) -> None:
    where = sa.text(condition)
    op.create_index(name, "case_file", columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _triggers(do: str) -> None:
    """Decisions and recognitions are closed to what this file has to do with them."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    events = ("update", "delete", *(("truncate",) if postgresql else ()))
    for table, columns in {"decision": "", "recognition": " OF activity_id, register, number"}.items():
        for event in events:
            if do == "DROP":
                op.execute(f"DROP TRIGGER {table}_no_{event}" + (f" ON {table}" if postgresql else ""))
                continue
            when = event.upper() + (columns if event == "update" else "")
            each = " FOR EACH ROW" if postgresql and event != "truncate" else ""
            body = (
                "EXECUTE FUNCTION refuse_change()"
                if postgresql
                else f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
            op.execute(f"CREATE TRIGGER {table}_no_{event} BEFORE {when} ON {table}{each} {body}")


def downgrade() -> None:
    """Forget the people; of several decisions the last one stays, objections are lost, what waits is in review."""
    _triggers("DROP")
    for table in ("recusal", "tie", "committee_member", "objection", "assessment", "case_event"):
        op.drop_table(table)
    with op.batch_alter_table("recognition") as batch:
        batch.drop_column("withdrawn_on")
    with op.batch_alter_table("case_question") as batch:
        batch.drop_constraint(op.f("ck_case_question_answered_or_lapsed"), type_="check")
        batch.drop_column("answer_by")
        batch.drop_column("lapsed_on")
    with op.batch_alter_table("case_file") as batch:
        batch.drop_constraint("fk_case_file_about_id_decision", type_="foreignkey")
    _decisions_before()
    _cases_before()
    _triggers("CREATE")


def _decisions_before() -> None:
    op.execute("CREATE TABLE decision_after AS SELECT * FROM decision")
    op.drop_table("decision")
    op.create_table(
        "decision",
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("case_file.id"), primary_key=True, autoincrement=False),
        *_facts_of_a_decision(),
        sa.Column("procedure", sa.String(12), nullable=False),
        sa.Column("reason_codes", sa.JSON(), nullable=False),
        sa.CheckConstraint(KNOWN_OUTCOMES, name="outcome"),
        sa.CheckConstraint("procedure IN ('validation', 'admission')", name="procedure"),
    )
    op.create_index("ix_decision_recognition_id", "decision", ["recognition_id"])
    kept = (
        "case_id, procedure, recognition_id, outcome, verdicts, contact_hours, self_study_hours, reasons,"
        " reason_codes, decided_by, decided_by_name, decided_at"
    )
    op.execute(
        f"INSERT INTO decision ({kept}) SELECT {kept} FROM decision_after AS one WHERE procedure != 'objection'"
        " AND NOT EXISTS (SELECT 1 FROM decision_after AS later WHERE later.corrects_id = one.id)"
    )
    op.drop_table("decision_after")


def _cases_before() -> None:
    op.execute(
        "DELETE FROM case_question WHERE case_id IN"
        " (SELECT id FROM case_file WHERE procedure NOT IN ('validation', 'admission'))"
    )
    op.execute("UPDATE case_file SET previous_id = NULL")
    op.execute("DELETE FROM case_file WHERE procedure NOT IN ('validation', 'admission')")
    op.execute("UPDATE case_file SET state = 'in_review' WHERE state IN ('with_chair', 'proposed')")
    op.execute("UPDATE case_file SET state = 'received' WHERE state = 'waiting_for_provider' AND handler = ''")
    with op.batch_alter_table("case_file") as batch:
        for name in CHECKS:
            batch.drop_constraint(op.f(f"ck_case_file_{name}"), type_="check")
        for name in (
            "uq_case_file_open",
            "uq_case_file_open_admission",
            "uq_case_file_objection",
            "ix_case_file_queue",
            "ix_case_file_in_hand",
            "ix_case_file_of_provider",
            "ix_case_file_previous_id",
        ):
            batch.drop_index(name)
        batch.drop_constraint("fk_case_file_previous_id_case_file", type_="foreignkey")
    with op.batch_alter_table("case_file") as batch:
        for name in (*NEW_TEXTS, *NEW_FLAGS, "previous_id", "about_id", "started_on"):
            batch.drop_column(name)
        batch.alter_column("procedure", type_=sa.String(12), existing_type=sa.String(40))
        batch.alter_column("state", type_=sa.String(20), existing_type=sa.String(40))
        batch.alter_column("due_on", nullable=False, existing_type=sa.Date())
        for name, condition in CHECKS_BEFORE.items():
            batch.create_check_constraint(name, condition)
    _index("uq_case_file_open", ["activity_id"], OPEN_BEFORE, unique=True)
    _index("uq_case_file_open_admission", ["provider_id"], f"procedure = 'admission' AND {OPEN_BEFORE}", unique=True)
    _index("ix_case_file_queue", ["due_on", "id", "handler"], OPEN_BEFORE)
