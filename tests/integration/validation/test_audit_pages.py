"""What the bureau reads and takes along of the audit trail."""

import json
import re
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import select

from catalogue.models import Activity
from core import clock
from core.access import Role
from core.audit import AuditEntry, record, verify
from core.db import db, transaction
from core.errors import NotFound
from core.spreadsheets import CSV_TYPE, FORMULA_STARTS
from demo.load import load
from providers.arriving import arrive, name_member
from providers.linking import link_number
from providers.models import Member, Provider
from providers.queries import find_by_id
from tests.outsider import hash_of, rows_of
from tests.statements import count_statements, plans_of
from tests.world import ACTOR, NOW, Person, World, member_identity, provider_identity, text_of
from validation import audit_pages
from validation.audit_labels import LABELS
from validation.audit_queries import PAGE, about_case, about_provider, section
from validation.bulk.starting import start_bulk
from validation.models import Case
from validation.questions import answer
from validation.states import Outcome

OWN, OTHER = "90100011", "90100022"


@pytest.fixture
def bureau(world: World) -> Person:
    return world.person(member_identity("bakker", Role.BUREAU))


def of_case(case: Case) -> str:
    return f"/commissie/zaken/{case.id}/logboek"


def of_provider(provider: Provider) -> str:
    return f"/commissie/aanbieders/{provider.id}/logboek"


def lines_of(person: Person, address: str) -> list[str]:
    """The rows of the page, each as it is read."""
    page = person.get(address)
    assert page.status_code == 200
    body = page.text.split("<tbody", maxsplit=1)[1].split("</tbody>", maxsplit=1)[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split('<tr role="row">')[1:]]


def note(count: int, thing: str, key: str = ACTOR.key) -> None:
    with transaction():
        for number in range(count):
            record("activity.edited", thing, by=type(ACTOR)(key, "page"), at=NOW, data={"version": number})


def test_a_case_tells_all_that_happened_to_it_and_its_activity_in_words(world: World, bureau: Person) -> None:
    case = world.asked(world.submitted(world.provider()))
    with transaction():
        db.session.refresh(case)
        answer(case, "Ik.", world.policies, seen=case.questions[0].id, by=ACTOR, now=NOW)
    number = world.number(world.decided(case).activity)
    world.submitted(world.provider(OTHER))
    lines = lines_of(bureau, of_case(case))
    assert [line.split(" Zaak 1 ")[0].split(" Activiteit 1: ")[0] for line in lines] == [
        "Besluit genomen",
        "Activiteit gevalideerd",
        "Zaak opgepakt",
        "Vraag van de commissie beantwoord",
        "Vraag van de commissie gesteld",
        "Zaak opgepakt",
        "Zaak ontvangen door de commissie",
        "Activiteit ingediend",
        "Concept gemaakt",
    ]
    decided, approved, again, *_, received, submitted, _ = lines
    assert f"Nummer {number[:4]}-{number[4:]} Contacturen 16 Zelfstudie-uren 4,5" in decided
    assert "Goedgekeurd Jansen 22 november 2026 om 13.00 uur regel" in decided
    assert "Klassenmanagement voor starters Status daarvoor Ingediend Status daarna Gevalideerd" in approved
    assert "Beoordelaar daarvoor Jansen" in again
    assert "Uiterste datum 19 januari 2027 Gedaan Het register" in received
    assert "Status daarvoor Concept Status daarna Ingediend" in submitted


def test_an_admission_tells_of_the_provider_too(world: World, bureau: Person) -> None:
    provider = world.provider(admitted=False)
    case = world.confirmed(provider)
    assert case
    shown = text_of(bureau.get(of_case(case)))
    for words in ("Aanbieder bekend geworden", "Kwaliteitseis bevestigd", "Zaak ontvangen door de commissie"):
        assert words in shown
    assert "en met de aanbieder waar die over gaat" in shown
    assert "Toelating van Aanbieder 90100011" in shown


