"""The pages of figures and their files: what a reader sees, who sees what, and addresses that nobody can read."""

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from core import clock
from core.access import Role
from core.db import db, transaction
from core.formatting import dutch_month
from core.policy.calendar import months_later
from core.spreadsheets import CSV_TYPE
from providers.models import Provider
from tests.docket import docket
from tests.statements import count_statements
from tests.world import COMPLETE, NOW, Person, World, judgement, member_identity, plain, provider_identity, text_of
from validation.committee.models import CommitteeMember, Recusal, Tie
from validation.deciding import decide
from validation.states import Outcome
from validation.statistics.asking import typed_month
from validation.statistics.periods import month_of
from validation.statistics.public import EXTENSION

PAGE, FILE = "/commissie/cijfers", "/commissie/cijfers.csv"
PUBLIC, PUBLIC_FILE = "/cijfers", "/cijfers.csv"
TIED = "Zaken van aanbieders bij wie u een belang hebt, tellen hier niet mee."
STEPPED_BACK = "Zaken waarvan u zich hebt teruggetrokken, tellen hier niet mee."
DAY = timedelta(days=1)


def decided(
    world: World, provider: Provider, count: int, type_: str = "cursus", outcome: Outcome = Outcome.APPROVED
) -> list[int]:
    """So many cases, received twelve days before the last month ended and decided two days before it did."""
    end = clock.start_of(month_of(clock.today()))
    made = []
    for _ in range(count):
        case = world.claimed(world.submitted(provider, replace(COMPLETE, type=type_), now=end - 12 * DAY))
        policy = world.policies.named(case.policy_id)
        with transaction():
            db.session.refresh(case)
            decide(case, judgement(policy, outcome), policy, by=member_identity(), now=end - 2 * DAY)
        made.append(case.id)
    return made


def tied(world: World, kvk_number: str, subject: str = "jansen") -> None:
    with transaction():
        db.session.add(member_of(subject))
        today = clock.today()
        facts = {"kvk_number": kvk_number, "from_on": today, "until_on": today, "recorded_at": NOW}
        db.session.add(Tie(member=member_identity(subject).account_key, **facts))


def member_of(subject: str) -> CommitteeMember:
    who = member_identity(subject)
    return CommitteeMember(account_key=who.account_key, name=who.name, is_chair=False, last_seen_at=NOW)


def rows_of(page: str, label: str) -> list[list[str]]:
    """What a reader sees of the table with this heading, without its own headings."""
    table = page.split(f'aria-labelledby="{label}"')[1].split("</table>", maxsplit=1)[0]
    return [
        [plain(cell) for cell in re.findall(r"<t[hd] .*?</t[hd]>", row)] for row in table.split('<tr role="row"')[2:]
    ]


def in_file(response: TestResponse) -> list[list[str]]:
    assert response.status_code == 200
    assert response.headers["Content-Type"] == CSV_TYPE
    text = response.get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def as_in_file(cell: str) -> str:
    return "" if cell == "–" else cell.removesuffix("%").replace(".", "")


def member(world: World, subject: str = "jansen") -> Person:
    return world.person(member_identity(subject))


def last_month() -> str:
    return dutch_month(months_later(month_of(clock.today()), -1))


def test_a_member_reads_what_happened(world: World) -> None:
    own = world.provider()
    decided(world, own, 3)
    decided(world, own, 1, "studiedag", Outcome.TEMPORARILY_REJECTED)
    world.submitted(own, now=clock.now())
    page = member(world).get(PAGE)
    months = {row[0]: row[1:] for row in rows_of(page.text, "maanden")}
    assert months[last_month().capitalize()][:5] == ["4", "4", "0", "10", "10"]
    assert months[dutch_month(clock.today()).capitalize()] == ["1", "0", "1", "–", "–", "–", "–", "–"]
    assert rows_of(page.text, "uitkomsten") == [
        ["Cursus", "3", "100%", "0%", "0%", "0%"],
        ["Studiedag", "1", "0%", "100%", "0%", "0%"],
        ["Alles samen", "4", "75%", "25%", "0%", "0%"],
    ]
    assert rows_of(page.text, "uren")[-1] == ["Alles samen", "3", "61,5", "20,5", "100%"]
    assert "Bezwaren 0, tegen 0% van de 4 besluiten" in text_of(page)
    assert TIED not in text_of(page)
    assert STEPPED_BACK not in text_of(page)


def test_a_chart_says_what_it_is_and_its_shapes_say_what_they_are(world: World) -> None:
    decided(world, world.provider(), 2)
    page = member(world).get(PAGE).text
    named = re.findall(r'role="img" aria-labelledby="([\w-]+)" aria-describedby="([\w-]+)"', page)
    assert len(named) == page.count('role="img"') == 2
    assert all(f'<title id="{title}">' in page and f'<desc id="{about}">' in page for title, about in named)
    assert f"<title>{last_month()}: 2 besloten</title>" in page
    assert f"<title>{last_month()}: 10 dagen voor de helft</title>" in page
    assert page.index('role="img"') < page.index('aria-labelledby="maanden"')


