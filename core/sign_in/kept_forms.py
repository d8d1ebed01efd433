"""What somebody sent after their session had ended: kept for a day, for the same account and nobody else."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, String, Text, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, UtcDateTime, db
from core.errors import NotFound

LIFETIME = timedelta(days=1)
MOST = 3  # per account, the newest


class KeptForm(Base):
    """A form that could not be accepted: where it was sent to, and its fields in order."""

    __tablename__ = "kept_form"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_key: Mapped[str] = mapped_column(String(300))
    address: Mapped[str] = mapped_column(Text)
    fields: Mapped[list[Any]] = mapped_column(JSON)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class NotKept(NotFound):
    """Nothing is kept here, or not for this account."""

    title = "Hier is niets bewaard"

    def __init__(self) -> None:
        super().__init__("Wat u zoekt is weggegooid, is ouder dan een dag, of hoort bij een ander account.")


def keep(account_key: str, address: str, fields: list[tuple[str, str]], now: datetime) -> str:
    """Keep the fields; returns the token under which the same account finds them. Called inside a transaction."""
    forget_old(now)
    mine = select(KeptForm).filter_by(account_key=account_key).order_by(KeptForm.kept_at.desc())
    for superfluous in db.session.scalars(mine.offset(MOST - 1)):
        db.session.delete(superfluous)
    token = secrets.token_urlsafe(32)
    rows = [list(field) for field in fields]
    db.session.add(
        KeptForm(token_hash=_hash(token), account_key=account_key, address=address, fields=rows, kept_at=now)
    )
    return token


def forget_old(now: datetime) -> None:
    """Clear away what nobody came back for; done at each sign-in. Called inside a transaction."""
    db.session.execute(delete(KeptForm).where(KeptForm.kept_at < now - LIFETIME))


def kept_form(token: str, account_key: str, now: datetime) -> KeptForm:
    """The form under this token, for the account that typed it. Raises `NotFound`, also when it is too old."""
    form = db.session.scalar(select(KeptForm).filter_by(token_hash=_hash(token), account_key=account_key))
    if form is None or now - form.kept_at > LIFETIME:
        raise NotKept
    return form


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
