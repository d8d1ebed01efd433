import copy
import re
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts import tidy_line
from providers.trade_register import CompanyFacts, NotAProfile, facts_of
from tests.trade_register import COMPANY, ENDED, FOUNDATION, POST_BOX, SHIELDED, SOLE_TRADER, address

SECRET = "Geheim"
SECRET_NUMBER = 98765
SECRET_POSTCODE = "9999ZZ"
SHIELDING = ["Ja", "ja", " JA ", "J", "j\x00a", "true", True, 1, ["Ja"], {"Ja": "Ja"}]
KEYS = sorted(set(re.findall(r"'(\w+)':", repr([SOLE_TRADER, COMPANY, POST_BOX]))))
# Every value at every place, because the register may change without telling us.
any_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["Ja", "bezoekadres"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner),
    max_leaves=30,
)
texts = st.text(max_size=400) | st.sampled_from(["bezoekadres", "Ja", "Nee", "20240230", "1234ab", "www.a.example"])
leaves = st.none() | st.integers() | texts
addresses = st.dictionaries(st.sampled_from(sorted(POST_BOX)), leaves).map(
    lambda given: {"type": "bezoekadres"} | given
)
places = st.fixed_dictionaries(
    {}, optional={"adressen": st.lists(addresses, max_size=3), "websites": st.lists(texts), "eersteHandelsnaam": texts}
)
profile_like = st.fixed_dictionaries(
    {"_embedded": st.fixed_dictionaries({}, optional={"hoofdvestiging": places, "eigenaar": places})},
    optional={
        "naam": leaves,
        "statutaireNaam": leaves,
        "handelsnamen": st.lists(st.fixed_dictionaries({"naam": leaves}), max_size=3),
        "materieleRegistratie": st.fixed_dictionaries({"datumEinde": leaves}),
    },
)


def in_branch(*addresses: object) -> dict[str, Any]:
    return {"_embedded": {"hoofdvestiging": {"adressen": list(addresses)}}}


def with_website(*websites: object) -> dict[str, Any]:
    return {"_embedded": {"hoofdvestiging": {"websites": list(websites)}}}


def test_a_sole_trader_is_read_from_the_main_branch() -> None:
    assert facts_of(SOLE_TRADER) == CompanyFacts(
        name="Juf Jansen Coaching",
        street="Dorpsstraat 12a-2",
        postcode="1234 AB",
        place="Ons Dorp",
        website="https://www.jufjansen.example",
    )


def test_the_main_branch_goes_before_the_owner() -> None:
    assert facts_of(COMPANY) == CompanyFacts(
        name="Academie De Brug",
        street="Kade 7",
        postcode="1234 AB",
        place="Brugge",
        website="https://academiedebrug.example/scholing",
    )


def test_a_foundation_without_a_main_branch_is_read_from_its_owner() -> None:
    assert facts_of(FOUNDATION) == CompanyFacts(
        name="Stichting Leren van Elkaar",
        street="Dorpsstraat 12-bis",
        postcode="1234 AB",
        place="Ons Dorp",
        website="https://lerenvanelkaar.example",
    )


def test_a_shielded_address_is_left_out_and_no_other_takes_its_place() -> None:
    assert facts_of(SHIELDED) == CompanyFacts(name="Praktijk Aan Huis", is_shielded=True)


def test_an_ended_company_says_when() -> None:
    assert facts_of(ENDED) == CompanyFacts(name="Coöperatie Samen U.A.", ended_on=date(2024, 2, 29))


@pytest.mark.parametrize("mark", SHIELDING, ids=repr)
def test_whatever_is_not_plainly_open_is_shielded(mark: object) -> None:
    assert facts_of(in_branch(address(indAfgeschermd=mark))) == CompanyFacts(is_shielded=True)


@pytest.mark.parametrize("mark", ["Nee", "nee ", "", None])
def test_an_address_that_is_not_marked_is_open(mark: object) -> None:
    assert facts_of(in_branch(address(indAfgeschermd=mark))).place == "Ons Dorp"


def test_one_shielded_visiting_address_hides_the_other() -> None:
    assert facts_of(in_branch(address(), address(shielded="Ja"))) == CompanyFacts(is_shielded=True)


