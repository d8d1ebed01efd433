"""From rows of a file to offers that may land, with the reasons why the others may not. Knows no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from marshmallow import Schema, ValidationError

from catalogue.importing.rows import Offer
from catalogue.importing.tables import Row
from core.texts import tidy_line

WHOLE_ROW = ""  # the column of a reason that is about no column in particular
SHOWN, LOOKED_AT = 200, 1000  # symbols of a value: tidied, and as it was sent


class Problem(NamedTuple):
    """Why a row does not land: line and column as the sender sees them, and what stood there."""

    line: int
    column: str
    value: str
    reason: str


class Claim(NamedTuple):
    """What only one offer of a file may be called; a later row that says something else is refused with the reason."""

    name: str
    says: str
    column: str
    reason: str


class Candidate(NamedTuple):
    """A row that can be understood; the first claim is what the offer is known by, and a fingerprint of the row."""

    position: int
    line: int
    offer: Offer
    claims: tuple[Claim, ...]
    said: dict[str, str]  # by column of a claim, as a problem shows it
    origin: dict[str, Any]

    @property
    def key(self) -> str:
        """What the offer is known by from now on."""
        return self.claims[0].name

    def problem(self, column: str, reason: str) -> Problem:
        """Why this row does not land after all."""
        return Problem(self.line, column, self.said[column], reason)


class Reading(Protocol):
    """How the rows of one way in are understood."""

    @property
    def schema(self) -> Schema:
        """What checks a row, and makes an offer of it."""

    def claims(self, offer: Offer) -> tuple[Claim, ...]:
        """What the offer is called, and what else it claims."""

    def origin(self, offer: Offer) -> dict[str, Any]:
        """What is kept of where the offer came from, beside what it is called."""


@dataclass(frozen=True)
class Batch:
    """Some rows of a file; those that are no candidate have at least one problem each.

    Everything is as it will be written: while a transaction is open nobody has to look at the texts.
    """

    size: int
    candidates: list[Candidate]
    problems: list[Problem]


def read_batch(rows: Sequence[Row], start: int, reading: Reading) -> Batch:
    """The rows of which the first is number `start` of the file."""
    candidates, problems = [], []
    for position, row in enumerate(rows, start):
        if row.fault:
            problems.append(Problem(row.line, WHOLE_ROW, "", row.fault))
            continue
        try:
            offer: Offer = reading.schema.load(row.values)
        except ValidationError as error:
            problems += _problems(row, error.messages_dict)
        else:
            claims = reading.claims(offer)
            said = {claim.column: shown(row.values.get(claim.column, "")) for claim in claims}
            candidates.append(Candidate(position, row.line, offer, claims, said, reading.origin(offer)))
    return Batch(len(rows), candidates, problems)


def shown(value: str) -> str:
    """As much of a value as tells a person which one it is; it may be a million symbols long."""
    return tidy_line(value[:LOOKED_AT])[:SHOWN]


def missing_columns(header: Sequence[str], schema: Schema) -> list[str]:
    """The columns without which no row can land."""
    return [name for name, field in schema.fields.items() if field.required and name not in header]


def unknown_columns(header: Sequence[str], schema: Schema) -> list[str]:
    """The columns that are not read."""
    return [name for name in header if name and name not in schema.fields]


def _problems(row: Row, reasons: dict[str, list[str]]) -> list[Problem]:
    return [
        Problem(row.line, column, shown(row.values.get(column, "")), reason)
        for column, found in reasons.items()
        for reason in found
    ]
