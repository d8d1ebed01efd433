"""The provider's list as this person saw it last: filter, words, order and page. The session keeps it."""

from collections.abc import Mapping
from typing import Any

from flask import session, url_for

KEY = "list"


def remember(arguments: Mapping[str, Any]) -> None:
    """What the address of the list said; the plain list is not worth keeping."""
    if arguments:
        session[KEY] = dict(arguments)
    else:
        session.pop(KEY, None)


def address() -> str:
    """Where the way back leads."""
    return url_for("own_list.activity_list", **session.get(KEY, {}))
