"""Who may enter. Every route declares it; a route that declares nothing is closed for everybody."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from core.audit import Actor
from core.errors import Forbidden, NotFound, Refusal

DECLARED = "open_to"
View = TypeVar("View", bound=Callable[..., Any])


class Audience(StrEnum):
    """The three entrances, each with its own sign-in."""

    EHERKENNING = "eherkenning"
    STAFF = "staff"
    TEACHER = "teacher"


class Role(StrEnum):
    """What a person is here for. The words are those of the staff claim where one exists."""

    ANYONE = "anyone"
    PROVIDER = "provider"
    COMMITTEE = "committee"
    BUREAU = "bureau"
    TEACHER = "teacher"


AUDIENCE_OF = {
    Role.PROVIDER: Audience.EHERKENNING,
    Role.COMMITTEE: Audience.STAFF,
    Role.BUREAU: Audience.STAFF,
    Role.TEACHER: Audience.TEACHER,
}
ENTRANCE = {Audience.EHERKENNING: "aanbieder", Audience.STAFF: "commissie", Audience.TEACHER: "leraar"}


@dataclass(frozen=True, kw_only=True)
class Identity:
    """A signed-in person. For providers `kvk_number` is the represented company and `branch` its bound branch or ''."""

    audience: Audience
    subject: str
    name: str
    roles: frozenset[Role]
    kvk_number: str = ""
    branch: str = ""

    @property
    def account_key(self) -> str:
        """Legal subject + branch + acting subject: one person acting for two companies is two accounts."""
        return f"{self.audience}:{self.kvk_number}:{self.branch}:{self.subject}"

    @property
    def actor(self) -> Actor:
        """How the audit trail names this person."""
        return Actor(self.account_key, "page")


class SessionEnded(Refusal):
    """The person sent a form after the session had ended."""

    code = "session-ended"
    status = HTTPStatus.FORBIDDEN

    def __init__(self, sign_in_address: str) -> None:
        self.sign_in_address = sign_in_address
        super().__init__("U was te lang niet actief en bent uitgelogd. Er is niets bewaard.")


def open_to(*roles: Role) -> Callable[[View], View]:
    """Declare who may use a route; holding one of the roles is enough."""

    def declare(view: View) -> View:
        setattr(view, DECLARED, frozenset(roles))
        return view

    return declare


def roles_of(endpoint: str) -> frozenset[Role]:
    """The roles that a route declared; empty means closed."""
    declared: frozenset[Role] = getattr(current_app.view_functions[endpoint], DECLARED, frozenset())
    return declared


def current_identity() -> Identity | None:
    """The signed-in person of this request, if any."""
    identity: Identity | None = g.get("identity")
    return identity


def signed_in() -> Identity:
    """The signed-in person, where the route already made sure that there is one."""
    identity = current_identity()
    if identity is None:
        raise Forbidden
    return identity


def guard() -> Response | None:
    """Refuse before the view runs; send somebody who is not signed in to the right entrance."""
    if request.endpoint is None:
        return None  # Flask answers an unknown address itself
    roles = roles_of(request.endpoint)
    if not roles:
        raise NotFound
    identity = current_identity()
    if Role.ANYONE in roles or (identity and identity.roles & roles):
        return None
    if identity and identity.audience in {AUDIENCE_OF[role] for role in roles}:
        raise Forbidden
    address = url_for("sign_in.start", entrance=ENTRANCE[AUDIENCE_OF[min(roles)]], naar=_way_back())
    if request.method == "POST" and g.get("session_ended"):
        raise SessionEnded(address)  # what was typed must not be lost
    return redirect(address, 303)


def _way_back() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None


def init_access(app: Flask) -> None:
    """Guard every route; Flask's own route for static files is open."""
    open_to(Role.ANYONE)(app.view_functions["static"])
    app.before_request(guard)
