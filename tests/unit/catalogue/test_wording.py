import random
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.wording import Piece, folded, pieces, plain, same_text

Texts = Callable[[str, random.Random], tuple[str, str]]
LONGEST = 20_000
TEXTS = st.lists(st.sampled_from(["de", "les", " ", "  ", "\n", "\r\n", ". ", "12,5", "é", "\t"]), max_size=40).map(
    "".join
)


def marked(before: str, after: str) -> str:
    """The pieces on one line: what went between minuses, what came between pluses."""
    sign = {"same": "", "removed": "-", "added": "+"}
    return "".join(f"{sign[kind]}{text}{sign[kind]}" for kind, text in pieces(before, after))


def without(kind: str, found: list[Piece]) -> str:
    return "".join(piece.text for piece in found if piece.kind != kind)


@given(before=TEXTS | st.text(max_size=60), after=TEXTS | st.text(max_size=60))
def test_what_stayed_with_what_went_is_the_old_text_and_with_what_came_the_new(before: str, after: str) -> None:
    found = pieces(before, after)
    assert without("added", found) == plain(before)
    assert without("removed", found) == plain(after)
    assert all(text for _, text in found)
    assert any(kind != "same" for kind, _ in found) is not same_text(before, after)


@given(TEXTS)
def test_line_ends_and_blanks_that_nobody_sees_are_no_difference(text: str) -> None:
    unseen = "\n\n" + plain(text).replace("\n", "  \r\n") + " \n\n"
    assert same_text(text, unseen)
    assert marked(text, unseen) == plain(text)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("De oude tekst.", "De nieuwe tekst.", "De -oude-+nieuwe+ tekst."),
        ("De oude mooie tekst.", "De nieuwe fraaie tekst.", "De -oude mooie-+nieuwe fraaie+ tekst."),
        ("De les", "De les en meer", "De les+ en meer+"),
        ("Les geven", "Beter: Les geven", "+Beter: +Les geven"),
        ("een\ntwee\ndrie", "een\ndrie", "een\n-twee\n-drie"),
        ("een\ndrie", "een\ntwee\ndrie", "een\n+twee\n+drie"),
        ("Duur: 12,5 uur.", "Duur: 14 uur.", "Duur: -12,5-+14+ uur."),
        (
            "Samen leren op maandag",
            "Ieder voor zich, iedere week",
            "-Samen leren op maandag-+Ieder voor zich, iedere week+",
        ),
        ("", "Nieuw", "+Nieuw+"),
        ("Weg", "", "-Weg-"),
    ],
)
def test_changes_are_shown_by_word_within_lines(before: str, after: str, expected: str) -> None:
    assert marked(before, after) == expected


def test_repeated_words_are_told_apart_when_there_is_room_to_weigh_them() -> None:
    assert marked("a b a c a d a e", "a b a c a X a e") == "a b a c a -d-+X+ a e"


def test_a_moved_line_keeps_the_lines_around_it() -> None:
    assert marked("een\ntwee\ndrie\nvier", "twee\ndrie\neen\nvier") == "-een\n-twee\ndrie\n+een\n+vier"


def binary(separator: str, rng: random.Random) -> str:
    return separator.join(rng.choice("ab") for _ in range(LONGEST // 2))


def gapped(separator: str, rng: random.Random) -> str:
    """Words that stand there once, and between them as much of the same as is just worth weighing."""
    parts = [part for i in range(1500) for part in (f"u{i}", *(rng.choice("ab") for _ in range(10)))]
    return separator.join(parts)[:LONGEST]


def alternating(own: str, separator: str) -> str:
    return separator.join(f"a{separator}{own}{i}" for i in range(4000))[:LONGEST]


WORST: dict[str, Texts] = {
    "no word stands there once": lambda separator, rng: (binary(separator, rng), binary(separator, rng)),
    "every second word changed": lambda separator, _: (alternating("p", separator), alternating("q", separator)),
    "many gaps": lambda separator, rng: (gapped(separator, rng), gapped(separator, rng)),
    "shuffled": lambda separator, rng: (
        separator.join(map(str, range(4000)))[:LONGEST],
        separator.join(map(str, rng.sample(range(4000), 4000)))[:LONGEST],
    ),
    "one word": lambda *_: ("a" * LONGEST, "b" * LONGEST),
    "no words": lambda *_: ("!?" * (LONGEST // 2), "?!" * (LONGEST // 2)),
}


@pytest.mark.parametrize("separator", [" ", "\n"], ids=["one line", "lines"])
@pytest.mark.parametrize("texts", WORST.values(), ids=WORST)
def test_the_longest_texts_are_compared_in_bounded_time(texts: Texts, separator: str) -> None:
    before, after = texts(separator, random.Random(1))
    started = time.process_time()
    found = pieces(before, after)
    assert time.process_time() - started < 0.4  # usually 0.05; machines of tests are busy
    assert without("added", found) == before
    assert without("removed", found) == after


def test_a_long_unchanged_stretch_is_folded_but_for_two_lines_on_each_side() -> None:
    lines = [f"regel {number}" for number in range(20)]
    found = pieces("\n".join(lines), "\n".join(["begin", *lines[1:10], "midden", *lines[11:]]))
    assert [piece.text for piece in folded(found) if piece.kind == "folded"] == [
        "… 5 regels gelijk …\n",
        "… 7 regels gelijk …\n",
    ]
    shown = without("removed", folded(found))
    assert shown.splitlines()[:4] == ["begin", "regel 1", "regel 2", "… 5 regels gelijk …"]
    assert shown.splitlines()[-2:] == ["regel 12", "… 7 regels gelijk …"]


@given(before=TEXTS, after=TEXTS)
def test_folding_leaves_out_nothing_that_changed(before: str, after: str) -> None:
    found = pieces(before, after)
    assert [piece for piece in folded(found) if piece.kind in {"removed", "added"}] == [
        piece for piece in found if piece.kind != "same"
    ]
