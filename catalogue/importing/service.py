"""Landing offers: batches in, drafts and a report out. Opens its own transactions, because an import is many."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from marshmallow import ValidationError
from sqlalchemy import select

from catalogue.drafts import create_draft, freeze, newest_version
from catalogue.importing.reader import Row, UnreadableFile, read_rows, recognise
from catalogue.importing.rows import Offer, OfferSchema
from catalogue.models import MigratedOffer
from catalogue.recognitions import recognise_former
from core.audit import Actor
from core.clock import day_of
from core.db import db, transaction
from providers.models import Provider
from providers.rules import Origin
from providers.services import add_provider

BATCH = 100
REQUIRED = tuple(name for name, column in OfferSchema().fields.items() if column.required)


@dataclass(frozen=True)
class Problem:
    """Why something in the file did not land: line and column as the sender sees them."""

    line: int
    column: str
    reason: str


@dataclass(kw_only=True)
class Report:
    """What an import did so far: rows read = created + unchanged + rejected.

    Problems are told one by one and not kept, so that memory does not grow with a bad file.
    """

    tell: Callable[[Problem], None]
    read: int = 0
    created: int = 0
    unchanged: int = 0
    rejected: int = 0
    unknown_columns: list[str] = field(default_factory=list)

    def reject(self, line: int, reasons: dict[str, list[str]]) -> None:
        """Count a row that does not land and tell every reason."""
        self.rejected += 1
        for column, found in reasons.items():
            for reason in found:
                self.tell(Problem(line, column, reason))


@dataclass(frozen=True)
class _Candidate:
    line: int
    offer: Offer


def import_offers(
    path: Path,
    *,
    by: Actor,
    now: datetime,
    tell: Callable[[Problem], None],
    dry_run: bool = False,
    on_line: Callable[[int], None] = lambda _: None,
) -> Report:
    """Import every good row and report every bad one; rows that landed before stay as they are.

    `on_line` hears the line reached. Raises `UnreadableFile` when the file as a whole does not fit.
    """
    shape = recognise(path)
    report = Report(tell=tell, unknown_columns=_check(shape.header))
    source = read_rows(path, shape)
    while rows := list(islice(source, BATCH)):
        on_line(rows[-1].line)
        report.read += len(rows)
        candidates = list(_good(rows, report))
        with transaction():
            for candidate in _new(candidates, report):
                _land(candidate.offer, by=by, now=now)
                report.created += 1
            if dry_run:
                db.session.rollback()
        db.session.expunge_all()
    return report


def _check(header: list[str]) -> list[str]:
    if missing := [name for name in REQUIRED if name not in header]:
        message = f"deze kolommen ontbreken: {', '.join(missing)}"
        raise UnreadableFile(message)
    return [name for name in header if name not in OfferSchema().fields]


def _good(rows: Iterable[Row], report: Report) -> Iterator[_Candidate]:
    schema = OfferSchema()
    for row in rows:
        if row.fault:
            report.reject(row.line, {"": [row.fault]})
            continue
        try:
            yield _Candidate(row.line, schema.load(row.values))
        except ValidationError as error:
            report.reject(row.line, error.messages_dict)


def _new(candidates: list[_Candidate], report: Report) -> Iterator[_Candidate]:
    known = _digests(candidate.offer.source_key for candidate in candidates)
    for candidate in candidates:
        offer = candidate.offer
        digest = known.get(offer.source_key)
        if digest is None:
            known[offer.source_key] = offer.digest
            yield candidate
        elif digest == offer.digest:
            report.unchanged += 1
        else:
            reason = "dit aanbod is al overgenomen met een andere inhoud; wijzig het op de site"
            report.reject(candidate.line, {"nummer_registerleraar": [reason]})


def _digests(keys: Iterable[str]) -> dict[str, str]:
    query = select(MigratedOffer.source_key, MigratedOffer.digest).where(MigratedOffer.source_key.in_(list(keys)))
    return dict(db.session.execute(query).all())


def _land(offer: Offer, *, by: Actor, now: datetime) -> None:
    """A draft with its first version frozen as it came, and what the former register granted for it."""
    activity = create_draft(_provider_id(offer, by=by, now=now), offer.content, by=by, now=now)
    version = freeze(newest_version(activity), now)
    if offer.old_hours is not None:
        day = offer.content.starts_on or day_of(now)
        recognise_former(version, offer.old_hours, number=offer.old_number, valid_from=day)
    db.session.add(
        MigratedOffer(source_key=offer.source_key, activity_id=activity.id, digest=offer.digest, imported_at=now)
    )


def _provider_id(offer: Offer, *, by: Actor, now: datetime) -> int:
    found = db.session.scalar(select(Provider.id).filter_by(kvk_number=offer.kvk_number, branch=""))
    return found or add_provider(offer.kvk_number, offer.provider, Origin.MIGRATED, by=by, now=now).id
