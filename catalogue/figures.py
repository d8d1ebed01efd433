"""The register's own figures: the hours it recognised, per type of activity. Reads them seldom and keeps them."""

from collections import defaultdict
from decimal import Decimal

from flask import current_app
from sqlalchemy import func, select

from catalogue.hints import Figures
from catalogue.models import Activity, ActivityVersion, Recognition
from catalogue.spread import Spread
from catalogue.states import LIVE
from core.db import db
from core.kept import Kept

EXTENSION = "register_figures"
KEPT_FOR = 600.0  # seconds; nobody sees that a figure among thousands is some minutes old


def register_figures() -> Figures:
    """What the running application knows of its own register."""
    kept: Kept[Figures] = current_app.extensions.setdefault(EXTENSION, Kept(KEPT_FOR))
    return kept.get("all", read_figures)


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