def test_a_provider_tells_of_its_people_jobs_activities_and_cases_and_of_nobody_elses(
    world: World, bureau: Person
) -> None:
    own, other = world.provider(OWN), world.provider(OTHER)
    for number, subject in ((OWN, "anna"), (OTHER, "bram")):
        with transaction():
            arrive(provider_identity(number, subject), NOW)
    for provider in (own, other):
        world.decided(world.submitted(provider), Outcome.REJECTED)
        with transaction():
            start_bulk(find_by_id(provider.id), "publiceren", None, {}, by=ACTOR, now=NOW)
    world.person(provider_identity(OWN, "anna")).post("/uitloggen")
    with transaction():
        member = db.session.scalars(select(Member).filter_by(provider_id=own.id)).one()
        name_member(member, "Anna de Wit", by=ACTOR, now=NOW)
    lines = lines_of(bureau, of_provider(own))
    shown = " ".join(lines)
    for words in ("Taak 1 Soort Actie met meer activiteiten Van Aanbieder 1", "Zaak 1", "Activiteit 1: Klassenmanag"):
        assert words in shown
    assert any("Uitgelogd" in line and "Anna de Wit" in line for line in lines)
    assert any("Besluit genomen" in line and "Afgewezen Jansen" in line for line in lines)
    for words in ("Taak 2", "Zaak 2", "Activiteit 2", "Aanbieder 2"):
        assert words not in shown
    about_other = set(db.session.scalars(select(AuditEntry.position).where(AuditEntry.object.endswith(":2"))))
    everything = set(db.session.scalars(select(AuditEntry.position)))
    assert len(lines) == len(everything - about_other), "and nothing is left out"


def test_what_happened_to_a_newcomer_is_told_of_who_took_it_in(world: World, bureau: Person) -> None:
    own, newcomer = world.provider(OWN), world.provider(OTHER, admitted=False)
    world.confirmed(newcomer)
    accepted = newcomer.id
    with transaction():
        link_number(find_by_id(own.id), OTHER, accepted, by=ACTOR, now=NOW)
    shown = " ".join(lines_of(bureau, of_provider(own)))
    assert "Aanmelding onder het nieuwe nummer overgenomen" in shown
    assert "Aanmelding bevestigd Aanbieder 2" in shown
    assert "Nummer daarvoor 90100011 Nummer daarna 90100022" in shown


