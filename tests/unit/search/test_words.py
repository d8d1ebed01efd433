import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.words import SHORTEST_STEM, stem, words_in

TOGETHER = [
    "les lessen",
    "klas klassen",
    "school scholen",
    "cursus cursussen",
    "gesprek gesprekken",
    "toets toetsen",
    "reken rekenen",
    "leerling leerlingen",
    "vaardigheid vaardigheden",
    "begeleiding begeleiden",
    "vak vakken",
    "taal talen",
    "stage stages",
    "methode methodes methoden",
    "proces processen",
    "schrijven schrijf",
]


@pytest.mark.parametrize("forms", TOGETHER)
def test_forms_of_one_word_have_one_stem(forms: str) -> None:
    assert len({stem(word) for word in forms.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("begeleiding", "beleid"), ("les", "lezen"), ("les", "leesles"), ("school", "schaal")]
)
def test_different_words_have_different_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize("word", ["nt2", "7k3f9q2x", "2026", "", "a", "מורה", "ab"])
def test_what_is_no_dutch_word_stays_as_it_is(word: str) -> None:
    assert stem(word) == word


@given(st.text(max_size=40))
def test_the_stem_of_a_stem_is_itself_and_never_too_short(text: str) -> None:
    for word in words_in(text):
        assert stem(stem(word)) == stem(word)
        assert len(stem(word)) >= min(SHORTEST_STEM, len(word))
