"""A value that is read seldom and kept for a while, per process: of several that ask at once, one reads."""

import time
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """The value of the last key that was asked for, until it is too old or somebody says that it changed."""

    def __init__(self, seconds: float, passed: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._passed = seconds, passed
        self._lock = Lock()
        self._kept: tuple[Hashable, float, Value] | None = None
        self._changes = 0

    def get(self, key: Hashable, read: Callable[[], Value]) -> Value:
        """What `read` said last for this key, or says now."""
        with self._lock:
            kept, now = self._kept, self._passed()
            if kept is not None and kept[0] == key and now - kept[1] < self._seconds:
                return kept[2]
            changes, value = self._changes, read()
            if changes == self._changes:  # else it changed while it was read
                self._kept = (key, now, value)
            return value

    def forget(self) -> None:
        """Read anew at the next question."""
        self._changes += 1
        self._kept = None
