from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.content import Content
from catalogue.differences import differences
from catalogue.labels import FIELD_LABELS
from core.policy.loading import load_policies
from tests.world import COMPLETE

POLICY = load_policies(Path("policies")).all[0]
OTHER: dict[str, Any] = {
    "type": "opleiding",
    "sectors": ("so",),
    "contact_hours": Decimal("3.5"),
    "self_study_hours": Decimal(0),
    "starts_on": date(2027, 2, 1),
    "ends_on": None,
}


def test_every_field_has_a_label_in_the_order_of_the_form() -> None:
    assert list(FIELD_LABELS) == list(Content.__dataclass_fields__)


@given(st.sets(st.sampled_from(list(FIELD_LABELS))))
def test_exactly_the_changed_fields_differ_in_the_order_of_the_form(changed: set[str]) -> None:
    before = replace(COMPLETE, ends_on=date(2028, 12, 31))
    after = replace(before, **{name: OTHER.get(name, "Heel iets anders") for name in changed})
    found = differences(before, after, POLICY)
    assert [difference.field for difference in found] == [name for name in FIELD_LABELS if name in changed]
    assert {difference.field for difference in found if difference.is_decided} == changed & POLICY.decided_fields


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        ({"type": "opleiding"}, "Cursus", "Opleiding"),
        ({"sectors": ("vo",)}, "Primair onderwijs\nVoortgezet onderwijs", "Voortgezet onderwijs"),
        ({"contact_hours": Decimal("1200.50")}, "16", "1200,5"),
        ({"contact_hours": None}, "16", ""),
        ({"starts_on": date(2027, 2, 1)}, "", "01-02-2027"),
        ({"goal": "  De leraar\r\n\r\ngeeft les.  \n"}, "De leraar geeft rustig les.", "  De leraar\n\ngeeft les."),
    ],
)
def test_both_sides_are_readable(change: dict[str, Any], before: str, after: str) -> None:
    (found,) = differences(COMPLETE, replace(COMPLETE, **change), POLICY)
    assert (found.before, found.after) == (before, after)
    assert "".join(text for kind, text in found.pieces if kind != "added") == before


@pytest.mark.parametrize(
    "same",
    [
        {},
        {"contact_hours": Decimal("16.00")},
        {"sectors": ("vo", "po")},
        {"programme": "\n- Regels \r\n- Routines\n"},
    ],
)
def test_what_a_reader_does_not_see_is_no_difference(same: dict[str, Any]) -> None:
    assert differences(COMPLETE, replace(COMPLETE, **same), POLICY) == []
