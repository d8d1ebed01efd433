"""Sign-in from begin to end over real HTTP, and what the demonstration provider refuses."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.live import live

FORM_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server for all tests of this file: they only sign in."""
    folder = tmp_path_factory.mktemp("sign-in")
    with live(folder, f"sqlite:///{folder / 'test.db'}") as (address, _):
        yield address


@pytest.fixture
def browser() -> Iterator[requests.Session]:
    """Somebody without JavaScript."""
    with requests.Session() as session:
        yield session


def choose(browser: requests.Session, address: str, entrance: str, person: str, **query: str) -> requests.Response:
    page = browser.get(f"{address}/inloggen/{entrance}", params=query)
    return answer(browser, page, person)


def answer(
    browser: requests.Session, page: requests.Response, person: str, *, follow: bool = True
) -> requests.Response:
    found = FORM_TOKEN.search(page.text.split("<main", 1)[1])
    assert found, page.text
    data = {"csrf_token": found[1], "person": person}
    return browser.post(page.url, data=data, allow_redirects=follow)


@pytest.mark.parametrize(
    ("entrance", "person", "home"),
    [
        ("aanbieder", "debrug", "/aanbieder/aanmelding"),
        ("commissie", "jansen", "/commissie"),
        ("commissie", "bakker", "/commissie"),
        ("leraar", "devries", "/dossier"),
    ],
)
def test_everybody_comes_in_through_their_own_entrance(
    browser: requests.Session, address: str, entrance: str, person: str, home: str
) -> None:
    page = choose(browser, address, entrance, person)
    assert (page.status_code, urlsplit(page.url).path) == (200, home)
    assert "Ingelogd als" in page.text


def test_one_returns_to_the_page_that_asked_and_never_to_another_site(browser: requests.Session, address: str) -> None:
    page = choose(browser, address, "commissie", "jansen", naar="/commissie?wie=mine")
    assert page.url == f"{address}/commissie?wie=mine"
    for evil in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        assert choose(browser, address, "commissie", "jansen", naar=evil).url == f"{address}/commissie"


def test_cancelling_returns_with_a_notice(browser: requests.Session, address: str) -> None:
    page = choose(browser, address, "leraar", "")
    assert urlsplit(page.url).path == "/zoeken"
    assert "afgebroken" in page.text


def test_signing_out_ends_the_session_on_the_server(browser: requests.Session, address: str) -> None:
    page = choose(browser, address, "leraar", "devries")
    cookies = dict(browser.cookies)
    found = FORM_TOKEN.search(page.text)
    assert found
    browser.post(f"{address}/uitloggen", data={"csrf_token": found[1]})
    again = requests.get(f"{address}/dossier", cookies=cookies, allow_redirects=False, timeout=5)
    assert "/inloggen/leraar" in again.headers["Location"]


def test_the_session_changes_at_sign_in(browser: requests.Session, address: str) -> None:
    browser.get(f"{address}/inloggen/leraar")
    before = browser.cookies["session"]
    choose(browser, address, "leraar", "devries")
    stolen = requests.get(f"{address}/dossier", cookies={"session": before}, allow_redirects=False, timeout=5)
    assert stolen.status_code == 303


def test_a_second_sign_in_ends_the_first_session(browser: requests.Session, address: str) -> None:
    choose(browser, address, "leraar", "devries")
    first = browser.cookies["session"]
    choose(browser, address, "commissie", "jansen")
    stolen = requests.get(f"{address}/dossier", cookies={"session": first}, allow_redirects=False, timeout=5)
    assert stolen.status_code == 303


def test_somebody_who_typed_localhost_comes_in_all_the_same(browser: requests.Session, address: str) -> None:
    sent = browser.get(f"{address}/inloggen/leraar", headers={"Host": "localhost:1"}, allow_redirects=False)
    assert sent.headers["Location"].startswith(f"{address}/inloggen/leraar")


def test_many_sign_ins_that_were_not_finished_do_not_fill_the_cookie(browser: requests.Session, address: str) -> None:
    for _ in range(30):
        browser.get(f"{address}/inloggen/leraar", allow_redirects=False)
    assert len(browser.cookies["session"]) < 2500
    assert choose(browser, address, "leraar", "devries").status_code == 200


def test_one_click_on_a_person_is_enough(browser: requests.Session, address: str) -> None:
    page = browser.get(f"{address}/inloggen/commissie", params={"als": "yilmaz"})
    assert (page.url, "M. Yılmaz" in page.text) == (f"{address}/commissie", True)


@pytest.mark.parametrize("change", ["state=forged", "code=forged", "iss=https://evil.example", "state="])
def test_a_forged_return_is_refused_calmly(browser: requests.Session, address: str, change: str) -> None:
    page = browser.get(f"{address}/inloggen/leraar")
    back = answer(browser, page, "devries", follow=False).headers["Location"]
    name, value = change.split("=", 1)
    parts = urlsplit(back)
    query = {key: found[0] for key, found in parse_qs(parts.query).items()} | {name: value}
    refused = browser.get(parts._replace(query="").geturl(), params=query)
    assert refused.status_code == 403
    assert "Begin opnieuw" in refused.text


def test_a_return_works_once(browser: requests.Session, address: str) -> None:
    page = browser.get(f"{address}/inloggen/leraar")
    back = answer(browser, page, "devries", follow=False).headers["Location"]
    assert browser.get(back).status_code == 200
    assert browser.get(back).status_code == 403


def authorization(address: str, browser: requests.Session) -> dict[str, str]:
    sent = browser.get(f"{address}/inloggen/leraar", allow_redirects=False).headers["Location"]
    return {key: found[0] for key, found in parse_qs(urlsplit(sent).query).items()}


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "{address}/inloggen/leraar/terug/"},
        {"redirect_uri": "{address}/inloggen/commissie/terug"},
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
        {"nonce": ""},
        {"client_id": "iemand-anders"},
        {"response_type": "token"},
    ],
)
def test_the_provider_refuses_a_request_that_does_not_fit(
    browser: requests.Session, address: str, change: dict[str, str]
) -> None:
    changed = {name: value.format(address=address) for name, value in change.items()}
    query = {name: value for name, value in (authorization(address, browser) | changed).items() if value}
    refused = browser.get(f"{address}/dev/oidc/authorize", params=query)
    assert refused.status_code == 400


def test_the_provider_refuses_a_wrong_secret_and_a_second_use_of_a_code(
    browser: requests.Session, address: str
) -> None:
    page = browser.get(f"{address}/inloggen/leraar")
    back = answer(browser, page, "devries", follow=False).headers["Location"]
    code = parse_qs(urlsplit(back).query)["code"][0]
    data = {"grant_type": "authorization_code", "code": code, "redirect_uri": f"{address}/inloggen/leraar/terug"}
    token = f"{address}/dev/oidc/token"
    wrong = requests.post(token, data=data, auth=("registeruur-teacher", "geraden"), timeout=5)
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    assert requests.post(token, data=data, timeout=5).status_code == 401
    assert requests.get(f"{address}/dev/oidc/userinfo", timeout=5).status_code == 401
