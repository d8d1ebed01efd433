"""Sessions on the server: the cookie holds a random token, the database holds its hash and who it is."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, String, delete, update
from sqlalchemy.orm import Mapped, mapped_column

from core.access import Audience, Identity, Role
from core.db import Base, UtcDateTime, db

TOUCH = timedelta(minutes=1)  # how stale `seen_at` may be: not every page view is worth a write


class SignInSession(Base):
    """One signed-in browser."""

    __tablename__ = "sign_in_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    identity: Mapped[dict[str, Any]] = mapped_column(JSON)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class Lifetime:
    """How long a session lasts without use, and at most."""

    idle: timedelta
    most: timedelta


@dataclass(frozen=True)
class Found:
    """A session that is still good, and whether its last use should be noted."""

    identity: Identity
    is_stale: bool


def start(identity: Identity, now: datetime, lifetime: Lifetime) -> str:
    """Begin a session and clear away those that ended; returns the token for the cookie, which is stored nowhere."""
    db.session.execute(delete(SignInSession).where(SignInSession.started_at < now - lifetime.most))
    token = secrets.token_urlsafe(32)
    data = {
        "audience": identity.audience,
        "subject": identity.subject,
        "name": identity.name,
        "roles": sorted(identity.roles),
        "kvk_number": identity.kvk_number,
        "branch": identity.branch,
    }
    db.session.add(SignInSession(token_hash=_hash(token), identity=data, started_at=now, seen_at=now))
    return token


def find(token: str, now: datetime, lifetime: Lifetime) -> Found | None:
    """Who holds this token, unless the session ended."""
    row = db.session.get(SignInSession, _hash(token))
    if row is None or now - row.seen_at > lifetime.idle or now - row.started_at > lifetime.most:
        return None
    data = dict(row.identity)
    audience, roles = Audience(data.pop("audience")), frozenset(Role(role) for role in data.pop("roles"))
    return Found(Identity(audience=audience, roles=roles, **data), now - row.seen_at > TOUCH)


def touch(token: str, now: datetime) -> None:
    """Note that the session is in use."""
    db.session.execute(update(SignInSession).where(SignInSession.token_hash == _hash(token)).values(seen_at=now))


def end(token: str) -> None:
    """Forget the session; the token is worth nothing after this."""
    db.session.execute(delete(SignInSession).where(SignInSession.token_hash == _hash(token)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
