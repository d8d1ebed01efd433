"""Attacks with the browser's way back: what is replayed, swapped, guessed or planted opens no session."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests
from sqlalchemy import update

from core import clock
from core.db import db, transaction
from core.sign_in.attempts import SignInAttempt
from tests.peers.open_id import SECRET, Peer, unpacked
from tests.peers.visitor import AUDIENCE, CLIENT, Visitor, assert_refused, changed, query_of

UNKNOWN, PROVIDER, TOKEN = "sign-in-unknown-return", "sign-in-provider-refused", "sign-in-token-refused"
SCRIPT = "<script>alert(1)</script>"


CHANGED: Mapping[str, tuple[dict[str, str | None], str]] = {
    "a forged state": ({"state": "forged"}, UNKNOWN),
    "an empty state": ({"state": ""}, UNKNOWN),
    "no state": ({"state": None}, UNKNOWN),
    "a very long state": ({"state": "a" * 5000}, UNKNOWN),
    "a state of odd symbols": ({"state": "\0é\u202e"}, UNKNOWN),
    "a guessed code": ({"code": "guessed"}, TOKEN),
    "an empty code": ({"code": ""}, TOKEN),
    "no code": ({"code": None}, TOKEN),
    "another issuer": ({"iss": "https://evil.example"}, TOKEN),
    "an empty issuer": ({"iss": ""}, TOKEN),
    "no issuer, though one was promised": ({"iss": None}, TOKEN),
    "an error in the place of a code": ({"error": "server_error", "code": None}, PROVIDER),
    "an error beside a code": ({"error": "temporarily_unavailable"}, PROVIDER),
    "an empty error": ({"error": ""}, PROVIDER),
    "an error that is a script": ({"error": SCRIPT, "error_description": SCRIPT}, PROVIDER),
    "an error with a forged state": ({"error": "server_error", "state": "forged"}, UNKNOWN),
    "a cancellation with a forged state": ({"error": "access_denied", "state": "forged"}, UNKNOWN),
    "a cancellation of another issuer": ({"error": "access_denied", "iss": "https://evil.example"}, TOKEN),
}


@pytest.mark.parametrize(("changes", "code"), CHANGED.values(), ids=CHANGED)
def test_nobody_comes_in_with_a_return_that_has(visitor: Visitor, changes: dict[str, str | None], code: str) -> None:
    page = visitor.come_back("aanbieder", **changes)
    assert_refused(visitor, page, "aanbieder", code)
    assert SCRIPT not in page.text


def test_a_return_without_anything_is_refused(visitor: Visitor) -> None:
    assert_refused(visitor, visitor.get("/inloggen/leraar/terug"), "leraar", UNKNOWN)
    assert visitor.get("/inloggen/directie/terug").status_code == 404


def test_a_return_works_once_in_the_browser_that_used_it(visitor: Visitor) -> None:
    back = visitor.way_back("leraar")
    assert visitor.get(back).status_code == 200
    page = visitor.get(back)
    assert (page.status_code, visitor.site.entries()[-1][2]) == (403, UNKNOWN)
    assert len(visitor.site.sessions()) == 1


def test_a_return_works_once_for_whoever_copied_the_browser_before(visitor: Visitor, other: Visitor) -> None:
    back = visitor.way_back("leraar")
    copy_browser(visitor, other)
    visitor.get(back)
    assert visitor.is_in("leraar")
    assert_refused(other, other.get(back), "leraar", UNKNOWN, sessions=1)


def test_of_two_returns_at_the_same_moment_one_comes_in(visitor: Visitor, other: Visitor) -> None:
    back = visitor.way_back("leraar")
    copy_browser(visitor, other)
    with ThreadPoolExecutor(2) as pool:
        pages = list(pool.map(lambda browser: browser.get(back), (visitor, other)))
    assert sorted(page.status_code for page in pages) == [200, 403]
    assert len(visitor.site.sessions()) == len(visitor.site.peer.interceptor.seen("/token")) == 1


def test_a_return_with_a_new_state_but_a_used_code_is_refused(visitor: Visitor, other: Visitor) -> None:
    """The provider notices as well: whoever uses a code twice loses what it gave."""
    used = visitor.way_back("leraar")
    visitor.get(used)
    fresh = query_of(other.request_to_provider("leraar"))["state"]
    assert_refused(other, other.get(changed(used, state=fresh)), "leraar", sessions=1)


def test_somebody_elses_return_signs_nobody_in_on_another_browser(visitor: Visitor, other: Visitor) -> None:
    """Login CSRF: a victim that follows the attacker's way back would work in the attacker's account."""
    trap = other.way_back("leraar")
    assert_refused(visitor, visitor.get(trap), "leraar", UNKNOWN)
    visitor.request_to_provider("leraar")
    assert_refused(visitor, visitor.get(trap), "leraar", UNKNOWN)
    assert other.get(trap).status_code == 200


def test_a_stolen_code_is_worth_nothing_in_the_attempt_of_another_browser(visitor: Visitor, other: Visitor) -> None:
    """Code injection: the state is the victim's own; the challenge of the code is not."""
    stolen = query_of(other.way_back("leraar"))["code"]
    before = len(visitor.site.peer.log())
    page = visitor.come_back("leraar", code=stolen)
    assert_refused(visitor, page, "leraar")
    assert "code_verifier does not match code_challenge" in visitor.site.peer.log()[before:]


