"""A document as Meilisearch takes it. Pure. The engine knows no Dutch, so every text comes as plain, folded words."""

from typing import Any

from search.document import Document, days_of, facets_of, keys_of, texts_of
from search.vocabulary import Vocabulary
from search.words import stem, words_in


def as_meilisearch(document: Document, words: Vocabulary) -> dict[str, Any]:
    """Texts as words with single spaces, so that the engine parts them where we do; and the stems of the provider.

    Every word has its stem in the document, be it in another field: a question may ask for stems alone.
    """
    texts = {name: words_in(text) for name, text in texts_of(document, words).items()}
    provider = dict.fromkeys(texts["provider"])
    texts["provider_more"] = [form for form in dict.fromkeys(map(stem, provider)) if form not in provider]
    return {
        "id": document.id,
        "digest": document.digest,
        **{name: " ".join(found) for name, found in texts.items()},
        **facets_of(document),
        **days_of(document),
        **keys_of(document),
    }
