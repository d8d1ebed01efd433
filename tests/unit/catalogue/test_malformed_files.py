import os
import tracemalloc
from pathlib import Path

import pytest

from catalogue.importing.files import to_rows
from catalogue.importing.tables import UnreadableFile
from tests.malformed import MALFORMED, TOO_LARGE_TO_SEND

MOST_SECONDS = 1.0  # of the processor, also that of a process of its own


def work_done() -> float:
    return sum(os.times()[:4])


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_file_gets_its_sentence_at_once_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    file_name, write, sentence = MALFORMED[name]
    source = tmp_path / file_name
    write(source)
    before = work_done()
    with pytest.raises(UnreadableFile) as refusal:
        to_rows(source, tmp_path / "rows")
    assert str(refusal.value) == sentence
    assert work_done() - before <= MOST_SECONDS
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize("name", sorted(TOO_LARGE_TO_SEND))
def test_a_line_of_a_gigabyte_is_one(name: str, tmp_path: Path) -> None:
    MALFORMED[name].write(tmp_path / "line.csv")
    assert (tmp_path / "line.csv").stat().st_size == 1 << 30


@pytest.mark.parametrize("name", sorted(name for name in MALFORMED if "million" in name or name in TOO_LARGE_TO_SEND))
def test_a_line_or_row_without_end_takes_little_memory(name: str, tmp_path: Path) -> None:
    source = tmp_path / "line.csv"
    MALFORMED[name].write(source)
    tracemalloc.start()
    with pytest.raises(UnreadableFile):
        to_rows(source, tmp_path / "rows")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10_000_000


def test_every_sentence_says_what_is_wrong_and_what_to_do() -> None:
    for _, _, sentence in MALFORMED.values():
        assert sentence.count(". ") >= 1
        assert sentence.endswith(".")
        assert len(sentence) <= 130
