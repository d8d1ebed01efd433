"""Linked data says nothing that schema.org does not know, and leaves out what nobody said."""

import importlib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from catalogue.edition_facts import EditionFacts
from catalogue.linked_data import Offered, course, duration, organisation
from tests.world import COMPLETE, HOURS, POLICY

BASE = "https://register.example"
EDITION = EditionFacts(
    starts_on=date(2027, 1, 4),
    ends_on=date(2027, 3, 5),
    is_online=True,
    place="Utrecht",
    language="nl",
    price_in_cents=0,
    registration_link="https://debrug.example/aanmelden",
)
OFFERED = Offered(
    number="7K3F9Q2N",
    hours=HOURS,
    content=replace(COMPLETE, place="Utrecht", prior_knowledge="Een jaar voor de klas."),
    provider="Academie De Brug",
    kvk_number="90100011",
    editions=[EDITION, replace(EDITION, is_online=False, price_in_cents=None, registration_link="")],
)
BARE = replace(OFFERED, content=replace(COMPLETE, subject=""), editions=[])


def nodes(value: Any) -> list[dict[str, Any]]:
    """Every node in a tree."""
    if isinstance(value, list):
        return [node for one in value for node in nodes(one)]
    if isinstance(value, dict):
        return [value, *(node for one in value.values() for node in nodes(one))]
    return []


@pytest.mark.parametrize("offered", [OFFERED, BARE])
def test_every_property_belongs_to_its_type(offered: Offered) -> None:
    """Held against the vocabulary of schema.org, as pydantic2-schemaorg has it."""
    for node in nodes(course(offered, POLICY, BASE)):
        kind = node["@type"]
        known = getattr(importlib.import_module(f"pydantic2_schemaorg.{kind}"), kind).__fields__
        names = {field.alias for field in known.values()} | {"@context"}
        assert set(node) <= names, kind
        assert all(value not in ("", [], None) for value in node.values())


def test_an_instance_says_when_where_and_for_how_much() -> None:
    online, on_site = course(OFFERED, POLICY, BASE)["hasCourseInstance"]
    assert online["courseMode"] == ["online", "onsite"]
    assert online["offers"]["price"] == 0
    assert on_site["courseMode"] == ["onsite"]
    assert "offers" not in on_site
    assert on_site["courseWorkload"] == "PT20H30M"


def test_without_editions_one_instance_says_how_much_work_it_is() -> None:
    (instance,) = course(BARE, POLICY, BASE)["hasCourseInstance"]
    assert instance == {"@type": "CourseInstance", "courseWorkload": "PT20H30M"}
    somewhere = replace(BARE, content=replace(COMPLETE, place="Online"))
    assert course(somewhere, POLICY, BASE)["hasCourseInstance"][0]["courseMode"] == ["online"]


@pytest.mark.parametrize(("hours", "text"), [("20.5", "PT20H30M"), ("8", "PT8H"), ("0.25", "PT15M"), ("0", "PT0H")])
def test_hours_as_a_duration(hours: str, text: str) -> None:
    assert duration(Decimal(hours)) == text


def test_a_provider_is_an_organisation_with_its_number() -> None:
    assert organisation("De Brug", "90100011", BASE)["identifier"]["value"] == "90100011"