def test_a_stolen_code_is_worth_nothing_to_whoever_knows_our_secret_but_not_the_verifier(visitor: Visitor) -> None:
    code = query_of(visitor.way_back("leraar"))["code"]
    back = f"{visitor.site.address}/inloggen/leraar/terug"
    data = {"grant_type": "authorization_code", "code": code, "redirect_uri": back}
    answer = requests.post(f"{visitor.site.peer.issuer}/token", data, auth=(CLIENT["leraar"], SECRET), timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "changes",
    [{"code_challenge": None, "code_challenge_method": None}, {"code_challenge_method": "plain"}],
    ids=["left out", "made plain"],
)
def test_a_request_from_which_the_challenge_was_dropped_brings_nobody_in(
    visitor: Visitor, changes: dict[str, str | None]
) -> None:
    back = visitor.follow_to_provider(changed(visitor.request_to_provider("leraar"), **changes))
    assert query_of(back)["error"] == "invalid_request"
    assert_refused(visitor, visitor.get(back), "leraar", PROVIDER)


def test_an_id_token_of_an_earlier_sign_in_is_refused(visitor: Visitor, other: Visitor, peer: Peer) -> None:
    other.sign_in("leraar")
    (row,) = visitor.site.sessions()
    peer.edit("/token", lambda body: body | {"id_token": row.id_token})
    assert_refused(visitor, visitor.sign_in("leraar"), "leraar", sessions=1)


def test_an_id_token_of_another_entrance_is_refused_also_with_our_nonce(
    visitor: Visitor, other: Visitor, peer: Peer
) -> None:
    other.sign_in("leraar")
    (row,) = visitor.site.sessions()
    peer.forge(lambda claims: unpacked(row.id_token)[1] | {"nonce": claims["nonce"]})
    assert_refused(visitor, visitor.sign_in("commissie"), "commissie", sessions=1)


@pytest.mark.parametrize(("began", "came"), [(began, came) for began in AUDIENCE for came in AUDIENCE if began != came])
def test_a_state_of_one_entrance_opens_no_other(visitor: Visitor, began: str, came: str) -> None:
    back = visitor.way_back(began)
    swapped = urlsplit(back)._replace(path=f"/inloggen/{came}/terug").geturl()
    assert_refused(visitor, visitor.get(swapped), came, UNKNOWN)
    assert_refused(visitor, visitor.get(back), began, UNKNOWN)


@pytest.mark.parametrize(
    ("age", "status"),
    [(timedelta(minutes=9), 200), (timedelta(minutes=11), 403)],
    ids=["young enough", "too old"],
)
def test_an_attempt_is_forgotten_after_ten_minutes(visitor: Visitor, age: timedelta, status: int) -> None:
    back = visitor.way_back("leraar")
    with visitor.site.app.app_context(), transaction():
        db.session.execute(update(SignInAttempt).values(created_at=clock.now() - age))
    page = visitor.get(back)
    assert page.status_code == status
    assert visitor.is_in("leraar") is (status == 200)


def test_a_cookie_from_before_the_sign_in_is_worth_nothing_after_it(visitor: Visitor, other: Visitor) -> None:
    """Fixation: the attacker planted the cookie, and waits for the victim to sign in with it."""
    other.request_to_provider("leraar")
    copy_browser(other, visitor)
    visitor.sign_in("leraar")
    assert visitor.is_in("leraar")
    assert not other.is_in("leraar")


def test_a_planted_session_ends_when_the_victim_signs_in_over_it(visitor: Visitor, other: Visitor) -> None:
    other.sign_in("leraar")
    copy_browser(other, visitor, "session")
    visitor.sign_in("leraar")
    assert (visitor.is_in("leraar"), other.is_in("leraar")) == (True, False)
    assert len(visitor.site.sessions()) == 1


def test_a_cookie_that_was_made_up_is_no_session(visitor: Visitor) -> None:
    for rubbish in ("", "x", "eyJ0b2tlbiI6IngifQ.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb", "." * 3000):
        visitor.browser.cookies.set("session", rubbish, domain="127.0.0.1")
        assert not visitor.is_in("leraar")


def test_whoever_is_refused_without_end_does_not_fill_the_record_and_keeps_nobody_out(
    visitor: Visitor, other: Visitor
) -> None:
    before = len(visitor.site.entries())
    pages = [visitor.get("/inloggen/leraar/terug", state="guessed") for _ in range(130)]
    assert {page.status_code for page in pages} == {403}
    assert len(visitor.site.entries()) - before == 120
    other.sign_in("leraar")
    assert other.is_in("leraar")
    assert visitor.site.entries()[-1] == ("sign-in.started", "account:teacher", "done")


def copy_browser(source: Visitor, target: Visitor, *names: str) -> None:
    """Whatever the one browser holds, the other one holds too."""
    for cookie in source.browser.cookies:
        if not names or cookie.name in names:
            target.browser.cookies.set_cookie(cookie)
