"""Reads the folder with e-mails, whatever is in it. Knows no pages, and nothing of letters but their references."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from core.formatting import dutch_moment
from core.mail.letter import REFERENCE
from core.texts import tidy, tidy_line

LARGEST = 10_000_000  # bytes; whatever is bigger is no letter of ours
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Attachment:
    """A file that travels along; its name is only a suggestion of the sender."""

    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One file of the folder, cleaned so that it can be shown whatever was in it."""

    name: str
    recipient: str
    subject: str
    sent: str
    headers: list[tuple[str, str]]
    text: str
    html: str
    attachments: list[Attachment]


def find_mail(folder: Path, name: str) -> Mail | None:
    """The e-mail with this name; None when there is none, or none that can be read."""
    return _read(folder / f"{name}.eml") if REFERENCE.fullmatch(name) else None


def newest_mails(folder: Path) -> Iterator[Mail]:
    """The e-mails that can be read, the last written first. There may be no folder yet."""
    files = [file for file in folder.glob("*.eml") if REFERENCE.fullmatch(file.stem)]
    return (mail for file in sorted(files, key=_written, reverse=True) if (mail := _read(file)))


def _written(file: Path) -> tuple[float, str]:
    return (file.stat().st_mtime if file.is_file() else 0, file.name)


def _read(file: Path) -> Mail | None:
    if not file.is_file():
        return None
    try:
        with file.open("rb") as source:
            return _mail_of(file.stem, message_from_bytes(source.read(LARGEST), policy=default))
    except Exception:  # rubbish can bring out any fault of any parser
        log.warning("%s cannot be read as an e-mail", file, exc_info=True)
        return None


def _mail_of(name: str, message: EmailMessage) -> Mail:
    sent = getattr(message["Date"], "datetime", None)
    return Mail(
        name=name,
        recipient=_line(message["To"]),
        subject=_line(message["Subject"]),
        sent=dutch_moment(sent) if isinstance(sent, datetime) else "",
        headers=[(_line(key), _line(value)) for key, value in message.items()],
        text=_body(message, "plain"),
        html=_body(message, "html"),
        attachments=[_attachment(part, index) for index, part in enumerate(message.iter_attachments(), start=1)],
    )


def _line(header: object) -> str:
    return tidy_line(str(header or ""))


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return tidy(part.get_content()) if part else ""


def _attachment(part: EmailMessage, number: int) -> Attachment:
    name = _line(part.get_filename()).replace("\\", "/").rpartition("/")[2]
    content = part.get_payload(decode=True)
    return Attachment(name or f"bijlage-{number}", content if isinstance(content, bytes) else part.as_bytes())
