"""Sending over real SMTP: aiosmtpd answers on the loopback, with a certificate of its own."""

import smtplib
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import cast

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from core.mail.letter import Letter, as_email
from core.mail.transport import Encryption, Smtp, Undeliverable
from tests.peers.smtp import HOST, PASSWORD, Postbox, serving

TEXT = "Uw activiteit is gevalideerd: ‘Rekenen’ 🎉\n.\n..en een punt aan het begin"
EMAIL = as_email(
    Letter(
        recipient="r.debrug@aanbieder.example",
        subject="Besluit over ‘Rekenen’",
        paragraphs=(TEXT,),
        link_text="Besluit lezen",
        link="https://register.example/berichten/12",
        reference="provider-message-12",
    ),
    "register@register.example",
    "https://register.example",
    datetime(2026, 11, 22, 12, tzinfo=UTC),
)


@dataclass(frozen=True)
class Papers:
    """What a TLS server needs, and the file with the authority that its clients trust."""

    context: ssl.SSLContext
    ca_file: str


def papers(folder: Path, name: x509.GeneralName) -> Papers:
    """An authority and a certificate for `name`, as strict as current clients want them."""
    now = datetime.now(UTC)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Proef-CA")])
    signing = {"digital_signature": False, "key_cert_sign": True, "crl_sign": True}
    other = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )

    def certificate(public_key: ec.EllipticCurvePublicKey, subject: x509.Name, *, is_ca: bool) -> x509.Certificate:
        begun = (
            x509.CertificateBuilder(issuer, subject, public_key, x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(hours=1))
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        )
        if is_ca:
            begun = begun.add_extension(x509.KeyUsage(**signing, **other), critical=True)
        else:
            begun = begun.add_extension(x509.SubjectAlternativeName([name]), critical=True)
        return begun.sign(ca_key, hashes.SHA256())

    ca_file, chain = folder / "ca.pem", folder / "server.pem"
    ca_file.write_bytes(certificate(ca_key.public_key(), issuer, is_ca=True).public_bytes(Encoding.PEM))
    chain.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate(key.public_key(), x509.Name([]), is_ca=False).public_bytes(Encoding.PEM)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain)
    return Papers(context, str(ca_file))


@pytest.fixture
def own(tmp_path: Path) -> Papers:
    return papers(tmp_path, x509.IPAddress(ip_address(HOST)))


def plain(port: int, timeout: float = 5) -> Smtp:
    return Smtp(host=HOST, port=port, encryption=Encryption.NONE, timeout=timeout)


def closed(port: int, encryption: Encryption, ca_file: str, **more: str) -> Smtp:
    return Smtp(host=HOST, port=port, encryption=encryption, ca_file=ca_file, timeout=5, **more)


def text_of(email: EmailMessage) -> str:
    part = email.get_body(("plain",))
    assert part
    text: str = part.get_content()
    return text.replace("\r\n", "\n")


def test_a_letter_arrives_as_it_was_written() -> None:
    postbox = Postbox()
    with serving(postbox) as port:
        plain(port).send(EMAIL)
    [letter] = postbox.letters
    assert letter["Subject"] == "Besluit over ‘Rekenen’"
    assert letter["Message-ID"] == "<provider-message-12@register.example>"
    assert text_of(letter) == text_of(EMAIL)
    assert TEXT in text_of(letter)
    assert postbox.envelopes == [("register@register.example", ["r.debrug@aanbieder.example"])]


def test_a_server_that_knows_ascii_only_will_do() -> None:
    postbox = Postbox()
    with serving(postbox, enable_SMTPUTF8=False) as port:
        plain(port).send(EMAIL)
    assert postbox.letters[0].as_bytes().isascii()


def test_the_line_is_closed_with_starttls(own: Papers) -> None:
    postbox = Postbox()
    with serving(postbox, tls_context=own.context, require_starttls=True) as port:
        closed(port, Encryption.STARTTLS, own.ca_file).send(EMAIL)
    assert postbox.encrypted == [True]


def test_the_line_is_closed_from_the_beginning(own: Papers) -> None:
    postbox = Postbox()
    with serving(postbox, tls=own.context) as port:
        closed(port, Encryption.TLS, own.ca_file).send(EMAIL)
    assert postbox.encrypted == [True]


@pytest.mark.parametrize("encryption", [Encryption.STARTTLS, Encryption.TLS])
def test_a_server_with_a_strange_certificate_gets_nothing(own: Papers, encryption: Encryption) -> None:
    postbox = Postbox()
    options = {"tls" if encryption is Encryption.TLS else "tls_context": own.context}
    with serving(postbox, **options) as port, pytest.raises(ssl.SSLCertVerificationError):
        closed(port, encryption, "").send(EMAIL)
    assert not {"MAIL", "AUTH"} & set(postbox.commands)


def test_a_server_with_the_certificate_of_another_gets_nothing(tmp_path: Path) -> None:
    postbox = Postbox()
    other = papers(tmp_path, x509.DNSName("mail.example"))
    with serving(postbox, tls=other.context) as port, pytest.raises(ssl.SSLCertVerificationError):
        closed(port, Encryption.TLS, other.ca_file).send(EMAIL)
    assert postbox.commands == []


