import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.index import FACETS, Filters, Order, Query
from search.meilisearch_query import asking, counting, phrasings
from search.words import MOST_WORDS, stem, words_of
from tests.peers.meilisearch_filters import compiled

TODAY = date(2026, 11, 30)
LES, GEEF = stem("lessen"), stem("geven")
EQUALITY = {"equality": True, "comparison": False}


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("", [""]),
        ("rust", ["rust", '"rust"']),
        ("lessen", ["lessen", f'"{LES}"']),
        ("lessen geven", ["lessen geven", f'"{LES}" "{GEEF}"', f'"{LES}" geven']),
        ("-9QF2", ["9qf2", '"9qf2"']),
        ("covid19 lessen", ['"covid19" lessen', f'"covid19" "{LES}"']),
        ('"klas -dicht AND :x', ["klas dicht and x", '"klas" "dicht" "and" "x"', '"klas" "dicht" "and" x']),
    ],
)
def test_a_question_is_asked_as_typed_by_stems_and_with_an_unfinished_end(text: str, ways: list[str]) -> None:
    assert phrasings(text) == ways


@given(st.text(max_size=300))
def test_nothing_but_words_is_ever_sent(text: str) -> None:
    for asked in phrasings(text):
        assert all(re.fullmatch(r'[^\W_]+|"[^\W_]+"', part) for part in asked.split(" ") if asked)
        assert len(asked.split()) == len(words_of(text)) <= MOST_WORDS


def request(**more: object) -> list[str]:
    filters: list[str] = asking(Query("", TODAY, filters=Filters(**more)), "u")["queries"][0]["filter"]  # type: ignore[arg-type]  # as they come
    return filters


def test_bounds_are_numbers_and_what_has_ended_is_left_out() -> None:
    ended = f"ends >= {TODAY.toordinal()}"
    assert request() == [ended]
    assert request(least_hours=Decimal("5.5"), most_hours=Decimal(40)) == [ended, "hours >= 550", "hours <= 4000"]


def test_one_edition_must_lie_between_both_days() -> None:
    first, last = date(2027, 1, 1), date(2027, 3, 1)
    (_, period) = request(first_day=first, last_day=last)
    numbers = {name: {"equality": False, "comparison": True} for name in ("edition_day", "from_day", "until_day")}
    fits = compiled(period, numbers)
    assert fits({"edition_day": [first.toordinal()], "from_day": [], "until_day": []})
    around = [first.toordinal() - 1, last.toordinal() + 1]
    assert not fits({"edition_day": around, "from_day": [], "until_day": []})
    assert fits({"edition_day": [], "from_day": [1], "until_day": [first.toordinal()]})
    assert not fits({"edition_day": [], "from_day": [1], "until_day": [first.toordinal() - 1]})


@given(st.text(alphabet="ab\"'\\ ]),=", max_size=12), st.text(alphabet="ab\"'\\ ]),=", max_size=12))
def test_no_value_gets_out_of_its_quotes(wanted: str, other: str) -> None:
    (_, narrowed) = request(chosen={"sector": (wanted,)})
    fits = compiled(narrowed, {"sector": EQUALITY})
    if "\\" not in wanted:
        assert fits({"sector": [wanted]})
    if "\\" not in other:
        assert fits({"sector": [other]}) == (wanted == other)


def test_a_facet_is_counted_as_if_nothing_were_chosen_in_it() -> None:
    query = Query("les", TODAY, filters=Filters(chosen={"sector": ("vo",), "type": ("cursus",)}))
    main, sectors = asking(query, "u"), counting(query, "u", "sector")
    assert main["federation"]["facetsByIndex"] == {"u": [f for f in FACETS if f not in {"sector", "type"}]}
    assert sectors["federation"] == {"limit": 0, "facetsByIndex": {"u": ["sector"]}}
    assert len(main["queries"][0]["filter"]) == 3
    assert sectors["queries"][0]["filter"] == [f"ends >= {TODAY.toordinal()}", 'type IN ["cursus"]']


def test_every_order_is_known_and_none_is_sent_for_the_nearest() -> None:
    sorts = {order: asking(Query("", TODAY, order=order), "u")["queries"][0].get("sort") for order in Order}
    assert [order for order, sort in sorts.items() if not sort] == [Order.RELEVANCE]


def test_when_something_is_chosen_everywhere_the_hits_are_asked_without_counts() -> None:
    chosen = dict.fromkeys(FACETS, ("x",))
    assert asking(Query("", TODAY, filters=Filters(chosen=chosen)), "u")["federation"]["facetsByIndex"] == {}
