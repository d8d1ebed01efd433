"""Many activities at once, as somebody clicks through it: choose, look, confirm, and let the worker do it."""

import re
from typing import Any

from werkzeug.test import TestResponse

from catalogue.models import Activity
from core.db import db
from core.worker import deliver_due
from tests.world import Person, World, text_of

LIST = "/aanbieder/activiteiten"
CHOICE = f"{LIST}/selectie"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def chosen(action: str, *activities: Activity | int | None, **more: Any) -> dict[str, Any]:
    ids = [str(known.id if isinstance(known, Activity) else known) for known in activities]
    return {"action": action, "scope": "gekozen", "activity": ids} | more


def confirm(person: Person, preview: TestResponse) -> str:
    """Press the button on the preview; the address of the page where it goes on."""
    assert preview.status_code == 200, text_of(preview)
    form = preview.text.split(f'action="{CHOICE}/starten"')[1]
    response = person.post(f"{CHOICE}/starten", dict(HIDDEN.findall(form.split("</form>")[0])))
    assert response.status_code == 303
    return response.headers["Location"]


def work(world: World) -> None:
    deliver_due(world.app, world.app.extensions["outbox_handlers"])
    db.session.rollback()


def done(world: World, person: Person, form: dict[str, Any]) -> str:
    """All the way: choose, look, confirm, and let the worker do it."""
    address = confirm(person, person.post(CHOICE, form))
    work(world)
    return address
