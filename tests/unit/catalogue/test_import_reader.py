from pathlib import Path

import pytest

from catalogue.importing.lines import LONGEST_ROW, MOST_LINES, MOST_LINES_OF_A_ROW
from catalogue.importing.reader import LONGEST_FIELD, Row, UnreadableFile, read_rows, recognise

HEADER = "titel;doel\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "export.csv"


def rows(file: Path, content: str | bytes) -> list[Row]:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_rows(file, recognise(file)))


def row(line: int, titel: str, doel: str) -> Row:
    return Row(line, {"titel": titel, "doel": doel})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"])
def test_the_encoding_is_recognised(file: Path, encoding: str) -> None:
    assert rows(file, f"{HEADER}café;€ 5 – één\n".encode(encoding)) == [row(2, "café", "€ 5 – één")]
    assert recognise(file).header == ["titel", "doel"]


def test_big_endian_with_a_byte_order_mark_is_recognised(file: Path) -> None:
    assert rows(file, f"\ufeff{HEADER}é;ü\n".encode("utf-16-be")) == [row(2, "é", "ü")]


def test_a_strange_character_far_into_a_file_is_still_recognised(file: Path) -> None:
    lines = f"a;{'b' * 10_000}\n" * 200
    assert rows(file, f"{HEADER}{lines}é;ü\n".encode("cp1252"))[-1] == row(202, "é", "ü")


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_recognised(file: Path, delimiter: str) -> None:
    content = "titel;doel\n{0};b\n".replace(";", delimiter).format('"a;,b"')
    assert rows(file, content) == [row(2, "a;,b", "b")]


def test_the_delimiter_is_the_one_that_gives_columns_we_know(file: Path) -> None:
    assert rows(file, "titel;doel;a,b,c,d,e\nx;y;z\n")[0].values == {"titel": "x", "doel": "y", "a,b,c,d,e": "z"}


def test_the_only_column_is_not_cut(file: Path) -> None:
    assert rows(file, "titel\nRekenen; taal, en meer\n")[0].values == {"titel": "Rekenen; taal, en meer"}


@pytest.mark.parametrize("above", ["sep=;\n", "Aanbod 2027\n\n", "Aanbod;;\n;;\n", '"Ons\naanbod";;\n'])
def test_what_stands_above_the_headings_is_passed_over(file: Path, above: str) -> None:
    assert rows(file, f"{above}titel;doel\na;b\n") == [row(above.count("\n") + 2, "a", "b")]


@pytest.mark.parametrize("heading", ["TITEL", " Titel ", "titel *", "*titel", "\ufefftitel"])
def test_headings_are_recognised_however_they_are_written(file: Path, heading: str) -> None:
    assert rows(file, f"{heading};doel\na;b\n") == [row(2, "a", "b")]


@pytest.mark.parametrize("heading", ["KvK-nummer", "KVK nummer", "kvk_nummer *"])
def test_words_of_a_heading_may_be_written_apart(file: Path, heading: str) -> None:
    assert rows(file, f"{heading};titel\n1;a\n")[0].values == {"kvk_nummer": "1", "titel": "a"}


