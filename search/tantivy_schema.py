"""How a document lies in tantivy: searched texts, facets, days and keys. Another shape gets another folder."""

import hashlib
import json
from importlib.metadata import version
from typing import Any

import tantivy

from search import lexicon
from search.document import FORMAT, Document, days_of, facets_of, keys_of, texts_of
from search.index import FACETS
from search.vocabulary import Vocabulary

TEXTS = ("title", "title_more", "provider", "subject", "subject_more", "description", "description_more")
NUMBERS = ("hours", "next_day", "ends", "valid_from", "edition_day", "from_day", "until_day")
TOKENIZER = "whole-words"  # the usual one forgets words of more than 40 bytes
_RAW: dict[str, Any] = {"tokenizer_name": "raw", "index_option": "basic"}
FIELDS: dict[str, dict[str, Any]] = {
    "id": {"stored": True, **_RAW},  # deleting by a number finds nothing
    "digest": {"stored": True, **_RAW},
    "title_key": {"fast": True, **_RAW},
    **{name: {"tokenizer_name": TOKENIZER} for name in TEXTS},
    **{name: {"fast": True, **_RAW} for name in FACETS},
}


def fingerprint() -> str:
    """Of everything that decides what a document looks like inside."""
    shape = json.dumps([FORMAT, version("tantivy"), FIELDS, NUMBERS, lexicon.digest()], sort_keys=True)
    return hashlib.sha256(shape.encode()).hexdigest()[:12]


def schema() -> tantivy.Schema:
    """The fields of an index."""
    builder = tantivy.SchemaBuilder()
    for name, options in FIELDS.items():
        builder.add_text_field(name, **options)
    for name in NUMBERS:
        builder.add_integer_field(name, indexed=True, fast=True)
    return builder.build()


def as_tantivy(document: Document, words: Vocabulary) -> tantivy.Document:
    """A document as the index takes it."""
    keys = keys_of(document)
    texts = {**texts_of(document, words), "id": str(document.id), "digest": document.digest}
    made = tantivy.Document(**{name: [text] for name, text in texts.items()})
    made.add_text("title_key", str(keys.pop("title_key")))
    for name, values in facets_of(document).items():
        for value in values:
            made.add_text(name, value)
    for name, days in days_of(document).items():
        for day in days:
            made.add_integer(name, day)
    for name, key in keys.items():
        made.add_integer(name, int(key))
    return made
