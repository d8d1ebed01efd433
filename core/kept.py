"""What a process keeps of what it read, for some minutes: for figures of which nobody sees that they are that old."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from flask import current_app

EXTENSION = "kept"
KEPT_FOR = 600.0  # seconds
Thing = TypeVar("Thing")


class Kept(Generic[Thing]):
    """One thing, read again when it is too old. It must be the same for everybody, whoever asks first."""

    def __init__(self, read: Callable[[], Thing], seconds: Callable[[], float] = time.monotonic) -> None:
        self._read, self._seconds = read, seconds
        self._lock = Lock()
        self._thing: Thing | None = None
        self._read_at = -KEPT_FOR

    def get(self) -> Thing:
        """The thing; of several that ask at once, one reads."""
        with self._lock:
            if self._thing is None or self._seconds() - self._read_at >= KEPT_FOR:
                self._thing = self._read()
                self._read_at = self._seconds()
            return self._thing


def kept(name: str, read: Callable[[], Thing]) -> Thing:
    """What the running application keeps under this name."""
    things: dict[str, Kept[Thing]] = current_app.extensions.setdefault(EXTENSION, {})
    return things.setdefault(name, Kept(read)).get()
