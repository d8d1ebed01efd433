"""How a file of rules says what is wrong with it."""

from collections.abc import Iterator
from typing import Any

from marshmallow.exceptions import SCHEMA


class WrongPolicy(Exception):  # noqa: N818 -- the message lists all that is wrong
    """A file of rules does not fit; the text names the file and every place in it."""


def places(messages: Any, at: str = "") -> Iterator[str]:
    """The faults of a schema, each with the dotted place where it is."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from places(inner, at if key == SCHEMA else f"{at}.{key}" if at else str(key))
    else:
        yield f"{at}: {' '.join(messages)}"
