"""Sign-ins that were begun: on the server, each for one browser, one audience, one return and ten minutes."""

import hashlib
import secrets
from datetime import datetime, timedelta

from flask import session
from sqlalchemy import String, Text, delete
from sqlalchemy.orm import Mapped, mapped_column

from core.access import Audience
from core.db import Base, UtcDateTime, db

LIFETIME = timedelta(minutes=10)
KEPT_IN_BROWSER = 3
SECRET_BYTES = 32  # state and nonce: 256 bits, the profile asks 128
COOKIE = "signing_in"


class SignInAttempt(Base):
    """What only the return of this attempt may know."""

    __tablename__ = "sign_in_attempt"

    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    audience: Mapped[str] = mapped_column(String(12))
    nonce: Mapped[str] = mapped_column(String(100))
    code_verifier: Mapped[str] = mapped_column(String(128))
    return_to: Mapped[str] = mapped_column(Text)
    began_at: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def new_secret() -> str:
    """A value that nobody can guess."""
    return secrets.token_urlsafe(SECRET_BYTES)


def keep(attempt: SignInAttempt, state: str) -> None:
    """Remember the attempt and bind it to this browser; old ones are cleared away. Called inside a transaction."""
    attempt.state_hash = _hash(state)
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.created_at < attempt.created_at - LIFETIME))
    db.session.add(attempt)
    session[COOKIE] = [*session.get(COOKIE, []), attempt.state_hash][-KEPT_IN_BROWSER:]


def take(state: str, audience: Audience, now: datetime) -> SignInAttempt | None:
    """The attempt that this return belongs to, once; None for any other. Called inside a transaction."""
    begun: list[str] = session.get(COOKIE, [])
    state_hash = _hash(state)
    if state_hash not in begun:
        return None
    session[COOKIE] = [other for other in begun if other != state_hash]
    attempt = db.session.get(SignInAttempt, state_hash, with_for_update=True)
    if attempt is None:
        return None
    db.session.delete(attempt)
    return attempt if attempt.audience == audience and now - attempt.created_at <= LIFETIME else None


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