def test_the_case_is_found_as_everywhere_so_that_what_is_hidden_there_is_hidden_here(
    world: World, bureau: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = world.submitted(world.provider())
    asked = []

    def hidden(case_id: int) -> Case:
        asked.append(case_id)
        raise NotFound

    monkeypatch.setattr(audit_pages, "find_case", hidden)
    assert bureau.get(of_case(case)).status_code == 404
    assert bureau.get(f"{of_case(case)}.csv").status_code == 404
    assert asked == [case.id] * 2


@pytest.mark.parametrize("ending", ["", ".csv"])
def test_only_the_bureau_reads_it(world: World, ending: str) -> None:
    case = world.submitted(world.provider())
    addresses = [of_case(case) + ending, of_provider(case.provider) + ending]
    for person in (world.person(member_identity()), world.person(provider_identity()), world.person()):
        assert {person.get(address).status_code for address in addresses} <= {303, 403}
    assert (
        bytes(f"{of_case(case)}", "ascii")
        not in world.person(member_identity()).get(f"/commissie/zaken/{case.id}").data
    )


def test_case_and_provider_lead_to_their_logbooks(world: World, bureau: Person) -> None:
    case, admission = world.submitted(world.provider()), world.confirmed(world.provider(OTHER, admitted=False))
    assert admission
    for found in (case, admission):
        assert f'href="{of_case(found)}"' in bureau.get(f"/commissie/zaken/{found.id}").text
    assert f'href="{of_provider(case.provider)}"' in bureau.get(f"/commissie/aanbieders/{case.provider_id}").text
    assert f'href="{of_case(case)}.csv"' in bureau.get(of_case(case)).text


def test_the_file_of_a_provider_is_the_chain_as_an_outsider_computes_it(world: World, bureau: Person) -> None:
    provider = world.provider()
    odd = provider_identity(subject="=cmd|\"; \n'@\u20ac")
    with transaction():
        arrive(odd, clock.now())
    world.decided(world.submitted(provider))
    note(3, "activity:1", odd.account_key)
    response = bureau.get(f"{of_provider(provider)}.csv")
    assert response.headers["Content-Type"] == CSV_TYPE
    assert f"logboek-aanbieder-{provider.id}-{clock.today()}.csv" in response.headers["Content-Disposition"]
    rows = rows_of(response.get_data().decode())
    assert tuple(rows[0]) == audit_pages.COLUMNS
    assert [row["hash"] for row in rows] == [hash_of(row) for row in rows]
    assert [row["vorige hash"] for row in rows[1:]] == [row["hash"] for row in rows[:-1]], "here nothing is left out"
    assert rows[-1]["hash"] == verify().last_hash
    assert rows[-1]["wie"] == odd.account_key
    assert not [cell for row in rows for cell in row.values() if cell.startswith((*FORMULA_STARTS, "'"))]
    last = rows[-1]
    assert world.run("audit", "verify", "--expect", f"{last['positie']}:{last['hash']}").exit_code == 0


def test_the_file_of_a_case_holds_its_own_entries_each_with_a_hash_that_fits(world: World, bureau: Person) -> None:
    case = world.decided(world.submitted(world.provider()))
    world.submitted(world.provider(OTHER))
    rows = rows_of(bureau.get(f"{of_case(case)}.csv").get_data().decode())
    assert {row["onderwerp"] for row in rows} == {"case:1", "activity:1"}
    assert [row["hash"] for row in rows] == [hash_of(row) for row in rows]
    assert [int(row["positie"]) for row in rows] == sorted(int(row["positie"]) for row in rows)
    assert len(rows) == len(lines_of(bureau, of_case(case)))


def positions(page: str) -> list[int]:
    return [int(found) for found in re.findall(r"regel (\d+)<", page)]


def test_pages_go_on_to_the_first_entry_and_back(world: World, bureau: Person) -> None:
    case = world.submitted(world.provider())
    note(2 * PAGE, f"activity:{case.activity_id}")
    for address in (of_case(case), of_provider(case.provider)):
        whole = len(rows_of(bureau.get(f"{address}.csv").get_data().decode()))
        pages, onward = [], address
        while onward:
            page = bureau.get(onward).text
            pages.append(positions(page))
            found = re.search(r'href="([^"]*)" rel="next"', page)
            onward = found[1] if found else ""
        seen = [position for page in pages for position in page]
        assert [len(page) for page in pages] == [PAGE, PAGE, whole - 2 * PAGE]
        assert seen == sorted(set(seen), reverse=True)
        assert len(seen) == whole
        back = re.search(r'href="([^"]*)" rel="prev"', page)
        assert back
        assert positions(bureau.get(back[1]).text) == pages[1]
        newest = bureau.get(f"{address}?na={pages[0][10]}")
        assert newest.headers["Location"] == address, "less than a page is newer: the newest page shows it whole"


@pytest.mark.parametrize("query", ["voor=1", "na=99999", "na=99999999999999999999", "voor=-1", "voor=x", "na=0"])
def test_a_position_that_is_none_or_far_away_is_no_fault(world: World, bureau: Person, query: str) -> None:
    case = world.submitted(world.provider())
    for address in (of_case(case), of_provider(case.provider)):
        assert bureau.get(f"{address}?{query}").status_code in {200, 303}


def fill(world: World, provider: Provider, count: int) -> None:
    for number in range(count):
        with transaction():
            arrive(provider_identity(subject=f"somebody {db.session.query(Member).count()} {number}"), NOW)
        world.decided(world.submitted(provider))


def test_what_is_asked_of_the_database_does_not_grow(world: World, bureau: Person) -> None:
    provider = world.provider()
    case = world.decided(world.submitted(provider))
    pages = [of_case(case), of_provider(provider)]
    files = [f"{page}.csv" for page in pages]

    def ask_all(addresses: list[str]) -> list[int]:
        return [count_statements(partial(bureau.get, address)) for address in addresses]

    few = ask_all(pages + files)
    fill(world, provider, 9)
    note(PAGE, f"activity:{case.activity_id}")
    assert ask_all(pages + files) == few
    assert max(few) <= 6


def test_no_page_and_no_file_reads_the_whole_trail(world: World) -> None:
    provider = world.provider()
    case = world.submitted(provider)
    note(300, "activity:99")
    works: list[Callable[[], object]] = [
        lambda: section(about_provider(provider.id)),
        lambda: section(about_provider(provider.id), before=200),
        lambda: section(about_provider(provider.id), after=2),
        lambda: section(about_case(case)),
    ]
    for work in works:
        plans = plans_of(work)
        assert "audit_entry" in plans
        assert not re.search(r"(SCAN|Seq Scan on) audit_entry( (?!USING)|$)", plans, re.MULTILINE), plans


def test_whatever_the_demonstration_notes_has_a_label(world: World) -> None:
    load(world.policies, clock.now())
    noted = {key for data in db.session.scalars(select(AuditEntry.data)) for key in json.loads(data)}
    assert len(noted) > 10
    assert noted <= set(LABELS)


def test_a_deleted_activity_keeps_its_logbook(world: World, bureau: Person) -> None:
    activity = world.published(world.provider())
    person = world.person(provider_identity())
    form = world.seen(Activity, activity.id) | {"number": world.number(activity)}
    person.post(f"/aanbieder/activiteiten/{activity.id}/verwijderen", form)
    db.session.rollback()
    case = db.session.scalars(select(Case)).one()
    for address in (of_case(case), of_provider(case.provider)):
        assert "Activiteit verwijderd" in " ".join(lines_of(bureau, address))
    assert "Klassenmanagement" not in bureau.get(of_provider(case.provider)).text
