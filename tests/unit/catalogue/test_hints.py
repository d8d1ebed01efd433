from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.content import Content
from catalogue.hints import Figures, Hint, Namesake, hints
from catalogue.numbers import draw, shown
from catalogue.spread import Spread
from catalogue.states import State
from core.policy.loading import load_policies
from tests.world import COMPLETE

POLICY = load_policies(Path("policies")).all[0]
LONG = "Een omschrijving die lang genoeg is. " * 10
CONTENT = replace(COMPLETE, description=LONG)
FIGURES = {"cursus": Spread(((Decimal(4), 7), (Decimal("12.5"), 120), (Decimal(60), 7)))}


def found(content: Content, figures: Figures = FIGURES, namesake: Namesake | None = None) -> list[Hint]:
    return hints(content, figures, namesake, POLICY)


def test_what_is_usual_gives_no_hint() -> None:
    assert found(CONTENT) == []
    assert found(Content()) == [], "an empty form has gaps, not hints"


def test_all_hints_come_at_once_in_the_order_of_the_form() -> None:
    content = replace(CONTENT, description="Kort.", contact_hours=Decimal(2), self_study_hours=None)
    fields = [hint.field for hint in found(content, namesake=Namesake(7, State.DRAFT, ""))]
    assert fields == ["title", "description", "contact_hours"]


@given(st.text(" ab\n", max_size=300))
def test_a_description_is_short_exactly_below_the_length_of_the_policy(text: str) -> None:
    short = [hint.code for hint in found(replace(CONTENT, description=text))]
    assert (short == ["short"]) is (0 < len(text.strip()) < POLICY.hints.shortest_description)


@pytest.mark.parametrize(
    ("hours", "is_unusual"), [("3.5", True), ("4", False), ("60", False), ("60.5", True), ("0", False)]
)
def test_hours_beyond_what_the_register_knows_are_unusual_for_their_type(hours: str, is_unusual: bool) -> None:
    content = replace(CONTENT, contact_hours=Decimal(hours), self_study_hours=None)
    assert ([hint.code for hint in found(content)] == ["unusual"]) is is_unusual
    assert found(replace(content, type="studiedag")) == [], "of which nothing is known"


def test_a_handful_of_known_ones_says_nothing() -> None:
    least = POLICY.hints.least_known
    content = replace(CONTENT, contact_hours=Decimal(2), self_study_hours=None)
    for known, codes in ((least - 1, []), (least, ["unusual"])):
        assert [hint.code for hint in found(content, {"cursus": Spread(((Decimal(8), known),))})] == codes


def test_the_sentence_about_hours_gives_the_figures() -> None:
    content = replace(CONTENT, contact_hours=Decimal(2), self_study_hours=None)
    assert found(content)[0].text.endswith(
        "Van de 134 gevalideerde activiteiten van het soort ‘Cursus’ heeft 100% tussen 4 en 60 uur."
    )
    tail = {"cursus": Spread(((Decimal(1), 60), (Decimal("12.5"), 1170), (Decimal(1200), 5), (Decimal(1300), 60)))}
    assert found(replace(content, contact_hours=Decimal("0.5")), tail)[0].text.endswith(
        "Van de 1.295 gevalideerde activiteiten van het soort ‘Cursus’ heeft 90% tussen 12,5 en 1.200 uur."
    )
    same = {"cursus": Spread(((Decimal(1), 1), (Decimal("12.5"), 97)))}
    assert found(content, same)[0].text.endswith("heeft 98% 12,5 uur.")


def test_the_sentence_about_a_namesake_names_it_and_leads_to_it() -> None:
    number = draw(Random(1))
    (hint,) = found(CONTENT, namesake=Namesake(7, State.PUBLISHED, number))
    assert f"‘Klassenmanagement voor starters’ (gepubliceerd, nummer {shown(number)})" in hint.text
    assert hint.other_id == 7
    (hint,) = found(CONTENT, namesake=Namesake(8, State.DRAFT, ""))
    assert hint.text.endswith("(concept).")
