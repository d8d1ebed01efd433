"""One letter to one person, and how it looks as an e-mail. No Flask, no database, no clock."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from core.mail.addresses import is_address
from core.texts import tidy, tidy_line

REGISTER = "Registeruur"
FOOTER = "Dit bericht staat ook op uw pagina met berichten."
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
LINK = re.compile(r"https?://[^\s<>\"]+")
SHORT = 69  # symbols; a plain subject of this length fits on one line of 78, with its name before it

# Mail programs read no style sheets, so every element carries its own style.
PAGE = Markup("""\
<!doctype html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{subject}</title>
</head>
<body style="margin:0;padding:0;background:#ffffff">
<div style="max-width:600px;margin:0 auto;padding:24px 16px;border-top:6px solid #0d5560;color:#16242b;\
font:400 17px/1.5 'Segoe UI',Roboto,'Liberation Sans',Arial,sans-serif;overflow-wrap:break-word;word-wrap:break-word">
<p style="margin:0 0 24px;color:#083f48;font-weight:700">{register}</p>
<h1 dir="auto" style="margin:0 0 16px;color:#083f48;font-size:24px;line-height:1.25">{subject}</h1>
{body}
<p style="margin:32px 0 0;padding:16px 0 0;border-top:1px solid #c9d3d6;color:#46565f;font-size:15px">\
{footer}<br>{register}</p>
</div>
</body>
</html>
""")
PARAGRAPH = Markup('<p dir="auto" style="margin:0 0 16px">{text}</p>')
POINT = Markup('<a href="{link}" style="color:#0b5f8a">{text}</a>')
# Outlook gives a link no padding, but a table cell it does.
BUTTON = Markup("""\
<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:24px 0"><tr>
<td bgcolor="#0d5560" style="padding:12px 20px;border-radius:4px"><a href="{link}" \
style="color:#ffffff;font-weight:600;text-decoration:none">{text}</a></td>
</tr></table>""")


class Point(NamedTuple):
    """A paragraph that leads to a place on the site."""

    text: str
    link: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What to say to whom. `paragraphs` are plain text and may hold line breaks; the button is optional.

    `reference` is stable and unique per letter: whoever gets it twice can see that it is the same one. An address, a
    link or a reference that could not be sent safely is a `ValueError`; texts are cleaned when they are sent.
    """

    recipient: str
    subject: str
    paragraphs: tuple[str | Point, ...]
    link_text: str = ""
    link: str = ""
    reference: str
    is_on_site: bool = True  # then the letter says that it also stands there

    def __post_init__(self) -> None:
        problems = {
            "its reference": not REFERENCE.fullmatch(self.reference),
            "its recipient": not is_address(self.recipient),
            "its link": not all(map(_is_sendable, self._places)),
            "only half a button": bool(self.link) != bool(self.link_text),
        }
        if wrong := [name for name, applies in problems.items() if applies]:
            raise ValueError(f"a letter cannot be sent with {' and '.join(wrong)}: {self.reference!r}")

    @property
    def _places(self) -> list[str]:
        points = [paragraph.link for paragraph in self.paragraphs if isinstance(paragraph, Point)]
        return [*points, self.link] if self.link else points


class _Subject(BaseHeader):
    """A subject that is taken literally. The library's own loses spaces and decodes what only looks encoded."""

    max_count = 1

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        """Keep the text; the parser, which would decode it, is given none."""
        kwds["decoded"] = value
        kwds["parse_tree"] = UnstructuredHeader.value_parser("")

    def fold(self, *, policy: Policy) -> str:
        """The header as it is sent, encoded whenever anybody could misread it."""
        is_plain = self.isascii() and "=?" not in self and len(self) <= SHORT
        text = str(self) if is_plain else Header(self, "utf-8", header_name=self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {text}{policy.linesep}"


HEADERS = HeaderRegistry()
HEADERS.map_to_type("subject", _Subject)
POLICY = SMTP.clone(header_factory=HEADERS, cte_type="7bit")  # no server has to know more than ASCII


def as_email(letter: Letter, sender: str, base_url: str, sent_at: datetime) -> EmailMessage:
    """The letter in plain text and in HTML, as one message. `base_url` only names the host in the Message-ID."""
    email = EmailMessage(POLICY)
    email["From"] = Address(REGISTER, addr_spec=sender)
    email["To"] = Address(addr_spec=letter.recipient)
    email["Subject"] = tidy_line(letter.subject)
    email["Date"] = format_datetime(sent_at)
    email["Message-ID"] = f"<{letter.reference}@{_host(base_url)}>"
    email["Auto-Submitted"] = "auto-generated"  # RFC 3834: answering machines keep silent
    email.set_content(_text(letter), cte="quoted-printable")
    email.add_alternative(str(_html(letter)), subtype="html", cte="quoted-printable")
    email["Content-Language"] = "nl"  # last, or it would have gone to the first part
    return email


def _host(base_url: str) -> str:
    host = urlsplit(base_url).hostname or "localhost"
    return f"[IPv6:{host}]" if ":" in host else host.encode("idna").decode()


def _is_sendable(link: str) -> bool:
    return bool(LINK.fullmatch(link)) and link.isprintable()


def _paragraphs(letter: Letter) -> list[Point]:
    """All that says anything; what leads nowhere has no link."""
    all_of_them = (said if isinstance(said, Point) else Point(said, "") for said in letter.paragraphs)
    return [Point(text, link) for said, link in all_of_them if (text := tidy(said))]


def _footer(letter: Letter) -> list[str]:
    return [FOOTER] if letter.is_on_site else []


def _text(letter: Letter) -> str:
    button = [f"{tidy_line(letter.link_text)}:\n{letter.link}"] if letter.link else []
    paragraphs = [f"- {text}\n  {link}" if link else text for text, link in _paragraphs(letter)]
    return "\n\n".join([*paragraphs, *button, *_footer(letter), REGISTER]) + "\n"


def _html(letter: Letter) -> Markup:
    body = [PARAGRAPH.format(text=_linked(*paragraph)) for paragraph in _paragraphs(letter)]
    if letter.link:
        body.append(BUTTON.format(link=letter.link, text=tidy_line(letter.link_text)))
    subject = tidy_line(letter.subject)
    return PAGE.format(
        subject=subject, register=REGISTER, body=Markup("\n").join(body), footer=" ".join(_footer(letter))
    )


def _linked(text: str, link: str) -> Markup:
    lines = Markup("<br>\n").join(escape(line) for line in text.split("\n"))
    return POINT.format(link=link, text=lines) if link else lines
