import json
from dataclasses import replace

import pytest

from core.policy import Length, TermRule, TermUnit
from tests.world import World

CHECK = TermRule(Length(10, TermUnit.WORKING_DAYS), ())


@pytest.mark.parametrize("procedure", ["admission", "validation", "objection"])
def test_every_procedure_of_the_first_register_is_explained(world: World, procedure: str) -> None:
    result = world.run("terms", "explain", "2026-11-22", "--procedure", procedure)
    assert result.exit_code == 0
    assert result.output.startswith("ontvangen 22 november 2026; ")


def test_a_procedure_of_another_register_is_explained(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    policies = world.policies
    policy = replace(policies.all[0], terms={**policies.all[0].terms, "completeness-check": CHECK})
    monkeypatch.setitem(world.app.extensions, "policies", replace(policies, all=(policy,)))
    result = world.run("terms", "explain", "2026-11-23", "--procedure", "completeness-check", "--json")
    assert json.loads(result.output)["sum"] == "ontvangen 23 november 2026; 10 werkdagen + 4 weekend = 7 december 2026"


def test_an_unknown_procedure_is_named_with_those_that_are_known(world: World) -> None:
    result = world.run("terms", "explain", "2026-11-22", "--procedure", "renewal")
    assert result.exit_code == 2
    assert "has no 'renewal', only admission, objection, validation" in result.output


def test_an_extension_is_explained_where_there_is_one(world: World) -> None:
    result = world.run("terms", "explain", "2026-10-30", "--procedure", "validation", "--extended")
    assert result.exit_code == 0
    assert "; 42 dagen + 14 verdaging + 16 kerstvakantie + 1 weekend = 11 januari 2027" in result.output


def test_an_extension_that_the_policy_does_not_know_is_refused(world: World) -> None:
    result = world.run("terms", "explain", "2026-11-22", "--procedure", "admission", "--extended")
    assert result.exit_code == 2
    assert "lerarenregister-2026-01-01 has no extension for admission" in result.output
