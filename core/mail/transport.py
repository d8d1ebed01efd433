"""How an e-mail leaves: into a folder, or to a mail server. Knows nothing of texts, outbox or settings."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from core.mail.letter import REFERENCE

PERMANENT = 500  # RFC 5321, 4.2.1: from here on trying again does not help


class Undeliverable(Exception):  # noqa: N818 -- an answer of the mail server, not a fault
    """The mail server refused this letter or its recipient for good; trying again does not help."""


class Transport(Protocol):
    """Takes an e-mail to its one recipient. Raises `Undeliverable`, or whatever else that may pass by itself."""

    def send(self, email: EmailMessage) -> None:
        """Return when the e-mail is accepted; after any other exception it may be sent again."""


@dataclass(frozen=True)
class Folder:
    """Keeps each e-mail as a file, for trying out. The same letter again replaces its own file."""

    path: Path

    def send(self, email: EmailMessage) -> None:
        """Write the whole file or nothing: whoever reads the folder meets no half one."""
        reference = str(email["Message-ID"]).strip("<>").partition("@")[0]
        if not REFERENCE.fullmatch(reference):
            raise ValueError("only the Message-ID of a letter can name a file")
        self.path.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self.path) as drafts:
            draft = Path(drafts, reference)
            draft.write_bytes(email.as_bytes())
            draft.replace(self.path / f"{reference}.eml")


class Encryption(StrEnum):
    """How the line to the mail server is closed; what was chosen is what happens, or nothing is sent."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, kw_only=True)
class Smtp:
    """A mail server. `timeout` is in seconds per answer; `ca_file` replaces the authorities that the system trusts."""

    host: str
    port: int
    encryption: Encryption
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 10
    ca_file: str = ""

    def __post_init__(self) -> None:
        Encryption(self.encryption)  # a mistyped one raises, instead of sending in the open
        if not (self.user + self.password).isascii():
            # The library would fail at the first letter, with the password in its message.
            raise ValueError("user and password of the mail server have to be plain ASCII")

    def send(self, email: EmailMessage) -> None:
        """Only what the server says about this letter makes it undeliverable.

        A refused greeting, encryption, sign-in or sender is a matter of settings, so that raises as it is: once
        somebody has put it right the letter can still leave.
        """
        server = self._connect()
        try:
            self._enter(server)
            _hand_over(server, email)
        finally:
            # What goes wrong at the farewell changes nothing about the letter.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def _connect(self) -> smtplib.SMTP:
        if self.encryption == Encryption.TLS:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=self._trust())
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout)

    def _enter(self, server: smtplib.SMTP) -> None:
        if self.encryption == Encryption.STARTTLS:
            server.starttls(context=self._trust())  # raises when it is not offered
        if self.user:
            server.login(self.user, self.password)

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.ca_file or None)


def _hand_over(server: smtplib.SMTP, email: EmailMessage) -> None:
    try:
        server.send_message(email)
    except smtplib.SMTPRecipientsRefused as refused:
        answers = list(refused.recipients.values())
        if any(code < PERMANENT for code, _ in answers):
            raise
        raise Undeliverable(_shown(*answers[0])) from refused
    except smtplib.SMTPDataError as refused:
        if refused.smtp_code < PERMANENT:
            raise
        raise Undeliverable(_shown(refused.smtp_code, refused.smtp_error)) from refused


def _shown(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
