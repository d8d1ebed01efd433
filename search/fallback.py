"""While the engine is away: words in titles, from the database. Without filters, and without order of nearness."""

from datetime import date

from sqlalchemy import func, select

from catalogue.models import Activity, Recognition
from catalogue.queries import visible_entries
from core.db import db
from search.index import Hits
from search.words import words_of


def titles(text: str, today: date, *, page: int, per_page: int) -> Hits:
    """Visible activities of which the title holds every word; without words all of them. The newest first."""
    query = visible_entries(today)
    for word in words_of(text):
        query = query.where(Activity.title_key.contains(word, autoescape=True))
    ids = query.with_only_columns(Activity.id, maintain_column_froms=True)
    total = db.session.scalar(select(func.count()).select_from(ids.subquery())) or 0
    newest = ids.order_by(Recognition.valid_from.desc(), Recognition.id.desc())
    return Hits(list(db.session.scalars(newest.limit(per_page).offset((page - 1) * per_page))), total)
