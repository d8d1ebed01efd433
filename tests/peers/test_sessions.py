"""Sessions end: by the person, at the provider, from another browser, and with time; what was typed is not lost."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
import requests

from core import clock
from tests.peers.open_id import Peer, submit
from tests.peers.visitor import FORM_TOKEN, Site, Visitor, query_of

ONWARD = re.compile(r'<meta http-equiv="refresh" content="0; url=([^"]+)">')
KEPT = re.compile(r'<form method="post" action="(/aanbieder/kwaliteit)">(.*?)</form>', re.DOTALL)


def farewell(visitor: Visitor) -> str:
    """Sign out; where the page goes on to by itself."""
    page = visitor.post("/uitloggen")
    onward = ONWARD.search(page.text)
    assert onward, page.text
    assert f'href="{onward[1]}">Ga verder naar de inlogdienst</a>' in page.text
    return html.unescape(onward[1])


def is_known_at_the_provider(visitor: Visitor, entrance: str) -> bool:
    """Whether the provider lets this browser in without asking who it is."""
    page = visitor.get(f"/inloggen/{entrance}")
    assert page.status_code == 200 or visitor.site.entries()[-1][2] == "sign-in-provider-refused"
    return page.status_code == 200


def test_signing_out_ends_the_session_here_at_once_and_at_the_provider_with_the_next_page(visitor: Visitor) -> None:
    visitor.sign_in("leraar")
    assert is_known_at_the_provider(visitor, "leraar")
    onward, peer = farewell(visitor), visitor.site.peer
    assert not visitor.is_in("leraar")
    assert visitor.site.sessions() == []
    assert onward.startswith(f"{peer.issuer}/session/end?")
    back = f"{visitor.site.address}/uitgelogd"
    assert query_of(onward).items() >= {"client_id": "registeruur-teacher", "post_logout_redirect_uri": back}.items()

    page = submit(visitor.browser, visitor.get(onward))
    assert (page.status_code, page.history[-1].url.split("?")[0]) == (200, back)
    assert "U bent uitgelogd." in page.text
    assert not is_known_at_the_provider(visitor, "leraar")
    assert "backchannel.error" not in peer.log()


def test_signing_out_here_works_also_while_the_provider_is_away(visitor: Visitor, site: Site, peer: Peer) -> None:
    visitor.sign_in("leraar")
    sessions = len(site.sessions())
    site.forget_the_provider()
    peer.interceptor.refuse("/.well-known/openid-configuration")
    page = visitor.post("/uitloggen")
    assert "U bent uitgelogd." in page.text
    assert (sessions, len(site.sessions())) == (1, 0)
    assert not visitor.is_in("leraar")


def test_nobody_is_signed_out_by_a_form_of_another_site(visitor: Visitor) -> None:
    visitor.sign_in("leraar")
    assert visitor.send("/uitloggen").status_code == 400
    assert visitor.get("/uitloggen").status_code == 405
    assert visitor.is_in("leraar")


def test_whoever_signs_out_at_the_provider_is_signed_out_here_in_that_browser_only(
    visitor: Visitor, other: Visitor
) -> None:
    visitor.sign_in("aanbieder")
    other.sign_in("aanbieder")
    submit(visitor.browser, visitor.get(f"{visitor.site.peer.issuer}/session/end"))
    assert not visitor.is_in("aanbieder")
    assert other.is_in("aanbieder")
    assert visitor.site.entries()[-1] == ("sign-in.ended-by-provider", "account:eherkenning", "done")
    assert "backchannel.error" not in visitor.site.peer.log()


def listed(visitor: Visitor) -> list[str]:
    """What the list of sessions offers to end."""
    return re.findall(r'action="(/sessies/\d+/uitloggen)"', visitor.get("/sessies").text)


def test_one_sees_both_browsers_and_can_end_the_other_one(visitor: Visitor, other: Visitor) -> None:
    other.browser.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
    for browser in (visitor, other):
        browser.sign_in("commissie")
    page = visitor.get("/sessies").text
    assert page.count("Deze sessie") == 1
    assert "<h2>Firefox op Windows</h2>" in page
    (end,) = listed(visitor)
    ended = visitor.post(end)
    assert "Die sessie is beëindigd." in ended.text
    assert (visitor.is_in("commissie"), other.is_in("commissie")) == (True, False)
    assert visitor.site.entries()[-1] == ("sign-in.ended", "account:staff", "done")
    assert listed(visitor) == []


@pytest.mark.parametrize(
    ("entrance", "person"), [("commissie", "bakker"), ("leraar", "devries"), ("aanbieder", "chain")]
)
def test_nobody_sees_or_ends_the_session_of_somebody_else(
    visitor: Visitor, other: Visitor, entrance: str, person: str
) -> None:
    visitor.sign_in("commissie", "jansen")
    (row,) = visitor.site.sessions()
    other.sign_in(entrance, person)
    assert listed(other) == []
    assert other.post(f"/sessies/{row.id}/uitloggen").status_code == 404
    assert visitor.is_in("commissie")


def test_a_session_is_not_ended_by_a_form_of_another_site(visitor: Visitor, other: Visitor) -> None:
    for browser in (visitor, other):
        browser.sign_in("leraar")
    (end,) = listed(visitor)
    assert visitor.send(end).status_code == 400
    assert other.is_in("leraar")


@pytest.mark.parametrize(
    ("idle", "age", "lives"),
    [
        (timedelta(minutes=14), timedelta(hours=7), True),
        (timedelta(minutes=16), timedelta(minutes=16), False),
        (timedelta(0), timedelta(hours=8, minutes=1), False),
    ],
    ids=["in use and young enough", "not used for too long", "used all day"],
)
def test_a_session_lives_as_long_as_the_settings_say(
    visitor: Visitor, site: Site, idle: timedelta, age: timedelta, lives: bool
) -> None:
    visitor.sign_in("leraar")
    site.change_sessions(seen_at=clock.now() - idle, started_at=clock.now() - age)
    assert visitor.is_in("leraar") is lives
    if not lives:
        assert "Uw sessie is afgelopen. Log opnieuw in." in visitor.get("/zoeken").text


def test_using_a_session_keeps_it_alive(visitor: Visitor, site: Site) -> None:
    visitor.sign_in("leraar")
    for _ in range(2):
        (row,) = site.sessions()
        site.change_sessions(seen_at=row.seen_at - timedelta(minutes=10))
        assert visitor.is_in("leraar")


def sent_too_late(visitor: Visitor) -> str:
    """Fill in a form, and send it when the session is over; the way to sign in again that the page offers."""
    visitor.sign_in("aanbieder", "chain")
    token = FORM_TOKEN.search(visitor.get("/aanbieder/kwaliteit").text)
    assert token
    visitor.site.change_sessions(seen_at=clock.now() - timedelta(hours=1))
    page = visitor.send("/aanbieder/kwaliteit", csrf_token=token[1], requirement="een lange tekst")
    assert (page.status_code, "wat u invulde is bewaard" in page.text) == (403, True)
    again = re.search(r'href="(/inloggen/aanbieder\?naar=/verder/[^"]+)">Opnieuw inloggen', page.text)
    assert again, page.text
    return html.unescape(again[1])


def test_what_was_typed_waits_behind_the_sign_in_for_the_same_account(visitor: Visitor, other: Visitor) -> None:
    again = sent_too_late(visitor)
    page = visitor.get(again, als="chain")
    assert "/verder/" in page.url
    form = KEPT.search(page.text)
    assert form
    assert '<input type="hidden" name="requirement" value="een lange tekst">' in form[2]
    assert form[2].count("csrf_token") == 1
    assert send_again(visitor, form[2]).status_code == 422  # the page that judges what was typed

    refused = other.get(again, als="represents")  # a colleague
    assert (refused.status_code, "een lange tekst" in refused.text) == (404, False)


def send_again(visitor: Visitor, form: str) -> requests.Response:
    fields: dict[str, Any] = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    return visitor.send("/aanbieder/kwaliteit", **{name: html.unescape(value) for name, value in fields.items()})
