"""Taking back an import: what nobody touched goes, the rest stays, and the file can be brought in again."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from catalogue.drafts import newest_version
from catalogue.importing.taking_back import AT_ONCE
from catalogue.models import Activity, Edition
from catalogue.publication import move
from catalogue.states import Action
from core import clock
from core.audit import AuditEntry, verify
from core.db import db, transaction
from core.jobs import Job
from core.outbox import deliver_one
from tests.exports import export, own_file
from tests.forms import form_of
from tests.importer import Importer, provider_importer
from tests.world import ACTOR, NOW, World, provider_identity, text_of

ROWS = [{"eigen_sleutel": f"KM-{number}", "titel": f"Activiteit {number}"} for number in range(5)]


@pytest.fixture
def importer(world: World) -> Importer:
    world.provider()
    return provider_importer(world)


def states() -> list[str]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Activity.state).order_by(Activity.id)))


def taken_back(importer: Importer, landing: str) -> str:
    """Press the button; gives the address of the page of what it began."""
    response = importer.person.post(f"{landing}/terugdraaien")
    assert response.status_code == 303
    return response.headers["Location"]


def edited(importer: Importer, activity: Activity) -> None:
    address = f"/aanbieder/activiteiten/{activity.id}/bewerken/over"
    form = form_of(importer.person.get(address), "concept") | {"title": "Op de site getypt"}
    assert importer.person.post(address, form).status_code == 303


def withdrawn(_: Importer, activity: Activity) -> None:
    for action in (Action.SUBMIT, Action.WITHDRAW):
        with transaction():
            move(db.session.get_one(Activity, activity.id), action, by=ACTOR, now=NOW)


def given(_: Importer, activity: Activity) -> None:
    day = NOW.date()
    facts = {"starts_on": day, "ends_on": day, "is_online": True, "place": "", "language": "nl"}
    with transaction():
        db.session.add(Edition(activity_id=activity.id, registration_link="", **facts))


def imported_over(importer: Importer, activity: Activity) -> None:
    importer.landed(own_file({"eigen_sleutel": f"KM-{activity.id - 1}", "titel": "Uit een later bestand"}))


def test_an_import_is_taken_back_and_the_file_brought_in_again(importer: Importer) -> None:
    landing = importer.landed(own_file(*ROWS))
    assert "5 concepten verdwijnen" in text_of(importer.person.get(landing))
    undo = taken_back(importer, landing)
    assert "0 van 5 concepten" in text_of(importer.person.get(undo))
    assert states() == ["draft"] * 5, "the worker does it"
    importer.work()
    assert importer.outcome(undo) == "De import is teruggedraaid: 5 verwijderd."
    assert states() == ["deleted"] * 5
    deleted = db.session.scalars(select(AuditEntry.actor).filter_by(action="activity.delete")).all()
    assert deleted == [provider_identity().account_key] * 5
    assert "terugdraaien" not in text_of(importer.person.get(landing)).lower()
    assert "Terugdraaien" in importer.person.get(importer.address).text
    again = importer.landed(own_file(*ROWS))
    assert importer.outcome(again) == "De import is klaar: 5 overgenomen, 0 ongewijzigd, 0 afgekeurd."
    assert states() == ["deleted"] * 5 + ["draft"] * 5
    assert verify().broken_at is None


@pytest.mark.parametrize("happened", [edited, withdrawn, given, imported_over])
def test_what_somebody_went_on_with_stays(importer: Importer, happened: Callable[[Importer, Activity], None]) -> None:
    landing = importer.landed(own_file(*ROWS))
    activity = db.session.scalars(select(Activity).order_by(Activity.id)).all()[2]
    happened(importer, activity)
    title = newest_version(db.session.get_one(Activity, activity.id, populate_existing=True)).title
    page = text_of(importer.person.get(landing))
    assert "4 concepten verdwijnen" in page
    assert "Aan 1 andere activiteit is daarna nog iets gedaan" in page
    undo = taken_back(importer, landing)
    importer.work()
    assert importer.outcome(undo) == "De import is teruggedraaid: 4 verwijderd."
    assert states() == ["deleted", "deleted", "draft", "deleted", "deleted"]
    assert newest_version(db.session.get_one(Activity, activity.id)).title == title


def test_what_an_import_only_updated_is_not_its_to_take_back(importer: Importer) -> None:
    importer.landed(own_file(*ROWS))
    second = importer.landed(own_file(ROWS[0] | {"titel": "Beter"}, {"eigen_sleutel": "KM-9"}))
    importer.landed(own_file(*ROWS[1:]))
    taken_back(importer, second)
    importer.work()
    assert states() == ["draft"] * 5 + ["deleted"]


def test_it_goes_on_where_it_was_and_stops_when_told(importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.jobs.SECONDS", 0)
    count = 2 * AT_ONCE + 1
    landing = importer.landed(own_file(*[{"eigen_sleutel": str(number)} for number in range(count)]))
    undo = taken_back(importer, landing)
    handlers = importer.world.app.extensions["outbox_handlers"]
    assert deliver_one(handlers, clock.now())
    assert f"{AT_ONCE} van {count} concepten" in text_of(importer.person.get(f"{undo}/voortgang"))
    assert importer.person.post(f"{undo}/stoppen").status_code == 303
    importer.work()
    assert importer.outcome(undo) == f"Het terugdraaien is gestopt: {AT_ONCE} verwijderd."
    assert states().count("deleted") == AT_ONCE
    rest = taken_back(importer, landing)
    importer.work()
    assert importer.outcome(rest) == f"De import is teruggedraaid: {AT_ONCE + 1} verwijderd."
    assert set(states()) == {"deleted"}


def test_pressed_twice_it_happens_once(importer: Importer) -> None:
    landing = importer.landed(own_file(*ROWS))
    undo = taken_back(importer, landing)
    assert taken_back(importer, landing) == landing
    assert "Er loopt al een import." in importer.person.get(landing).text
    importer.work()
    assert taken_back(importer, landing) == landing
    assert "niets meer dat u kunt terugdraaien" in importer.person.get(landing).text
    assert taken_back(importer, undo) == undo
    assert db.session.scalars(select(Job.kind).order_by(Job.id)).all() == ["import-check", "import", "import-undo"]


def test_a_landing_that_runs_or_a_check_cannot_be_taken_back(importer: Importer) -> None:
    check = importer.checked(own_file(*ROWS))
    assert taken_back(importer, check) == check
    landing = importer.take_over(check)
    assert taken_back(importer, landing) == landing
    importer.work()
    assert states() == ["draft"] * 5


def test_nobody_takes_back_what_another_imported(importer: Importer, world: World) -> None:
    landing = importer.landed(own_file(*ROWS))
    world.provider("90100022")
    assert provider_importer(world, "90100022").person.post(f"{landing}/terugdraaien").status_code == 404
    bureau = Importer(world)
    of_bureau = bureau.landed(export({}))
    assert "terugdraaien" not in bureau.person.get(of_bureau).text
    assert taken_back(bureau, of_bureau) == of_bureau
    bureau.work()
    assert states() == ["draft"] * 6
