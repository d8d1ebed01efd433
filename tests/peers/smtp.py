"""A real mail server on the loopback: aiosmtpd, which keeps what it gets and can be told to be difficult."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"
PASSWORD = "geheim-wachtwoord"


@dataclass
class Postbox:
    """The server's side; `answers` replaces what it says to a command, `mute` names one that it never answers."""

    answers: dict[str, str] = field(default_factory=dict)
    mute: str = ""
    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str | None, list[str]]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)

    async def say(self, command: str, usual: str = "250 OK") -> str:
        self.commands.append(command)
        if command == self.mute:
            await asyncio.sleep(60)
        return self.answers.get(command, usual)

    # aiosmtpd names these and calls them by position.
    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        extra = await self.say("EHLO", "")
        return [*responses[:-1], extra, responses[-1]] if extra else responses

    async def handle_MAIL(self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]) -> str:  # noqa: N802
        envelope.mail_from = address
        return await self.say("MAIL")

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]) -> str:  # noqa: N802
        envelope.rcpt_tos.append(address)
        return await self.say("RCPT")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        assert server.transport
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        self.encrypted.append(session.ssl is not None or server.transport.get_extra_info("ssl_object") is not None)
        return await self.say("DATA")

    async def handle_QUIT(self, *_: object) -> str:  # noqa: N802
        return await self.say("QUIT", "221 Bye")

    def let_in(self, _: SMTP, __: Session, ___: Envelope, ____: str, given: object) -> AuthResult:
        self.commands.append("AUTH")
        return AuthResult(success=given == LoginPassword(b"register", PASSWORD.encode()), handled=False)


@contextmanager
def serving(postbox: Postbox, *, tls: ssl.SSLContext | None = None, **options: Any) -> Iterator[int]:
    """A mail server, all of it in a thread of its own; yields its port."""
    loop = asyncio.new_event_loop()
    started: Future[asyncio.Server] = Future()

    def protocol() -> SMTP:
        return SMTP(postbox, loop=loop, hostname=HOST, authenticator=postbox.let_in, **options)

    def run() -> None:
        server = loop.run_until_complete(loop.create_server(protocol, HOST, 0, ssl=tls))
        started.set_result(server)
        loop.run_forever()
        server.close()
        loop.run_until_complete(finish(server))
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield started.result(timeout=5).sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


async def finish(server: asyncio.Server) -> None:
    """End what is still busy with a client, so that nothing is left open."""
    busy = asyncio.all_tasks() - {asyncio.current_task()}
    for task in busy:
        task.cancel()
    await asyncio.gather(*busy, return_exceptions=True)
    await server.wait_closed()
