import csv
import json
import tempfile
import tracemalloc
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from catalogue.importing.columns import COLUMNS
from catalogue.importing.files import to_rows
from catalogue.importing.rows_file import EVERY, RowsFile, write_rows
from catalogue.importing.tables import Row, UnreadableFile

HEADER = "titel;doel\n"
WIDE = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
NAMES = [column.name for column in COLUMNS][::-1]
texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"], include_characters="\r\n\t"), max_size=12)
dutch = st.text("abcXYZ éëïöüáç€’“”–½\r\n\t ;,|\"'", max_size=12)
numbers = st.integers(-3, 5 * EVERY)


def tables(cells: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    return st.integers(1, 5).flatmap(
        lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=8)
    )


def written(table: list[list[str]], encoding: str, delimiter: str) -> bytes:
    content = StringIO(newline="")
    csv.writer(content, delimiter=delimiter).writerows([NAMES[: len(table[0])], *table])
    return content.getvalue().encode(encoding)


def read(content: bytes) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source")
        source.write_bytes(content)
        try:
            found = to_rows(source, Path(folder, "rows"))
            return found.rows(0, found.count)
        finally:
            assert {path.name for path in Path(folder).iterdir()} <= {"source", "rows"}


def check_that_it_comes_back(table: list[list[str]], encoding: str, delimiter: str) -> None:
    wanted = [row for row in table if any(cell.strip() for cell in row)]
    if not wanted:
        with pytest.raises(UnreadableFile):
            read(written(table, encoding, delimiter))
        return
    assert [list(row.values.values()) for row in read(written(table, encoding, delimiter))] == wanted


@given(tables(texts), st.sampled_from(WIDE), st.sampled_from(";,\t|"))
@settings(max_examples=150)
@example([["een\r\ntwee", 'a "b" c', ""]], "utf-16", "\t")
@example([["a;b,c|d\te"]], "utf-8", ";")
def test_any_table_comes_back_whatever_it_is_written_in(table: list[list[str]], encoding: str, delimiter: str) -> None:
    check_that_it_comes_back(table, encoding, delimiter)


def is_utf8(content: bytes) -> bool:
    """Whether a file of old Windows could as well be this: nobody can tell, and this is likelier."""
    with suppress(UnicodeDecodeError):
        content.decode()
        return True
    return False


@given(tables(dutch), st.sampled_from(";,\t|"))
@settings(max_examples=100)
def test_a_dutch_table_comes_back_from_old_windows(table: list[list[str]], delimiter: str) -> None:
    content = written(table, "cp1252", delimiter)
    assume(content.isascii() or not is_utf8(content))
    check_that_it_comes_back(table, "cp1252", delimiter)


@given(st.binary(max_size=60), st.sampled_from([b"", HEADER.encode(), b"titel\n", b"\xff\xfe", b"\xef\xbb\xbftitel\n"]))
@settings(max_examples=300)
@example(b'"', HEADER.encode())
@example(b"\r", b"titel")
def test_any_bytes_are_rows_or_get_a_sentence(content: bytes, beginning: bytes) -> None:
    if content.startswith(b"PK"):  # see the next test
        content = b"X" + content
    with suppress(UnreadableFile):
        assert read(beginning + content)


