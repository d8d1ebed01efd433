"""Whether the index agrees with the database, every difference by name, and putting it right. At night by itself."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from enum import StrEnum

from core import clock
from core.db import transaction
from core.outbox import Message, enqueue_once
from core.policy.loading import current_policies
from search.documents import all_documents
from search.index import SearchIndex
from search.services import bring_up_to_date, current_index

NIGHTLY = "search.check"
AT = clock_time(3, tzinfo=clock.AMSTERDAM)
DAY = timedelta(days=1)
BATCH = 500
log = logging.getLogger(__name__)


class Kind(StrEnum):
    """What an index can have wrong about an activity."""

    MISSING = "missing"  # teachers can find it, but not by words
    STALE = "stale"  # it is found by what it said or was before
    EXTRA = "extra"  # it is found although teachers can no longer find it


@dataclass(frozen=True)
class Difference:
    """One activity about which index and database do not agree."""

    activity_id: int
    kind: Kind


def differences(index: SearchIndex, today: date) -> Iterator[Difference]:
    """Every difference, in one pass over both. What the outbox still holds is a difference, too."""
    indexed = dict(index.digests())
    for document in all_documents(today, current_policies().on(today)):
        digest = indexed.pop(document.id, None)
        if digest is None:
            yield Difference(document.id, Kind.MISSING)
        elif digest != document.digest:
            yield Difference(document.id, Kind.STALE)
    yield from (Difference(activity_id, Kind.EXTRA) for activity_id in sorted(indexed))


def repair(index: SearchIndex, found: Iterable[Difference], today: date) -> None:
    """Make the index say about these what the database says by now; safe to do twice."""
    ids = [difference.activity_id for difference in found]
    for start in range(0, len(ids), BATCH):
        bring_up_to_date(index, ids[start : start + BATCH], today)


def check_nightly(_: Message) -> None:
    """Outbox handler: check, repair, report in the log, and ask for the next night."""
    today = clock.today()
    _ask_for(today + DAY)
    index = current_index()
    found = list(differences(index, today))
    repair(index, found, today)
    for difference in found:
        log.warning("search index: activity %s was %s; repaired", difference.activity_id, difference.kind)
    log.info("search index checked: %s differences", len(found))


def ensure_nightly() -> None:
    """What a worker does at its start: the next check is asked for, unless it was."""
    today = clock.today()
    is_over = datetime.combine(today, AT) < clock.now()
    _ask_for(today + DAY if is_over else today)


def _ask_for(day: date) -> None:
    with transaction():
        enqueue_once(NIGHTLY, "index", occasion=day.isoformat(), due=datetime.combine(day, AT))
