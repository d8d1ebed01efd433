"""Signing in: attempts and sessions that a provider can end, logout tokens that work once, forms kept after a session.

Whoever is signed in during the change signs in again.
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Sessions anew, and what stands beside them."""
    op.drop_table("sign_in_session")
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("audience", sa.String(12), nullable=False),
        sa.Column("account_key", sa.String(300), nullable=False),
        sa.Column("identity", sa.JSON(), nullable=False),
        sa.Column("device", sa.String(60), nullable=False),
        sa.Column("sid", sa.String(300), nullable=False),
        sa.Column("provider_subject", sa.String(300), nullable=False),
        sa.Column("id_token", sa.Text(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_session_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_session_started_at"), "sign_in_session", ["started_at"])
    op.create_index("ix_sign_in_session_account", "sign_in_session", ["account_key"])
    op.create_index("ix_sign_in_session_provider", "sign_in_session", ["audience", "provider_subject"])
    op.create_table(
        "sign_in_attempt",
        sa.Column("state_hash", sa.String(64), nullable=False),
        sa.Column("audience", sa.String(12), nullable=False),
        sa.Column("nonce", sa.String(100), nullable=False),
        sa.Column("code_verifier", sa.String(128), nullable=False),
        sa.Column("return_to", sa.Text(), nullable=False),
        sa.Column("began_at", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index(op.f("ix_sign_in_attempt_created_at"), "sign_in_attempt", ["created_at"])
    op.create_table(
        "used_logout_token",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_used_logout_token")),
    )
    op.create_index(op.f("ix_used_logout_token_used_at"), "used_logout_token", ["used_at"])
    op.create_table(
        "kept_form",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("account_key", sa.String(300), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_kept_form")),
    )
    op.create_index(op.f("ix_kept_form_kept_at"), "kept_form", ["kept_at"])


def downgrade() -> None:
    """The plain session table again, empty."""
    for table in ("kept_form", "used_logout_token", "sign_in_attempt", "sign_in_session"):
        op.drop_table(table)
    op.create_table(
        "sign_in_session",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("identity", sa.JSON(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_session")),
    )
    op.create_index(op.f("ix_sign_in_session_started_at"), "sign_in_session", ["started_at"])
