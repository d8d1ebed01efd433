"""From the database to documents: what of visible activities is findable. Never writes."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from catalogue.editions import coming_editions
from catalogue.models import Edition, Recognition
from catalogue.queries import Entry, entries, visible_entries, visible_entries_by_id
from core.policy import Policy
from core.texts import folded
from search.document import ON_SITE, ONLINE, Document

BATCH = 500


def documents_of(ids: Iterable[int], today: date, policy: Policy) -> list[Document]:
    """Those of the given activities that teachers can find."""
    found = list(visible_entries_by_id(ids, today).values())
    return list(_documents(found, today, policy))


def all_documents(today: date, policy: Policy) -> Iterator[Document]:
    """Everything teachers can find, in order of id; reads in batches."""
    last = 0
    query = visible_entries(today).order_by(Recognition.activity_id).limit(BATCH)  # the order in which they are found
    while found := list(entries(query.where(Recognition.activity_id > last))):
        yield from _documents(found, today, policy)
        last = found[-1].activity_id


def _documents(found: Sequence[Entry], today: date, policy: Policy) -> Iterator[Document]:
    editions = coming_editions([entry.activity_id for entry in found], today)
    for entry in found:
        yield _document(entry, editions[entry.activity_id], today, policy)


def _document(entry: Entry, editions: Sequence[Edition], today: date, policy: Policy) -> Document:
    sectors = [f"{code} {policy.sector_name(code)}" for code in entry.sectors]
    places = [edition.place for edition in editions if edition.place] or [entry.place]
    return Document(
        id=entry.activity_id,
        title=entry.title,
        provider=entry.provider,
        subject=entry.subject,
        facts=" ".join(dict.fromkeys([policy.type_name(entry.type), *sectors, entry.place, *places])),
        description=entry.description,
        kvk_number=entry.kvk_number,
        type=entry.type,
        sectors=entry.sectors,
        ways=_ways(entry, editions),
        hours=entry.hours.total,
        valid_from=entry.valid_from,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        edition_days=tuple(sorted({edition.starts_on for edition in editions if edition.starts_on >= today})),
    )


def _ways(entry: Entry, editions: Sequence[Edition]) -> tuple[str, ...]:
    """Editions say how they are given; without any, the place does, as far as it says something."""
    online = {edition.is_online for edition in editions} or {ONLINE in folded(entry.place)}
    on_site = any(edition.place for edition in editions) or bool(not editions and entry.place and False in online)
    return tuple(way for way, is_so in ((ONLINE, True in online), (ON_SITE, on_site)) if is_so)
