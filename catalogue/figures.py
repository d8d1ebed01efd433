"""The register's own figures: the hours it recognised, per type of activity. Reads them seldom and keeps them."""

import time
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from threading import Lock

from flask import current_app
from sqlalchemy import func, select

from catalogue.hints import Figures
from catalogue.models import Activity, ActivityVersion, Recognition
from catalogue.spread import Spread
from catalogue.states import LIVE
from core.db import db

EXTENSION = "register_figures"
KEPT_FOR = 600.0  # seconds; nobody sees that a figure among thousands is some minutes old


class KeptFigures:
    """The figures, read again when they are too old. One per process."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._lock = Lock()
        self._figures: Figures = {}
        self._read_at: float | None = None

    def get(self) -> Figures:
        """The figures; of several that ask at once, one reads."""
        with self._lock:
            if self._read_at is None or self._seconds() - self._read_at >= KEPT_FOR:
                self._figures = read_figures()
                self._read_at = self._seconds()
            return self._figures


def register_figures() -> Figures:
    """What the running application knows of its own register."""
    kept: KeptFigures = current_app.extensions.setdefault(EXTENSION, KeptFigures())
    return kept.get()


def read_figures() -> Figures:
    """Per type how often each total was recognised, of every activity that is validated or published."""
    total = Recognition.contact_hours + Recognition.self_study_hours
    query = (
        select(ActivityVersion.type, total, func.count())
        .select_from(Recognition)
        .join(ActivityVersion, ActivityVersion.id == Recognition.version_id)
        .join(Activity, Activity.id == Recognition.activity_id)
        .where(Recognition.is_leading, Activity.state.in_(LIVE))
        .group_by(ActivityVersion.type, total)
    )
    counts: defaultdict[str, list[tuple[Decimal, int]]] = defaultdict(list)
    for type_, hours, count in db.session.execute(query):
        counts[type_].append((hours, count))
    return {type_: Spread(tuple(known)) for type_, known in counts.items()}
