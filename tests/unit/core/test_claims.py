from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import Audience, Identity, Role
from core.sign_in.claims import (
    ACTING_SUBJECT,
    BRANCH,
    COMPANY_NAME,
    LEGAL_SUBJECT,
    LEVEL_PREFIX,
    SignInRefused,
    identity_from,
)

PROVIDER: dict[str, Any] = {
    "acr": f"{LEVEL_PREFIX}loa3",
    LEGAL_SUBJECT: "90100011",
    ACTING_SUBJECT: "anna@90100011",
    COMPANY_NAME: "Academie De Brug",
}
STAFF: dict[str, Any] = {"sub": "jansen", "name": "R. Jansen", "roles": ["committee"]}
TEACHER: dict[str, Any] = {"sub": "devries", "name": "S. de Vries"}
digits = st.text("0123456789", min_size=8, max_size=8)
branches = st.text("0123456789", min_size=12, max_size=12) | st.just("")


def read(audience: Audience, claims: dict[str, Any]) -> Identity:
    return identity_from(audience, claims, lowest_level="loa2plus")


def provider(**changes: Any) -> Identity:
    return read(Audience.EHERKENNING, PROVIDER | changes)


def test_a_provider_acts_for_a_company() -> None:
    assert provider() == Identity(
        audience=Audience.EHERKENNING,
        subject="anna@90100011",
        name="Academie De Brug",
        roles=frozenset({Role.PROVIDER}),
        kvk_number="90100011",
    )
    assert provider(**{BRANCH: "000012345678"}).branch == "000012345678"
    assert provider(**{COMPANY_NAME: None}).name == "KvK 90100011"


def test_a_member_of_staff_has_the_known_roles_and_no_others() -> None:
    assert read(Audience.STAFF, STAFF | {"roles": ["bureau", "admin", "committee", "provider"]}) == Identity(
        audience=Audience.STAFF,
        subject="jansen",
        name="R. Jansen",
        roles=frozenset({Role.COMMITTEE, Role.BUREAU}),
    )


def test_a_teacher_is_a_teacher_whatever_roles_are_claimed() -> None:
    identity = read(Audience.TEACHER, TEACHER | {"roles": ["committee"], LEGAL_SUBJECT: "90100011"})
    assert (identity.roles, identity.name, identity.kvk_number) == (
        frozenset({Role.TEACHER}),
        "S. de Vries",
        "",
    )
    assert read(Audience.TEACHER, {"sub": "devries"}).name == "leraar"


@pytest.mark.parametrize("level", ["loa2plus", "loa3", "loa4"])
def test_a_level_that_is_high_enough_is_accepted(level: str) -> None:
    assert provider(acr=LEVEL_PREFIX + level).kvk_number == "90100011"


@pytest.mark.parametrize(
    "acr",
    [
        f"{LEVEL_PREFIX}loa1",
        f"{LEVEL_PREFIX}loa2",
        f"{LEVEL_PREFIX}loa5",
        f"{LEVEL_PREFIX}loa3x",
        f"{LEVEL_PREFIX}xloa3",
        f"{LEVEL_PREFIX}loa3 ",
        f"x{LEVEL_PREFIX}loa3",
        f"{LEVEL_PREFIX}{LEVEL_PREFIX}loa3",
        LEVEL_PREFIX,
        "",
        None,
        4,
        [f"{LEVEL_PREFIX}loa4"],
    ],
)
def test_a_low_unknown_or_missing_level_is_refused(acr: object) -> None:
    with pytest.raises(SignInRefused, match=r"niveau EH2\+ of hoger"):
        provider(acr=acr)


def test_a_level_that_is_not_there_is_refused_and_one_that_is_too_low_is_told() -> None:
    with pytest.raises(SignInRefused, match="geen of een onbekend niveau"):
        read(Audience.EHERKENNING, {name: value for name, value in PROVIDER.items() if name != "acr"})
    with pytest.raises(SignInRefused, match="U logde in met: EH2\\."):
        provider(acr=f"{LEVEL_PREFIX}loa2")


@pytest.mark.parametrize(
    ("audience", "claims", "name"),
    [
        (Audience.EHERKENNING, PROVIDER, LEGAL_SUBJECT),
        (Audience.EHERKENNING, PROVIDER, ACTING_SUBJECT),
        (Audience.STAFF, STAFF, "sub"),
        (Audience.STAFF, STAFF, "name"),
        (Audience.TEACHER, TEACHER, "sub"),
    ],
)
@pytest.mark.parametrize("value", [None, "", "  ", 90100011, ["90100011"]])
def test_a_claim_that_is_missing_or_no_text_is_refused_by_name(
    audience: Audience, claims: dict[str, Any], name: str, value: object
) -> None:
    with pytest.raises(SignInRefused) as refusal:
        read(audience, claims | {name: value})
    assert f"({name})" in refusal.value.detail


@pytest.mark.parametrize("number", ["901000111", "9010001", "9010001a", "٩٠١٠٠٠١١", "90100011\n1", "nl90100011"])
def test_a_company_number_that_does_not_have_eight_digits_is_refused(number: str) -> None:
    with pytest.raises(SignInRefused, match="KvK-nummer"):
        provider(**{LEGAL_SUBJECT: number})


@pytest.mark.parametrize("branch", ["1", "00001234567", "0000123456789", "00001234567x", " ", ["000012345678"]])
def test_a_branch_that_does_not_have_twelve_digits_is_refused(branch: object) -> None:
    with pytest.raises(SignInRefused, match="vestigingsnummer"):
        provider(**{BRANCH: branch})


@pytest.mark.parametrize("roles", [None, [], ["admin"], "committee", {"committee": True}, ["Committee"], [["bureau"]]])
def test_staff_without_a_known_role_is_refused(roles: object) -> None:
    with pytest.raises(SignInRefused, match="geen rol"):
        read(Audience.STAFF, STAFF | {"roles": roles})


@given(st.lists(st.tuples(digits, branches, st.sampled_from(["anna", "bram", ":", "1:"])), unique=True, max_size=6))
def test_another_company_branch_or_person_is_another_account(people: list[tuple[str, str, str]]) -> None:
    keys = {provider(**{LEGAL_SUBJECT: k, BRANCH: b, ACTING_SUBJECT: a}).account_key for k, b, a in people}
    assert len(keys) == len(people)


def test_the_same_subject_at_another_entrance_is_another_account() -> None:
    assert read(Audience.STAFF, STAFF | {"sub": "x"}).account_key != read(Audience.TEACHER, {"sub": "x"}).account_key