@pytest.mark.parametrize("offer", ["", "250-STARTTLS"])
def test_without_the_encryption_that_was_asked_for_nothing_is_said(offer: str) -> None:
    postbox = Postbox(answers={"EHLO": offer})
    with serving(postbox) as port, pytest.raises(smtplib.SMTPException, match=r"STARTTLS|454"):
        closed(port, Encryption.STARTTLS, "", user="register", password=PASSWORD).send(EMAIL)
    assert postbox.commands == ["EHLO", "QUIT"]


def test_a_mistyped_encryption_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="start-tls"):
        closed(25, cast("Encryption", "start-tls"), "")


@pytest.mark.parametrize("encryption", [Encryption.STARTTLS, Encryption.TLS])
def test_the_register_signs_in(own: Papers, encryption: Encryption) -> None:
    postbox = Postbox()
    # aiosmtpd counts only STARTTLS as encrypted, so it is told not to mind where the line was closed before.
    options = {"tls": own.context} if encryption is Encryption.TLS else {"tls_context": own.context}
    with serving(postbox, auth_require_tls=encryption is Encryption.STARTTLS, **options) as port:
        closed(port, encryption, own.ca_file, user="register", password=PASSWORD).send(EMAIL)
    assert postbox.commands[-5:] == ["AUTH", "MAIL", "RCPT", "DATA", "QUIT"]


def test_a_refused_sign_in_is_no_fault_of_the_letter_and_names_no_password(own: Papers) -> None:
    postbox = Postbox()
    with serving(postbox, tls_context=own.context) as port:
        transport = closed(port, Encryption.STARTTLS, own.ca_file, user="register", password="verkeerd-wachtwoord")
        with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
            transport.send(EMAIL)
    assert "AUTH" in postbox.commands
    assert "MAIL" not in postbox.commands
    assert "verkeerd" not in f"{refused.value!s} {refused.value!r} {transport!r}"


def test_a_server_without_sign_in_gets_nothing_when_there_is_a_user() -> None:
    postbox = Postbox()
    with serving(postbox) as port, pytest.raises(smtplib.SMTPNotSupportedError):
        closed(port, Encryption.NONE, "", user="register", password=PASSWORD).send(EMAIL)
    assert "MAIL" not in postbox.commands


@pytest.mark.parametrize("more", [{"user": "geërgerd"}, {"password": "gehéim"}])
def test_a_password_that_smtp_cannot_carry_is_refused_at_once(more: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="ASCII") as refused:
        closed(25, Encryption.TLS, "", **more)
    assert "gehéim" not in str(refused.value)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("RCPT", "550 5.1.1 No such user"),
        ("RCPT", "553 Mailbox name not allowed"),
        ("DATA", "554 5.7.1 Looks like spam"),
        ("DATA", "552 Too big"),
    ],
)
def test_a_letter_that_is_refused_for_good_is_undeliverable(command: str, said: str) -> None:
    with serving(Postbox(answers={command: said})) as port, pytest.raises(Undeliverable) as refused:
        plain(port).send(EMAIL)
    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("MAIL", "451 Later please"),
        ("RCPT", "450 4.2.0 Greylisted"),
        ("RCPT", "421 Busy"),
        ("DATA", "451 Disk full"),
        ("DATA", "421 Going down"),
        ("MAIL", "530 Authentication required"),
        ("MAIL", "550 You may not send as this"),
    ],
)
def test_what_may_pass_or_is_about_the_settings_is_raised_as_it_is(command: str, said: str) -> None:
    postbox = Postbox(answers={command: said})
    with serving(postbox) as port:
        with pytest.raises(smtplib.SMTPException, match=said[:3]):
            plain(port).send(EMAIL)
        postbox.answers.clear()
        plain(port).send(EMAIL)
    assert postbox.letters


def test_an_unfriendly_farewell_changes_nothing() -> None:
    for postbox in (Postbox(answers={"QUIT": "500 What?"}), Postbox(mute="QUIT")):
        with serving(postbox) as port:
            plain(port, timeout=0.3).send(EMAIL)
        assert len(postbox.letters) == 1


@pytest.mark.parametrize("command", ["EHLO", "MAIL", "RCPT", "DATA"])
def test_a_server_that_falls_silent_is_left(command: str) -> None:
    with serving(Postbox(mute=command)) as port, pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        plain(port, timeout=0.3).send(EMAIL)


@pytest.mark.parametrize("encryption", [Encryption.NONE, Encryption.TLS])
def test_a_server_that_says_nothing_at_all_is_left(encryption: Encryption) -> None:
    with socket.create_server((HOST, 0)) as mute:
        transport = Smtp(host=HOST, port=mute.getsockname()[1], encryption=encryption, timeout=0.3)
        with pytest.raises((smtplib.SMTPServerDisconnected, TimeoutError), match="timed out"):
            transport.send(EMAIL)


def test_a_server_that_is_not_there_is_a_refused_connection() -> None:
    with socket.create_server((HOST, 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        plain(port).send(EMAIL)
