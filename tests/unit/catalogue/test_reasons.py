from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from catalogue.content import Content
from catalogue.gaps import gaps
from catalogue.hints import Namesake, hints
from catalogue.reasons import KEPT_OUT, SENTENCES, offered, reason, sentence
from catalogue.spread import Spread
from catalogue.states import State
from core.policy.loading import load_policies
from tests.world import COMPLETE

POLICY = load_policies(Path("policies")).all[0]
TODAY = date(2026, 11, 22)
PART = ("contact_hours", "self_study_hours")
# Together these break every rule there is.
WRITTEN = [
    Content(),
    replace(COMPLETE, contact_hours=Decimal("-0.25"), self_study_hours=Decimal("9000.25")),
    replace(COMPLETE, contact_hours=Decimal("9000.25"), self_study_hours=Decimal("0.25")),
    replace(COMPLETE, contact_hours=Decimal(0), self_study_hours=Decimal(0)),
    replace(COMPLETE, contact_hours=Decimal(0), self_study_account="", closing_test=""),
    replace(COMPLETE, description="Kort.", starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 1)),
]


def said() -> dict[str, str]:
    """Everything that the rules say about all of that, by field and code."""
    figures = {"cursus": Spread(((Decimal(500), 100),))}
    namesake = Namesake(7, State.DRAFT, "")
    missing = {f"{gap.field}:{gap.code}": gap.text for content in WRITTEN for gap in gaps(content, POLICY, TODAY)}
    return missing | {
        f"{hint.field}:{hint.code}": hint.text
        for content in WRITTEN
        for hint in hints(content, figures, namesake, POLICY)
    }


def test_every_rule_has_its_sentence_and_every_sentence_its_rule() -> None:
    assert set(said()) == set(SENTENCES)


def test_the_rule_says_what_the_letter_says() -> None:
    for code, text in said().items():
        assert text.startswith(sentence(code, POLICY)), code


def test_every_sentence_is_finished_and_in_the_order_of_the_form() -> None:
    order = list(Content.__dataclass_fields__)
    places = [order.index(code.partition(":")[0]) for code in SENTENCES]
    assert places == sorted(places)
    for code in SENTENCES:
        text = sentence(code, POLICY)
        assert text.endswith((".", "?")), code
        assert "{" not in text, code


def test_what_cannot_be_submitted_is_no_reason_of_a_decision() -> None:
    codes = [reason.code for reason in offered(POLICY)]
    assert set(codes) == (set(SENTENCES) - KEPT_OUT) | {f"criterion:{item.code}" for item in POLICY.criteria}
    assert set(SENTENCES) >= KEPT_OUT
    assert all(given.field in Content.__dataclass_fields__ for given in offered(POLICY))


def test_a_sentence_follows_the_policy() -> None:
    hours = replace(POLICY.hours, closing_test_above_share=Decimal("0.4"), step=Decimal(1))
    other = replace(POLICY, hours=hours, hints=replace(POLICY.hints, shortest_description=321))
    assert sentence("closing_test:no-closing-test", POLICY).startswith("Meer dan de helft is")
    assert sentence("closing_test:no-closing-test", other).startswith("Meer dan 40% is")
    assert "321 tekens" in sentence("description:short", other)
    assert "hele uren" in sentence("contact_hours:step", other)


@pytest.mark.parametrize("code", ["goal:gone", "criterion:gone"])
def test_a_code_that_nobody_knows_any_more_is_shown_as_it_is(code: str) -> None:
    assert reason(code, POLICY).text == code


def test_a_criterion_that_was_not_met_says_what_it_asks() -> None:
    item = POLICY.criteria[0]
    given = reason(f"criterion:{item.code}", POLICY)
    assert item.name in given.text


@pytest.mark.parametrize(("most", "written"), [("2000", "2.000"), ("1000.5", "1.000,5"), ("80", "80")])
def test_a_bound_is_written_in_dutch(most: str, written: str) -> None:
    policy = replace(POLICY, hours=replace(POLICY.hours, most_per_part=Decimal(most)))
    assert f"tussen 0 en {written} in" in sentence("contact_hours:out-of-range", policy)
