import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st

from core.db import db
from core.mail.letter import Letter, as_email
from core.mail.transport import Folder
from demo.mail_pages import MOST, bp
from demo.mailbox import LARGEST, find_mail
from tests.databases import settings_for
from wsgi import create_app

SENT = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
LINK = "http://127.0.0.1:8000/aanbieder/activiteiten/12?a=1&b=2"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application; no page of the mailbox asks the database anything, so it has no tables."""
    folder = tmp_path_factory.mktemp("mail-pages")
    app = create_app(settings_for(folder, f"sqlite:///{folder / 'test.db'}"))
    if bp.name not in app.blueprints:
        app.register_blueprint(bp)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Folder:
    """An empty mailbox, whose folder is made by the first e-mail."""
    app.extensions["mail_folder"] = tmp_path / "mail"
    return Folder(tmp_path / "mail")


@pytest.fixture
def browser(app: Flask, folder: Folder) -> FlaskClient:
    return app.test_client()


def email(
    number: int = 12, subject: str = "Uw activiteit is gevalideerd", text: str = "Gefeliciteerd."
) -> EmailMessage:
    letter = Letter(
        recipient="r.debrug@aanbieder.example",
        subject=subject,
        paragraphs=(text,),
        link_text="Activiteit bekijken",
        link=LINK,
        reference=f"provider-message-{number}",
    )
    return as_email(letter, "register@localhost", "http://127.0.0.1:8000", SENT)


def rubbish(folder: Folder, content: bytes, name: str = "rubbish") -> None:
    folder.path.mkdir(exist_ok=True)
    (folder.path / f"{name}.eml").write_bytes(content)


def test_a_mailbox_without_a_folder_is_empty(browser: FlaskClient) -> None:
    page = browser.get("/dev/mail")
    assert page.status_code == 200
    assert "Er is nog geen e-mail verstuurd." in page.text


def test_the_mailbox_says_what_was_sent_to_whom_and_when(browser: FlaskClient, folder: Folder) -> None:
    folder.send(email(subject="Besluit <b>‘Rekenen’</b>"))
    page = browser.get("/dev/mail").text
    assert "Besluit &lt;b&gt;‘Rekenen’&lt;/b&gt;" in page
    assert "Aan r.debrug@aanbieder.example, 22 november 2026 om 13.30 uur" in page
    assert 'href="/dev/mail/provider-message-12"' in page


def test_the_mailbox_shows_the_newest_first_and_not_all(browser: FlaskClient, folder: Folder) -> None:
    for number in range(MOST + 2):
        folder.send(email(number))
        os.utime(folder.path / f"provider-message-{number}.eml", (0, number))
    shown = re.findall(r'href="/dev/mail/provider-message-(\d+)"', browser.get("/dev/mail").text)
    assert shown == [str(number) for number in range(MOST + 1, 1, -1)]


def test_an_e_mail_shows_its_headers_and_its_text(browser: FlaskClient, folder: Folder) -> None:
    folder.send(email(text="Gefeliciteerd.\n<script>alert(1)</script>"))
    page = browser.get("/dev/mail/provider-message-12").text
    for header in ("Registeruur &lt;register@localhost&gt;", "auto-generated", "Sun, 22 Nov 2026 12:30:00 +0000"):
        assert f">{header}</dd>" in page
    assert "Gefeliciteerd.<br>&lt;script&gt;alert(1)&lt;/script&gt;</p>" in page
    assert f'<a href="{LINK.replace("&", "&amp;")}" rel="noopener">' in page
    assert 'href="/dev/mail/provider-message-12/html"' in page


def test_the_html_part_is_shown_in_a_box_of_its_own(browser: FlaskClient, folder: Folder) -> None:
    folder.send(email())
    page = browser.get("/dev/mail/provider-message-12/html")
    assert page.mimetype == "text/html"
    assert page.text.startswith("<!doctype html>")
    assert "Gefeliciteerd.</p>" in page.text
    allowed = dict(rule.strip().partition(" ")[::2] for rule in page.headers["Content-Security-Policy"].split(";"))
    assert allowed == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "sandbox": "",
    }


def test_attachments_are_saved_and_never_shown(browser: FlaskClient, folder: Folder) -> None:
    message = email()
    message.add_attachment(b"<script>alert(1)</script>", "text", "html", filename="../../Besluit ‘één’.html")
    message.add_attachment(b"%PDF", "application", "pdf")
    message.add_attachment(email(13))
    folder.send(message)
    page = browser.get("/dev/mail/provider-message-12").text
    assert "Besluit ‘één’.html</a> (25 bytes)" in page
    assert "bijlage-2</a> (4 bytes)" in page
    found = [browser.get(f"/dev/mail/provider-message-12/bijlage/{index}") for index in range(3)]
    assert [found[0].data, found[1].data] == [b"<script>alert(1)</script>", b"%PDF"]
    assert b"provider-message-13" in found[2].data
    for answer in found:
        assert answer.mimetype == "application/octet-stream"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        assert ".." not in answer.headers["Content-Disposition"]
        answer.close()


@pytest.mark.parametrize(
    "address",
    [
        "provider-message-13",
        "provider-message-13/html",
        "provider-message-13/bijlage/0",
        "provider-message-12/bijlage/0",
        f"provider-message-12/bijlage/{'9' * 40}",
        "provider-message-12/bijlage/-1",
        "provider-message-12.eml",
        "..",
        "../secret",
        "..%2fsecret",
        "%2e%2e%2fsecret",
        "..%5csecret",
        "secret%00",
        "secret%0a",
        "link%2f..%2fsecret",
        "folder",
        "x" * 300,
    ],
)
def test_what_is_no_e_mail_is_not_found(browser: FlaskClient, folder: Folder, address: str) -> None:
    folder.send(email())
    (folder.path / "folder.eml").mkdir()
    (folder.path.parent / "secret.eml").write_bytes(email().as_bytes())
    answer = browser.get(f"/dev/mail/{address}")
    assert answer.status_code == 404
    assert "Pagina niet gevonden" in answer.text


def test_a_text_without_markup_has_no_page_with_markup(browser: FlaskClient, folder: Folder) -> None:
    rubbish(folder, b"Subject: Kaal\r\n\r\nTekst")
    assert "Met opmaak" not in browser.get("/dev/mail/rubbish").text
    assert browser.get("/dev/mail/rubbish/html").status_code == 404


RUBBISH = [
    b"",
    b"\0\xff\xfe\n\n\x00",
    b"%PDF-1.7 no e-mail",
    b"Message-ID: <@b.nl>\n\nx",
    b"To: \xff\xfe <x\n\n\xff",
    b"Subject: =?utf-8?b?////?= =?nope?q?x?=\n\n",
    b"Subject: \xed\xa0\x80\n\n\xed\xa0\x80",
    b"Date: 99 Foo 0000\n\nx",
    b"Date: Mon, 01 Jan 0001 00:00:00 +2359\n\nx",
    b"Content-Type: text/plain; charset=nope\n\nx",
    b"Content-Type: text/html; charset=utf-16\n\nx",
    b"Content-Type: multipart/mixed\n\nno boundary",
    b"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Disposition: attachment; filename*=utf-8''%00%0a\n\nx",
    b"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: message/rfc822\n\n\n--a--",
    b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n*",
    b"Content-Type: multipart/related; boundary=a\n\n--a\n" * 2000,
    b"x" * (LARGEST + 1),
]


@pytest.mark.parametrize("content", RUBBISH, ids=range(len(RUBBISH)))
def test_rubbish_in_the_folder_harms_no_page(browser: FlaskClient, folder: Folder, content: bytes) -> None:
    rubbish(folder, content)
    folder.send(email())
    page = browser.get("/dev/mail")
    assert page.status_code == 200
    assert "provider-message-12" in page.text
    for rest in ("", "/html", "/bijlage/0"):
        answer = browser.get(f"/dev/mail/rubbish{rest}")
        assert answer.status_code in {200, 404}
        answer.close()


@given(st.lists(st.sampled_from([b"To: ", b"Content-Type: ", b"multipart/mixed; boundary=a", b"\n", b"--a", b"\xff"])))
@example([b"To: ", b"\xff"])
def test_whatever_is_read_can_be_shown(tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]) -> None:
    folder = Folder(tmp_path_factory.getbasetemp() / "pieces")
    rubbish(folder, b"".join(pieces))
    if mail := find_mail(folder.path, "rubbish"):
        f"{mail.subject}{mail.recipient}{mail.headers}{mail.text}{mail.html}".encode()


def test_a_file_that_cannot_be_named_in_an_address_is_not_listed(browser: FlaskClient, folder: Folder) -> None:
    for name in ("a b", "é", "a'b", ".hidden"):
        rubbish(folder, b"Subject: Verborgen\n\n", name)
    assert "Er is nog geen e-mail verstuurd." in browser.get("/dev/mail").text
