from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.document import Document
from search.index import Query
from search.tantivy_index import TantivyIndex

RUBBISH = [
    "",
    " ",
    "-9QF2",
    '"',
    "\"' OR '1'='1",
    "title:rekenen AND (",
    "*",
    "~2^3",
    "\\",
    "[a TO z]",
    "😀",
    "👩\u200d🏫",
    "x" * 10_000,
    "é" * 10_000,
    "a " * 5_000,
    "מורה ללימוד",
    "\u202eneneker",
    "\x00",
    "rekenen\x00",
    "\ud800",
    "\ufeff",
]

TODAY = date(2026, 11, 22)


@pytest.fixture
def index(tmp_path: Path) -> TantivyIndex:
    return TantivyIndex(tmp_path)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> TantivyIndex:
    index = TantivyIndex(tmp_path_factory.mktemp("search"))
    index.put([document(1, "Rekenen"), document(2, "Taal")])
    return index


def document(id_: int, title: str) -> Document:
    return Document(id=id_, title=title, provider="Taalhuis", subject="", facts="", description="")


def found(index: TantivyIndex, text: str) -> list[int]:
    return sorted(index.search(Query(text, TODAY)).ids)


def test_a_new_index_is_empty(index: TantivyIndex) -> None:
    assert index.count() == 0
    assert found(index, "rekenen") == []


def test_a_document_that_is_put_again_is_replaced(index: TantivyIndex) -> None:
    index.put([document(1, "Rekenen"), document(2, "Schrijven")])
    index.put([document(1, "Voorlezen"), document(1, "Zwemmen")])
    assert index.count() == 2
    assert (found(index, "zwemmen"), found(index, "rekenen"), found(index, "schrijven")) == ([1], [], [2])


def test_what_is_removed_is_gone_and_what_was_never_there_does_not_matter(index: TantivyIndex) -> None:
    index.put([document(1, "Rekenen"), document(2, "Rekenen")])
    index.remove([1, 99])
    index.remove([1])
    assert (index.count(), found(index, "rekenen")) == (1, [2])


def test_replacing_all_leaves_exactly_the_new_ones(index: TantivyIndex) -> None:
    index.put([document(1, "Rekenen"), document(2, "Taal")])
    index.replace_all([document(2, "Schrijven"), document(3, "Zwemmen")])
    assert (index.count(), found(index, "rekenen"), found(index, "schrijven")) == (2, [], [2])
    index.replace_all([])
    assert index.count() == 0


def test_readers_see_the_old_ones_until_the_new_ones_are_complete(index: TantivyIndex, tmp_path: Path) -> None:
    index.put([document(1, "Rekenen")])
    reader, seen = TantivyIndex(tmp_path), []

    def new_ones() -> Iterator[Document]:
        for number in (2, 3):
            yield document(number, "Rekenen")
            seen.append(found(reader, "rekenen"))

    index.replace_all(new_ones())
    assert seen == [[1], [1]]
    assert found(reader, "rekenen") == [2, 3]


@pytest.mark.parametrize("write", [TantivyIndex.put, TantivyIndex.replace_all])
def test_a_batch_that_breaks_off_changes_nothing_and_blocks_nobody(index: TantivyIndex, write: object) -> None:
    def broken() -> Iterator[Document]:
        yield document(2, "Taal")
        raise LookupError

    index.put([document(1, "Rekenen")])
    with pytest.raises(LookupError):
        write(index, broken())  # type: ignore[operator]  # one of the two methods
    assert (index.count(), found(index, "taal")) == (1, [1])
    index.put([document(3, "Zwemmen")])
    assert index.count() == 2


def test_a_second_instance_sees_what_the_first_one_writes(index: TantivyIndex, tmp_path: Path) -> None:
    second = TantivyIndex(tmp_path)
    assert second.count() == 0
    index.put([document(1, "Rekenen")])
    assert (second.count(), found(second, "rekenen")) == (1, [1])
    index.remove([1])
    assert found(second, "rekenen") == []


def test_both_instances_may_write_in_turn(index: TantivyIndex, tmp_path: Path) -> None:
    second = TantivyIndex(tmp_path)
    index.put([document(1, "Rekenen")])
    second.put([document(2, "Rekenen")])
    index.put([document(3, "Rekenen")])
    assert found(index, "rekenen") == found(second, "rekenen") == [1, 2, 3]


def test_what_was_written_is_there_after_a_restart(index: TantivyIndex, tmp_path: Path) -> None:
    index.put([document(1, "Rekenen")])
    del index
    assert found(TantivyIndex(tmp_path), "rekenen") == [1]


@pytest.mark.parametrize("text", RUBBISH)
def test_a_rubbish_question_finds_something_or_nothing_but_never_fails(filled: TantivyIndex, text: str) -> None:
    assert set(found(filled, text)) <= {1, 2}


@given(st.text(max_size=250))
def test_no_question_fails(filled: TantivyIndex, text: str) -> None:
    assert set(found(filled, text)) <= {1, 2}


@pytest.mark.parametrize("title", ["", "\x00", "😀", "מורה", "x" * 300, "woord " * 4_000])
def test_a_document_with_any_title_can_be_put(index: TantivyIndex, title: str) -> None:
    index.put([document(1, title)])
    assert found(index, "taalhuis") == [1]
