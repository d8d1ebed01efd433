"""Every malformed file there is, sent through the site: one clear sentence, no fault, and not a row."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from catalogue.importing.models import ImportProblem
from catalogue.models import Activity, ImportedOffer
from core.db import db
from core.jobs import Job
from providers.models import Provider
from tests.importer import Importer, provider_importer
from tests.malformed import MALFORMED, TOO_LARGE_TO_SEND
from tests.world import World, text_of

SENT = sorted(MALFORMED.keys() - TOO_LARGE_TO_SEND)


@pytest.fixture
def importer(world: World) -> Importer:
    """The entrance that asks for the least columns, so that no file is refused for another reason."""
    world.provider()
    return provider_importer(world)


# What a file is taken for has nothing to do with the database.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", SENT)
def test_a_malformed_file_gets_its_sentence(importer: Importer, tmp_path: Path, name: str) -> None:
    file_name, write, sentence = MALFORMED[name]
    path = tmp_path / "sent"
    write(path)
    check = importer.checked(path.read_bytes(), file_name)
    page = importer.person.get(check)
    assert page.status_code == 200
    assert sentence in text_of(page).replace("&#39;", "'")
    assert ">Overnemen<" not in page.text
    db.session.rollback()
    assert db.session.scalars(select(Job.state)).all() == ["failed"]
    counts = [db.session.scalar(select(func.count()).select_from(kind)) for kind in (Activity, ImportedOffer)]
    assert counts == [0, 0]
    assert db.session.scalar(select(func.count()).select_from(Provider)) == 1
    assert db.session.scalar(select(func.count()).select_from(ImportProblem)) == 0
