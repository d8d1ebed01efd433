"""How often a minute something anonymous may leave a trace that can never be deleted. One per process."""

import time
from collections import deque
from threading import Lock

MINUTE = 60.0


class Throttle:
    """Lets so many through in any minute."""

    def __init__(self, most: int) -> None:
        self._moments: deque[float] = deque(maxlen=most)
        self._lock = Lock()

    def lets_through(self) -> bool:
        """Whether this one still may; it counts when it does."""
        now = time.monotonic()
        with self._lock:
            is_full = len(self._moments) == self._moments.maxlen
            if is_full and now - self._moments[0] < MINUTE:
                return False
            self._moments.append(now)
            return True
