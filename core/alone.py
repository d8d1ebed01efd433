"""Knowing that no other process does the same work on this machine, by a lock that ends with its process."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(lock: Path) -> Iterator[bool]:
    """Whether nobody else holds this lock; as long as this lasts, nobody else gets it. A kill lets go of it, too."""
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
