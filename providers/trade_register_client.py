"""Asks the trade register (KvK Basisprofiel API v1) about a company. Knows no Flask and no database."""

import json
from concurrent.futures import Future
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Thread
from time import monotonic
from typing import Any

import requests

from core.company_numbers import KVK_NUMBER
from providers.trade_register import CompanyFacts, facts_of

TIMEOUT = 3  # seconds in all, however slowly the register answers
MOST_BYTES = 256 * 1024  # a profile takes a few thousand
LONGEST_REASON = 300
THREAD_NAME = "trade-register"


class TradeRegisterUnreachable(Exception):  # noqa: N818 -- the state of the register, not a fault of ours
    """The register gives no answer that makes sense; the text is for the log and holds no key."""


@dataclass(frozen=True)
class TradeRegister:
    """How to reach the register. `url` has no slash at the end; without `ca_file` the usual authorities are trusted."""

    url: str
    api_key: str = field(repr=False)
    ca_file: str = ""
    timeout: float = TIMEOUT

    def company(self, kvk_number: str) -> CompanyFacts | None:
        """What the register knows of the company; None when it does not know the number.

        Raises `TradeRegisterUnreachable` for every other answer, and ValueError for what is no KvK number.
        """
        if not KVK_NUMBER.fullmatch(kvk_number):
            raise ValueError("a KvK number has eight digits")
        answer: Future[CompanyFacts | None] = Future()
        try:
            # The time-outs of sockets begin again at every byte and every address, and finding the host knows none.
            # So a thread waits instead of the caller; it ends when the register falls silent or hangs up.
            Thread(target=self._ask, args=(kvk_number, answer), name=THREAD_NAME, daemon=True).start()
            return answer.result(self.timeout)
        except TradeRegisterUnreachable:
            raise
        except TimeoutError:
            raise TradeRegisterUnreachable(f"no complete answer within {self.timeout} seconds") from None
        except Exception as error:  # noqa: BLE001 -- the libraries below have dozens, without a common base
            raise TradeRegisterUnreachable(f"no usable answer: {self._told(error)}") from None

    def _told(self, error: Exception) -> str:
        name, text = type(error).__name__, str(error)
        # A refused header and an echo of what was sent quote the API key.
        quotes = isinstance(error, ValueError) or self.api_key in text
        return name if quotes else f"{name}: {text[:LONGEST_REASON]}"

    def _ask(self, kvk_number: str, answer: Future[CompanyFacts | None]) -> None:
        try:
            answer.set_result(self._facts(kvk_number))
        except Exception as error:  # noqa: BLE001 -- the caller waits for it
            answer.set_exception(error)

    def _facts(self, kvk_number: str) -> CompanyFacts | None:
        deadline = monotonic() + self.timeout
        # Compressed answers are not asked for: a small one may be huge.
        headers = {"apikey": self.api_key, "Accept": "application/hal+json", "Accept-Encoding": "identity"}
        with requests.Session() as session:
            session.trust_env = False  # no proxy, .netrc or authorities that the environment happens to name
            with session.get(
                f"{self.url}/basisprofielen/{kvk_number}",
                headers=headers,
                timeout=self.timeout,
                verify=self.ca_file or True,
                allow_redirects=False,
                stream=True,
            ) as response:
                if response.status_code == HTTPStatus.NOT_FOUND:
                    return None
                if response.status_code != HTTPStatus.OK:
                    raise TradeRegisterUnreachable(f"status {response.status_code}")
                return facts_of(json.loads(_body(response.raw, deadline)))


def _body(raw: Any, deadline: float) -> bytes:
    body = bytearray()
    while part := raw.read1(MOST_BYTES + 1 - len(body)):  # what has arrived, without waiting for more
        body += part
        if len(body) > MOST_BYTES:
            raise TradeRegisterUnreachable(f"an answer of more than {MOST_BYTES} bytes")
        if monotonic() > deadline:
            raise TradeRegisterUnreachable("the answer came too slowly")
    return bytes(body)
