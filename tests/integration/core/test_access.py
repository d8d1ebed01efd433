import pytest
from flask import Flask
from werkzeug.test import TestResponse

from core.access import Identity, Role, roles_of
from tests.world import Person, World, member_identity, provider_identity, teacher_identity

PEOPLE = {
    Role.PROVIDER: provider_identity(),
    Role.COMMITTEE: member_identity(),
    Role.BUREAU: member_identity("bakker", Role.BUREAU),
    Role.TEACHER: teacher_identity(),
}


def addresses(app: Flask) -> list[tuple[str, str, str]]:
    """Every route with one method, filled with ids that do not exist."""
    found = []
    for rule in app.url_map.iter_rules():
        arguments = {name: "999999" if name != "entrance" else "aanbieder" for name in rule.arguments}
        address = app.url_map.bind("localhost").build(rule.endpoint, arguments, force_external=False)
        method = "POST" if "POST" in (rule.methods or ()) and "GET" not in (rule.methods or ()) else "GET"
        found.append((rule.endpoint, method, address))
    return found


def test_every_route_declares_who_may_enter(app: Flask) -> None:
    assert [endpoint for endpoint in app.view_functions if not roles_of(endpoint)] == []


def test_an_undeclared_route_is_closed_for_everybody(world: World) -> None:
    endpoint = "search.search_page"
    view = world.app.view_functions[endpoint]
    world.app.view_functions[endpoint] = lambda: "open"
    try:
        assert world.person(PEOPLE[Role.COMMITTEE]).get("/zoeken").status_code == 404
    finally:
        world.app.view_functions[endpoint] = view


def visit(person: Person, method: str, address: str) -> TestResponse:
    return person.get(address) if method == "GET" else person.post(address)


def test_nobody_enters_where_they_do_not_belong(world: World) -> None:
    world.provider()
    people: list[tuple[Role | None, Identity | None]] = [(None, None), *PEOPLE.items()]
    for endpoint, method, address in addresses(world.app):
        roles = roles_of(endpoint)
        for role, identity in people:
            if Role.ANYONE in roles or role in roles:
                continue
            response = visit(world.person(identity), method, address)
            turned_away = response.status_code == 403 or (
                response.status_code == 303 and "/inloggen/" in response.headers["Location"]
            )
            assert turned_away, (role, endpoint, response.status_code)


def test_somebody_who_is_not_signed_in_returns_to_where_they_wanted_to_be(world: World) -> None:
    response = world.person().get("/commissie?wie=mine")
    assert response.headers["Location"] == "/inloggen/commissie?naar=/commissie?wie%3Dmine"


def test_a_form_without_its_token_is_refused(world: World) -> None:
    world.provider()
    person = world.person(provider_identity())
    response = person.client.post("/aanbieder/kwaliteit", data={"requirement": "kvk"})
    assert response.status_code == 400
    assert "niets bewaard" in response.text


@pytest.mark.parametrize("address", ["/", "/zoeken", "/aanbieder", "/nergens", "/health/live", "/dev"])
def test_every_answer_carries_the_safety_headers(world: World, address: str) -> None:
    headers = world.person().get(address).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
