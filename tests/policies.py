"""The rules of a register that decides otherwise: the shipped policy with some lines changed."""

import shutil
from pathlib import Path

import pytest

from core.policy import Policies
from core.policy.loading import load_policies
from tests.world import World

SHIPPED = Path("policies")
NAME = "lerarenregister-2026-01-01.toml"


def rules_with(folder: Path, *changes: tuple[str, str]) -> Policies:
    """Every change replaces a text that must be there."""
    shutil.copytree(SHIPPED, folder, dirs_exist_ok=True)
    text = (folder / NAME).read_text("utf-8")
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    (folder / NAME).write_text(text, "utf-8")
    return load_policies(folder)


def under_rules(world: World, patch: pytest.MonkeyPatch, folder: Path, *changes: tuple[str, str]) -> None:
    """From now on this register decides by the changed policy."""
    patch.setitem(world.app.extensions, "policies", rules_with(folder, *changes))
