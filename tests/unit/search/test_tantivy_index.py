from datetime import date
from pathlib import Path

import pytest

from search.document import Document
from search.index import Query
from search.tantivy_index import TantivyIndex

TODAY = date(2026, 11, 22)


@pytest.fixture
def index(tmp_path: Path) -> TantivyIndex:
    return TantivyIndex(tmp_path)


def document(id_: int, title: str, description: str = "", provider: str = "", subject: str = "") -> Document:
    return Document(id=id_, title=title, provider=provider, subject=subject, facts="", description=description)


def found(index: TantivyIndex, text: str) -> list[int]:
    hits = index.search(Query(text, TODAY))
    assert hits.total == len(hits.ids)
    return hits.ids


@pytest.mark.parametrize("word", ["klassenmanagement", "brug", "pedagogiek", "rust", "STARTERS", "voor"])
def test_every_field_is_found_by_a_word(index: TantivyIndex, word: str) -> None:
    index.put([document(1, "Klassenmanagement voor starters", "rust in de klas", "Academie De Brug", "Pedagogiek")])
    index.put([document(2, "Rekenen")])
    assert found(index, word) == [1]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("klassenm", [1]),
        ("k", [1]),
        ("starters klassenm", [1]),
        ("klassenm starters", []),
        ("lassenmanagement", [1]),
        ("assenmanagement", [1]),
        ("ssenmanagement", []),
    ],
)
def test_only_the_last_word_may_be_unfinished(index: TantivyIndex, text: str, ids: list[int]) -> None:
    index.put([document(1, "Klassenmanagement voor starters"), document(2, "Lezen")])
    assert found(index, text) == ids


@pytest.mark.parametrize(
    ("title", "typed", "is_found"),
    [
        ("lezen", "leven", True),
        ("lezen", "lzeen", True),
        ("rekenen", "rekenenn", True),
        ("rekenen", "rkenen", True),
        ("rekenen", "rkenem", False),
        ("klas", "klus", False),
        ("klas", "kals", False),
        ("burgerschap", "burgrschp", True),
        ("burgerschap", "brgrschp", False),
    ],
)
def test_a_slip_is_forgiven_from_five_letters(index: TantivyIndex, title: str, typed: str, is_found: bool) -> None:
    index.put([document(1, title)])
    assert found(index, f"{typed} {title}") == ([1] if is_found else [])


@pytest.mark.parametrize("typed", ["cafe", "café", "CAFÉ", "cafe\u0301", "cafegesprek", "Cafégesprek"])
def test_diacritics_do_not_matter(index: TantivyIndex, typed: str) -> None:
    index.put([document(1, "Het cafégesprek"), document(2, "Het kringgesprek")])
    assert found(index, typed) == [1]


@pytest.mark.parametrize(("text", "ids"), [("rekenen klas", [1]), ("rekenen bloem", []), ("bloem klas", []), ("?", [])])
def test_all_words_are_needed_in_whatever_field(index: TantivyIndex, text: str, ids: list[int]) -> None:
    index.put([document(1, "Rekenen", "voor de klas"), document(2, "Rekenen"), document(3, "Bloemen")])
    assert found(index, text) == ids


def test_a_title_comes_before_a_provider_a_subject_and_a_description(index: TantivyIndex) -> None:
    index.put(
        [
            document(1, "Cursus een", description="taal"),
            document(2, "Cursus twee", subject="taal"),
            document(3, "Cursus drie", provider="taal"),
            document(4, "Cursus taal"),
        ]
    )
    assert found(index, "taal") == [4, 3, 2, 1]


def test_the_word_itself_comes_before_one_with_a_slip(index: TantivyIndex) -> None:
    index.put([document(1, "leven"), document(2, "lezen"), document(3, "lezenden")])
    assert found(index, "lezen")[0] == 2


def test_hits_come_in_pages(index: TantivyIndex) -> None:
    index.put(document(number, "Rekenen") for number in range(1, 6))
    pages = [index.search(Query("rekenen", TODAY, page, per_page=2)) for page in (1, 2, 3, 4)]
    assert [len(hits.ids) for hits in pages] == [2, 2, 1, 0]
    assert {hits.total for hits in pages} == {5}
    assert sorted(id_ for hits in pages for id_ in hits.ids) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("vo-leraar", "vo-leraar"),
        ("L'école (deel 2)", "l'école"),
        ("C# voor beginners", "c#"),
        ("מורה", "מורה"),
        ("x² en ½", "x²"),
        ("snake_case", "snake_case"),
        ("Arbeidsongeschiktheidsverzekeringsmaatschappij", "arbeidsongeschiktheidsverzekeringsmaatschappij"),
        ("Arbeidsongeschiktheidsverzekeringsmaatschappij", "arbeidsongeschikt"),
    ],
)
def test_a_title_is_found_by_the_words_that_stand_in_it(index: TantivyIndex, title: str, typed: str) -> None:
    index.put([document(1, title), document(2, "Rekenen")])
    assert found(index, typed) == [1]
