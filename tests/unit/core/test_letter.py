import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.mail.letter import FOOTER, Letter, Point, as_email
from core.mail.transport import Folder
from core.texts import tidy, tidy_line

SENT = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
KNOWN = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
    "Content-Language",
}
LONG = "arbeidsongeschiktheidsverzekeringsmaatschappijen" * 3
INJECTION = "\r\nBcc: x@y.nl"
ENCODED = "=?utf-8?q?=0D=0ABcc=3A_x=40y=2Enl?="
HARD = "aé=?_.,:;<>\"'&\\ \t\r\n\0\x0b\x0c\x1c\x7f\x85\u2028\u2029\ud800😀"
WORDS = [
    "👩\u200d👧",
    "שלום",
    "ij",
    LONG,
    INJECTION,
    ENCODED,
    "=?",
    "?=",
    "\n.\n",
    "From ",
    "{subject}",
    "<br>",
    "&lt;",
]
awkward = st.lists(st.sampled_from([*HARD, *WORDS]), max_size=30).map("".join)
texts = awkward | st.text(max_size=200)


def letter(**changed: Any) -> Letter:
    usual: dict[str, Any] = {
        "recipient": "r.debrug@aanbieder.example",
        "subject": "Uw activiteit is gevalideerd",
        "paragraphs": ("De commissie heeft uw activiteit gevalideerd.", "U kunt die nu publiceren."),
        "link_text": "Activiteit bekijken",
        "link": "https://register.example/aanbieder/activiteiten/12?a=1&b=2",
        "reference": "provider-message-12",
    }
    return Letter(**usual | changed)


def sent(base_url: str = "https://register.example", **changed: Any) -> EmailMessage:
    """The letter as a mail program reads it."""
    email = as_email(letter(**changed), "register@register.example", base_url, SENT)
    return message_from_bytes(email.as_bytes(), policy=default)


def part(email: EmailMessage, kind: str) -> str:
    found = email.get_body((kind,))
    assert found
    text: str = found.get_content()
    return text.replace("\r\n", "\n")


def test_a_letter_says_from_whom_to_whom_when_and_what() -> None:
    email = sent()
    assert {name: str(email[name]) for name in KNOWN - {"Content-Type"}} == {
        "From": "Registeruur <register@register.example>",
        "To": "r.debrug@aanbieder.example",
        "Subject": "Uw activiteit is gevalideerd",
        "Date": "Sun, 22 Nov 2026 12:30:00 +0000",
        "Message-ID": "<provider-message-12@register.example>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Language": "nl",
    }
    assert [found.get_content_type() for found in email.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_the_text_part_holds_everything() -> None:
    assert part(sent(), "plain") == (
        "De commissie heeft uw activiteit gevalideerd.\n\n"
        "U kunt die nu publiceren.\n\n"
        "Activiteit bekijken:\nhttps://register.example/aanbieder/activiteiten/12?a=1&b=2\n\n"
        f"{FOOTER}\n\nRegisteruur\n"
    )


def test_the_html_part_says_the_same_in_dutch() -> None:
    html = part(sent(), "html")
    assert '<html lang="nl">' in html
    assert 'href="https://register.example/aanbieder/activiteiten/12?a=1&amp;b=2"' in html
    for text in (*letter().paragraphs, letter().subject, letter().link_text, f"{FOOTER}<br>Registeruur"):
        assert f">{text}</" in html


def test_a_point_leads_to_its_place_in_both_parts() -> None:
    place = "https://register.example/bewerken/over?a=1&b=2#goal"
    email = sent(paragraphs=("Dit is waarom:", Point("Beschrijf het <doel>.", place), Point(" ", place)))
    assert f"Dit is waarom:\n\n- Beschrijf het <doel>.\n  {place}\n\n" in part(email, "plain")
    assert f'href="{escape(place)}" style="color:#0b5f8a">Beschrijf het &lt;doel&gt;.</a>' in part(email, "html")
    assert part(email, "plain").count(place) == 1, "a point without words is left out"


@pytest.mark.parametrize("place", ["javascript:alert(1)", "https://x.example/\nBcc: a@b.nl", "/zonder/adres", ""])
def test_a_point_that_cannot_be_followed_safely_is_refused(place: str) -> None:
    with pytest.raises(ValueError, match="its link"):
        letter(paragraphs=(Point("Hierheen.", place),))


def test_a_letter_without_something_to_do_has_no_button() -> None:
    email = sent(link="", link_text="")
    assert "href" not in part(email, "html")
    assert "http" not in part(email, "plain")


def test_lines_and_markup_stay_what_was_typed() -> None:
    email = sent(paragraphs=("Reden:\r\n<b>te kort</b> & {subject}",))
    assert "Reden:\n<b>te kort</b> & {subject}\n" in part(email, "plain")
    assert ">Reden:<br>\n&lt;b&gt;te kort&lt;/b&gt; &amp; {subject}</p>" in part(email, "html")


@pytest.mark.parametrize(
    ("base_url", "host"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1"),
        ("http://localhost:8000", "localhost"),
        ("https://Register.example", "register.example"),
        ("http://[::1]:8000", "[IPv6:::1]"),
        ("https://régister.example", "xn--rgister-bya.example"),
    ],
)
def test_the_message_id_names_the_host(base_url: str, host: str) -> None:
    assert sent(base_url)["Message-ID"] == f"<provider-message-12@{host}>"


@pytest.mark.parametrize(
    "wrong",
    [
        {"recipient": "geen adres"},
        {"recipient": f"a@b.nl{INJECTION}"},
        {"recipient": "a@b.nl, c@d.nl"},
        {"reference": ""},
        {"reference": "../12"},
        {"reference": "a\n"},
        {"reference": "x" * 101},
        {"link": "/activiteiten/12"},
        {"link": "javascript:alert(1)"},
        {"link": "https://a.nl/ x"},
        {"link": "https://a.nl/\u200b"},
        {"link": ""},
        {"link_text": ""},
    ],
)
def test_a_letter_that_could_not_be_sent_safely_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="a letter cannot be sent"):
        letter(**wrong)


