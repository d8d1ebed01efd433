"""A case does not exist for a member who has a tie with its provider, or who stepped back from it: nowhere."""

import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from core import clock
from core.access import Identity, Role
from core.db import db, transaction
from tests.policies import under_rules
from tests.tied import (
    BRANCH,
    COMPANY,
    FORMER,
    PEOPLE,
    PRESENT,
    TWIN,
    UNKNOWN,
    Company,
    addresses,
    formerly,
    named,
    pages_of,
    settle,
    visit,
)
from tests.world import COMPLETE, Person, World, member_identity, text_of
from validation.models import Case

pytestmark = pytest.mark.no_cover  # every page many times
TODAY = clock.today()
# The visitor types only the beginning of the words, so that no page can repeat a whole one.
TYPED = ("brumble", "zorvan")
FILTERS = {
    "wie": ("mine", "nobody", "other"),
    "termijn": ("te-laat", "binnenkort", "later", "wacht"),
    "procedure": ("validation", "admission", "objection"),
    "soort": ("cursus",),
    "sector": ("po",),
    "pagina": ("1", "2"),
}
# These pages are about providers and not about cases: the bureau may know who they are.
ABOUT_PROVIDERS = ("bureau.", "audit.provider_", "takeover.")


@pytest.fixture
def rules(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    changes = (("assessors = 1", "assessors = 2"), ("four_eyes = []", 'four_eyes = ["rejected"]'))
    under_rules(world, monkeypatch, tmp_path / "rules", *changes)


@pytest.fixture
def twin(world: World, rules: None) -> Company:
    """What everybody sees."""
    return settle(world, "Glimmerlof", "Snorrevaal", TWIN, member_identity())


def tied_company(world: World) -> Company:
    return settle(world, "Zorvanick", "Brumblefax", (COMPANY, FORMER, PRESENT), member_identity())


def report(person: Person, kvk_number: str, first: date | None = None, last: date | None = None) -> TestResponse:
    days = {"from_on": first, "until_on": last}
    typed = {name: f"{day:%d-%m-%Y}" if day else "" for name, day in days.items()}
    assert person.get("/commissie/mijn-gegevens").status_code == 200
    response = person.post("/commissie/mijn-gegevens/belangen", {"kvk_number": kvk_number, **typed})
    assert response.status_code == 303, text_of(response)
    return response


def figures(person: Person) -> list[str]:
    """Every number on the queue: its tiles, its choices and its heading."""
    page = person.get("/commissie").text
    tiles = re.findall(r"<b>(\d+)</b> ([^<]+)<", page)
    options = re.findall(r"<option[^>]*>([^<]+\(\d+\))</option>", page)
    heading = re.findall(r'id="list">([^<]+)<', page)
    assert tiles
    assert options
    assert heading
    return [*(f"{name}: {count}" for count, name in tiles), *options, *heading]


def known_ids(*companies: Company) -> dict[str, list[Any]]:
    return {
        "case_id": [id_ for one in companies for id_ in one.ids],
        "provider_id": [id_ for one in companies for id_ in one.providers],
        "number": [number for one in companies for number in one.numbers],
        "kvk_number": [COMPANY, FORMER, PRESENT, *TWIN],
    }


def queries_for(company: Company) -> list[dict[str, Any]]:
    words = [{"q": text} for text in TYPED] + [{"q": text, "pagina": "2"} for text in TYPED]
    filters = [{name: value} for name, values in FILTERS.items() for value in values]
    return [*words, *filters, *({"aanbieder": id_} for id_ in company.providers)]


def plain(response: TestResponse) -> tuple[int, str]:
    """What a visitor is told; what they typed and the ids in links are their own."""
    return response.status_code, re.sub(r"\d+", "#", text_of(response))


def ids_in(page: str) -> set[int]:
    return {int(id_) for id_ in re.findall(r"/commissie/zaken/(\d+)", unescape(page))}


@pytest.mark.parametrize("who", PEOPLE.values(), ids=PEOPLE)
def test_what_a_member_is_tied_to_is_nowhere(world: World, twin: Company, who: Identity) -> None:
    """Pages about a provider tell the bureau who it is, but nothing of a case: no title, number, link or entry."""
    me = world.person(who)
    before = figures(me)
    tied = tied_company(world)
    assert figures(me) != before
    for number in (COMPANY, FORMER):
        report(me, number)
    assert figures(me) == before
    seen = ""
    # Whoever reported a tie reads on their own page what they reported.
    for answer in visit(world, who, known_ids(tied, twin), queries_for(tied)):
        may_name = answer.is_public or answer.endpoint.startswith((*ABOUT_PROVIDERS, "membership.own_page"))
        said = answer.said.replace(answer.address, "")
        leak = (tied.of_cases() if may_name else tied.of_anything()).search(said)
        assert not leak, (answer.address, leak)
        assert answer.response.status_code < 500, answer.address
        seen += said
    for kind in ("open", "late", "branch", "in hand", "second", "asked", "with chair", "proposed", "decided"):
        assert f"{twin.word} {kind}" in seen, kind


def test_a_colleague_without_ties_sees_all_of_it(world: World, twin: Company) -> None:
    """Otherwise the test above would be true of empty pages."""
    tied = tied_company(world)
    report(world.person(member_identity()), COMPANY)
    colleague = member_identity("yilmaz", Role.CHAIR)
    answers = list(visit(world, colleague, known_ids(tied, twin), queries_for(tied)))
    seen = "".join(answer.said for answer in answers)
    for kind in tied.cases:
        assert f"{tied.word} {kind}" in seen or kind == "admission", kind
    assert f"Toelating van {tied.name} Groep" in seen
    assert len({answer.endpoint for answer in answers if tied.of_cases().search(answer.said)}) >= 2


@pytest.mark.parametrize("who", PEOPLE.values(), ids=PEOPLE)
def test_a_tied_case_answers_as_one_that_does_not_exist(world: World, twin: Company, who: Identity) -> None:
    tied, me = tied_company(world), world.person(who)
    for number in (COMPANY, FORMER):
        report(me, number)
    checked = 0
    me.get("/commissie")  # which tells once that the tie was recorded
    for method in ("GET", "POST"):
        for rule in pages_of(world, who, method):
            if "case_id" not in rule.arguments:
                continue
            (unknown,) = addresses(world, rule, {"case_id": [UNKNOWN]})
            send = me.get if method == "GET" else me.post
            expected = plain(send(unknown, **{} if method == "GET" else {"data": {"version": "1"}}))
            assert expected[0] in {404, 422}, rule.rule
            for address, id_ in zip(addresses(world, rule, {"case_id": tied.ids}), tied.ids, strict=True):
                data = {} if method == "GET" else {"data": world.seen(Case, id_)}
                response = send(address, **data)
                assert plain(response) == expected, (method, address)
                assert not tied.of_cases().search(str(response.headers))
                checked += 1
    assert checked >= 12 * len(tied.ids)


@pytest.mark.parametrize("address", ["/commissie/oppakken", "/commissie/verdelen", "/commissie/toewijzen"])
def test_ticked_cases_that_do_not_exist_are_neither_told_of_nor_changed(
    world: World, twin: Company, address: str
) -> None:
    tied, me = tied_company(world), world.person(PEOPLE["chair"])
    for number in (COMPANY, FORMER):
        report(me, number)
    before = {id_: world.seen(Case, id_) for id_ in tied.ids}
    form: dict[str, Any] = {"to": member_identity("yilmaz").account_key, "case": [str(id_) for id_ in tied.ids]}
    response = me.post(address, form)
    after = me.get("/commissie")
    for told in (response, after):
        assert not tied.of_anything().search(told.text)
        assert not tied.of_anything().search(str(told.headers))
    assert {id_: world.seen(Case, id_) for id_ in tied.ids} == before
    mixed = me.post("/commissie/verdelen", {"case": [str(tied.cases["open"]), str(twin.cases["open"])]})
    assert "Snorrevaal open" in mixed.text
    assert not tied.of_anything().search(mixed.text)


def test_what_was_in_hand_goes_back_to_the_queue(world: World, twin: Company) -> None:
    tied, me = tied_company(world), world.person(member_identity())
    report(me, COMPANY)
    db.session.rollback()
    found = {kind: db.session.get_one(Case, id_) for kind, id_ in tied.cases.items()}
    assert {kind: (case.handler_name, case.second_name, case.state) for kind, case in found.items()} == {
        "open": ("", "", "received"),
        "late": ("", "", "received"),
        "branch": ("", "", "received"),
        "in hand": ("", "", "received"),
        "second": ("Yilmaz", "", "in_review"),
        "asked": ("", "", "waiting_for_provider"),
        "with chair": ("Jansen", "Yilmaz", "with_chair"),
        "proposed": ("Yilmaz", "Bos", "proposed"),
        "decided": ("Yilmaz", "Bos", "decided"),
        "admission": ("", "", "received"),
    }
    bureau = world.person(member_identity("bakker", Role.BUREAU))
    page = text_of(bureau.get(f"/commissie/zaken/{tied.cases['in hand']}"))
    assert "Losgelaten" in page
    assert "Belang bij de aanbieder" in page


def test_one_case_is_gone_for_who_steps_back_and_the_bureau_reads_why(world: World, twin: Company) -> None:
    other, me = tied_company(world), world.person(member_identity())
    gone = other.cases["in hand"]
    address = f"/commissie/zaken/{gone}/terugtrekken"
    assert me.post(address, world.seen(Case, gone) | {"reason": " "}).status_code == 422
    assert me.post(address, world.seen(Case, gone) | {"reason": "Mijn zus werkt eraan mee."}).status_code == 303
    left = Company(other.name, f"{other.word} in hand", {"in hand": gone})
    answers = list(visit(world, member_identity(), known_ids(other, twin), queries_for(other)))
    assert not [(one.address, one.said) for one in answers if left.of_cases().search(one.said)]
    seen = "".join(answer.said for answer in answers)
    for kind in ("open", "late", "second", "asked", "with chair", "proposed", "decided"):
        assert f"{other.word} {kind}" in seen, kind
    for who in (member_identity("bakker", Role.BUREAU), member_identity("bos")):
        page = text_of(world.person(who).get(f"/commissie/zaken/{gone}"))
        assert "Mijn zus werkt eraan mee." in page
        assert "Zich teruggetrokken" in page
    db.session.rollback()
    assert db.session.get_one(Case, gone).state == "received"


@pytest.mark.parametrize(
    ("kvk_number", "first", "last", "hidden"),
    [
        (COMPANY, 0, None, {"company", "branch"}),
        (COMPANY, -10, 0, {"company", "branch"}),
        (COMPANY, -10, -1, set()),
        (COMPANY, 1, None, set()),
        (FORMER, 0, None, {"firm"}),
        (PRESENT, 0, None, {"firm"}),
        ("90100099", 0, None, set()),
    ],
)
def test_a_tie_hides_on_its_days_under_every_number_and_in_every_branch(
    world: World, kvk_number: str, first: int, last: int | None, hidden: set[str]
) -> None:
    providers = {
        "company": named(world, COMPANY, "Een"),
        "branch": named(world, COMPANY, "Twee", branch=BRANCH),
        "firm": named(world, PRESENT, "Drie"),
    }
    cases = {name: world.submitted(provider, COMPLETE).id for name, provider in providers.items()}
    with transaction():
        db.session.add(formerly(providers["firm"], FORMER))
    me = world.person(member_identity())
    days = [None if days is None else TODAY + timedelta(days=days) for days in (first, last)]
    report(me, kvk_number, *days)
    shown = ids_in(me.get("/commissie").text)
    assert shown == {id_ for name, id_ in cases.items() if name not in hidden}
    for name, id_ in cases.items():
        assert me.get(f"/commissie/zaken/{id_}").status_code == (404 if name in hidden else 200)


def test_a_tie_of_a_colleague_hides_nothing_from_me(world: World, twin: Company) -> None:
    colleague, me = world.person(member_identity("bos")), world.person(member_identity())
    before = figures(me)
    report(colleague, TWIN[0])
    assert "Snorrevaal" not in colleague.get("/commissie").text
    assert figures(me) == before
