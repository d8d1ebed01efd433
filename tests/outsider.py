"""Somebody outside, who has a file of the audit trail and docs/audit.md, and none of our code."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

GUIDE = Path("docs/audit.md").read_text()


def block_of(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def _taught() -> Callable[[dict[str, str]], str]:
    names: dict[str, Any] = {}
    exec(block_of("python"), names)  # noqa: S102 -- what the guide says is what is tested
    taught: Callable[[dict[str, str]], str] = names["hash_of"]
    return taught


hash_of = _taught()
