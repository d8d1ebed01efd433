"""Writing to Meilisearch, on a double with real HTTP: tasks that come later, keys, rebuilds beside what serves."""

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from search import meilisearch_writes as writes
from search.document import Document
from search.index import IndexAway, IndexBusy, Query
from search.meilisearch_client import Engine, writing
from search.meilisearch_connection import Refused
from search.meilisearch_index import MeilisearchIndex
from search.meilisearch_tasks import TaskFailed, finish
from tests.peers.meilisearch import MASTER, Double, at, busy, hung_up
from tests.peers.meilisearch_fixtures import NAME, WRITING, Keys, double, index, keys

__all__ = ["double", "index", "keys"]
TODAY = date(2026, 11, 30)


def document(id_: int, title: str = "Rekenen") -> Document:
    return Document(id=id_, title=title, provider="", subject="", facts="", description="")


def found(index: MeilisearchIndex, text: str = "") -> list[int]:
    return sorted(index.search(Query(text, TODAY)).ids)


@pytest.fixture
def engine(double: Double) -> Iterator[Engine]:
    with closing((made := writing(double.address, MASTER)).connection):
        yield made


def test_what_is_put_is_found_at_once_and_what_is_removed_is_gone(index: MeilisearchIndex) -> None:
    index.put([document(1), document(2, "Taal"), document(3)])
    assert (index.count(), found(index, "rekenen")) == (3, [1, 3])
    index.put([document(1, "Schrijven")])
    index.remove([3, 99])
    assert (index.count(), found(index, "rekenen"), found(index, "schrijven")) == (2, [], [1])


def test_before_the_first_write_nothing_is_counted_and_nothing_is_sent_for_nothing(
    index: MeilisearchIndex, double: Double
) -> None:
    assert (index.count(), list(index.digests())) == (0, [])
    index.remove([1])
    index.put([])
    index.remove([])
    assert index.count() == 0
    assert not [asked for asked in double.asked if asked.startswith("POST") and "primaryKey" in asked]


@pytest.mark.parametrize(
    ("bad", "code"), [({"id": "a b"}, "invalid_document_id"), ({"name": "x"}, "missing_document_id")]
)
def test_a_task_that_fails_after_it_was_promised_raises(engine: Engine, bad: dict[str, str], code: str) -> None:
    with pytest.raises(TaskFailed, match=code):
        writes.add(engine, "u", [{"id": 1}, bad])
    assert writes.count(engine, "u") == 0
    with pytest.raises(TaskFailed, match="index_not_found"):
        finish(engine, engine.swap_indexes([{"indexes": ["u", "v"]}]).task_uid)


def test_a_task_that_does_not_end_is_not_waited_for_for_ever(engine: Engine, double: Double) -> None:
    double.state.going_on.clear()
    task = engine.index("u").add_documents([{"id": 1}], "id").task_uid
    with pytest.raises(IndexBusy, match=str(task)):
        finish(engine, task, patience=0.05)
    double.state.going_on.set()
    finish(engine, task)


def test_each_key_does_only_what_it_is_for(double: Double, keys: Keys, index: MeilisearchIndex) -> None:
    index.put([document(1)])
    assert found(index) == [1]
    turned = MeilisearchIndex(double.address, key=keys["search_key"], search_key=keys["key"])
    with closing(turned):
        with pytest.raises(Refused, match="refuses the key"):
            turned.put([document(2)])
        with pytest.raises(Refused, match="refuses the key"):
            turned.remove([1])
        with pytest.raises(Refused, match="refuses the key"):
            turned.replace_all([])
        with pytest.raises(IndexAway, match="refuses the key"):
            found(turned)
    with closing(MeilisearchIndex(double.address, key="wrong")) as stranger, pytest.raises(IndexAway, match="the key"):
        found(stranger)
    assert found(index) == [1]


def test_without_a_key_of_its_own_the_search_uses_the_other_one(double: Double) -> None:
    with closing(MeilisearchIndex(double.address, key=MASTER)) as index:
        index.put([document(1)])
        assert found(index) == [1]


def test_settings_are_sent_once_and_not_again_when_they_are_right(double: Double, keys: Keys) -> None:
    for _ in range(3):
        with closing(MeilisearchIndex(double.address, **keys)) as index:
            index.put([document(1)])
            index.put([document(2)])
    assert len([asked for asked in double.asked if asked.startswith("PATCH")]) == 1


@pytest.mark.parametrize("trouble", [busy, hung_up])
def test_a_write_is_tried_again(double: Double, index: MeilisearchIndex, trouble: object) -> None:
    index.put([document(1)])
    double.trouble = at("primaryKey", trouble, times=1)  # type: ignore[arg-type]  # one of the two
    index.put([document(2)])
    assert len([asked for asked in double.asked if "primaryKey" in asked]) == 3
    assert found(index) == [1, 2]


def test_a_batch_that_breaks_off_is_not_sent(index: MeilisearchIndex) -> None:
    def broken() -> Iterator[Document]:
        yield from (document(number) for number in range(2, writes.BATCH + 10))
        raise LookupError

    index.put([document(1)])
    with pytest.raises(LookupError):
        index.put(broken())
    index.put([document(9_999)])  # whatever was sent before it is done by now
    assert found(index) == [1, 9_999]


