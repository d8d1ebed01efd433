"""The application under judgement, and those who visit it: with a browser of their own, and able to stop half way."""

import re
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import requests
from flask import Flask
from sqlalchemy import delete, select, update

from core.access import Audience
from core.audit import AuditEntry
from core.db import db, transaction
from core.sign_in.client import Client
from core.sign_in.pages import ON_RECORD_A_MINUTE
from core.sign_in.sessions import SignInSession
from core.sign_in.throttle import Throttle
from providers.models import FormerNumber, Member, Provider
from tests.peers.open_id import Peer

AUDIENCE = {"aanbieder": "eherkenning", "commissie": "staff", "leraar": "teacher"}
CLIENT = {entrance: f"registeruur-{audience}" for entrance, audience in AUDIENCE.items()}
HOME = {"aanbieder": "/aanbieder/activiteiten", "commissie": "/commissie", "leraar": "/dossier"}
PERSON = {"aanbieder": "debrug", "commissie": "jansen", "leraar": "devries"}
FORM_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
TAG = re.compile(r"<[^>]+>")
WAIT = 20  # seconds; longer than the application may ever take
Entry = tuple[str, str, str]


@dataclass(frozen=True)
class Site:
    """The application, where it is, and its sign-in provider."""

    app: Flask
    address: str
    peer: Peer

    def forget_the_provider(self) -> None:
        """As after a restart: whatever the provider told is asked again; only our keys, which take long, stay read."""
        keys, clients = self.app.extensions["client_keys"], self.app.extensions["settings"].clients
        self.app.extensions["oidc"] = {who: Client(who.value, clients[who], keys) for who in Audience}

    def start_anew(self) -> None:
        """As after a restart, with nobody signed in and no provider known."""
        self.forget_the_provider()
        self.app.extensions["on_record"] = Throttle(ON_RECORD_A_MINUTE)
        with self.app.app_context(), transaction():
            for table in (SignInSession, FormerNumber, Member, Provider):
                db.session.execute(delete(table))

    def later(self, seconds: float) -> None:
        """Let the clients believe that so much time went by since they asked the provider for something."""
        for audience in Audience:
            client: Client = self.app.extensions["oidc"][audience]
            client._fetched_at -= seconds  # noqa: SLF001 -- nobody can wait for a minute
            client._failed_at -= seconds  # noqa: SLF001

    def entries(self) -> list[Entry]:
        """Action, object and result of all that was recorded about signing in and out, oldest first."""
        query = select(AuditEntry).where(AuditEntry.action.startswith("sign-in.")).order_by(AuditEntry.position)
        with self.app.app_context():
            return [(entry.action, entry.object, entry.result) for entry in db.session.scalars(query)]

    def sessions(self) -> list[SignInSession]:
        """The sessions that nobody ended, oldest first."""
        query = select(SignInSession).where(SignInSession.ended_at.is_(None)).order_by(SignInSession.id)
        with self.app.app_context():
            return list(db.session.scalars(query))

    def change_sessions(self, **values: Any) -> None:
        """Let all sessions be older, or otherwise than they are."""
        with self.app.app_context(), transaction():
            db.session.execute(update(SignInSession).values(**values))


class Visitor:
    """Somebody with a browser that keeps cookies; without JavaScript."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.browser = requests.Session()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.browser.close()

    def get(self, address: str, **query: str) -> requests.Response:
        """A page, after all redirects."""
        return self.browser.get(urljoin(self.site.address, address), params=query, timeout=WAIT)

    def peek(self, address: str, headers: dict[str, str] | None = None, **query: str) -> requests.Response:
        """The first answer, also when it is a redirect."""
        where = urljoin(self.site.address, address)
        return self.browser.get(where, params=query, headers=headers, timeout=WAIT, allow_redirects=False)

    def post(self, address: str, **fields: str) -> requests.Response:
        """Send a form with the token that the pages of this person carry."""
        found = FORM_TOKEN.search(self.get("/sessies").text)
        assert found, "nobody is signed in"
        return self.send(address, csrf_token=found[1], **fields)

    def send(self, address: str, **fields: str) -> requests.Response:
        """Send a form as it is given here."""
        return self.browser.post(urljoin(self.site.address, address), data=fields, timeout=WAIT)

    def sign_in(self, entrance: str, person: str = "", **query: str) -> requests.Response:
        """All the way, with the usual person when none is named."""
        return self.get(f"/inloggen/{entrance}", als=person or PERSON[entrance], **query)

    def request_to_provider(self, entrance: str, person: str = "", **query: str) -> str:
        """The address to which the application sends this browser; not followed."""
        page = self.peek(f"/inloggen/{entrance}", None, als=person or PERSON[entrance], **query)
        return page.headers["Location"]

    def follow_to_provider(self, request: str) -> str:
        """The address with which the provider sends this browser back; not followed."""
        page, back = self.peek(request), f"{self.site.address}/inloggen/"
        while not page.headers["Location"].startswith(back):
            page = self.peek(urljoin(page.url, page.headers["Location"]))
        return page.headers["Location"]

    def way_back(self, entrance: str, person: str = "", **query: str) -> str:
        """Sign in at the provider; the address with which it sends this browser back is not followed."""
        return self.follow_to_provider(self.request_to_provider(entrance, person, **query))

    def come_back(self, entrance: str, **changes: str | None) -> requests.Response:
        """Sign in at the provider, and come back with other parameters; None leaves one out."""
        return self.get(changed(self.way_back(entrance), **changes))

    def is_in(self, entrance: str) -> bool:
        """Whether the pages behind this entrance open; if they do not, they ask to sign in."""
        page = self.peek(HOME[entrance])
        assert page.status_code == 200 or page.headers["Location"].startswith(f"/inloggen/{entrance}?")
        return page.status_code == 200

    @property
    def cookie(self) -> str:
        """The session cookie of the application as it is now."""
        return next(cookie.value or "" for cookie in self.browser.cookies if cookie.name == "session")


def query_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))


def changed(address: str, **changes: str | None) -> str:
    """The address with other parameters; None leaves one out."""
    query = {name: value for name, value in (query_of(address) | changes).items() if value is not None}
    return urlsplit(address)._replace(query=urlencode(query)).geturl()


def assert_refused(  # noqa: PLR0913 -- what may differ between refusals
    visitor: Visitor,
    page: requests.Response,
    entrance: str,
    code: str = "sign-in-token-refused",
    *,
    status: int = 403,
    says: str = "",
    sessions: int = 0,
) -> None:
    """The person is told what to do, stays outside, and the refusal is on record with its own code."""
    told = " ".join(TAG.sub(" ", page.text.split("<main", 1)[-1]).split())
    assert page.status_code == status, told
    assert f'<a class="btn" href="/inloggen/{entrance}">Opnieuw inloggen</a>' in page.text, told
    assert says in told
    assert visitor.site.entries()[-1] == ("sign-in.refused", f"account:{AUDIENCE[entrance]}", code)
    assert len(visitor.site.sessions()) == sessions
    assert not visitor.is_in(entrance)
