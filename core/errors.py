"""What the domain may refuse. No Flask, no database: `core.problems` turns these into answers."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any


class Refusal(Exception):  # noqa: N818 -- a refusal is an outcome of a rule, not a fault
    """A rule said no. `code` is stable and meant for programs, the text is Dutch and meant for people."""

    code: str = "refused"
    status: HTTPStatus = HTTPStatus.CONFLICT
    title: str = ""  # of the page; empty means the usual one for the status
    link: tuple[str, str] | None = None  # the address and the words of what to do next
    members: Mapping[str, Any] = {}  # what a program is told beside the text

    @property
    def detail(self) -> str:
        """The sentence for the person: what is the matter and what to do."""
        return str(self)


class NotFound(Refusal):
    """There is no such thing, or not for this person: the answer is the same."""

    code = "not-found"
    status = HTTPStatus.NOT_FOUND

    def __init__(self, why: str = "") -> None:
        super().__init__(why or "Deze pagina bestaat niet, of u hebt er geen toegang toe.")


class Forbidden(Refusal):
    """The person is known and may not do this."""

    code = "forbidden"
    status = HTTPStatus.FORBIDDEN

    def __init__(self, why: str = "") -> None:
        super().__init__(why or "U hebt geen toegang tot deze pagina met deze inlog.")


class SignedOut(Refusal):
    """Nobody is signed in; told to scripts and programs, as people are sent to the entrance."""

    code = "signed-out"
    status = HTTPStatus.UNAUTHORIZED
    title = "U bent uitgelogd"

    def __init__(self) -> None:
        super().__init__("Log opnieuw in.")


class StaleVersion(Refusal):
    """Somebody else changed it since this person opened it."""

    code = "stale-version"

    def __init__(self) -> None:
        super().__init__("Iemand anders heeft dit intussen gewijzigd. Open de pagina opnieuw en probeer het nog eens.")