@pytest.mark.parametrize("procedure", ["validatie", "toelating", "bezwaar"])
def test_the_files_hold_what_the_tables_do(world: World, procedure: str) -> None:
    docket(world, world.provider(), 80, 7, days=90, now=clock.now())
    person = member(world)
    first = months_later(month_of(clock.today()), -2)
    asked = {"van": typed_month(first), "tot": typed_month(clock.today()), "procedure": procedure}
    page = person.get(PAGE, **asked).text
    months = in_file(person.get(FILE, tabel="maand", **asked))
    assert [row[0] for row in months] == ["Maand", *(typed_month(months_later(first, number)) for number in range(3))]
    assert [row[1:] for row in months[1:]] == [[*map(as_in_file, row[1:])] for row in rows_of(page, "maanden")]
    types = in_file(person.get(FILE, tabel="soort", **asked))
    tables = [rows_of(page, label) for label in ("soorten", "uitkomsten", "uren") if f'"{label}"' in page]
    joined = [[*rows[0], *rows[1][2:], *(rows[2][1:] if rows[2:] else [])] for rows in zip(*tables, strict=True)]
    assert types[1:] == [[row[0], *map(as_in_file, row[1:])] for row in joined]
    assert len(types) == (8 if procedure == "validatie" else 2)
    assert "Op tijd (%)" in types[0]


def test_cases_of_a_tied_provider_do_not_count_for_that_member_but_do_in_public(world: World) -> None:
    decided(world, world.provider("90100011"), 6)
    decided(world, world.provider("90100022"), 2, outcome=Outcome.REJECTED)
    tied(world, "90100011")
    insider, colleague = member(world), member(world, "yilmaz")
    with_tie = insider.get(PUBLIC).text  # first, so that whatever is kept was read for this member
    page = insider.get(PAGE)
    assert TIED in text_of(page)
    assert rows_of(page.text, "uitkomsten") == [
        ["Cursus", "2", "0%", "0%", "100%", "0%"],
        ["Alles samen", "2", "0%", "0%", "100%", "0%"],
    ]
    assert in_file(insider.get(FILE, tabel="soort"))[-1][2] == "2"
    others = colleague.get(PAGE)
    assert TIED not in text_of(others)
    assert rows_of(others.text, "uitkomsten")[0] == ["Cursus", "8", "75%", "0%", "25%", "0%"]
    for public in (with_tie, world.person().get(PUBLIC).text, colleague.get(PUBLIC).text):
        assert rows_of(public, "soorten")[0][:2] == ["Cursus", "8"]
    assert in_file(insider.get(PUBLIC_FILE, tabel="soort")) == in_file(world.person().get(PUBLIC_FILE, tabel="soort"))


def test_a_case_that_a_member_stepped_back_from_does_not_count_for_that_member(world: World) -> None:
    own = world.provider()
    left, *_ = decided(world, own, 3)
    open_case = world.submitted(own, now=clock.now())
    with transaction():
        for case_id in (left, open_case.id):
            facts = {"member": member_identity().account_key, "reason": "Mijn buurman.", "recused_at": NOW}
            db.session.add(Recusal(case_id=case_id, **facts))
    page = member(world).get(PAGE)
    assert STEPPED_BACK in text_of(page)
    assert rows_of(page.text, "soorten")[-1][1:4] == ["2", "2", "0"]
    assert rows_of(member(world, "yilmaz").get(PAGE).text, "soorten")[-1][1:4] == ["4", "3", "1"]


def test_in_public_small_groups_are_kept_back(world: World) -> None:
    own = world.provider()
    decided(world, own, 6)
    decided(world, own, 7, "opleiding")
    decided(world, own, 3, "studiedag", Outcome.REJECTED)
    page = world.person().get(PUBLIC)
    few = ["te weinig"] * 8
    # Without the cursus the total would tell of the three: 16 decided, 13 approved.
    assert rows_of(page.text, "soorten") == [
        ["Opleiding", "7", "10", "10", *rows_of(page.text, "soorten")[0][4:6], "100%", "0%", "0%"],
        ["Cursus", *few],
        ["Studiedag", *few],
        ["Alles samen", "16", "10", "10", *rows_of(page.text, "soorten")[3][4:6], "81%", "0%", "0%"],
    ]
    text = text_of(page)
    for told in ("90100011", "Aanbieder", "Klassenmanagement", "Jansen"):
        assert told not in text.split("Cijfers – Registeruur")[-1].replace("Voor aanbieders", "")
    assert "Waar ‘te weinig’ staat" in text_of(page)
    assert in_file(world.person().get(PUBLIC_FILE, tabel="soort"))[2] == ["Cursus", *few]


def test_in_public_few_decisions_are_no_figure_at_all(world: World) -> None:
    decided(world, world.provider(), 4)
    page = world.person().get(PUBLIC).text
    assert rows_of(page, "maanden")[-1] == [last_month().capitalize(), "4", *["te weinig"] * 5]
    assert rows_of(page, "soorten")[-1] == ["Alles samen", *["te weinig"] * 8]
    assert f"<title>{last_month()}: 4 ontvangen</title>" in page
    assert f"<title>{last_month()}: 4 besloten</title>" not in page
    assert "dagen voor de helft</title>" not in page


