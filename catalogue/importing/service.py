"""Landing offers: batches in, drafts and a report out. Opens its own transactions, because an import is many."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from marshmallow import ValidationError
from sqlalchemy import select

from catalogue.drafts import create_draft, freeze, newest_version
from catalogue.importing.models import ImportProblem  # noqa: F401 -- known to migrations
from catalogue.importing.reader import Row, UnreadableFile, read_rows, recognise
from catalogue.importing.rows import Offer, OfferSchema
from catalogue.models import FORMER_REGISTER, ImportedOffer, Recognition
from catalogue.recognitions import recognise_former
from core.audit import Actor
from core.clock import day_of
from core.db import db, transaction
from core.policy import Policy
from providers.admitting import recognise_as_migrated
from providers.arriving import add_provider
from providers.queries import find_provider
from providers.rules import Origin

BATCH = 100
NUMBER = "nummer_registerleraar"
ELSEWISE = "dit aanbod is al overgenomen met een andere inhoud; wijzig het op de site"
TAKEN = "dit nummer is al overgenomen bij een andere aanbieder"
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


class _NothingIsKept(Exception):  # noqa: N818 -- the wanted end of a dry run
    """Ends a transaction the way a fault would: with it go the audit entries and messages that it collected."""


@dataclass(frozen=True)
class _Candidate:
    line: int
    offer: Offer


def import_offers(  # noqa: PLR0913 -- one argument per fact
    path: Path,
    *,
    policy: Policy,
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
    landing = _Landing(policy, by, now)
    source = read_rows(path, shape)
    while rows := list(islice(source, BATCH)):
        on_line(rows[-1].line)
        report.read += len(rows)
        candidates = list(_good(rows, report))
        with suppress(_NothingIsKept), transaction():
            for candidate in landing.new_ones(candidates, report):
                landing.land(candidate.offer)
                report.created += 1
            if dry_run:
                raise _NothingIsKept
        landing.forget_batch(dry_run=dry_run)
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


class _Landing:
    """What one import remembers: providers, and in a dry run what would be there by now."""

    def __init__(self, policy: Policy, by: Actor, now: datetime) -> None:
        self._policy, self._by, self._now = policy, by, now
        self._provider_ids: dict[str, int] = {}
        self._would_be_there: dict[str, str] = {}
        self._would_be_taken: set[str] = set()

    def new_ones(self, candidates: list[_Candidate], report: Report) -> Iterator[_Candidate]:
        """Those that are not there yet; the others are counted as unchanged, or rejected with a reason."""
        known = self._would_be_there | _digests(candidate.offer.source_key for candidate in candidates)
        taken = self._would_be_taken | _taken(candidate.offer.old_number for candidate in candidates)
        for candidate in candidates:
            offer = candidate.offer
            digest = known.get(offer.source_key)
            if digest == offer.digest:
                report.unchanged += 1
            elif digest is not None:
                report.reject(candidate.line, {NUMBER: [ELSEWISE]})
            elif offer.old_number and offer.old_number in taken:
                report.reject(candidate.line, {NUMBER: [TAKEN]})
            else:
                known[offer.source_key] = self._would_be_there[offer.source_key] = offer.digest
                taken.add(offer.old_number)
                self._would_be_taken.add(offer.old_number)
                yield candidate

    def forget_batch(self, *, dry_run: bool) -> None:
        """Memory must not grow with the file; only a dry run has to remember, a fingerprint per row."""
        db.session.expunge_all()
        if dry_run:
            self._provider_ids.clear()
        else:
            self._would_be_there.clear()
            self._would_be_taken.clear()

    def land(self, offer: Offer) -> None:
        """A draft with its first version frozen as it came, and what the former register granted for it."""
        activity = create_draft(self._provider_id(offer), offer.content, by=self._by, now=self._now)
        version = freeze(newest_version(activity), self._now)
        if offer.old_hours is not None:
            day = offer.content.starts_on or day_of(self._now)
            recognise_former(version, offer.old_hours, number=offer.old_number, valid_from=day)
        key, digest = offer.source_key, offer.digest
        row = ImportedOffer(
            source_key=key, origin="former", activity_id=activity.id, digest=digest, imported_at=self._now
        )
        db.session.add(row)

    def _provider_id(self, offer: Offer) -> int:
        if offer.kvk_number not in self._provider_ids:
            provider = find_provider(offer.kvk_number) or add_provider(
                offer.kvk_number, offer.provider, Origin.MIGRATED, by=self._by, now=self._now
            )
            recognise_as_migrated(provider, by=self._by, now=self._now)
            self._provider_ids[offer.kvk_number] = provider.id
        return self._provider_ids[offer.kvk_number]


def _digests(keys: Iterable[str]) -> dict[str, str]:
    query = select(ImportedOffer.source_key, ImportedOffer.digest).where(ImportedOffer.source_key.in_(list(keys)))
    return dict(db.session.execute(query).all())


def _taken(old_numbers: Iterable[str]) -> set[str]:
    wanted = [number for number in old_numbers if number]
    query = select(Recognition.number).filter_by(register=FORMER_REGISTER).where(Recognition.number.in_(wanted))
    return set(db.session.scalars(query))
