"""Titles are found and sorted without their diacritics: 'beeindigen' finds 'Beëindigen'."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KNOWN = sa.text("SELECT id, title_key FROM activity WHERE id > :after ORDER BY id LIMIT 1000")
TITLES = sa.text(
    "SELECT version.id, activity_id, title, title_key FROM activity_version AS version"
    " JOIN activity ON activity.id = activity_id WHERE version.id > :after ORDER BY version.id LIMIT 1000"
)
WRITE = sa.text("UPDATE activity SET title_key = :key WHERE id = :id")


def upgrade() -> None:
    """Fold what is there, some at a time; most titles are plain already."""
    connection, after = op.get_bind(), 0
    while rows := connection.execute(KNOWN, {"after": after}).all():
        folded = [{"id": id_, "key": _folded(key)} for id_, key in rows if not key.isascii()]
        if folded:
            connection.execute(WRITE, folded)
        after = rows[-1].id


def downgrade() -> None:
    """Write the keys as the code before searches them: in lower case, with the diacritics of the title.

    Of several versions whose title is the key the last one counts; a change that was discarded has another title.
    """
    connection, after = op.get_bind(), 0
    while rows := connection.execute(TITLES, {"after": after}).all():
        lower = {
            row.activity_id: row.title.casefold()[:300] for row in rows if _folded(row.title) == _folded(row.title_key)
        }
        if lower:
            connection.execute(WRITE, [{"id": id_, "key": key} for id_, key in lower.items()])
        after = rows[-1].id


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(symbol for symbol in apart if not unicodedata.combining(symbol))[:300]
