"""The whole entrance as an operator configures it: a real sign-in provider, trade register, mail server and browser."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.live import live
from tests.peers.open_id import Peer, settings
from tests.peers.smtp import Postbox, serving
from tests.trade_register import Register, trade_register

pytestmark = pytest.mark.browser
ADDRESS = "boer@voorbeeld.nl"
PATIENCE = 10  # seconds


class Configured(NamedTuple):
    address: str
    peer: Peer
    register: Register
    postbox: Postbox


@pytest.fixture
def configured(peer: Peer, application_address: str, tmp_path: Path) -> Iterator[Configured]:
    postbox = Postbox()
    with serving(postbox) as mail_port, trade_register() as register:
        given = settings(peer) | {
            "demo": "false",
            "teacher_client_auth": "client_secret_basic",
            "staff_assertion_algorithm": "RS256",
            "kvk_url": register.address,
            "kvk_api_key": register.api_key,
            "mail_server": f"127.0.0.1:{mail_port}",
            "mail_encryption": "none",
            "mail_from": "register@voorbeeld.nl",
        }
        port = urlsplit(application_address).port
        with live(tmp_path, f"sqlite:///{tmp_path / 'test.db'}", port, **given) as (address, _):
            yield Configured(address, peer, register, postbox)


def link_in(postbox: Postbox) -> str:
    """The link in the first letter, once the worker has sent it."""
    patience = time.monotonic() + PATIENCE
    while not postbox.letters and time.monotonic() < patience:
        time.sleep(0.1)
    (letter,) = postbox.letters
    assert (letter["To"], letter["From"].addresses[0].addr_spec) == (ADDRESS, "register@voorbeeld.nl")
    body = letter.get_body(("plain",))
    assert body
    found = re.search(r"https?://\S+/contactpersoon/\S+", body.get_content())
    assert found
    return found[0]


def test_a_provider_enters_registers_and_leaves_also_at_the_sign_in_provider(
    page: Page, configured: Configured
) -> None:
    site = configured.address
    page.goto(f"{site}/inloggen/aanbieder?als=debrug")
    expect(page).to_have_url(f"{site}/aanbieder/aanmelding")
    page.get_by_role("link", name="Bedrijfsgegevens").click()
    page.get_by_role("button", name="Gegevens ophalen bij het Handelsregister").click()
    expect(page.get_by_text("Controleer ze en sla ze op.")).to_be_visible()
    expect(page.get_by_text("Uit het Handelsregister, opgehaald op").first).to_be_visible()
    assert configured.register.asked[0][1]["apikey"] == configured.register.api_key
    page.get_by_role("button", name="Gegevens opslaan").click()
    page.get_by_role("link", name="Contactpersoon").click()
    for label, text in {"Naam": "A. de Boer", "Functie": "Directeur", "E-mailadres": ADDRESS}.items():
        page.get_by_label(label).fill(text)
    page.get_by_label("Telefoonnummer").fill("030 123 45 67")
    page.get_by_role("button", name="Contactpersoon opslaan").click()
    page.goto(link_in(configured.postbox))
    page.get_by_role("button", name="E-mailadres bevestigen").click()
    expect(page.get_by_role("heading", name="Uw e-mailadres is bevestigd")).to_be_visible()
    page.get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_text("U bent uitgelogd.")).to_be_visible()
    assert page.url.startswith(site)
    assert configured.peer.interceptor.seen("/session/end"), "the browser went by the sign-in provider"
