"""Somebody who imports a file on the site, step by step, with a worker at hand."""

import re

from werkzeug.test import TestResponse

from core.access import Identity, Role
from core.worker import deliver_due
from tests.world import World, member_identity, provider_identity

BUREAU = member_identity("bakker", Role.BUREAU)
MULTIPART = "multipart/form-data; boundary=x"
ADDRESSES = {"staff": "/commissie/import", "eherkenning": "/aanbieder/activiteiten/import"}


class Importer:
    """A person at one of the two entrances."""

    def __init__(self, world: World, identity: Identity = BUREAU) -> None:
        self.world = world
        self.person = world.person(identity)
        self.address = ADDRESSES[identity.audience]

    def upload(self, content: bytes, name: str = "export.csv") -> TestResponse:
        """Without the test client's own copy of a large file, which it leaves open."""
        fields = (("csrf_token", "", self.person.token.encode()), ("file", f'; filename="{name}"', content))
        parts = [
            f'--x\r\nContent-Disposition: form-data; name="{field}"{more}\r\n\r\n'.encode() + value
            for field, more, value in fields
        ]
        return self.person.send(self.address, b"\r\n".join([*parts, b"--x--\r\n"]), MULTIPART)

    def work(self) -> None:
        deliver_due(self.world.app, self.world.app.extensions["outbox_handlers"])

    def checked(self, content: bytes, name: str = "export.csv") -> str:
        """Upload and let the check run; gives its page's address."""
        response = self.upload(content, name)
        assert response.status_code == 303, response.text
        self.work()
        return response.headers["Location"]

    def take_over(self, check: str) -> str:
        """Press the button; gives the address of the page of the landing."""
        response = self.person.post(f"{check}/overnemen")
        assert response.status_code == 303
        return response.headers["Location"]

    def landed(self, content: bytes, name: str = "export.csv") -> str:
        """All of it; gives the address of the page of the landing."""
        landing = self.take_over(self.checked(content, name))
        self.work()
        return landing

    def outcome(self, address: str) -> str:
        """The sentence about a check or a landing."""
        found = re.search(r'data-short="([^"]*)"', self.person.get(address).text)
        assert found
        return found[1]

    def report(self, address: str) -> list[str]:
        """The lines of the report."""
        content: bytes = self.person.get(f"{address}/verslag.csv").data
        return content.decode("utf-8-sig").splitlines()


def provider_importer(world: World, kvk_number: str = "90100011") -> Importer:
    """A provider's member who imports, of a provider that is there."""
    return Importer(world, provider_identity(kvk_number))
