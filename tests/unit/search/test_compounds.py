"""Taking compounds apart: the words of the field, and a property: the parts with their links give the word again."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.compounds import LINKS, Compounds
from search.lexicon import vocabulary
from search.vocabulary import Vocabulary
from search.words import stem, words_in

FIELD = {
    "klassenmanagement": "klas management",
    "leerlingbegeleiding": "leerling begeleiding",
    "gespreksvaardigheden": "gesprek vaardigheden",
    "studiedag": "studie dag",
    "vakdidactiek": "vak didactiek",
    "wiskundedidactiek": "wiskunde didactiek",
    "lesobservatie": "les observatie",
    "groepsdynamica": "groep dynamica",
    "natuurkundepracticum": "natuurkunde practicum",
    "intervisiebegeleiding": "intervisie begeleiding",
    "medicatieveiligheid": "medicatie veiligheid",
    "rekenonderwijs": "reken onderwijs",
    "burgerschapsonderwijs": "burgerschap onderwijs",
    "oudergesprekken": "ouder gesprekken",
    "gedragsproblemen": "gedrag problemen",
    "mediawijsheid": "media wijsheid",
    "leesbevordering": "lees bevordering",
    "toetsconstructie": "toets constructie",
    "bewegingsonderwijs": "beweging onderwijs",
    "lerarenopleiding": "leraren opleiding",
}
SMALL = {"brug": 4.0, "klas": 5.0, "klasse": 3.0, "leven": 5.0, "lang": 5.5, "levens": 3.1, "onder": 6.0, "wijs": 4.0}


@pytest.mark.parametrize("word", FIELD)
def test_words_of_the_field_come_apart(word: str) -> None:
    assert {stem(part) for part in FIELD[word].split()} <= set(vocabulary().more(words_in(word)))


@pytest.mark.parametrize("word", ["onderwijs", "begeleiding", "verantwoordelijk", "dyslexie", "vergadering", "kind"])
def test_a_word_of_its_own_stays_whole(word: str) -> None:
    assert set(vocabulary().more(words_in(word))) <= {stem(word)}


def test_few_usual_parts_are_taken_and_links_left_out() -> None:
    compounds = Compounds(SMALL)
    assert compounds.parts("brugklas") == ("brug", "klas")
    assert compounds.parts("levenslang") == ("leven", "lang")
    assert compounds.parts("brugklassen") == ()
    assert Compounds(SMALL | {"onderwijs": 5.2}).parts("onderwijs") == ()


@given(st.lists(st.sampled_from(sorted(SMALL)), min_size=2, max_size=3), st.data())
def test_what_is_written_together_comes_apart_and_together_again(parts: list[str], data: st.DataObject) -> None:
    links = [data.draw(st.sampled_from(LINKS)) for _ in parts[1:]]
    word = parts[0] + "".join(link + part for link, part in zip(links, parts[1:], strict=True))
    found = Compounds(SMALL).parts(word)
    assert 2 <= len(found) <= len(parts)
    ways = product(LINKS, repeat=len(found) - 1)
    assert word in {found[0] + "".join(map("".join, zip(way, found[1:], strict=True))) for way in ways}


@given(st.text("abdeklmnorsuw", max_size=80))
def test_any_word_has_no_parts_or_at_least_two_that_are_known(word: str) -> None:
    parts = Compounds(SMALL).parts(word)
    assert len(parts) != 1
    assert set(parts) <= set(SMALL)


def test_synonyms_are_found_by_each_other_and_need_all_their_words() -> None:
    words = Vocabulary(Compounds({}), [["vo", "voortgezet onderwijs"]])
    assert {"voortgezet", "onderwijs"} <= set(words.more(words_in("Rekenen in het vo")))
    assert "vo" in words.more(words_in("voortgezet onderwijs"))
    assert "vo" not in words.more(words_in("onderwijs, voortgezet"))


def test_neighbours_are_joined_only_where_it_is_asked_for() -> None:
    words = Vocabulary(Compounds({}), [])
    assert "elearning" in words.more(words_in("E-learning maken"), joined=True)
    assert "elearning" not in words.more(words_in("E-learning maken"))
