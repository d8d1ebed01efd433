from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.policy.loading import load_policies
from providers.rules import (
    STANDING_NAMES,
    Progress,
    Standing,
    Task,
    done_tasks,
    missing_tasks,
    open_requirements,
    standing,
)

POLICY = load_policies(Path("policies")).all[0]
CODES = [item.code for item in POLICY.requirements]
declarations = st.sets(st.sampled_from([*CODES, "of-an-older-set"]))
progresses = st.builds(
    Progress,
    open=st.lists(st.sampled_from(CODES), unique=True),
    details_checked=st.booleans(),
    contact_confirmed=st.booleans(),
    confirmed=st.booleans(),
    admitted=st.booleans(),
    rejected=st.booleans(),
    suspended=st.booleans(),
)
NOTHING = Progress(
    open=CODES,
    details_checked=False,
    contact_confirmed=False,
    confirmed=False,
    admitted=False,
    rejected=False,
    suspended=False,
)
COMPLETE = replace(NOTHING, open=[], details_checked=True, contact_confirmed=True, confirmed=True)


def test_without_a_declaration_every_requirement_is_open_in_the_order_of_the_policy() -> None:
    assert open_requirements(POLICY, ()) == CODES


@given(declarations)
def test_what_is_open_is_what_was_not_declared(declared: set[str]) -> None:
    found = open_requirements(POLICY, declared)
    assert found == sorted(set(CODES) - declared, key=CODES.index)


@given(progresses)
def test_only_who_is_admitted_and_has_declared_may_submit(progress: Progress) -> None:
    may_submit = progress.admitted and not progress.open and not progress.suspended
    assert (standing(progress) is Standing.ADMITTED) is may_submit


@given(progresses)
def test_a_suspension_comes_before_everything(progress: Progress) -> None:
    assert standing(replace(progress, suspended=True)) is Standing.SUSPENDED


@pytest.mark.parametrize(
    ("progress", "expected"),
    [
        (NOTHING, Standing.INCOMPLETE),
        (replace(COMPLETE, confirmed=False), Standing.INCOMPLETE),
        (COMPLETE, Standing.AWAITING_ADMISSION),
        (replace(COMPLETE, open=CODES[:1]), Standing.UNDECLARED),
        (replace(COMPLETE, confirmed=False, rejected=True), Standing.REJECTED),
        (replace(NOTHING, open=[], admitted=True), Standing.ADMITTED),
        (replace(NOTHING, admitted=True), Standing.UNDECLARED),
    ],
)
def test_the_standing_says_what_comes_first(progress: Progress, expected: Standing) -> None:
    assert standing(progress) is expected


@given(progresses)
def test_what_is_missing_is_what_is_not_done_apart_from_confirming(progress: Progress) -> None:
    assert set(missing_tasks(progress)) == set(Task) - done_tasks(progress) - {Task.CONFIRMATION}


def test_the_tasks_are_done_one_by_one() -> None:
    assert done_tasks(NOTHING) == set()
    assert done_tasks(replace(NOTHING, open=[])) == {Task.DECLARATION}
    assert done_tasks(COMPLETE) == set(Task)


def test_every_standing_has_a_name() -> None:
    assert set(STANDING_NAMES) == set(Standing)
