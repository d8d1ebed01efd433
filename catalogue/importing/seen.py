"""What the rows of a file claimed so far: in a small file beside it, so that memory stays flat and a restart knows.

A name is kept with the first row that claimed it; noting a row again changes nothing.
"""

import errno
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from catalogue.importing.batches import Candidate, Claim, Problem

NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE}
TABLE = "CREATE TABLE IF NOT EXISTS claim (name TEXT PRIMARY KEY, position INT, line INT, says TEXT) WITHOUT ROWID"


class First(NamedTuple):
    """The row that was the first to claim a name, and what it said."""

    position: int
    line: int
    says: str


class Seen:
    """The claims of a file, as far as they matter to some of its rows."""

    def __init__(self, database: sqlite3.Connection, candidates: Sequence[Candidate]) -> None:
        names = [claim.name for candidate in candidates for claim in candidate.claims]
        query = f"SELECT name, position, line, says FROM claim WHERE name IN ({','.join('?' * len(names))})"  # noqa: S608 -- question marks only
        self._firsts = {name: First(*first) for name, *first in database.execute(query, names)}
        self.new: dict[str, First] = {}

    def is_double(self, candidate: Candidate) -> bool:
        """Whether an earlier row was about the same offer."""
        return self._earlier(candidate.claims[0], candidate) is not None

    def contradiction(self, candidate: Candidate, claims: Sequence[Claim]) -> Problem | None:
        """Why the row cannot be true beside an earlier one of the same file."""
        for claim in claims:
            first = self._earlier(claim, candidate)
            if first is not None and first.says != claim.says:
                return candidate.problem(claim.column, claim.reason.format(line=first.line))
        return None

    def note(self, candidate: Candidate) -> None:
        """Remember what this row claims."""
        for claim in candidate.claims:
            if claim.name not in self._firsts:
                first = First(candidate.position, candidate.line, claim.says)
                self._firsts[claim.name] = self.new[claim.name] = first

    def _earlier(self, claim: Claim, candidate: Candidate) -> First | None:
        first = self._firsts.get(claim.name)
        return first if first and first.position < candidate.position else None


@contextmanager
def claims_of(path: Path, candidates: Sequence[Candidate]) -> Iterator[Seen]:
    """What earlier rows claimed; what these claim as well is kept for the rows to come.

    Raises `OSError` when the disk is full.
    """
    try:
        with _opened(path) as database:
            seen = Seen(database, candidates)
            yield seen
            rows = [(name, *first) for name, first in seen.new.items()]
            database.executemany("INSERT OR IGNORE INTO claim VALUES (?, ?, ?, ?)", rows)
    except sqlite3.OperationalError as fault:
        if fault.sqlite_errorcode in NO_ROOM:
            raise OSError(errno.ENOSPC, str(fault)) from None
        raise


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The file as a database, in one transaction of its own."""
    with closing(sqlite3.connect(path, timeout=30)) as database, database:
        # A power cut may take it; then the import ends with a fault and begins anew. It is no data of anybody.
        database.execute("PRAGMA synchronous=OFF")
        database.execute(TABLE)
        yield database
