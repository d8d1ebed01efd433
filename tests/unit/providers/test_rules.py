from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.policy.loading import load_policies
from providers.rules import Standing, open_requirements, standing

POLICY = load_policies(Path("policies")).all[0]
CODES = [item.code for item in POLICY.requirements]
declarations = st.sets(st.sampled_from([*CODES, "of-an-older-set"]))


def test_without_a_declaration_every_requirement_is_open_in_the_order_of_the_policy() -> None:
    assert open_requirements(POLICY, ()) == CODES


@given(declarations)
def test_what_is_open_is_what_was_not_declared(declared: set[str]) -> None:
    found = open_requirements(POLICY, declared)
    assert found == sorted(set(CODES) - declared, key=CODES.index)


@given(declarations, st.booleans())
def test_whoever_has_not_declared_everything_must_declare_first(declared: set[str], admitted: bool) -> None:
    is_undeclared = standing(POLICY, declared, admitted=admitted) is Standing.UNDECLARED
    assert is_undeclared is not set(CODES).issubset(declared)


@pytest.mark.parametrize(("admitted", "expected"), [(True, Standing.ADMITTED), (False, Standing.AWAITING_ADMISSION)])
def test_after_the_declaration_only_an_admission_lets_a_provider_submit(
    admitted: bool,
    expected: Standing,
) -> None:
    assert standing(POLICY, CODES, admitted=admitted) is expected
    assert standing(POLICY, [*CODES, "of-an-older-set"], admitted=admitted) is expected
