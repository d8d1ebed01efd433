from copy import deepcopy

import pytest

from search import lexicon, meilisearch_settings
from search.document import Document, days_of, facets_of, keys_of
from search.index import FACETS
from search.meilisearch_document import as_meilisearch
from search.meilisearch_query import ORDERS
from search.meilisearch_settings import SETTINGS, TEXTS, is_set, uid_of
from search.words import stem, words_in

DOCUMENT = Document(id=7, title="Lessen geven", provider="De Bruggen", subject="Taal", facts="po", description="Rust.")


def test_what_the_server_adds_does_not_matter_and_what_it_lacks_does() -> None:
    told = deepcopy(SETTINGS) | {"stopWords": [], "searchCutoffMs": None}
    told["typoTolerance"] |= {"disableOnNumbers": False}
    assert is_set(SETTINGS, told)
    told["typoTolerance"]["minWordSizeForTypos"]["oneTypo"] = 4
    assert not is_set(SETTINGS, told)
    assert not is_set(SETTINGS, {})


def test_a_name_stays_the_same_until_the_format_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    name = uid_of("activiteiten")
    assert name == uid_of("activiteiten")
    assert name.startswith("activiteiten-")
    monkeypatch.setattr(lexicon, "digest", lambda: "other words")
    assert uid_of("activiteiten") != name
    monkeypatch.undo()
    monkeypatch.setitem(meilisearch_settings.SETTINGS, "pagination", {"maxTotalHits": 1})
    assert uid_of("activiteiten") != name


def test_every_field_that_is_searched_filtered_or_sorted_by_is_in_a_document() -> None:
    document = as_meilisearch(DOCUMENT, lexicon.vocabulary())
    narrowed = {name for one in SETTINGS["filterableAttributes"] for name in one["attributePatterns"]}
    assert set(TEXTS) | narrowed | set(SETTINGS["sortableAttributes"]) <= set(document)
    assert narrowed >= set(FACETS) | set(days_of(DOCUMENT)) | {"ends", "hours"}
    assert set(document) == set(TEXTS) | set(facets_of(DOCUMENT)) | set(days_of(DOCUMENT)) | set(keys_of(DOCUMENT)) | {
        "id",
        "digest",
    }


def test_only_what_can_be_sorted_by_is_sorted_by() -> None:
    names = {one.rpartition(":")[0] for sort in ORDERS.values() for one in sort}
    assert names == set(SETTINGS["sortableAttributes"])


def test_every_word_has_its_stem_in_the_document() -> None:
    document = as_meilisearch(DOCUMENT, lexicon.vocabulary())
    held = {word for name in TEXTS for word in document[name].split()}
    for text in (DOCUMENT.title, DOCUMENT.provider, DOCUMENT.subject, DOCUMENT.description):
        for word in words_in(text):
            assert {word, stem(word)} <= held
