from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.changes import changes_between
from catalogue.content import Content
from catalogue.gaps import gaps
from catalogue.takeover import judge
from tests.world import COMPLETE, POLICY

# As the former register handed them over: no sectors, no planning.
AS_IT_CAME = replace(COMPLETE, sectors=(), goal="", planning="", self_study_account="")


def test_an_offer_lacks_what_the_policy_requires_and_nothing_else() -> None:
    assert judge(AS_IT_CAME, AS_IT_CAME, POLICY) == (["goal"], [])
    assert judge(Content(), Content(), POLICY)[0] == list(POLICY.takeover.required)


def test_completing_what_the_former_register_did_not_keep_is_no_change() -> None:
    completed = replace(
        AS_IT_CAME, sectors=("po",), goal="Rust.", planning="Vier middagen.", self_study_account="Lezen."
    )
    assert judge(completed, AS_IT_CAME, POLICY) == ([], [])


@pytest.mark.parametrize("name", sorted(POLICY.decided_fields))
def test_changing_what_it_did_keep_is_one(name: str) -> None:
    other: dict[str, Any] = {
        "sectors": ("mbo",),
        "contact_hours": COMPLETE.contact_hours and COMPLETE.contact_hours + 1,
        "self_study_hours": COMPLETE.self_study_hours and COMPLETE.self_study_hours + 1,
    }
    original = replace(COMPLETE, closing_test="Een toets.")
    changed = replace(original, **{name: other.get(name, "anders")})
    assert judge(changed, original, POLICY)[1] == [name]


def test_free_facts_and_dates_may_change() -> None:
    original = replace(COMPLETE, ends_on=date(2020, 1, 1))
    moved = replace(original, place="Utrecht", website="https://x.nl", subject="Iets", ends_on=None)
    assert judge(moved, original, POLICY) == ([], [])


texts = st.sampled_from(["", "een", "twee"])
contents = st.builds(
    replace,
    st.just(COMPLETE),
    title=texts,
    goal=texts,
    planning=texts,
    place=texts,
    sectors=st.sampled_from([(), ("po",), ("vo",)]),
    contact_hours=st.sampled_from([None, COMPLETE.contact_hours]),
)


@given(contents, contents)
def test_what_passes_has_no_gap_that_is_required_and_no_change_but_of_what_was_empty(
    content: Content, original: Content
) -> None:
    lacks, changed = judge(content, original, POLICY)
    required = {gap.field for gap in gaps(content, POLICY, date.min)} & set(POLICY.takeover.required)
    assert set(lacks) == required
    for name in changes_between(original, content, POLICY).decided:
        assert (name in changed) != (name in POLICY.takeover.completable and not getattr(original, name))
