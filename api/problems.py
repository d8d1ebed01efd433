"""How a program is told what is wrong with its question: every fault at once, with status 400 (RFC 9457)."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, NoReturn

from marshmallow import RAISE, ValidationError
from webargs.flaskparser import FlaskParser

from core.errors import Refusal


class WrongQuestion(Refusal):
    """Something in the address cannot be understood."""

    code = "wrong-question"
    status = HTTPStatus.BAD_REQUEST
    title = "Deze vraag klopt niet"

    def __init__(self, faults: Mapping[str, list[str]]) -> None:
        self.members = {"errors": list(_errors(faults))}
        super().__init__("In `errors` staat per parameter wat er niet klopt. Verbeter alles en probeer het opnieuw.")


class SearchAway(Refusal):
    """Words cannot be looked for now, and half an answer would look like a whole one."""

    code = "search-away"
    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self) -> None:
        super().__init__("Zoeken op woorden kan nu niet. Probeer het over een minuut opnieuw, of zoek op nummer.")


class Parser(FlaskParser):
    """Reads questions; what does not fit is refused in the same form as everything else."""

    DEFAULT_VALIDATION_STATUS = HTTPStatus.BAD_REQUEST
    DEFAULT_UNKNOWN_BY_LOCATION = {"query": RAISE}

    def handle_error(self, error: ValidationError, *_: Any, **__: Any) -> NoReturn:
        """Called by webargs with the faults by place and name."""
        faults = error.messages_dict.get("query", error.messages_dict)
        raise WrongQuestion(faults) from None


def _errors(faults: Mapping[str, list[str]]) -> Iterator[dict[str, Any]]:
    for name, messages in sorted(faults.items()):
        for message in messages:
            yield {"in": "query", "location": {"name": name}, "detail": message}
