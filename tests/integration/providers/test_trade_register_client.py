"""The client of the trade register against a real server, honest, broken or slow."""

import json
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from time import monotonic

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from providers.trade_register import facts_of
from providers.trade_register_client import MOST_BYTES, THREAD_NAME, TIMEOUT, TradeRegister, TradeRegisterUnreachable
from tests.trade_register import COMPANY, PROFILES, Answer, Register, dripping, raw, status, text, trade_register

NUMBER = COMPANY["kvkNummer"]
PROFILE = json.dumps(COMPANY).encode()
HEAD = b"HTTP/1.1 200 OK\r\n"
BROKEN = {
    "no such key": status(401),
    "too many questions": status(429),
    "a fault": status(500),
    "maintenance": status(503),
    "elsewhere": status(302, "/api/v1/basisprofielen/90200017"),
    "no content": status(204),
    "a page": text(b"<!doctype html><title>Onderhoud</title>"),
    "no text": text(b"\xff\xfe\xfd"),
    "nothing": text(b""),
    "a list": text(b"[]"),
    "an empty object": text(b"{}"),
    "half a profile": text(PROFILE[:-9]),
    "a deep nest": text(b"[" * 200_000),
    "a long number": text(b'{"naam": ' + b"9" * 5000 + b"}"),
    "a huge profile": text(PROFILE + b" " * MOST_BYTES),
    "a huge profile of unknown length": raw(HEAD + b"\r\n" + PROFILE + b" " * MOST_BYTES),
    "a profile that is cut off": raw(HEAD + b"Content-Length: 9999\r\n\r\n" + PROFILE),
    "a chunk that is cut off": raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nfff\r\n" + PROFILE),
    "no HTTP": raw(b"SSH-2.0-OpenSSH_9.9\r\n"),
    "a line that is cut": raw(b""),
}
SLOW = {
    "silence": dripping(b"", b""),
    "a dripping head": dripping(HEAD + b"X-Slow: ", b"x"),
    "a dripping body": dripping(HEAD + b"\r\n", b" "),
    "a dripping body of known length": dripping(HEAD + b"Content-Length: 100000\r\n\r\n", b" "),
    "dripping chunks": dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "a dripping chunk size": dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
}


@pytest.fixture
def register() -> Iterator[Register]:
    with trade_register() as register:
        yield register


def client(register: Register, *, timeout: float = TIMEOUT, ca_file: str = "") -> TradeRegister:
    return TradeRegister(register.address, register.api_key, ca_file, timeout)


@pytest.mark.parametrize("number", PROFILES)
def test_a_company_that_the_register_knows_is_told(register: Register, number: str) -> None:
    assert client(register).company(number) == facts_of(PROFILES[number])


def test_a_company_that_the_register_does_not_know_is_none(register: Register) -> None:
    assert client(register).company("00000000") is None


def test_the_question_is_the_documented_one(register: Register) -> None:
    client(register).company(NUMBER)
    [(path, headers)] = register.asked
    assert path == f"/api/v1/basisprofielen/{NUMBER}"
    assert (headers["apikey"], headers["accept"]) == (register.api_key, "application/hal+json")
    assert headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("number", ["", "1", "901000111", "9010001a", "90100011\n", "٩٠١٠٠٠١١", "../90100", "9010001?"])
def test_what_is_no_kvk_number_is_not_asked(register: Register, number: str) -> None:
    with pytest.raises(ValueError, match="eight digits"):
        client(register).company(number)
    assert register.asked == []


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_an_answer_without_sense_is_no_answer(register: Register, answer: Answer) -> None:
    register.answer = answer
    with pytest.raises(TradeRegisterUnreachable) as refusal:
        client(register).company(NUMBER)
    assert register.api_key not in str(refusal.value)
    assert len(register.asked) == 1, "no redirect is followed and nothing is asked twice"


