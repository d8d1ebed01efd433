import pytest
from flask import Flask

from core.access import roles_of
from tests.world import World, member_identity, provider_identity


def test_every_route_declares_who_may_enter(app: Flask) -> None:
    assert [endpoint for endpoint in app.view_functions if not roles_of(endpoint)] == []


def test_an_undeclared_route_is_closed_for_everybody(world: World) -> None:
    endpoint = "search.search_page"
    view = world.app.view_functions[endpoint]
    world.app.view_functions[endpoint] = lambda: "open"
    try:
        assert world.person(member_identity()).get("/zoeken").status_code == 404
    finally:
        world.app.view_functions[endpoint] = view


def test_somebody_who_is_not_signed_in_returns_to_where_they_wanted_to_be(world: World) -> None:
    response = world.person().get("/commissie?wie=mine")
    assert response.headers["Location"] == "/inloggen/commissie?naar=/commissie?wie%3Dmine"


def test_a_form_without_its_token_is_refused(world: World) -> None:
    world.provider()
    person = world.person(provider_identity())
    response = person.client.post("/aanbieder/kwaliteit", data={"requirement": "kvk"})
    assert response.status_code == 400
    assert "niets bewaard" in response.text


@pytest.mark.parametrize(
    ("referrer", "leads"),
    [("http://localhost/aanbieder/kwaliteit?a=1", True), ("https://x.example/aanbieder", False), ("", False)],
)
def test_the_page_of_a_form_without_its_token_is_one_click_away(world: World, referrer: str, leads: bool) -> None:
    response = world.person().client.post("/aanbieder/kwaliteit", headers={"Referer": referrer})
    assert ('href="/aanbieder/kwaliteit?a=1">De pagina opnieuw openen' in response.text) is leads
    assert "x.example" not in response.text


@pytest.mark.parametrize("address", ["/", "/zoeken", "/aanbieder", "/nergens", "/health/live", "/dev"])
def test_every_answer_carries_the_safety_headers(world: World, address: str) -> None:
    headers = world.person().get(address).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
