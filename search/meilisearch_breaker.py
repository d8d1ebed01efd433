"""Asks an engine that is away only now and then, so that pages do not wait for it each time. Pure, but for a clock."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from search.index import IndexAway

MOST_FAILURES = 3
PAUSE = 5.0  # seconds


class Breaker:
    """Opens after some failures in a row; then one caller per pause finds out whether the engine is back."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = Lock()
        self._failures = 0
        self._open_until = 0.0

    @contextmanager
    def watching(self, passes: type[IndexAway]) -> Iterator[None]:
        """Around a question; `passes` are faults of an engine that is there. Raises `IndexAway` at once while open."""
        self._let_through()
        try:
            yield
        except passes:
            self._note(failed=False)
            raise
        except IndexAway:
            self._note(failed=True)
            raise
        self._note(failed=False)

    def _let_through(self) -> None:
        with self._lock:
            if self._failures < MOST_FAILURES:
                return
            if self._now() < self._open_until:
                raise IndexAway("the search engine was away a moment ago; it is not asked again yet")
            self._open_until = self._now() + PAUSE  # whoever comes after this one waits for how it goes

    def _note(self, *, failed: bool) -> None:
        with self._lock:
            self._failures = self._failures + 1 if failed else 0
            self._open_until = self._now() + PAUSE
