import tomllib
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from catalogue.gaps import gaps
from catalogue.reasons import offered
from core.company_numbers import KVK_NUMBER
from core.policy import Hours
from core.policy.loading import load_policies
from demo.load import DATA, OUTCOMES, _Clockwork, _content, _read
from validation.hours import grant_faults

POLICIES = load_policies(Path("policies"))
TODAY = date(2026, 11, 22)
STATES = {"draft", "migrated", "submitted", "validated", "published", "rejected", "temporarily_rejected"}
PROVIDERS: dict[str, dict[str, Any]] = {
    data["kvk_number"]: data for data in tomllib.loads((DATA / "providers.toml").read_text("utf-8"))["provider"]
}
ACTIVITIES = _read("activities")["activity"]
HANDED_IN = [data for data in ACTIVITIES if data["state"] not in {"draft", "migrated"}]
DECIDED = [data for data in HANDED_IN if data["state"] in OUTCOMES]
APPROVED = [data for data in DECIDED if data["state"] in {"validated", "published"}]
REFUSED = [data for data in DECIDED if data["state"] in {"rejected", "temporarily_rejected"}]


def _granted(data: dict[str, Any]) -> Hours:
    parts = ("granted_contact_hours", "granted_self_study_hours")
    return Hours(*(Decimal(data.get(part, 0)) for part in parts))


def title(data: dict[str, Any]) -> str:
    return str(data["title"])


def test_there_are_nine_providers_and_sixty_activities_in_every_state() -> None:
    assert (len(PROVIDERS), len(ACTIVITIES)) == (9, 60)
    assert {data["state"] for data in ACTIVITIES} == STATES


def test_every_title_and_every_name_of_a_provider_is_there_once() -> None:
    names = [*map(title, ACTIVITIES), *(data["name"] for data in PROVIDERS.values())]
    assert [name for name, times in Counter(names).items() if times > 1] == []
    assert all(names)


def test_every_company_number_fits_and_every_activity_has_its_provider() -> None:
    assert all(KVK_NUMBER.fullmatch(number) for number in PROVIDERS)
    waiting = {number for number, data in PROVIDERS.items() if "contact" in data and not data["admitted"]}
    assert {data["kvk_number"] for data in ACTIVITIES} == set(PROVIDERS) - waiting


def test_only_admitted_providers_handed_something_in() -> None:
    assert [title(data) for data in HANDED_IN if not PROVIDERS[data["kvk_number"]]["admitted"]] == []


@pytest.mark.parametrize("data", HANDED_IN, ids=title)
def test_what_was_handed_in_had_no_gaps_on_the_day_of_receipt(data: dict[str, Any]) -> None:
    received_on = TODAY - timedelta(days=data["received_days_ago"])
    content = _content(data, _Clockwork(TODAY))
    assert gaps(content, POLICIES.on(received_on), received_on) == []


@pytest.mark.parametrize("data", APPROVED, ids=title)
def test_the_granted_hours_may_be_granted(data: dict[str, Any]) -> None:
    declared = _content(data, _Clockwork(TODAY)).hours
    assert grant_faults(declared, _granted(data), POLICIES.on(TODAY).hours.step, data["reason"]) == []


@pytest.mark.parametrize("data", REFUSED, ids=title)
def test_a_refusal_has_reasons_and_no_hours(data: dict[str, Any]) -> None:
    assert data["reason"].strip()
    assert {reason.code for reason in offered(POLICIES.on(TODAY))}.issuperset(data.get("reason_codes", []))
    assert not _granted(data).total


@pytest.mark.parametrize("data", DECIDED, ids=title)
def test_nothing_was_decided_before_it_was_received_and_claimed(data: dict[str, Any]) -> None:
    assert 0 <= data["decided_days_ago"] < data["received_days_ago"]


def test_the_numbers_of_the_former_register_are_there_once() -> None:
    old = [data["old_number"] for data in ACTIVITIES if data.get("old_number")]
    assert old
    assert len(set(old)) == len(old)
