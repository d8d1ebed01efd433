from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from catalogue.edition_facts import EditionFacts, faults
from catalogue.edition_schemas import HIGHEST_PRICE, NO_PRICE, EditionSchema, as_typed
from core.formatting import typed_price
from core.policy.loading import load_policies

POLICY = load_policies(Path("policies")).all[0]
TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)
FORM = {"starts_on": "12-12-2026", "place": "Utrecht", "language": "nl"}
FACTS = EditionFacts(
    starts_on=date(2026, 12, 12),
    ends_on=date(2026, 12, 12),
    is_online=False,
    place="Utrecht",
    language="nl",
    price_in_cents=None,
    registration_link="",
)
cents = st.integers(0, HIGHEST_PRICE * 100)
days = st.dates(date(1990, 1, 1), date(2100, 12, 31))


def loaded(**typed: str) -> EditionFacts:
    facts: EditionFacts = EditionSchema().load(FORM | typed)
    return facts


def refused(**typed: str) -> dict[str, Any]:
    with pytest.raises(ValidationError) as found:
        loaded(**typed)
    return found.value.messages_dict


def found_by_rule(facts: EditionFacts, before: EditionFacts | None = None, end: date | None = None) -> dict[str, str]:
    return faults(facts, before, activity_ends_on=end, policy=POLICY, today=TODAY)


def test_what_is_left_open_is_one_day_without_price_or_link() -> None:
    assert loaded() == FACTS


@given(days, st.integers(0, 400), st.booleans(), st.none() | cents)
def test_what_is_shown_in_the_form_is_read_as_the_same(
    first: date, length: int, online: bool, price: int | None
) -> None:
    last = min(first + timedelta(days=length), date(2100, 12, 31))
    facts = replace(FACTS, starts_on=first, ends_on=last, is_online=online, price_in_cents=price)
    assert EditionSchema().load(as_typed(facts)) == facts


@given(cents, st.sampled_from(["{}", "€ {}", "€{}", "{} euro", " EUR {} "]), st.booleans())
def test_a_price_is_read_in_every_usual_notation(price: int, around: str, grouped: bool) -> None:
    typed = typed_price(price) if grouped else typed_price(price).replace(".", "")
    assert loaded(price=around.format(typed)).price_in_cents == price


@pytest.mark.parametrize(
    ("typed", "price"),
    [
        ("", None),
        ("  ", None),
        ("€", None),
        ("0", 0),
        ("Gratis", 0),
        ("95", 9500),
        ("95,-", 9500),
        ("€ 1.250,--", 125000),
        ("1.250", 125000),
        ("12.50", 1250),
        ("12,5", 1250),
        ("1000000", 100_000_000),
    ],
)
def test_a_price_in_cents(typed: str, price: int | None) -> None:
    assert loaded(price=typed).price_in_cents == price


@pytest.mark.parametrize("typed", ["duur", "-5", "1,250", "12,345", "1000000,01", "95 per persoon", "1e3", "½", "NaN"])
def test_a_price_that_can_be_misread_is_asked_again(typed: str) -> None:
    assert refused(price=typed) == {"price": [NO_PRICE]}


@given(st.text(max_size=12))
def test_whatever_is_typed_as_a_price_is_a_whole_number_of_cents_or_asked_again(typed: str) -> None:
    try:
        price = loaded(price=typed).price_in_cents
    except ValidationError as error:
        assert error.messages_dict == {"price": [NO_PRICE]}  # noqa: PT017 -- either outcome is right
    else:
        assert price is None or (type(price) is int and 0 <= price <= HIGHEST_PRICE * 100)


def test_all_mistakes_are_told_at_once() -> None:
    found = refused(starts_on="", place="", price="duur", registration_link="voorbeeld")
    assert set(found) == {"starts_on", "place", "price", "registration_link"}


def test_the_end_is_not_before_the_begin() -> None:
    assert set(refused(ends_on="11-12-2026")) == {"ends_on"}
    assert loaded(ends_on="12-12-2026") == FACTS


def test_it_is_online_or_somewhere_or_both() -> None:
    assert refused(place=" ") == {"place": ["Vul een plaats in, of kruis ‘Online’ aan."]}
    assert loaded(place="", is_online="1") == replace(FACTS, place="", is_online=True)
    assert loaded(is_online="1") == replace(FACTS, is_online=True)


def test_a_day_that_is_over_is_refused_at_the_field_that_says_so() -> None:
    yesterday = replace(FACTS, starts_on=TODAY - DAY, ends_on=TODAY - DAY)
    assert set(found_by_rule(yesterday)) == {"starts_on"}
    assert set(found_by_rule(replace(yesterday, starts_on=TODAY - 2 * DAY))) == {"ends_on"}
    assert found_by_rule(replace(yesterday, ends_on=TODAY)) == {}


def test_it_is_not_after_the_end_of_the_activity() -> None:
    end = FACTS.ends_on
    assert found_by_rule(FACTS, end=end) == {}
    assert "11-12-2026" in found_by_rule(FACTS, end=end - DAY)["starts_on"]
    assert set(found_by_rule(replace(FACTS, ends_on=end + DAY), end=end)) == {"ends_on"}


@given(days, days | st.none())
def test_days_that_stay_as_they_were_are_never_refused(day: date, end: date | None) -> None:
    before = replace(FACTS, starts_on=day, ends_on=day)
    assert found_by_rule(replace(before, place="Zwolle", price_in_cents=1), before, end) == {}


def test_the_language_is_one_of_the_policy() -> None:
    assert found_by_rule(replace(FACTS, language="")) == {"language": "Kies de taal."}
    assert found_by_rule(replace(FACTS, language="xx"), FACTS) == {"language": "Kies de taal."}
