"""What somebody did a moment ago and can take back with one button; the session keeps it until the page is shown."""

from collections.abc import Mapping
from typing import Any

from flask import session

KEY = "undo"
PERIOD, EDITION = "period", "edition"  # what was changed


def offer(what: str, activity_id: int, done: str, typed: Mapping[str, str]) -> None:
    """`done` says what happened; `typed` is what somebody would type into the same form to have it as it was."""
    session[KEY] = {"what": what, "activity_id": activity_id, "done": done, "typed": dict(typed)}


def offered(what: str, activity_id: int) -> dict[str, Any] | None:
    """What can be taken back on this page of an activity; it is offered once."""
    found: dict[str, Any] = session.pop(KEY, {})
    return found if (found.get("what"), found.get("activity_id")) == (what, activity_id) else None