@pytest.mark.parametrize("answer", SLOW.values(), ids=SLOW)
def test_a_register_that_is_slow_costs_no_more_than_the_time_allowed(register: Register, answer: Answer) -> None:
    register.answer = answer
    begun = monotonic()
    with pytest.raises(TradeRegisterUnreachable):
        client(register, timeout=0.3).company(NUMBER)
    assert 0.2 < monotonic() - begun < 2


@pytest.mark.parametrize("slow", ["silence", "a dripping body", "a dripping body of known length", "dripping chunks"])
def test_the_thread_that_waits_for_a_slow_register_ends_too(register: Register, slow: str) -> None:
    register.answer = SLOW[slow]
    with pytest.raises(TradeRegisterUnreachable):
        client(register, timeout=0.1).company(NUMBER)
    for thread in threading.enumerate():
        if thread.name == THREAD_NAME:
            thread.join(2)
            assert not thread.is_alive()


def test_the_time_allowed_is_three_seconds() -> None:
    assert TradeRegister("https://api.kvk.nl/api/v1", "key").timeout == TIMEOUT == 3


def test_a_profile_as_large_as_allowed_is_read(register: Register) -> None:
    register.answer = text(PROFILE.ljust(MOST_BYTES))
    assert client(register).company(NUMBER) == facts_of(COMPANY)


def test_a_profile_in_chunks_is_read(register: Register) -> None:
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (PROFILE[:9], PROFILE[9:], b""))
    register.answer = raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)
    assert client(register).company(NUMBER) == facts_of(COMPANY)


def test_a_register_where_nobody_listens_is_unreachable() -> None:
    with trade_register() as register:
        pass
    with pytest.raises(TradeRegisterUnreachable, match="refused"):
        client(register).company(NUMBER)


def test_an_echo_of_the_key_does_not_reach_the_log(register: Register) -> None:
    register.answer = raw(f"HTTP/1.1 {register.api_key}\r\n\r\n".encode())
    with pytest.raises(TradeRegisterUnreachable) as refusal:
        client(register).company(NUMBER)
    assert register.api_key not in str(refusal.value)


@pytest.mark.parametrize("key", ["secret\nX-Other: 1", " secret", "secret€", "secret\x00"], ids=repr)
def test_a_key_that_cannot_be_sent_is_not_shown(register: Register, key: str) -> None:
    with pytest.raises(TradeRegisterUnreachable) as refusal:
        TradeRegister(register.address, key).company(NUMBER)
    assert "secret" not in str(refusal.value)


def test_a_client_that_is_printed_keeps_its_key_to_itself() -> None:
    assert "secret" not in repr(TradeRegister("https://api.kvk.nl/api/v1", "secret"))


def test_proxies_and_passwords_of_the_environment_do_not_count(
    register: Register, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("default login anna password geheim\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert client(register).company(NUMBER) == facts_of(COMPANY)
    assert "authorization" not in register.asked[0][1]


def test_a_register_with_a_root_of_its_own_is_trusted_when_that_is_named(tmp_path: Path) -> None:
    tls, ca_file = authority(tmp_path)
    with trade_register(tls) as register:
        assert client(register, ca_file=ca_file).company(NUMBER) == facts_of(COMPANY)
        with pytest.raises(TradeRegisterUnreachable, match="CERTIFICATE_VERIFY_FAILED"):
            client(register).company(NUMBER)
        with pytest.raises(TradeRegisterUnreachable, match="nowhere"):
            client(register, ca_file=str(tmp_path / "nowhere.pem")).company(NUMBER)


def authority(folder: Path) -> tuple[ssl.SSLContext, str]:
    """A certificate for loopback that no browser knows."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Register")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.PKCS8
    private = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    public = certificate.public_bytes(serialization.Encoding.PEM)
    (folder / "server.pem").write_bytes(private + public)
    (folder / "ca.pem").write_bytes(public)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context, str(folder / "ca.pem")
