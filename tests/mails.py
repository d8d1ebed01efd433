"""What was mailed, as the demonstration's folder keeps it."""

import email
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from core.worker import deliver_due
from tests.world import World


def empty_mailbox(world: World) -> None:
    for file in _folder(world).glob("*.eml"):
        file.unlink()


def mails(world: World) -> list[EmailMessage]:
    """Everything that waits is sent first; oldest first."""
    deliver_due(world.app, world.app.extensions["outbox_handlers"])
    files = sorted(_folder(world).glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    return [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]


def part(mail: EmailMessage, kind: str) -> str:
    """What a mail says, as 'plain' or 'html'."""
    found = mail.get_body((kind,))
    assert found
    text: str = found.get_content()
    return text


def _folder(world: World) -> Path:
    return Path(world.app.extensions["mail_folder"])