@given(st.binary(max_size=60))
@settings(max_examples=10)
def test_any_bytes_that_seem_a_workbook_get_a_sentence(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read(b"PK\3\4" + content)


@given(st.integers(1, 3 * EVERY), numbers, numbers)
@settings(max_examples=60)
@example(EVERY, EVERY, 1)
@example(2 * EVERY, EVERY - 1, 2)
def test_any_stretch_of_rows_can_be_read(count: int, start: int, most: int) -> None:
    start = max(start, 0)
    rows = [Row(line, {"titel": f"Rust\n{line}", "doel": ""}) for line in range(2, count + 2)]
    rows[count // 2] = Row(count // 2 + 2, {}, "Deze rij is niet te lezen.")
    with tempfile.TemporaryDirectory() as folder:
        write_rows(Path(folder, "rows"), ["titel", "doel"], rows)
        found = RowsFile(Path(folder, "rows"))
        assert (found.header, found.count) == (["titel", "doel"], count)
        assert found.rows(start, most) == rows[start : start + max(most, 0)]


def test_reading_a_stretch_does_not_read_what_is_before_it(tmp_path: Path) -> None:
    write_rows(tmp_path / "rows", ["titel"], (Row(line, {"titel": "Rust"}) for line in range(5 * EVERY)))
    content = (tmp_path / "rows").read_bytes()
    (tmp_path / "rows").write_bytes(b"?" * (len(content) // 2) + content[len(content) // 2 :])
    assert [row.line for row in RowsFile(tmp_path / "rows").rows(4 * EVERY + 7, 2)] == [4 * EVERY + 7, 4 * EVERY + 8]


def test_a_file_from_when_each_hundredth_row_was_in_the_index_is_read(tmp_path: Path) -> None:
    content, places = b"", []
    for at in range(250):
        places += [len(content)] if at % 100 == 0 else []
        content += json.dumps([at + 2, [f"Rust {at}"]]).encode() + b"\n"
    ending = json.dumps({"header": ["titel"], "count": 250, "places": places}) + f'\n"{len(content):020d}"\n'
    (tmp_path / "rows").write_bytes(content + ending.encode())
    found = RowsFile(tmp_path / "rows")
    assert [row.values["titel"] for row in found.rows(205, 2)] == ["Rust 205", "Rust 206"]
    assert [row.line for row in found.rows(20, 1)] == [22]
    assert len(found.rows(0, 999)) == 250


def test_a_header_in_capitals_with_a_title_above_it_is_read_with_the_lines_that_the_sender_sees(tmp_path: Path) -> None:
    source = tmp_path / "lijst"
    source.write_text('Ons aanbod;;\n\n TITEL ;Doel;KvK nummer;Kleur\n"a\nb";c;;rood\n;;;\nd;e;;\nf;g\n')
    found = to_rows(source, tmp_path / "rows")
    assert found.header == ["titel", "doel", "kvk_nummer", "kleur"]
    assert [(row.line, row.values.get("titel"), bool(row.fault)) for row in found.rows(0, 9)] == [
        (4, "a\nb", False),
        (7, "d", False),
        (8, None, True),
    ]


def test_the_example_of_the_template_is_passed_over_but_a_title_that_only_looks_like_it_is_not(tmp_path: Path) -> None:
    source = tmp_path / "lijst.csv"
    source.write_text("titel\nVOORBEELD: Rust\nVoorbeeldig lesgeven\nVoorbeeld: rust\n")
    assert [row.values["titel"] for row in to_rows(source, tmp_path / "rows").rows(0, 9)] == [
        "Voorbeeldig lesgeven",
        "Voorbeeld: rust",
    ]


def test_so_many_rows_are_read_and_not_one_more(tmp_path: Path) -> None:
    source = tmp_path / "lijst.csv"
    source.write_text("titel\n" + "Rust\n" * 5)
    assert to_rows(source, tmp_path / "rows", most_rows=5).count == 5
    with pytest.raises(UnreadableFile, match="meer dan 4 rijen"):
        to_rows(source, tmp_path / "rows", most_rows=4)


def test_a_refused_file_leaves_what_was_there_before(tmp_path: Path) -> None:
    source = tmp_path / "lijst.csv"
    source.write_text("titel\nRust\n")
    to_rows(source, tmp_path / "rows")
    source.write_text("titel\nAnders\n" + "Rust\n" * 5)
    with pytest.raises(UnreadableFile):
        to_rows(source, tmp_path / "rows", most_rows=3)
    assert RowsFile(tmp_path / "rows").rows(0, 1)[0].values == {"titel": "Rust"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lijst.csv", "rows"]


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        source = tmp_path / "lijst.csv"
        source.write_text("titel;doel\n" + f"Rust;{'leren ' * 300}\n" * rows)
        tracemalloc.start()
        to_rows(source, tmp_path / "rows")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(8_000) < 1.2 * peak(2_000)