def test_only_the_visiting_address_counts() -> None:
    assert facts_of(in_branch(POST_BOX)) == CompanyFacts()
    assert facts_of(in_branch(POST_BOX | {"indAfgeschermd": "Ja"}, address())).place == "Ons Dorp"
    assert facts_of(in_branch(address("Bezoekadres "))).place == "Ons Dorp"
    assert facts_of(in_branch(address() | {"type": None})) == CompanyFacts()


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, "Eerste"),
        ({"_embedded": None}, "Tweede"),
        ({"_embedded": None, "handelsnamen": [None, {"naam": " "}, {"naam": "Derde"}]}, "Derde"),
        ({"_embedded": None, "handelsnamen": "Tweede"}, "Vierde"),
        ({"_embedded": None, "handelsnamen": None, "naam": "\x00"}, "Vijfde"),
    ],
)
def test_the_name_is_the_one_that_the_company_trades_under(changes: dict[str, Any], name: str) -> None:
    whole = {
        "_embedded": {"hoofdvestiging": {"eersteHandelsnaam": "Eerste"}},
        "handelsnamen": [{"naam": "Tweede"}],
        "naam": "Vierde",
        "statutaireNaam": "Vijfde",
    }
    assert facts_of(whole | changes).name == name


@pytest.mark.parametrize(
    ("changes", "street"),
    [
        ({"huisnummer": "12"}, "Dorpsstraat 12a-2"),
        ({"huisnummer": "0012"}, "Dorpsstraat 12a-2"),
        ({"huisnummerToevoeging": "- 2 hoog"}, "Dorpsstraat 12a-2 hoog"),
        ({"huisletter": None}, "Dorpsstraat 12-2"),
        ({"huisnummerToevoeging": ""}, "Dorpsstraat 12a"),
        ({"huisnummer": None}, "Dorpsstraat"),
        ({"huisnummer": True}, "Dorpsstraat"),
        ({"huisnummer": -1}, "Dorpsstraat"),
        ({"huisnummer": 12.5}, "Dorpsstraat"),
        ({"huisnummer": 10**5000}, "Dorpsstraat"),
        ({"huisnummer": "²"}, "Dorpsstraat"),
        ({"straatnaam": None}, ""),
        ({"straatnaam": "Dorps\x00straat\n "}, "Dorpsstraat 12a-2"),
        ({"straatnaam": "x" * 999}, "x" * 194 + " 12a-2"),
    ],
)
def test_street_and_number_are_joined(changes: dict[str, Any], street: str) -> None:
    assert facts_of(in_branch(address(**changes))).street == street


def test_what_is_too_long_is_cut() -> None:
    facts = facts_of(in_branch(address(straatnaam="s" * 999, huisnummer=None, plaats="p" * 999)) | {"naam": "n" * 999})
    assert facts == CompanyFacts(name="n" * 200, street="s" * 200, postcode="1234 AB", place="p" * 100)


@pytest.mark.parametrize(
    ("postcode", "read"),
    [("1234AB", "1234 AB"), ("1234 ab", "1234 AB"), ("0123AB", ""), ("B-9000", ""), (1234, ""), ("1234ABC", "")],
)
def test_a_postcode_has_a_space(postcode: object, read: str) -> None:
    assert facts_of(in_branch(address(postcode=postcode))).postcode == read


@pytest.mark.parametrize(
    ("website", "read"),
    [
        ("www.brug.example", "https://www.brug.example"),
        (" brug.example/a?b=c#d ", "https://brug.example/a?b=c#d"),
        ("HTTP://Brug.Example", "HTTP://Brug.Example"),
        ("http://brug.example:8080", "http://brug.example:8080"),
        ("www.café.example", "https://www.café.example"),
        ("brug.xn--p1ai", "https://brug.xn--p1ai"),
        ("info@brug.example", ""),
        ("https://brug.example@kwaad.example", ""),
        ("https://kwaad.example\\@brug.example", ""),
        ("https://brug.example/een twee", ""),
        ("javascript:alert(1)", ""),
        ("javascript://brug.example/%0aalert(1)", ""),
        ("ftp://brug.example", ""),
        ("//brug.example", ""),
        ("http://localhost", ""),
        ("http://127.0.0.1", ""),
        ("http://[::1", ""),
        ("geen", ""),
        ("n.v.t.", ""),
        ("www.brug.example/" + "x" * 300, ""),
        (None, ""),
        (7, ""),
    ],
)
def test_a_website_is_taken_over_when_a_browser_can_open_it(website: object, read: str) -> None:
    assert facts_of(with_website(website)).website == read


