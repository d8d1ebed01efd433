import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import Audience, Identity, Role
from core.sign_in.claim_paths import (
    ACTING_SUBJECT,
    BRANCH,
    COMPANY_NAME,
    DEFAULT_PATHS,
    EIDAS_PREFIX,
    INTERMEDIARY,
    LEGAL_SUBJECT,
    LEVEL_PREFIX,
    Paths,
    value_at,
)
from core.sign_in.claims import Claims, identity_from
from core.sign_in.refusals import ClaimMissing, CompanyUnfit, LevelTooLow, SignInRefused

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


KVK = "urn:nl-eid-gdi:1.0:id:KvKnr"


def read(
    audience: Audience, claims: dict[str, Any], paths: Paths | None = None, levels: dict[str, str] | None = None
) -> Identity:
    where = {**DEFAULT_PATHS[audience], **(paths or {})}
    return identity_from(audience, Claims(claims, where, levels or {}), lowest_level="loa2plus")


def provider(**changes: Any) -> Identity:
    return read(Audience.EHERKENNING, PROVIDER | changes)


def test_a_provider_acts_for_a_company() -> None:
    assert provider() == Identity(
        audience=Audience.EHERKENNING,
        subject="anna@90100011",
        name="Academie De Brug",
        roles=frozenset({Role.PROVIDER}),
        kvk_number="90100011",
        level="loa3",
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


@pytest.mark.parametrize(("level", "accepted"), [("low", False), ("substantial", True), ("high", True)])
def test_an_eidas_level_counts_as_the_lowest_that_it_may_mean(level: str, accepted: bool) -> None:
    if accepted:
        assert provider(acr=EIDAS_PREFIX + level).kvk_number == "90100011"
    else:
        with pytest.raises(LevelTooLow, match=r"EH2\."):
            provider(acr=EIDAS_PREFIX + level)


@pytest.mark.parametrize(
    ("given", "levels", "reached"),
    [("EH3", {"EH3": "loa3"}, "loa3"), (10, {"10": "loa2plus"}, "loa2plus"), ("10", {"10": "loa4"}, "loa4")],
)
def test_a_broker_may_have_its_own_words_for_levels(given: object, levels: dict[str, str], reached: str) -> None:
    assert read(Audience.EHERKENNING, PROVIDER | {"acr": given}, levels=levels).level == reached
    with pytest.raises(LevelTooLow):
        read(Audience.EHERKENNING, PROVIDER | {"acr": given})


def test_a_true_level_is_no_level() -> None:
    with pytest.raises(LevelTooLow):
        read(Audience.EHERKENNING, PROVIDER | {"acr": True}, levels={"True": "loa4", "1": "loa4"})


def test_claims_are_found_where_the_settings_say() -> None:
    claims = {
        "acr": f"{LEVEL_PREFIX}loa3",
        "aanvrager.kvk": "90100011",
        "actor": {"id": {"value": "anna"}},
        "organisation": "De Brug",
    }
    paths = {
        "legal_subject": ("aanvrager.kvk",),
        "acting_subject": ("actor", "id", "value"),
        "company_name": ("organisation",),
    }
    found = read(Audience.EHERKENNING, claims, paths)
    assert (found.kvk_number, found.subject, found.name) == ("90100011", "anna", "De Brug")


@pytest.mark.parametrize("path", [("a", "x"), ("b",), ("a", "b", "c"), ("list", "0")])
def test_nothing_stands_at_a_path_that_leads_nowhere(path: tuple[str, ...]) -> None:
    assert value_at({"a": {"b": "text"}, "list": ["x"]}, path) is None


def test_an_intermediary_is_told_and_never_taken_for_the_company() -> None:
    found = provider(**{INTERMEDIARY: "11112222"})
    assert (found.kvk_number, found.intermediary) == ("90100011", "11112222")
    assert provider(**{INTERMEDIARY: "rubbish"}).intermediary == ""
    assert provider(**{INTERMEDIARY: "11112222"}).account_key == provider().account_key


@pytest.mark.parametrize("kind", ["urn:etoegang:1.9:EntityConcernedID:RSIN", "urn:etoegang:1.9:EntityConcernedID:BSN"])
def test_a_company_without_a_kvk_number_is_refused(kind: str) -> None:
    with pytest.raises(CompanyUnfit, match="KvK-nummer"):
        provider(namequalifier=kind)
    assert provider(namequalifier="urn:etoegang:1.9:EntityConcernedID:KvKnr").kvk_number == "90100011"


def chain(*numbers: str) -> dict[str, Any]:
    link: dict[str, Any] = {}
    for number in reversed(numbers):
        link = {"sub": number, "sub_id_type": KVK, "iss": "https://eh"} | ({"represents": link} if link else {})
    return link


def profile(**changes: Any) -> Identity:
    claims = {"acr": f"{LEVEL_PREFIX}loa3", "sub": "anna", "represents": chain("90100011")}
    return read(Audience.EHERKENNING, claims | changes)


def test_the_deepest_represented_party_is_the_company() -> None:
    assert profile().kvk_number == "90100011"
    found = profile(represents=chain("11112222", "33334444", "90100011"))
    assert (found.kvk_number, found.intermediary, found.subject) == ("90100011", "33334444", "anna")


def test_the_number_may_stand_among_the_alternatives() -> None:
    other = {"sub": "x", "sub_id_type": "urn:nl-eid-gdi:1.0:id:pseudonym"}
    kvk = {"sub": "90100011", "sub_id_type": KVK}
    assert profile(represents=other | {"alt_sub": kvk}).kvk_number == "90100011"
    assert profile(represents=other | {"alt_sub": [None, kvk]}).kvk_number == "90100011"


@pytest.mark.parametrize(
    "represents",
    [
        {},
        [],
        "90100011",
        {"sub": "90100011"},
        {"sub": 90100011, "sub_id_type": KVK},
        {"sub": "001", "sub_id_type": "urn:nl-eid-gdi:1.0:id:RSIN"},
        {"sub": "90100011", "sub_id_type": KVK, "represents": {"sub": "x"}},
        {"sub": "90100011", "sub_id_type": KVK, "represents": "x"},
        chain(*["90100011"] * 9),
    ],
)
def test_a_chain_that_does_not_end_at_a_company_is_refused(represents: object) -> None:
    with pytest.raises(CompanyUnfit):
        profile(represents=represents)


def test_two_companies_in_one_token_are_refused() -> None:
    with pytest.raises(CompanyUnfit, match="twee verschillende"):
        profile(**{LEGAL_SUBJECT: "11112222"})
    assert profile(**{LEGAL_SUBJECT: "90100011"}).kvk_number == "90100011"


@pytest.mark.parametrize("subject", ["x" * 201, "a\nb", "a\u202eb"])
def test_a_subject_that_no_key_can_hold_is_refused(subject: str) -> None:
    with pytest.raises(ClaimMissing):
        provider(**{ACTING_SUBJECT: subject})


words = st.sampled_from(["sub", "sub_id_type", "represents", "alt_sub"])
rubbish = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["90100011", KVK]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner),
)
names = st.sampled_from([*PROVIDER, BRANCH, "sub", "name", "roles", "represents", "namequalifier"])


@given(st.sampled_from(list(Audience)), st.dictionaries(names, rubbish))
def test_whatever_is_claimed_there_is_an_identity_or_a_refusal(audience: Audience, claims: dict[str, Any]) -> None:
    with contextlib.suppress(SignInRefused):
        assert read(audience, PROVIDER | claims).roles


def test_every_refusal_has_its_own_code() -> None:
    kinds = SignInRefused.__subclasses__()
    assert len({SignInRefused.code, *(kind.code for kind in kinds)}) == len(kinds) + 1
