from threading import Thread

import pytest

from search.index import IndexAway
from search.meilisearch_breaker import MOST_FAILURES, PAUSE, Breaker


class Answered(IndexAway):
    """A fault of an engine that is there."""


class Engine:
    """Counts how often it is asked; the clock is ours."""

    def __init__(self) -> None:
        self.now, self.asked, self.fault = 0.0, 0, IndexAway("down")
        self.is_down = True
        self.breaker = Breaker(lambda: self.now)

    def ask(self) -> None:
        with self.breaker.watching(Answered):
            self.asked += 1
            if self.is_down:
                raise self.fault

    def ask_in_vain(self, times: int = 1) -> None:
        for _ in range(times):
            with pytest.raises(IndexAway):
                self.ask()


@pytest.fixture
def engine() -> Engine:
    return Engine()


def test_after_some_failures_in_a_row_it_is_not_asked_any_more(engine: Engine) -> None:
    engine.ask_in_vain(20)
    assert engine.asked == MOST_FAILURES


def test_a_success_between_failures_starts_the_count_anew(engine: Engine) -> None:
    for _ in range(3):
        engine.is_down = True
        engine.ask_in_vain(MOST_FAILURES - 1)
        engine.is_down = False
        engine.ask()
    assert engine.asked == 3 * MOST_FAILURES


def test_after_a_pause_one_finds_out_that_it_is_still_away(engine: Engine) -> None:
    engine.ask_in_vain(10)
    engine.now += PAUSE
    engine.ask_in_vain(10)
    assert engine.asked == MOST_FAILURES + 1


def test_after_a_pause_one_finds_out_that_it_is_back(engine: Engine) -> None:
    engine.ask_in_vain(10)
    engine.is_down, engine.now = False, PAUSE
    for _ in range(5):
        engine.ask()
    assert engine.asked == MOST_FAILURES + 5


def test_an_engine_that_says_no_is_not_away(engine: Engine) -> None:
    engine.fault = Answered("no")
    engine.ask_in_vain(10)
    assert engine.asked == 10


def test_of_many_threads_only_one_finds_out(engine: Engine) -> None:
    engine.ask_in_vain(10)
    engine.now += PAUSE
    threads = [Thread(target=engine.ask_in_vain) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert engine.asked == MOST_FAILURES + 1
