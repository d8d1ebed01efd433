"""Back-channel logout: the provider says that somebody left, and their sessions here end (OpenID Back-Channel 1.0)."""

import hashlib
import logging
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jws import JWSRegistry
from sqlalchemy import String, delete, update
from sqlalchemy.orm import Mapped, mapped_column

from core.access import Audience
from core.db import Base, UtcDateTime, add_unless_there, db
from core.errors import Refusal
from core.sign_in.client import Client
from core.sign_in.oidc import LEEWAY, key_set
from core.sign_in.sessions import SignInSession

log = logging.getLogger(__name__)
EVENT = "http://schemas.openid.net/event/backchannel-logout"
TYPES = {"logout+jwt", "jwt", None}
FRESH = timedelta(minutes=5)  # how old a logout token may be; it is remembered for longer than that


class LogoutRefused(Refusal):
    """A logout token that does not stand up to the checks, or that was used before."""

    code = "logout-refused"
    status = HTTPStatus.BAD_REQUEST


class UsedLogoutToken(Base):
    """A token that did its work; it is not accepted twice."""

    __tablename__ = "used_logout_token"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def checked(logout_token: str, client: Client, now: datetime) -> dict[str, Any]:
    """The claims of a logout token that is genuine, fresh and complete. Raises `LogoutRefused`.

    Called outside a transaction, because the provider's keys may have to be fetched.
    """
    try:
        claims = _decoded(logout_token, client)
        _check(claims, client, now)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        log.warning("logout token for %s refused: %s: %s", client.name, type(error).__name__, error)
        raise LogoutRefused("this logout token does not stand up to the checks") from None
    return claims


def use_up(claims: dict[str, Any], audience: Audience, now: datetime) -> int:
    """End the sessions that the token names, once. Raises `LogoutRefused` at a replay. Called inside a transaction."""
    db.session.execute(delete(UsedLogoutToken).where(UsedLogoutToken.used_at < now - 2 * FRESH))
    used = hashlib.sha256(f"{claims['iss']} {claims['jti']}".encode()).hexdigest()
    if not add_unless_there(UsedLogoutToken(token_hash=used, used_at=now)):
        raise LogoutRefused("logout token used before")
    named = update(SignInSession).where(SignInSession.audience == audience, SignInSession.ended_at.is_(None))
    if claims.get("sub") is not None:
        named = named.where(SignInSession.provider_subject == claims["sub"])
    if claims.get("sid") is not None:
        named = named.where(SignInSession.sid == claims["sid"])
    ended: int = db.session.execute(named.values(ended_at=now)).rowcount  # type: ignore[attr-defined]  # counts rows
    return ended


def _decoded(logout_token: str, client: Client) -> dict[str, Any]:
    registry = JWSRegistry(algorithms=sorted(client.settings.algorithms), strict_check_header=False)
    try:
        token = jwt.decode(logout_token, key_set(client), registry=registry)
    except (InvalidKeyIdError, BadSignatureError):
        token = jwt.decode(logout_token, key_set(client, force=True), registry=registry)
    if str(token.header.get("typ") or "jwt").casefold() not in TYPES:
        raise ValueError("of another type")
    return dict(token.claims)


def _check(claims: dict[str, Any], client: Client, now: datetime) -> None:
    issued = claims["iat"]
    age = now.timestamp() - issued
    wrong = {
        "issuer": claims["iss"] != client.settings.issuer,
        "audience": claims["aud"] not in (client.client_id, [client.client_id]),
        "age": not -LEEWAY <= age <= FRESH.total_seconds() + LEEWAY,
        "expiry": now.timestamp() > claims.get("exp", issued + FRESH.total_seconds()) + LEEWAY,
        "event": not isinstance(claims["events"], dict) or not isinstance(claims["events"].get(EVENT), dict),
        "nonce": "nonce" in claims,
        "person": not _names_somebody(claims),
        "jti": not isinstance(claims["jti"], str) or not claims["jti"] or not claims["jti"].isprintable(),
    }
    if any(wrong.values()):
        raise ValueError(", ".join(name for name, applies in wrong.items() if applies))


def _names_somebody(claims: dict[str, Any]) -> bool:
    named = [claims[name] for name in ("sub", "sid") if claims.get(name) is not None]
    return bool(named) and all(isinstance(name, str) and name and name.isprintable() for name in named)
