"""Knowing that no other process does the same work on this machine, by a lock that ends with its process."""

import fcntl
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

log = logging.getLogger(__name__)


@contextmanager
def at_work(lock: Path, when_alone: Callable[[], None]) -> Iterator[None]:
    """Be known to be at work as long as this lasts; first, and only when nobody else is, do `when_alone`.

    Everybody at work shares the lock, so who comes later knows of the last one that is left; and nobody begins while
    somebody is alone. A kill lets go of it, too. Where no lock can be had nobody is alone.
    """
    try:
        file = lock.open("a")
    except OSError:
        log.exception("nobody can tell who else is at work")
        yield
        return
    with file:
        if _locked(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB):
            when_alone()
        _locked(file.fileno(), fcntl.LOCK_SH)
        yield


def _locked(file: int, kind: int) -> bool:
    try:
        fcntl.flock(file, kind)
    except OSError:  # somebody else holds it, or the folder knows no locks
        return False
    return True
