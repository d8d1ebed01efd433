"""The description is valid, keeps the design rules of the government, and whatever is asked answers as it says."""

import contextvars
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate
from schemathesis.checks import positive_data_acceptance

from api.document import operations
from api.sending import VERSION
from tests.databases import Database
from tests.world import COMPLETE, World

OPERATIONS = ["/activiteiten", "/activiteiten/{nummer}", "/aanbieders/{kvkNummer}"]
# No description can say which parameters go together.
UNSAYABLE = [positive_data_acceptance]
ENOUGH = settings(
    max_examples=150,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much, HealthCheck.too_slow],
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def served(request: pytest.FixtureRequest, databases: dict[str, Database]) -> Iterator[World]:
    """A register with something in it."""
    database = databases[request.param]
    database.reset()
    with database.app.app_context():
        world = World(database.app)
        provider = world.provider()
        for _ in range(3):
            world.published(provider, COMPLETE)
        yield world


@pytest.fixture(scope="module")
def numbers(served: World) -> list[str]:
    found = served.person().read("/api/v1/activiteiten")
    return [activity["nummer"] for activity in found["activiteiten"]]


@pytest.fixture(scope="module")
def description(served: World) -> dict[str, Any]:
    return served.person().read("/api/v1/openapi.json")


def called(schema: Any, case: Any) -> None:
    """Ask in a context of its own, as a server would, and hold the answer against the description."""
    response = contextvars.Context().run(case.call)
    case.validate_response(response, excluded_checks=UNSAYABLE)
    assert response.headers["api-version"] == [VERSION]


@pytest.mark.parametrize("path", OPERATIONS)
def test_whatever_is_asked_answers_as_described(served: World, numbers: list[str], path: str) -> None:
    schema = contextvars.Context().run(schemathesis.openapi.from_wsgi, "/api/v1/openapi.json", served.app)
    known = {"nummer": st.sampled_from(numbers), "kvkNummer": st.just("90100011")}

    @ENOUGH
    @given(case=schema[path]["GET"].as_strategy(), real=st.fixed_dictionaries(known), is_real=st.booleans())
    def ask(case: Any, real: dict[str, str], *, is_real: bool) -> None:
        if is_real and case.path_parameters:
            case.path_parameters = {name: real[name] for name in case.path_parameters}
        called(schema, case)

    ask()


def test_it_is_valid_openapi(description: dict[str, Any]) -> None:
    validate(description)
    assert description["openapi"].startswith("3.1")
    assert sorted(description["paths"]) == sorted(OPERATIONS)


def test_it_keeps_the_design_rules(description: dict[str, Any]) -> None:
    """NLGov REST API Design Rules 2.1 and 2.2, those that its linter tests."""
    info = description["info"]
    assert {"name", "email", "url"} <= set(info["contact"])
    assert re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", info["version"])
    assert all(server["url"].endswith("/v1") for server in description["servers"])
    for path, method, operation in operations(description):
        assert re.fullmatch(r"(/([a-z0-9-]+|\{[a-zA-Z]+\}))+", path)
        assert method == "get"
        _keeps_the_rules(operation)


def _keeps_the_rules(operation: dict[str, Any]) -> None:
    assert operation["operationId"]
    assert "400" in operation["responses"]
    for parameter in operation["parameters"]:
        if parameter["in"] != "header":
            assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", parameter["name"])
    for status, response in operation["responses"].items():
        assert "API-Version" in response["headers"]
        if status >= "400":
            assert set(response["content"]) == {"application/problem+json"}


def test_fields_are_in_camel_case_and_days_have_their_format(description: dict[str, Any]) -> None:
    for name, schema in description["components"]["schemas"].items():
        assert re.fullmatch(r"([A-Z][a-z]+)+", name)
        for field, told in schema["properties"].items():
            assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", field)
            if field.endswith(("datum", "Op", "Vanaf")):
                assert told["format"] in {"date", "date-time"}


def test_people_read_the_same(served: World, description: dict[str, Any]) -> None:
    page = served.person().get("/api").text
    for path in OPERATIONS:
        assert f"<code>GET {path}</code>" in page
    for schema in description["components"]["schemas"].values():
        for field in schema["properties"]:
            assert f"<code>{field}</code>" in page
