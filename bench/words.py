"""Words with filters and counts as a page over HTTP, beside the engine alone and a bare route; and a rebuild.

The slowest of twenty may take at most three times as long as the engine's own and the bare route together. A rebuild
may take at most 1.3 times as long as the engine needs for documents that are ready.
Run by `make bench`, or alone: `python -m bench.words --size 20000`.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from statistics import fmean
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from bench.catalogue import fill
from bench.serving import bare, p95, register, seconds_each
from catalogue.summaries import Wanted, visible_summaries
from core import clock
from core.policy.loading import current_policies
from search.asking import asked
from search.documents import all_documents
from search.index import Query
from search.services import current_index, rebuild
from search.tantivy_index import TantivyIndex
from tests.databases import migrated_app

PAGE_BUDGET, REBUILD_BUDGET, TRIES = 3.0, 1.3, 3
PORT = 18_481
Question = dict[str, str]
CHOSEN: tuple[Question, ...] = (
    {},
    {"sector": "po"},
    {"sector": "vo", "type": "cursus"},
    {"waar": "op-locatie", "vakgebied": "Rekenen"},
)


def main() -> None:
    """Print what a rebuild and a page cost."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--each", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'bench.db'}"
        app = migrated_app(folder, url)
        with app.app_context():
            fill(app, options.size)
            _rebuilds(folder)
            questions = _questions(options.each)
            engine = _engine(questions)
        _pages(folder, url, questions, engine)


def _rebuilds(folder: Path) -> None:
    """All of it, and the part that is the engine's own; apart, because so many documents at hand slow down the rest."""
    whole = min(_seconds(rebuild) for _ in range(TRIES))
    today = clock.today()
    documents = list(all_documents(today, current_policies().on(today)))
    own = min(_seconds(lambda: TantivyIndex(folder / f"alone-{turn}").replace_all(documents)) for turn in range(TRIES))  # noqa: B023
    print(f"  rebuild of {len(documents)}: the engine {own:.1f} s, all {whole:.1f} s")
    print(f"rebuild: {whole / own:.2f} x the engine's own time (at most {REBUILD_BUDGET})")


def _questions(count: int) -> list[Question]:
    """Two words of a title, the last one unfinished half of the time, with up to two filters."""
    random = Random(5)
    found, _ = visible_summaries(Wanted(), clock.today(), page=1, size=count)
    questions = []
    for summary in found:
        words = random.sample(summary.title.split(), 2)
        if random.choice([True, False]):
            words[-1] = words[-1][:4]
        questions.append({"q": " ".join(words), **random.choice(CHOSEN)})
    return questions


def _engine(questions: Sequence[Question]) -> float:
    """The slow ones of the engine in this process."""
    index, today = current_index(), clock.today()
    wanted = [asked(question["q"], MultiDict(question)) for question in questions]
    queries = [Query(one.text, today, 1, 20, one.filters, one.order) for one in wanted]
    for query in queries[:50]:
        index.search(query)
    return min(p95([_seconds(lambda: index.search(query)) for query in queries]) for _ in range(TRIES))  # noqa: B023


def _pages(folder: Path, url: str, questions: Sequence[Question], engine: float) -> None:
    paths, shares = [f"/zoeken?{urlencode(question)}" for question in questions], []
    with register(PORT, database_url=url, instance=str(folder)), bare(PORT + 1):
        seconds_each(PORT, paths[:50])
        for _ in range(TRIES):
            plain, ours = fmean(seconds_each(PORT + 1, ["/"] * len(paths))), p95(seconds_each(PORT, paths))
            shares.append(ours / (engine + plain))
            print(f"  page: p95 {ours * 1000:.1f} ms; engine {engine * 1000:.1f} ms, bare {plain * 1000:.2f} ms")
    print(f"words with filters: {min(shares):.2f} x engine and bare route (at most {PAGE_BUDGET})")


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
