"""A small trade register on loopback: companies after the documented shape, and the ways in which a register fails."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATH = "/api/v1"
PAUSE = 0.05  # seconds between two bytes of a slow register


def address(kind: str = "bezoekadres", *, shielded: str = "Nee", **changes: Any) -> dict[str, Any]:
    whole = {
        "type": kind,
        "indAfgeschermd": shielded,
        "volledigAdres": "Dorpsstraat 12a-2                                 1234AB Ons Dorp",
        "straatnaam": "Dorpsstraat",
        "huisnummer": 12,
        "huisletter": "a",
        "huisnummerToevoeging": "2",
        "postcode": "1234AB",
        "plaats": "Ons Dorp",
        "land": "Nederland",
    }
    return whole | changes


POST_BOX = address(
    "correspondentieadres",
    volledigAdres="Postbus 99 9876ZX Elders",
    straatnaam="Postbus",
    huisnummer=None,
    postbusnummer=99,
    postcode="9876ZX",
    plaats="Elders",
)
SOLE_TRADER: dict[str, Any] = {
    "kvkNummer": "90200017",
    "indNonMailing": "Ja",
    "naam": "Juf Jansen Coaching",
    "formeleRegistratiedatum": "20170710",
    "materieleRegistratie": {"datumAanvang": "20170108"},
    "totaalWerkzamePersonen": 1,
    "handelsnamen": [{"naam": "De Rustige Klas", "volgorde": 1}, {"naam": "Juf Jansen Coaching", "volgorde": 0}],
    "sbiActiviteiten": [{"sbiCode": "85592", "sbiOmschrijving": "Bedrijfsopleiding", "indHoofdactiviteit": "Ja"}],
    "links": [],
    "_embedded": {
        "hoofdvestiging": {
            "vestigingsnummer": "000038509504",
            "kvkNummer": "90200017",
            "eersteHandelsnaam": "Juf Jansen Coaching",
            "indHoofdvestiging": "Ja",
            "adressen": [POST_BOX, address()],
            "websites": ["www.jufjansen.example"],
        },
        "eigenaar": {"rechtsvorm": "Eenmanszaak", "uitgebreideRechtsvorm": "Eenmanszaak", "links": []},
    },
}
COMPANY: dict[str, Any] = {
    "kvkNummer": "90100011",
    "naam": "Academie De Brug",
    "materieleRegistratie": {"datumAanvang": "20010101", "datumEinde": None},
    "statutaireNaam": "Academie De Brug B.V.",
    "handelsnamen": [{"naam": "Academie De Brug", "volgorde": 0}],
    "_embedded": {
        "hoofdvestiging": {
            "vestigingsnummer": "000012345678",
            "eersteHandelsnaam": "Academie De Brug",
            "adressen": [
                address(straatnaam="Kade", huisnummer=7, huisletter=None, huisnummerToevoeging=None, plaats="Brugge")
            ],
            "websites": ["https://academiedebrug.example/scholing", "www.debrug.example"],
        },
        "eigenaar": {
            "rsin": "992340594",
            "rechtsvorm": "BeslotenVennootschap",
            "adressen": [address(straatnaam="Hoofdkantoor", plaats="Elders")],
            "websites": ["www.hoofdkantoor.example"],
        },
    },
}
FOUNDATION: dict[str, Any] = {
    "kvkNummer": "90200025",
    "naam": "Stichting Leren van Elkaar",
    "statutaireNaam": "Stichting Leren van Elkaar",
    "materieleRegistratie": {"datumAanvang": "19991103"},
    "_embedded": {
        "eigenaar": {
            "rsin": "992340594",
            "rechtsvorm": "Stichting",
            "adressen": [address(huisletter=None, huisnummerToevoeging="bis"), POST_BOX],
            "websites": ["lerenvanelkaar.example"],
        },
    },
}
SHIELDED: dict[str, Any] = {
    "kvkNummer": "90200033",
    "naam": "Praktijk Aan Huis",
    "_embedded": {
        "hoofdvestiging": {
            "eersteHandelsnaam": "Praktijk Aan Huis",
            "adressen": [address(shielded="Ja"), POST_BOX],
        },
        "eigenaar": {"rechtsvorm": "Eenmanszaak", "adressen": [address()]},
    },
}
ENDED: dict[str, Any] = {
    "kvkNummer": "90200041",
    "naam": "Coöperatie Samen U.A.",
    "materieleRegistratie": {"datumAanvang": "20050228", "datumEinde": "20240229"},
    "_embedded": {"eigenaar": {"rechtsvorm": "Cooperatie", "adressen": []}},
}
PROFILES = {profile["kvkNummer"]: profile for profile in (SOLE_TRADER, COMPANY, FOUNDATION, SHIELDED, ENDED)}


class Register(ThreadingHTTPServer):
    """What is asked ends up in `asked`; what is put in `answer` is answered instead of the profiles."""

    daemon_threads = False  # so that closing waits for them
    api_key = "l7-key-of-the-test"
    scheme = "http"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Question)
        self.profiles = dict(PROFILES)
        self.answer: Answer = _profile
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()

    @property
    def address(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_port}{PATH}"


class _Question(BaseHTTPRequestHandler):
    server: Register
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.close_connection = True
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        with suppress(OSError):  # the client may leave
            self.server.answer(self)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def send(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/hal+json",
            "Content-Length": str(len(body)),
            **headers,
        }.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


Answer = Callable[[_Question], None]


def _profile(question: _Question) -> None:
    folder, _, number = question.path.rpartition("/")
    if question.headers["apikey"] != question.server.api_key:
        question.send(401)
    elif folder != f"{PATH}/basisprofielen" or number not in question.server.profiles:
        question.send(404, json.dumps({"fout": [{"code": "IPD0005", "omschrijving": "Onbekend."}]}).encode())
    else:
        question.send(200, json.dumps(question.server.profiles[number]).encode())


def status(code: int, location: str = "") -> Answer:
    """Nothing but a status, and perhaps where to look instead."""
    return lambda question: question.send(code, location=location)


def text(body: bytes) -> Answer:
    """These bytes, as if they were a profile."""
    return lambda question: question.send(200, body)


def raw(answer: bytes) -> Answer:
    """These bytes, head and all, and then the line is cut."""

    def send(question: _Question) -> None:
        question.wfile.write(answer)

    return send


def dripping(begin: bytes, drop: bytes) -> Answer:
    """One drop at a time, for ever."""

    def drip(question: _Question) -> None:
        question.wfile.write(begin)
        while not question.server.closing.wait(PAUSE):
            question.wfile.write(drop)

    return drip


@contextmanager
def trade_register(tls: ssl.SSLContext | None = None) -> Iterator[Register]:
    """Serve until the test is done; with `tls` over HTTPS."""
    with Register() as register:
        if tls is not None:
            register.scheme = "https"
            register.socket = tls.wrap_socket(register.socket, server_side=True)
        serving = threading.Thread(target=register.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        serving.start()
        try:
            yield register
        finally:
            register.closing.set()
            register.shutdown()
            serving.join()