def test_empty_columns_are_not_read(file: Path) -> None:
    assert rows(file, "titel;;doel;;\na;x;b;;\nc;;d\ne;;f;;;;\n") == [
        row(2, "a", "b"),
        row(3, "c", "d"),
        row(4, "e", "f"),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(file: Path, end: str) -> None:
    assert rows(file, f"titel;doel{end}a;b{end}c;d{end}") == [row(2, "a", "b"), row(3, "c", "d")]


def test_columns_are_named_in_lower_case_without_spaces_or_quotes(file: Path) -> None:
    assert rows(file, '" Titel ";DOEL\na;b') == [row(2, "a", "b")]
    assert recognise(file).header == ["titel", "doel"]


def test_a_field_over_several_lines_is_one_field_and_the_lines_are_counted(file: Path) -> None:
    content = f'{HEADER}"een\ntwee";b\n\n\n"c ""d""";"e\r\n\r\nf"\n;\n'
    assert rows(file, content) == [
        row(2, "een\ntwee", "b"),
        row(6, 'c "d"', "e\r\n\r\nf"),
    ]


def test_a_row_with_another_number_of_fields_is_reported_and_the_next_one_is_read(file: Path) -> None:
    found = rows(file, f"{HEADER}a;b;c\na\nc;d\n")
    assert [(one.line, one.values, bool(one.fault)) for one in found] == [
        (2, {}, True),
        (3, {}, True),
        (4, {"titel": "c", "doel": "d"}, False),
    ]
    assert "3 velden" in found[0].fault
    assert "1 veld," in found[1].fault


def test_a_field_that_is_too_long_is_reported_and_the_next_row_is_read(file: Path) -> None:
    too_long, good = rows(file, f"{HEADER}a;{'x' * (LONGEST_FIELD + 1)}\nc;d\n")
    assert (too_long.line, too_long.values, bool(too_long.fault)) == (2, {}, True)
    assert good == row(3, "c", "d")


def test_the_longest_field_is_read(file: Path) -> None:
    assert len(rows(file, f"{HEADER}a;{'x' * LONGEST_FIELD}\n")[0].values["doel"]) == LONGEST_FIELD


def test_a_quote_that_is_never_closed_is_reported_with_the_lines_that_it_took(file: Path) -> None:
    found = rows(file, f'{HEADER}a;"b\nc;d\ne;f\n')
    assert [(one.line, one.values) for one in found] == [(2, {})]
    assert "Regel 2 tot en met 4 zijn niet gelezen." in found[0].fault


@pytest.mark.parametrize("content", [b"", b"\n", b"\xef\xbb\xbf", b"\xff\xfe", b"  \n  \n"])
def test_an_empty_file_is_unreadable(file: Path, content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="leeg"):
        rows(file, content)


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04\x14\x00\x06\x00" + bytes(range(256)), HEADER.encode() + b"a;\x81\n", HEADER.encode("utf-16")[:-1]],
)
def test_a_file_that_is_no_text_is_unreadable(file: Path, content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        rows(file, content)


@pytest.mark.parametrize("content", [HEADER, "titel;doel", HEADER + "\n\n"])
def test_only_a_header_has_no_rows(file: Path, content: str) -> None:
    assert rows(file, content) == []


def test_the_longest_row_is_read_and_one_that_is_longer_names_its_line(file: Path) -> None:
    ends = "\n" * (MOST_LINES_OF_A_ROW - 1)
    assert rows(file, f'{HEADER}a;b\n{ends[:50]}a;"{ends}"\nc;d\n')[2].line == 53 + MOST_LINES_OF_A_ROW
    with pytest.raises(UnreadableFile, match="De rij die op regel 53 begint"):
        rows(file, f'{HEADER}a;b\n{ends[:50]}a;"{ends}\n"\nc;d\n')


def test_a_row_is_as_long_as_all_its_texts(file: Path) -> None:
    text = '"' + "x" * (LONGEST_ROW // 10 - 4) + '\n"'
    assert "10 velden" in rows(file, HEADER + ";".join([text] * 10) + "\n")[0].fault
    with pytest.raises(UnreadableFile, match="De rij die op regel 2 begint"):
        rows(file, HEADER + ";".join([text] * 11) + "\n")


@pytest.mark.no_cover
def test_millions_of_empty_lines_are_not_gone_through(file: Path) -> None:
    empty = "\n" * MOST_LINES
    assert rows(file, f"{HEADER}{empty[2:]}a;b") == [row(MOST_LINES, "a", "b")]
    with pytest.raises(UnreadableFile, match="meer dan 2 miljoen regels"):
        rows(file, f"{HEADER}{empty}a;b")
