"""What somebody did a moment ago and can take back with one button; the session keeps it until the page is shown."""

from collections.abc import Mapping
from typing import Any

from flask import session

KEY = "undo"


def offer(activity_id: int, done: str, typed: Mapping[str, str]) -> None:
    """`done` says what happened; `typed` is what somebody would type into the same form to have it as it was."""
    session[KEY] = {"activity_id": activity_id, "done": done, "typed": dict(typed)}


def offered(activity_id: int) -> dict[str, Any] | None:
    """What can be taken back of this activity; it is offered once."""
    found: dict[str, Any] = session.pop(KEY, {})
    return found if found.get("activity_id") == activity_id else None
