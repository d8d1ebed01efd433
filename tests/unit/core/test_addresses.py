from email.headerregistry import Address
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.mail.addresses import is_address

LABEL = "b" * 60
pieces = st.lists(
    st.sampled_from([*"ab1@.-_+=?'\"<>(),:;\\ \t\r\n\0\x7f\x85é", "\u2028", "a.nl", "@b.nl", "=?utf-8?q?", "?="])
).map("".join)


@pytest.mark.parametrize(
    "text",
    [
        "a@b.nl",
        "R.de.Brug@Aanbieder.example",
        "o'neill+register=1@mail.school-de-brug.example",
        "_x_@1.example",
        "info@xn--mller-kva.example",
        "a@b.c-d.x1",
        f"{'a' * 64}@b.nl",
        f"a@{LABEL}.{LABEL}.{LABEL}.{LABEL}.example",
    ],
)
def test_an_address_is_recognised(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "@b.nl",
        "a@",
        "a@b",
        "a@localhost",
        "a@b@c.nl",
        "a@b..nl",
        "a@.nl",
        "a@b.nl.",
        ".a@b.nl",
        "a.@b.nl",
        "a..b@c.nl",
        "a@-b.nl",
        "a@b-.nl",
        "a@b_c.nl",
        "a@127.0.0.1",
        "a@[127.0.0.1]",
        "a b@c.nl",
        " a@b.nl",
        "a@b.nl ",
        "a@b.nl\n",
        "a@b.nl\r\nBcc: x@y.nl",
        "a@b\n.nl",
        "a\0@b.nl",
        "a@b.nl,c@d.nl",
        "A <a@b.nl>",
        '"a b"@c.nl',
        "a(b)@c.nl",
        "é@b.nl",
        "a@bé.nl",
        "a@b.nl\u2028",
        "a@\u0665.nl",
        "=?utf-8?q?a?=@b.nl",
        f"{'a' * 65}@b.nl",
        f"a@{'b' * 64}.nl",
        f"a@{LABEL}.{LABEL}.{LABEL}.{LABEL}.examples.examp",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    assert not is_address(text)


def test_an_address_has_254_symbols_at_most() -> None:
    longest = f"{'a' * 10}@{LABEL}.{LABEL}.{LABEL}.{LABEL[:57]}.nl"
    assert [len(longest), is_address(longest), is_address("a" + longest)] == [254, True, False]


@given(pieces | st.text(max_size=30))
def test_whatever_is_accepted_stays_one_plain_address_in_a_header(text: str) -> None:
    if is_address(text):
        email = EmailMessage()
        email["To"] = Address(addr_spec=text)
        assert email.as_bytes() == f"To: {text}\n\n".encode("ascii")
        assert email["To"].addresses[0].addr_spec == text


@given(st.emails())
def test_addresses_that_people_have_are_accepted(text: str) -> None:
    is_narrow = "?" in text or len(text.partition("@")[0]) > 64
    assert is_address(text) is not is_narrow
