"""Members at work: judging a case and sending the letter, as the pages want it."""

from typing import Any

from werkzeug.test import TestResponse

from tests.forms import form_of
from tests.world import Person


def judge(person: Person, case_id: int, form: dict[str, Any]) -> TestResponse:
    """Save the judgement and send the letter that it leads to; what is refused on the way comes back."""
    saved = person.post(f"/commissie/zaken/{case_id}/beoordeling", form)
    if saved.status_code != 303:
        return saved
    letter = person.get(f"/commissie/zaken/{case_id}/besluit")
    return person.post(f"/commissie/zaken/{case_id}/besluit", form_of(letter))
