"""The public pages as search engines, feed readers, browsers and caches read them."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from catalogue.deleting import delete_for_ever
from catalogue.edition_facts import EditionFacts
from catalogue.editions import add_edition
from catalogue.models import Activity
from catalogue.numbers import shown
from catalogue.publication import set_period
from core import clock
from core.db import db, transaction
from tests.statements import count_statements
from tests.world import ACTOR, COMPLETE, POLICY, Person, World, teacher_identity, text_of

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
BASE = "http://127.0.0.1:8000"
LINKED = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


@pytest.fixture
def anyone(world: World) -> Person:
    return world.person()


@pytest.fixture
def activity(world: World) -> Activity:
    return world.published(world.provider(), replace(COMPLETE, title="Rekenen </script> & taal"))


def parsed(person: Person, address: str) -> ET.Element:
    response = person.get(address)
    assert response.status_code == 200
    return ET.fromstring(response.data)  # noqa: S314 -- our own


def linked(person: Person, address: str) -> dict[str, Any]:
    (found,) = LINKED.findall(person.get(address).text)
    data: dict[str, Any] = json.loads(found)
    return data


def end_it(activity: Activity) -> None:
    with transaction():
        yesterday = clock.today() - timedelta(days=1)
        set_period(db.session.get_one(Activity, activity.id), None, yesterday, by=ACTOR, now=clock.now())


def test_the_page_of_an_activity_is_linked_data(world: World, anyone: Person, activity: Activity) -> None:
    number, day = world.number(activity), clock.today() + timedelta(days=30)
    facts = EditionFacts(
        starts_on=day, ends_on=day, is_online=False, place="Utrecht", language="nl", price_in_cents=12550,
        registration_link="https://debrug.example/aanmelden",
    )  # fmt: skip
    with transaction():
        add_edition(db.session.get_one(Activity, activity.id), facts, policy=POLICY, by=ACTOR, now=clock.now())
    course = linked(anyone, f"/activiteiten/{number}")
    assert course["@type"] == "Course"
    assert course["name"] == "Rekenen </script> & taal"
    assert course["courseCode"] == shown(number)
    assert course["provider"]["@id"] == f"{BASE}/aanbieders/90100011"
    (instance,) = course["hasCourseInstance"]
    assert instance["startDate"] == day.isoformat()
    assert instance["offers"] == {
        "@type": "Offer", "price": 125.5, "priceCurrency": "EUR", "url": "https://debrug.example/aanmelden"
    }  # fmt: skip
    assert linked(anyone, "/aanbieders/90100011")["@type"] == "Organization"


def test_an_address_is_named_once(world: World, anyone: Person, activity: Activity) -> None:
    number = world.number(activity)
    moved = anyone.get(f"/activiteiten/{shown(number).lower()}")
    assert (moved.status_code, moved.location) == (301, f"/activiteiten/{number}")
    assert f'<link rel="canonical" href="{BASE}/activiteiten/{number}">' in anyone.get(f"/activiteiten/{number}").text
    assert '<link rel="canonical"' in anyone.get("/zoeken").text
    found = anyone.get("/zoeken", q="rekenen").text
    assert '<link rel="canonical"' not in found
    assert '<meta name="robots" content="noindex, follow">' in found


def test_what_is_over_or_gone_is_no_longer_offered_to_search_engines(
    world: World, anyone: Person, activity: Activity
) -> None:
    number = world.number(activity)
    end_it(activity)
    page = anyone.get(f"/activiteiten/{number}").text
    assert '<meta name="robots" content="noindex">' in page
    assert not LINKED.search(page)
    assert number not in anyone.get("/sitemap-1.xml").text
    assert number not in anyone.get("/nieuw.atom").text
    with transaction():
        delete_for_ever(db.session.get_one(Activity, activity.id), number, by=ACTOR, now=clock.now())
    assert anyone.get(f"/activiteiten/{number}").status_code == 410
    assert anyone.get(f"/activiteiten/{number}/qr.svg").status_code == 404


def test_a_feed_tells_what_is_new(world: World, anyone: Person, activity: Activity) -> None:
    other = world.published(world.provider("90100022"), replace(COMPLETE, title="Zingen", type="studiedag"))
    feed = parsed(anyone, "/nieuw.atom")
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert titles == ["Zingen", "Rekenen </script> & taal"]
    for name in ("id", "title", "updated"):
        assert feed.findtext(f"{ATOM}{name}")
        assert all(entry.findtext(f"{ATOM}{name}") for entry in feed.iter(f"{ATOM}entry"))
    (entry,) = parsed(anyone, "/nieuw.atom?type=studiedag&aanbieder=90100022").iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"{BASE}/activiteiten/{world.number(other)}"
    assert not list(parsed(anyone, "/nieuw.atom?sector=mbo").iter(f"{ATOM}entry"))
    assert parsed(anyone, "/nieuw.atom?kleur=rood").findtext(f"{ATOM}id") == f"{BASE}/nieuw.atom"
    assert anyone.get("/nieuw.atom?sector=PO").status_code == 404


def test_a_map_names_every_page(world: World, anyone: Person, activity: Activity) -> None:
    (part,) = [found.text or "" for found in parsed(anyone, "/sitemap.xml").iter(f"{MAP}loc")]
    found = parsed(anyone, part.removeprefix(BASE))
    pages = ["/zoeken", "/onderwerpen", "/aanbieders/90100011", f"/activiteiten/{world.number(activity)}"]
    assert [place.text for place in found.iter(f"{MAP}loc")] == [BASE + page for page in pages]
    assert [day.text for day in found.iter(f"{MAP}lastmod")] == [clock.now().date().isoformat()]
    assert anyone.get("/sitemap-2.xml").status_code == 404
    assert f"Sitemap: {BASE}/sitemap.xml" in anyone.get("/robots.txt").text


def test_browsers_can_search_it(anyone: Person) -> None:
    found = parsed(anyone, "/opensearch.xml")
    templates = [url.attrib["template"] for url in found.iter() if url.tag.endswith("Url")]
    assert f"{BASE}/zoeken?q={{searchTerms}}" in templates
    assert 'type="application/opensearchdescription+xml"' in anyone.get("/zoeken").text


def test_a_qr_code_is_a_picture_of_the_address(world: World, anyone: Person, activity: Activity) -> None:
    number = world.number(activity)
    response = anyone.get(f"/activiteiten/{shown(number)}/qr.svg")
    assert response.mimetype == "image/svg+xml"
    assert b'xmlns="http://www.w3.org/2000/svg"' in response.data
    assert response.data == anyone.get(f"/activiteiten/{number}/qr.svg").data
    assert f'src="/activiteiten/{number}/qr.svg"' in anyone.get(f"/activiteiten/{number}").text


def test_subjects_and_types_lead_to_their_activities(world: World, anyone: Person, activity: Activity) -> None:
    world.published(world.provider("90100022"), replace(COMPLETE, title="Zingen", type="studiedag", subject="Muziek"))
    page = anyone.get("/onderwerpen")
    assert "Cursus (1)" in text_of(page)
    assert "Muziek (1)" in text_of(page)
    assert 'href="/zoeken?vakgebied=Muziek"' in page.text
    assert "Zingen" in anyone.get("/zoeken?vakgebied=Muziek").text
    assert count_statements(lambda: anyone.get("/onderwerpen")) == 2


@pytest.fixture
def addresses(world: World, activity: Activity) -> list[str]:
    number = world.number(activity)
    return [f"/activiteiten/{number}", "/aanbieders/90100011", "/onderwerpen", "/nieuw.atom", "/sitemap.xml", "/zoeken"]


def test_whoever_keeps_a_page_asks_whether_it_changed(
    world: World, anyone: Person, activity: Activity, addresses: list[str]
) -> None:
    for address in addresses:
        first = anyone.get(address)
        assert first.cache_control.public
        again = anyone.client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    kept = anyone.get(addresses[0]).headers["ETag"]
    end_it(activity)
    assert anyone.client.get(addresses[0], headers={"If-None-Match": kept}).status_code == 200


def test_what_names_somebody_is_kept_by_nobody(world: World, addresses: list[str]) -> None:
    teacher = world.person(teacher_identity())
    for address in addresses:
        response = teacher.get(address)
        assert response.headers["Cache-Control"] == "no-store"
        assert "ETag" not in response.headers
