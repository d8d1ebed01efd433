import errno
import json
from collections.abc import Callable

import pytest

from core.access import Role, open_to
from core.errors import StaleVersion
from tests.world import World, provider_identity


def broken() -> str:
    raise RuntimeError("geheim: SELECT * FROM provider")


def stale() -> str:
    raise StaleVersion


def full() -> str:
    raise OSError(errno.ENOSPC, "No space left on device", "geheim.db")


@pytest.mark.parametrize(
    ("view", "status", "code"), [(broken, 500, "fault"), (stale, 409, "stale-version"), (full, 507, "disk-full")]
)
def test_a_person_gets_a_page_and_a_program_gets_problem_json(
    world: World, view: Callable[[], str], status: int, code: str
) -> None:
    views, endpoint = world.app.view_functions, "search.search_page"
    before = views[endpoint]
    views[endpoint] = open_to(Role.ANYONE)(view)
    try:
        page = world.person().get("/zoeken")
        answer = world.person().client.get("/zoeken", headers={"Accept": "application/json"})
    finally:
        views[endpoint] = before
    assert page.status_code == answer.status_code == status
    assert page.mimetype == "text/html"
    assert answer.mimetype == "application/problem+json"
    problem = json.loads(answer.text)
    assert problem["code"] == code
    assert {"type", "status", "title", "detail"} <= set(problem)
    assert "geheim" not in page.text + answer.text


def test_an_unknown_address_says_so(world: World) -> None:
    response = world.person().get("/bestaat-niet")
    assert response.status_code == 404
    assert "Pagina niet gevonden" in response.text


def test_the_wrong_method_names_the_right_one(world: World) -> None:
    response = world.person().get("/uitloggen")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


def test_a_form_that_is_too_large_is_refused_calmly_and_a_large_one_is_not(world: World) -> None:
    world.provider()
    person = world.person(provider_identity())
    address = "/aanbieder/activiteiten/nieuw"
    assert person.post(address, {"goal": "x" * 2_100_000}).status_code == 413
    texts = ("description", "goal", "programme", "planning", "self_study_account", "closing_test", "prior_knowledge")
    assert person.post(address, dict.fromkeys(texts, "é" * 20_000)).status_code == 303