def test_digests_come_in_pages_each_once(index: MeilisearchIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writes, "PAGE", 4)
    documents = [document(number) for number in range(1, 12)]
    index.replace_all(documents)
    assert list(index.digests()) == [(one.id, one.digest) for one in documents]
    for write in (partial(index.remove, [1]), partial(index.put, [document(99)])):
        reading = index.digests()
        next(reading)
        write()
        with pytest.raises(IndexBusy, match="while it was read"):
            list(reading)


def test_replacing_all_leaves_exactly_the_new_ones(index: MeilisearchIndex, double: Double) -> None:
    index.replace_all([document(1), document(2)])
    index.replace_all([document(2, "Taal"), document(3)])
    assert (index.count(), found(index, "rekenen"), found(index, "taal")) == (2, [3], [2])
    index.replace_all([])
    assert (index.count(), found(index)) == (0, [])
    assert list(double.state.indexes) == [index.uid]


def test_readers_never_see_half_an_index(index: MeilisearchIndex) -> None:
    old, new = list(range(1, 6)), list(range(11, 19))
    index.replace_all(document(number) for number in old)
    seen: list[list[int]] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.append(found(index, "rekenen"))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for numbers in (new, old, new):
        index.replace_all(document(number) for number in numbers)
    done.set()
    for reader in readers:
        reader.join()
    assert {tuple(ids) for ids in seen} == {tuple(old), tuple(new)}


def test_a_rebuild_that_breaks_off_changes_nothing(index: MeilisearchIndex, double: Double) -> None:
    def broken() -> Iterator[Document]:
        yield document(2)
        raise LookupError

    index.replace_all([document(1)])
    with pytest.raises(LookupError):
        index.replace_all(broken())
    assert found(index) == [1]
    assert list(double.state.indexes) == [index.uid]


def test_what_a_killed_rebuild_left_is_cleared_away_by_the_next_one(index: MeilisearchIndex, double: Double) -> None:
    def killed() -> Iterator[Document]:
        double.trouble = at("_new_", hung_up)  # nothing that comes after this gets through
        yield document(2)

    index.replace_all([document(1)])
    with pytest.raises(IndexAway):
        index.replace_all(killed())
    double.trouble = None
    assert len(double.state.indexes) == 2
    assert found(index) == [1]
    index.replace_all([document(3)])
    assert found(index) == [3]
    assert list(double.state.indexes) == [index.uid]


def test_a_swap_is_not_repeated(index: MeilisearchIndex, double: Double) -> None:
    index.replace_all([document(1)])
    double.trouble = at("swap", busy)
    with pytest.raises(IndexAway, match="503"):
        index.replace_all([document(2)])
    assert len([asked for asked in double.asked if "swap" in asked]) == 2
    assert found(index) == [1]


def test_a_key_for_some_indexes_only_cannot_follow_a_swap(double: Double) -> None:
    key = double.key(*WRITING, indexes=f"{NAME}-*")
    with closing(MeilisearchIndex(double.address, key=key)) as index, pytest.raises(Refused, match="task_not_found"):
        index.replace_all([document(1)])


def test_what_is_too_large_is_refused_by_name(index: MeilisearchIndex, double: Double) -> None:
    index.put([document(1)])
    double.largest = 2_000
    with pytest.raises(Refused, match="payload_too_large"):
        index.put([document(number) for number in range(100)])
    assert index.count() == 1


def test_large_batches_are_sent_in_several(index: MeilisearchIndex, double: Double) -> None:
    index.put([document(number) for number in range(1, writes.BATCH + 2)])
    assert len([asked for asked in double.asked if "primaryKey" in asked]) == 2
    assert index.count() == writes.BATCH + 1


def test_lists_end_somewhere_and_totals_with_them(index: MeilisearchIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    index.put([document(number) for number in range(1, 6)])
    monkeypatch.setattr("search.meilisearch_index.MOST_HITS", 3)
    assert index.search(Query("", TODAY)).total == 3


def test_a_provider_is_found_by_another_form_of_its_name(index: MeilisearchIndex) -> None:
    index.put([replace(document(1), provider="De Bruggen"), document(2)])
    assert found(index, "brug") == found(index, "bruggen") == found(index, "brug rekenen") == [1]


def test_of_two_rebuilds_at_once_one_is_whole(index: MeilisearchIndex, double: Double) -> None:
    def slow() -> Iterator[Document]:
        yield document(1)
        index.replace_all([document(2), document(3)])
        yield document(4)

    with pytest.raises((IndexBusy, TaskFailed)):
        index.replace_all(slow())
    assert found(index) == [2, 3]
    assert list(double.state.indexes) == [index.uid]


def test_another_format_and_another_name_have_indexes_of_their_own(
    index: MeilisearchIndex, double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.replace_all([document(1)])
    monkeypatch.setattr("search.lexicon.digest", lambda: "other words")
    with closing(MeilisearchIndex(double.address, key=MASTER)) as newer:
        newer.replace_all([document(2)])
        assert (found(index), found(newer)) == ([1], [2])
    with closing(MeilisearchIndex(double.address, key=MASTER, name="elders")) as elsewhere:
        assert elsewhere.count() == 0
