"""Many drafts deleted for ever: only what never got a number, seen beforehand, asked for twice."""

from dataclasses import replace

from sqlalchemy import select

from catalogue.models import Activity, ActivityVersion
from core.audit import AuditEntry
from core.db import db
from tests.bulk import CHOICE, HIDDEN, chosen, work
from tests.forms import form_of
from tests.offers import READY, offer
from tests.world import COMPLETE, World, provider_identity, text_of

NAME = "concepten-verwijderen"


def states() -> dict[str, str]:
    """By title, as far as there is one."""
    db.session.rollback()
    query = select(ActivityVersion.title, Activity.state).join(Activity, Activity.id == ActivityVersion.activity_id)
    return dict(db.session.execute(query).all())


def test_drafts_are_deleted_when_their_number_is_typed(world: World) -> None:
    own = world.provider()
    drafts = [world.draft(own, replace(COMPLETE, title=f"Fout {number}")) for number in range(3)]
    kept = offer(own, "oud1", replace(READY, title="Overgenomen"))
    live = world.published(own, replace(COMPLETE, title="Gepubliceerd"))
    person = world.person(provider_identity())
    preview = person.post(CHOICE, chosen(NAME, *drafts, kept, live))
    page = text_of(preview)
    assert "3 activiteiten worden voorgoed verwijderd" in page
    assert "niet voorgoed verwijderd Dit concept heeft een nummer." in page
    assert "niet voorgoed verwijderd Alleen concepten kunt u met meer tegelijk verwijderen." in page
    assert "Dit kunt u niet terugdraaien." in page
    assert "Typ ter bevestiging 3." in page
    form = form_of(preview)
    for wrong in ("", "2", "ja", "4"):
        refused = person.post(f"{CHOICE}/starten", form | {"count": wrong})
        assert refused.status_code == 422
        assert "Typ hoeveel activiteiten u voorgoed wilt verwijderen" in text_of(refused)
        assert form_of(refused)["seen"] == form["seen"]
    assert set(states().values()) == {"draft", "published"}
    address = person.post(f"{CHOICE}/starten", form | {"count": "3"}).headers["Location"]
    work(world)
    assert states() == {"": "deleted", "Overgenomen": "draft", "Gepubliceerd": "published"}
    page = text_of(person.get(address))
    assert "3 activiteiten zijn voorgoed verwijderd" in page
    assert "Verwijderde activiteit" in page
    assert "U kunt nog" not in page
    person.post(f"{address}/terugdraaien")
    assert "er is niets om terug te draaien" in text_of(person.get(address))
    db.session.rollback()
    said = " ".join(db.session.scalars(select(AuditEntry.data)))
    assert "Fout" not in said


def test_a_draft_that_got_a_number_meanwhile_is_left_alone(world: World) -> None:
    own = world.provider()
    draft = world.draft(own)
    person = world.person(provider_identity())
    preview = person.post(CHOICE, chosen(NAME, draft))
    forged = dict(HIDDEN.findall(preview.text.split("/starten")[1])) | {"count": "1"}
    taken = offer(own, "oud1", READY)
    forged["seen"] = f"{taken.id}:{taken.version}"
    person.post(f"{CHOICE}/starten", forged)
    work(world)
    db.session.expire_all()
    assert [draft.state, taken.state] == ["draft", "draft"]
