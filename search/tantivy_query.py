"""A question as tantivy understands it: which words, where they count for how much, and what hits are narrowed to."""

from collections.abc import Iterator
from datetime import date

import tantivy

from search.index import Filters, Query
from search.tantivy_schema import TEXTS
from search.words import stem, words_of

Q = tantivy.Query
ONE_SLIP, TWO_SLIPS = 5, 9  # word lengths from which a typing slip is forgiven
# A title comes before a provider, a provider before a subject, a subject before a description; in each the word
# itself comes before its other forms, these before words that begin with it, and these before slips.
WORTH = dict(zip(TEXTS, (64.0, 48.0, 24.0, 12.0, 9.0, 4.0, 3.0), strict=True))
BEGUN, SLIPPED = 0.75, 0.5
LITTLE = 0.01  # how often and how near the beginning only decides between equals
FIRST, LAST = 0, date.max.toordinal()


class QueryBuilder:
    """Builds queries for one state of an index: a word that stands in it is never taken for a slip."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self._schema, self._searcher = schema, searcher

    def build(self, query: Query, *, without: str = "") -> tantivy.Query:
        """All words and all filters, apart from what is chosen in the facet `without`."""
        words = words_of(query.text)
        must = [self._word(word, is_last=place == len(words)) for place, word in enumerate(words, start=1)]
        narrow = [self._between("ends", query.today.toordinal(), None), *self._filters(query.filters, without)]
        must += [Q.const_score_query(part, 0.0) for part in narrow]
        return Q.boolean_query([(tantivy.Occur.Must, part) for part in must])

    def _word(self, word: str, *, is_last: bool) -> tantivy.Query:
        found = list(self._as_typed(word, is_last=is_last))
        if not self._is_known(word, is_last=is_last):
            found += self._with_slips(word, is_last=is_last)
        close = [Q.boost_query(Q.term_query(self._schema, field, word), LITTLE) for field in TEXTS]
        best = Q.disjunction_max_query(found)
        return Q.boolean_query([(tantivy.Occur.Must, best), *((tantivy.Occur.Should, part) for part in close)])

    def _as_typed(self, word: str, *, is_last: bool) -> Iterator[tantivy.Query]:
        for field, worth in WORTH.items():
            form = stem(word) if field.endswith("_more") else word
            for text in {word, form}:
                yield Q.const_score_query(Q.term_query(self._schema, field, text), worth)
            if is_last:
                begun = Q.fuzzy_term_query(self._schema, field, word, 0, True, True)  # noqa: FBT003 -- a C signature
                yield Q.const_score_query(begun, worth * BEGUN)

    def _with_slips(self, word: str, *, is_last: bool) -> Iterator[tantivy.Query]:
        slips = (len(word) >= ONE_SLIP) + (len(word) >= TWO_SLIPS)
        if slips and word.isalpha():
            for field, worth in WORTH.items():
                near = Q.fuzzy_term_query(self._schema, field, word, slips, True, is_last)  # noqa: FBT003
                yield Q.const_score_query(near, worth * SLIPPED)

    def _is_known(self, word: str, *, is_last: bool) -> bool:
        """Whether somebody wrote it as it is typed, or began so."""
        if is_last:
            return any(self._searcher.terms_with_prefix(field, word, limit=1) for field in TEXTS)
        return any(self._searcher.doc_freq(field, form) for field in TEXTS for form in {word, stem(word)})

    def _filters(self, filters: Filters, without: str) -> Iterator[tantivy.Query]:
        for facet, values in filters.chosen.items():
            if values and facet != without:
                yield Q.term_set_query(self._schema, facet, list(values))
        if filters.least_hours is not None or filters.most_hours is not None:
            least, most = filters.least_hours, filters.most_hours
            yield self._between("hours", int((least or 0) * 100), None if most is None else int(most * 100))
        if filters.first_day or filters.last_day:
            yield self._in_period(filters)

    def _in_period(self, filters: Filters) -> tantivy.Query:
        """An edition that begins in the period; without editions: what can be followed in it."""
        first = filters.first_day.toordinal() if filters.first_day else FIRST
        last = filters.last_day.toordinal() if filters.last_day else LAST
        always = [self._between("from_day", FIRST, last), self._between("until_day", first, None)]
        editions = self._between("edition_day", first, last)
        any_time = Q.boolean_query([(tantivy.Occur.Must, part) for part in always])
        return Q.boolean_query([(tantivy.Occur.Should, part) for part in (editions, any_time)])

    def _between(self, field: str, first: int, last: int | None) -> tantivy.Query:
        return Q.range_query(self._schema, field, tantivy.FieldType.Integer, first, LAST if last is None else last)