def test_everything_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(ValueError, match="its recipient and its link"):
        letter(recipient="", link="x")


@given(texts)
@example("שלום עליכם " * 20)
@example("é" * 300)
@example("a " * 200)
@example(f"{LONG} é {LONG}")
@example(ENCODED)
@example(f"Uw activiteit{INJECTION}")
@example("x" * 69)
@example("x" * 70)
def test_a_subject_survives_and_adds_no_header(subject: str) -> None:
    email = sent(subject=subject)
    assert str(email["Subject"]) == tidy_line(subject)
    assert sorted(email.keys()) == sorted(KNOWN)


@given(st.lists(texts, max_size=4), texts)
@example([LONG * 30, "👩\u200d👩\u200d👧 مرحبا"], "שלום")
@example([".", "..", "From x"], "a")
def test_texts_survive_in_both_parts(paragraphs: list[str], link_text: str) -> None:
    email = sent(paragraphs=tuple(paragraphs), link_text=link_text or "Lezen")
    kept = [text for paragraph in paragraphs if (text := tidy(paragraph))]
    link = f"{tidy_line(link_text or 'Lezen')}:\n{letter().link}"
    assert part(email, "plain") == "\n\n".join([*kept, link, FOOTER, "Registeruur"]) + "\n"
    shown = re.findall('<p dir="auto"[^>]*>(.*?)</p>', part(email, "html"), re.DOTALL)
    assert [unescape(text.replace("<br>\n", "\n")) for text in shown] == kept
    assert sorted(email.keys()) == sorted(KNOWN)


@given(texts)
def test_every_line_is_ascii_and_short_enough_for_any_server(text: str) -> None:
    email = as_email(letter(subject=text, paragraphs=(text,)), "a@b.nl", "https://b.nl", SENT)
    lines = email.as_bytes().split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert all(line.isascii() and b"\n" not in line and b"\r" not in line for line in lines)


def test_a_folder_keeps_one_file_per_letter(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "mail")
    for subject in ("Eerst", "Later"):
        folder.send(as_email(letter(subject=subject), "a@b.nl", "https://b.nl", SENT))
    [file] = folder.path.iterdir()
    assert file.name == "provider-message-12.eml"
    assert message_from_bytes(file.read_bytes(), policy=default)["Subject"] == "Later"


@pytest.mark.parametrize("message_id", ["<../../x@b.nl>", "<a.b@c.nl>", "<a/b@c.nl>"])
def test_a_folder_refuses_an_e_mail_that_would_leave_it(tmp_path: Path, message_id: str) -> None:
    email = EmailMessage()
    email["Message-ID"] = message_id
    with pytest.raises(ValueError, match="Message-ID"):
        Folder(tmp_path).send(email)
    assert not list(tmp_path.iterdir())
