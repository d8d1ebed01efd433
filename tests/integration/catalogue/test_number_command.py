import pytest

from catalogue.recognitions import draw_number
from tests.world import World


def test_a_whole_number_is_confirmed_in_any_notation(world: World) -> None:
    number = draw_number()
    result = world.run("numbers", "check", f"{number[:4]}\u2013{number[4:]}".lower())
    assert (result.exit_code, result.output) == (0, f"{number[:4]}-{number[4:]} klopt.\n")


@pytest.mark.parametrize(
    ("number", "why"), [("7K3F", "8 tekens"), ("OOOOOOO1", "komen niet voor"), ("22222222", "controleteken")]
)
def test_a_wrong_number_says_why(world: World, number: str, why: str) -> None:
    result = world.run("numbers", "check", number)
    assert result.exit_code == 1
    assert why in result.output
