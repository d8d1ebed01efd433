"""Several people do something at the same moment, each in a thread with a connection of its own."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from core.db import db, transaction
from core.errors import Refusal
from tests.world import World


def at_once(world: World, works: Sequence[Callable[[], object]]) -> Counter[str]:
    """Do all of it at the same moment; how often it was done, and how often refused with which code."""
    barrier = Barrier(len(works))

    def do(work: Callable[[], object]) -> str:
        with world.app.app_context():
            try:
                barrier.wait()
                with transaction():
                    work()
            except Refusal as refused:
                return refused.code
            finally:
                db.session.remove()
        return "done"

    db.session.rollback()
    with ThreadPoolExecutor(len(works)) as pool:
        return Counter(pool.map(do, works))
