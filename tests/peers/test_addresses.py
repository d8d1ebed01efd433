"""Whatever address somebody makes up, one stays on this site; and whoever cancels is back where they began."""

from urllib.parse import unquote, urlsplit

import pytest
import requests

from tests.peers.visitor import AUDIENCE, Visitor, query_of

EVIL = (
    "https://evil.example/",
    "http://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "https:evil.example",
    "https:/evil.example/",
    "HTTPS://EVIL.EXAMPLE/",
    " https://evil.example/",
    "/\t/evil.example/",
    "/\n/evil.example/",
    "\t//evil.example/",
    "/\r\nLocation: https://evil.example/",
    "javascript:alert(1)",
    "data:text/html,evil",
    "evil.example",
    "@evil.example",
    ".evil.example",
    "?//evil.example",
    "",
)


@pytest.mark.parametrize("address", EVIL)
def test_one_never_leaves_the_site_after_signing_in(visitor: Visitor, address: str) -> None:
    back = visitor.peek(visitor.way_back("leraar", naar=address))
    assert (back.status_code, back.headers["Location"]) == (303, "/dossier")


@pytest.mark.parametrize(
    "address", ["/\uff0fevil.example/", "/%5Cevil.example/", "/%2Fevil.example/", "/zoeken/..//evil.example"]
)
def test_an_odd_path_stays_a_path_of_this_site(visitor: Visitor, address: str) -> None:
    there = visitor.peek(visitor.way_back("leraar", naar=address)).headers["Location"]
    assert there[0] == "/"
    assert there[1] not in "/\\"
    assert visitor.get(there).url.startswith(visitor.site.address)


@pytest.mark.parametrize("person", ["cancel", "cancel-signicat"])
@pytest.mark.parametrize("before", ["/zoeken?q=rekenen", "/zoeken"])
def test_whoever_cancels_is_back_where_they_began_with_a_notice(visitor: Visitor, person: str, before: str) -> None:
    page = cancel(visitor, visitor.site.address + before, person)
    assert (page.status_code, page.url) == (200, visitor.site.address + before)
    assert "U hebt het inloggen afgebroken." in page.text
    assert "Inloggen is niet gelukt" not in page.text
    assert visitor.site.entries()[-1] == ("sign-in.refused", "account:eherkenning", "sign-in-cancelled")
    assert not visitor.is_in("aanbieder")


@pytest.mark.parametrize(
    "referrer",
    [
        "",
        "https://evil.example/",
        "{as_long_as_ours}/zoeken?q=evil",
        "{site}.evil.example/zoeken",
        "{site}@evil.example/zoeken",
        "{site}//evil.example/",
        "{site}/\\evil.example/",
        "{site}/aanbieder/activiteiten",
        "{site}/inloggen/leraar",
        "{site}/inloggen/aanbieder/terug?error=x",
        "{site}/bestaat-niet",
        "{site}",
        "javascript:alert(1)",
    ],
)
def test_after_cancelling_one_is_on_the_front_page_when_the_page_before_is_not_for_anybody(
    visitor: Visitor, referrer: str
) -> None:
    site = visitor.site.address
    page = cancel(visitor, referrer.format(site=site, as_long_as_ours="http://evil.".ljust(len(site), "e")))
    assert page.url == f"{visitor.site.address}/zoeken"
    assert "U hebt het inloggen afgebroken." in page.text


def cancel(visitor: Visitor, referrer: str, person: str = "cancel") -> requests.Response:
    sent = visitor.peek("/inloggen/aanbieder", {"Referer": referrer} if referrer else {}, als=person)
    back = visitor.follow_to_provider(sent.headers["Location"])
    assert query_of(back)["error"] in {"access_denied", "IDP-3200"}
    return visitor.get(back)


FORWARDED = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-Port": "443"}


@pytest.mark.parametrize("entrance", AUDIENCE)
@pytest.mark.parametrize(
    "headers", [{"Host": "127.0.0.1:9"}, FORWARDED, FORWARDED | {"Forwarded": "host=evil.example"}]
)
def test_the_address_to_return_to_is_ours_whatever_the_request_calls_this_host(
    visitor: Visitor, entrance: str, headers: dict[str, str]
) -> None:
    sent = visitor.peek(f"/inloggen/{entrance}", headers, als="cancel").headers["Location"]
    assert query_of(sent)["redirect_uri"] == f"{visitor.site.address}/inloggen/{entrance}/terug"
    back = visitor.follow_to_provider(sent)
    assert back.startswith(f"{visitor.site.address}/inloggen/{entrance}/terug?")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost"])
def test_whoever_came_under_another_name_is_sent_to_our_own_address_first(visitor: Visitor, host: str) -> None:
    sent = visitor.peek("/inloggen/leraar", {"Host": host}, naar="/dossier").headers["Location"]
    assert sent == f"{visitor.site.address}/inloggen/leraar?naar=%2Fdossier"


def test_the_exchange_names_our_own_address_too(visitor: Visitor) -> None:
    back = urlsplit(visitor.way_back("leraar"))
    visitor.peek(back.geturl(), {"Host": "127.0.0.1:9", **FORWARDED})
    (exchange,) = visitor.site.peer.interceptor.seen("/token")
    assert exchange.form["redirect_uri"] == f"{visitor.site.address}/inloggen/leraar/terug"
    assert visitor.is_in("leraar")


def test_signing_out_names_our_own_address_too(visitor: Visitor) -> None:
    visitor.sign_in("leraar")
    visitor.browser.headers.update({"Host": "127.0.0.1:9", **FORWARDED})
    page = visitor.post("/uitloggen")
    assert f"post_logout_redirect_uri={visitor.site.address}/uitgelogd&amp;" in unquote(page.text)
    assert "evil.example" not in page.text
