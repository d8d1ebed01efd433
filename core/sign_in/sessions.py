"""Sessions on the server: the cookie holds a random token, the database holds its hash and who it is."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Index, String, Text, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.access import Audience, Identity, Role
from core.db import Base, UtcDateTime, db

TOUCH = timedelta(minutes=1)  # how stale `seen_at` may be: not every page view is worth a write
KEPT = timedelta(days=1)


class SignInSession(Base):
    """One signed-in browser. `sid`, `provider_subject` and `id_token` are what its sign-in provider knows it by.

    One that ended stays for a day, so that a form which arrives late still has an owner.
    """

    __tablename__ = "sign_in_session"
    __table_args__ = (
        Index("ix_sign_in_session_account", "account_key"),
        Index("ix_sign_in_session_provider", "audience", "provider_subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    audience: Mapped[str] = mapped_column(String(12))
    account_key: Mapped[str] = mapped_column(String(300))
    identity: Mapped[dict[str, Any]] = mapped_column(JSON)
    device: Mapped[str] = mapped_column(String(60))
    sid: Mapped[str] = mapped_column(String(300))
    provider_subject: Mapped[str] = mapped_column(String(300))
    id_token: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class Lifetime:
    """How long a session lasts without use, and at most."""

    idle: timedelta
    most: timedelta

    def is_over(self, row: SignInSession, now: datetime) -> bool:
        """Whether the session ended, by itself or by somebody."""
        is_ended = row.ended_at is not None
        return is_ended or now - row.seen_at > self.idle or now - row.started_at > self.most


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a session comes from: the browser, and what the sign-in provider calls this sign-in."""

    device: str = ""
    sid: str = ""
    provider_subject: str = ""
    id_token: str = ""


@dataclass(frozen=True)
class Found:
    """Whose session a token belongs to, whether it is over, and whether its last use should be noted."""

    identity: Identity
    is_over: bool
    is_stale: bool


def start(identity: Identity, now: datetime, lifetime: Lifetime, origin: Origin | None = None) -> str:
    """Begin a session and clear away what is long over; returns the token for the cookie, which is stored nowhere."""
    origin = origin or Origin()
    db.session.execute(delete(SignInSession).where(SignInSession.started_at < now - lifetime.most - KEPT))
    token = secrets.token_urlsafe(32)
    db.session.add(
        SignInSession(
            token_hash=_hash(token),
            audience=identity.audience,
            account_key=identity.account_key,
            identity=_as_data(identity),
            device=origin.device,
            sid=origin.sid[:300],
            provider_subject=origin.provider_subject[:300],
            id_token=origin.id_token,
            started_at=now,
            seen_at=now,
        )
    )
    return token


def find(token: str, now: datetime, lifetime: Lifetime) -> Found | None:
    """Whose session this token is; None for a token that we do not know."""
    row = session_with(token)
    if row is None:
        return None
    return Found(
        _as_identity(row.identity), lifetime.is_over(row, now), now - row.seen_at > min(TOUCH, lifetime.idle / 4)
    )


def session_with(token: str) -> SignInSession | None:
    """The session that this token opens, over or not."""
    return db.session.scalar(select(SignInSession).filter_by(token_hash=_hash(token)))


def sessions_of(account_key: str, now: datetime, lifetime: Lifetime) -> list[SignInSession]:
    """The sessions of one account that are not over, last used first."""
    query = select(SignInSession).filter_by(account_key=account_key).order_by(SignInSession.seen_at.desc())
    return [row for row in db.session.scalars(query) if not lifetime.is_over(row, now)]


def touch(token: str, now: datetime) -> None:
    """Note that the session is in use."""
    db.session.execute(update(SignInSession).where(SignInSession.token_hash == _hash(token)).values(seen_at=now))


def end(token: str, now: datetime) -> None:
    """The token is worth nothing after this, and nobody can be signed out at the provider with it."""
    mine = (SignInSession.token_hash == _hash(token)) & SignInSession.ended_at.is_(None)
    db.session.execute(update(SignInSession).where(mine).values(ended_at=now, id_token=""))


def change_roles(account_key: str, roles: frozenset[Role]) -> None:
    """Give the open sessions of an account other roles at once."""
    for row in db.session.scalars(select(SignInSession).filter_by(account_key=account_key).with_for_update()):
        row.identity = row.identity | {"roles": sorted(roles)}


def _as_data(identity: Identity) -> dict[str, Any]:
    return {**vars(identity), "audience": identity.audience.value, "roles": sorted(identity.roles)}


def _as_identity(data: dict[str, Any]) -> Identity:
    roles = frozenset(Role(role) for role in data["roles"])
    return Identity(**data | {"audience": Audience(data["audience"]), "roles": roles})


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