def test_the_first_website_that_can_be_used_counts() -> None:
    assert facts_of(with_website(None, "geen", "a.example", "b.example")).website == "https://a.example"


@pytest.mark.parametrize(
    "day", ["20240230", "20240000", "2024-02-29", "2024W011", "240229", "20240229 ", "٢٠٢٤٠٢٢٩", 20240229, None]
)
def test_an_end_that_is_no_day_is_no_end(day: object) -> None:
    assert facts_of(ENDED | {"materieleRegistratie": {"datumEinde": day}}).ended_on is None


@pytest.mark.parametrize("profile", [None, "naam", 7, [COMPANY], {}, {"fout": [{"code": "IPD0005"}]}], ids=repr)
def test_what_does_not_look_like_a_profile_is_refused(profile: object) -> None:
    with pytest.raises(NotAProfile):
        facts_of(profile)


def test_a_profile_may_be_empty() -> None:
    assert facts_of({"kvkNummer": "90100011"}) == facts_of({"naam": None}) == CompanyFacts()


@given(any_json)
def test_no_json_makes_it_crash(profile: object) -> None:
    try:
        facts_of(profile)
    except NotAProfile:
        assert not isinstance(profile, dict) or not {"kvkNummer", "naam", "_embedded"} & profile.keys()


@given(
    any_json, st.sampled_from([("naam",), ("_embedded",), ("_embedded", "hoofdvestiging"), ("materieleRegistratie",)])
)
def test_a_wrong_part_spoils_nothing_else(part: object, path: tuple[str, ...]) -> None:
    profile = copy.deepcopy(FOUNDATION)
    inner = profile
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = part
    facts = facts_of(profile)
    assert facts.name
    assert facts.place == "Ons Dorp" or path[0] == "_embedded"


@given(profile_like)
def test_what_is_read_fits_and_can_be_shown(profile: dict[str, Any]) -> None:
    facts = facts_of(profile)
    for value, most in ((facts.name, 200), (facts.street, 200), (facts.place, 100), (facts.website, 300)):
        assert len(value) <= most
        assert value == tidy_line(value)
    assert re.fullmatch("|[1-9][0-9]{3} [A-Z]{2}", facts.postcode)
    parts = urlsplit(facts.website)
    assert not facts.website or (parts.scheme in {"http", "https"} and "." in (parts.hostname or ""))


@st.composite
def marked_addresses(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(["bezoekadres", "correspondentieadres"]))
    mark = draw(st.sampled_from([*SHIELDING, "Nee", "nee", None]))
    if mark not in SHIELDING:
        return address(kind, indAfgeschermd=mark)
    secret = st.text(max_size=20).map(lambda around: f"{around}{SECRET}{around}")
    hidden = {name: draw(secret) for name in ("volledigAdres", "straatnaam", "huisletter", "plaats")}
    return address(kind, indAfgeschermd=mark, huisnummer=SECRET_NUMBER, postcode=SECRET_POSTCODE, **hidden)


marked_places = st.fixed_dictionaries(
    {}, optional={"adressen": st.lists(marked_addresses(), max_size=3), "eersteHandelsnaam": st.just("Praktijk")}
)


@given(st.fixed_dictionaries({}, optional={"hoofdvestiging": marked_places, "eigenaar": marked_places}))
def test_nothing_of_a_shielded_address_comes_out(embedded: dict[str, Any]) -> None:
    facts = facts_of({"naam": "Praktijk", "_embedded": embedded})
    assert not re.search(f"{SECRET}|{SECRET_NUMBER}|9999", repr(facts))
    assert not facts.is_shielded or facts == CompanyFacts(name="Praktijk", is_shielded=True)
