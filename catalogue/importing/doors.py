"""What the two ways in have in common: the bureau's with the former register's export, the provider's with its own."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from catalogue.importing.batches import Candidate, Problem, Reading
from core.audit import Actor


class Fate(StrEnum):
    """What becomes of a row that is not rejected."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class Judge(Protocol):
    """Holds rows against what the database knew about all of them when it was asked."""

    def fate(self, candidate: Candidate) -> Fate | Problem:
        """What becomes of the row, or why it is rejected."""


class Door(Protocol):
    """A way in. Everything is called inside a transaction."""

    @property
    def reading(self) -> Reading:
        """How its rows are understood."""

    def judge(self, candidates: Sequence[Candidate]) -> Judge:
        """Ask the database what it knows about these, and lock it."""

    def create(self, candidates: Sequence[Candidate], *, by: Actor, now: datetime) -> None:
        """Land offers that are not there yet."""

    def update(self, candidates: Sequence[Candidate], *, by: Actor, now: datetime) -> None:
        """Write these over what an earlier import wrote."""
