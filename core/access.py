"""Who may enter. Every route declares it; a route that declares nothing is closed for everybody."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, current_app, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from core.audit import Actor
from core.errors import Forbidden, NotFound, SignedOut
from core.requests import wants_json

DECLARED = "open_to"
ADMINISTRATORS_ONLY = "Alleen een beheerder van uw organisatie kan dit. Op de pagina Medewerkers staat wie dat is."
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
    ADMINISTRATOR = "administrator"
    COMMITTEE = "committee"
    CHAIR = "chair"
    BUREAU = "bureau"
    TEACHER = "teacher"


AUDIENCE_OF = {
    Role.PROVIDER: Audience.EHERKENNING,
    Role.ADMINISTRATOR: Audience.EHERKENNING,
    Role.COMMITTEE: Audience.STAFF,
    Role.CHAIR: Audience.STAFF,
    Role.BUREAU: Audience.STAFF,
    Role.TEACHER: Audience.TEACHER,
}
SIGNED_IN = tuple(AUDIENCE_OF)  # for the pages of everybody who is somebody here
ENTRANCE = {Audience.EHERKENNING: "aanbieder", Audience.STAFF: "commissie", Audience.TEACHER: "leraar"}


@dataclass(frozen=True, kw_only=True)
class Identity:
    """A signed-in person. For providers `kvk_number` is the represented company and `branch` its bound branch or ''.

    `intermediary` is the KvK number of a company that acts for the represented one (ketenmachtiging), `level` how sure
    the sign-in was. An administrator is a provider's member who may also change what the provider itself is. `email` is
    that of the staff, when the sign-in tells it.
    """

    audience: Audience
    subject: str
    name: str
    roles: frozenset[Role]
    kvk_number: str = ""
    branch: str = ""
    intermediary: str = ""
    level: str = ""
    email: str = ""

    @property
    def account_key(self) -> str:
        """Legal subject + branch + acting subject: one person acting for two companies is two accounts."""
        return f"{self.audience}:{self.kvk_number}:{self.branch}:{self.subject}"

    @property
    def actor(self) -> Actor:
        """How the audit trail names this person."""
        return Actor(self.account_key, "page")


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


def is_administrator() -> bool:
    """Whether the signed-in member may change what the provider is."""
    identity = current_identity()
    return bool(identity and Role.ADMINISTRATOR in identity.roles)


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
        raise _not_enough(roles)
    return _shown_in(roles)


def _shown_in(roles: frozenset[Role]) -> Response:
    """To the entrance. Raises `SignedOut` for who cannot go there."""
    if wants_json():
        raise SignedOut
    audiences = {AUDIENCE_OF[role] for role in roles}
    if len(audiences) > 1:  # a page of everybody who is signed in: nobody can tell at which entrance
        flash("Log eerst in.", "info")
        return redirect(url_for("search.search_page"), 303)
    return redirect(entrance_of(audiences.pop(), _way_back()), 303)


def _not_enough(roles: frozenset[Role]) -> Forbidden:
    """The person belongs here, but lacks the role; an editor learns who has it."""
    if roles != {Role.ADMINISTRATOR}:
        return Forbidden()
    refused = Forbidden(ADMINISTRATORS_ONLY)
    refused.link = (url_for("members.member_list"), "Naar de medewerkers")
    return refused


def entrance_of(audience: Audience, way_back: str | None) -> str:
    """Where these people sign in, and come back from."""
    return url_for("sign_in.start", entrance=ENTRANCE[audience], naar=way_back)


def _way_back() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None


def init_access(app: Flask) -> None:
    """Guard every route; Flask's own route for static files is open."""
    open_to(Role.ANYONE)(app.view_functions["static"])
    app.before_request(guard)
