"""Titles are found and sorted without their diacritics: 'beeindigen' finds 'Beëindigen'."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KNOWN = sa.text("SELECT id, title_key FROM activity WHERE id > :after ORDER BY id LIMIT 1000")
FOLD = sa.text("UPDATE activity SET title_key = :key WHERE id = :id")


def upgrade() -> None:
    """Fold what is there, some at a time; most titles are plain already."""
    connection, after = op.get_bind(), 0
    while rows := connection.execute(KNOWN, {"after": after}).all():
        folded = [{"id": id_, "key": _folded(key)} for id_, key in rows if not key.isascii()]
        if folded:
            connection.execute(FOLD, folded)
        after = rows[-1].id


def downgrade() -> None:
    """Nothing: a key without diacritics sorts and finds as before, and the next change of the title writes it anew."""


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(symbol for symbol in apart if not unicodedata.combining(symbol))[:300]