def test_in_public_a_decision_of_today_changes_nothing(world: World) -> None:
    own = world.provider()
    decided(world, own, 6)
    anyone = world.person()
    before = anyone.get(PUBLIC_FILE, tabel="soort").text
    case = world.claimed(world.submitted(own, now=clock.now()))
    policy = world.policies.named(case.policy_id)
    with transaction():
        db.session.refresh(case)
        decide(case, judgement(policy, Outcome.APPROVED), policy, by=member_identity(), now=clock.now())
    world.app.extensions.pop(EXTENSION)
    assert anyone.get(PUBLIC_FILE, tabel="soort", van="2026-01", tot="2026-01").text == before


def test_everybody_may_keep_the_public_page_but_not_what_is_for_one_person(world: World) -> None:
    kept = "public, max-age=300"
    for address in (PUBLIC, PUBLIC_FILE):
        response = world.person().get(address)
        assert response.headers["Cache-Control"] == kept
        assert "Cookie" in response.headers["Vary"]
        assert "Set-Cookie" not in response.headers
        assert member(world).get(address).headers["Cache-Control"] == "no-store"
        assert world.person(provider_identity()).get(address).headers["Cache-Control"] == "no-store"
    turned_away = world.person()
    turned_away.get("/sessies")
    told = turned_away.get(PUBLIC)
    assert "Log eerst in." in told.text
    assert told.headers["Cache-Control"] == "no-store"
    assert turned_away.get(PUBLIC).headers["Cache-Control"] == kept


def test_public_figures_are_read_once_in_a_while(world: World) -> None:
    decided(world, world.provider(), 5)
    anyone = world.person()
    assert count_statements(lambda: anyone.get(PUBLIC)) == 3
    assert count_statements(lambda: anyone.get(PUBLIC)) == 0
    assert count_statements(lambda: anyone.get(PUBLIC_FILE)) == 0


def test_the_page_of_the_committee_takes_six_statements_however_many_cases_there_are(world: World) -> None:
    own, person = world.provider(), member(world)
    counts = []
    for count in (5, 100):
        docket(world, own, count, count // 5, days=60, now=clock.now())
        counts.append(count_statements(lambda: person.get(PAGE)))
    assert counts == [6, 6]


def test_what_cannot_be_is_named_and_kept(world: World) -> None:
    person = member(world)
    page = person.get(PAGE, van="2026-13", tot="<b>nooit</b>", procedure="toelating")
    assert page.status_code == 422
    assert "Controleer 2 antwoorden" in text_of(page)
    assert "<title>Fout: Cijfers" in page.text
    assert 'value="2026-13"' in page.text
    assert 'value="&lt;b&gt;nooit&lt;/b&gt;"' in page.text
    assert "<table" not in page.text
    file = person.get(FILE, van="2026-13", procedure="toelating")
    assert file.status_code == 303
    led_to = person.get(file.headers["Location"])
    assert led_to.status_code == 422
    assert 'value="2026-13"' in led_to.text


STRANGE = [
    "",
    "x",
    "0",
    "-1",
    "2026-00",
    "1901-01",
    "2099-12",
    "\u0662\u0660\u0662\u0666-\u0660\u0661",
    "\x00",
    "2026-01-01",
    "9" * 400,
    "%00",
    "2026-02",
]


@pytest.mark.parametrize("typed", STRANGE)
def test_a_strange_address_is_no_fault(world: World, typed: str) -> None:
    person, anyone = member(world), world.person()
    queries: list[dict[str, Any]] = [
        {"van": typed},
        {"tot": typed},
        {"van": typed, "tot": typed},
        {"procedure": typed},
        {"tabel": typed},
    ]
    for query in queries:
        assert person.get(PAGE, **query).status_code in {200, 422}
        assert person.get(FILE, **query).status_code in {200, 303}
        assert anyone.get(PUBLIC, **query).status_code == 200
        assert anyone.get(PUBLIC_FILE, **query).status_code == 200


def test_an_empty_register_has_figures_without_a_number(world: World) -> None:
    for page in (member(world).get(PAGE), world.person().get(PUBLIC)):
        assert page.status_code == 200
        assert rows_of(page.text, "soorten")[0][0] == "Alles samen"
        assert "–" in rows_of(page.text, "maanden")[0]
        assert "Waar ‘te weinig’ staat" not in text_of(page)


def test_the_pages_are_found_and_the_bureau_reads_along(world: World) -> None:
    assert f'href="{PUBLIC}"' in world.person().get("/zoeken").text
    bureau = world.person(member_identity("bakker", Role.BUREAU))
    assert f'href="{PAGE}" aria-current="page"' in bureau.get(PAGE).text
    assert f'href="{PAGE}"' not in world.person(provider_identity()).get("/zoeken").text


@pytest.mark.parametrize("who", [None, provider_identity()])
def test_nobody_else_reads_the_figures_of_the_committee(world: World, who: Any) -> None:
    for address in (PAGE, FILE):
        assert world.person(who).get(address).headers["Location"].startswith("/inloggen/commissie")
