from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.content import Content
from catalogue.gaps import gaps, needs_account, needs_closing_test
from core.policy import Hours
from core.policy.loading import load_policies
from tests.world import COMPLETE

POLICY = load_policies(Path("policies")).all[0]
TODAY = date(2026, 11, 22)


def fields(content: Content) -> list[str]:
    return [gap.field for gap in gaps(content, POLICY, TODAY)]


def test_a_complete_activity_has_no_gaps() -> None:
    assert fields(COMPLETE) == []


def test_an_empty_one_lists_all_its_gaps_in_the_order_of_the_form() -> None:
    assert fields(Content()) == [
        "title",
        "type",
        "sectors",
        "description",
        "goal",
        "programme",
        "planning",
        "contact_hours",
        "self_study_hours",
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"type": "professionele-zelfstudie"}, ["type"]),
        ({"sectors": ("wo",)}, ["sectors"]),
        ({"contact_hours": Decimal("16.25")}, ["contact_hours"]),
        ({"contact_hours": Decimal(9000)}, ["contact_hours"]),
        ({"contact_hours": Decimal(0), "self_study_hours": Decimal(0)}, ["contact_hours"]),
        ({"self_study_account": " "}, ["self_study_account"]),
        ({"self_study_hours": Decimal(17)}, ["closing_test"]),
        ({"self_study_hours": Decimal(17), "closing_test": "Toets"}, []),
        ({"self_study_hours": Decimal(16)}, []),
        ({"self_study_hours": Decimal(0), "self_study_account": ""}, []),
        ({"ends_on": date(2026, 11, 21)}, ["ends_on"]),
        ({"ends_on": TODAY}, []),
        ({"starts_on": date(2027, 2, 1), "ends_on": date(2027, 1, 1)}, ["ends_on"]),
    ],
)
def test_each_rule_points_at_its_field(change: dict[str, object], expected: list[str]) -> None:
    assert fields(replace(COMPLETE, **change)) == expected  # type: ignore[arg-type]


@given(st.integers(0, 100), st.integers(1, 100))
def test_a_closing_test_is_asked_exactly_above_half(contact: int, self_study: int) -> None:
    content = replace(COMPLETE, contact_hours=Decimal(contact) / 2, self_study_hours=Decimal(self_study) / 2)
    assert ("closing_test" in fields(content)) is (self_study > contact)


@given(st.integers(0, 100), st.integers(0, 100))
def test_what_the_form_asks_for_is_what_keeps_it_from_being_submitted(contact: int, self_study: int) -> None:
    hours = Hours(Decimal(contact) / 2, Decimal(self_study) / 2)
    content = replace(
        COMPLETE, contact_hours=hours.contact, self_study_hours=hours.self_study, self_study_account="", closing_test=""
    )
    found = fields(content)
    assert ("self_study_account" in found) is needs_account(hours)
    assert ("closing_test" in found) is needs_closing_test(hours, POLICY)
