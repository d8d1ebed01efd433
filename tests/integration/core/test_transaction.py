import traceback

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core.db import db, transaction
from core.errors import StaleVersion
from providers.arriving import add_provider
from providers.models import Provider
from providers.rules import Origin
from tests.world import ACTOR, NOW, World


def test_what_raised_left_nothing_behind(app: Flask) -> None:
    def fail_after_writing() -> None:
        with transaction():
            add_provider("90100011", "Weg", Origin.NEW, by=ACTOR, now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_writing()
    assert db.session.scalars(select(Provider)).all() == []
    assert db.session.execute(text("SELECT count(*) FROM audit_entry")).scalar() == 0


def test_a_write_outside_a_transaction_is_refused(app: Flask) -> None:
    db.session.add(Provider(kvk_number="90100011", name="Stiekem", origin="new", created_at=NOW))
    with pytest.raises(RuntimeError, match="outside"):
        db.session.flush()
    db.session.rollback()


def test_a_transaction_inside_a_transaction_is_refused(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="entry point"), transaction(), transaction():
        pass


def test_a_stale_version_column_becomes_a_refusal(world: World) -> None:
    provider = world.provider()

    def write_over_somebody_else() -> None:
        with transaction():
            stale = db.session.get_one(Provider, provider.id)
            db.session.execute(text("UPDATE provider SET version = version + 1"))
            stale.name = "Nieuw"

    with pytest.raises(StaleVersion):
        write_over_somebody_else()


def test_a_naive_moment_is_refused(world: World) -> None:
    provider = world.provider()

    def write_a_naive_moment() -> None:
        with transaction():
            db.session.get_one(Provider, provider.id).admitted_at = NOW.replace(tzinfo=None)

    with pytest.raises(Exception, match="time zone"):
        write_a_naive_moment()


def test_what_people_typed_never_stands_in_the_error_of_a_database(app: Flask) -> None:
    def break_a_rule() -> None:
        with transaction():
            provider = add_provider("90100011", "Een geheime naam", Origin.NEW, by=ACTOR, now=NOW)
            provider.suspension_reason = "Een geheime reden"

    with pytest.raises(IntegrityError) as refused:
        break_a_rule()
    told = "".join(traceback.format_exception(refused.value))
    assert "ck_provider_suspension_has_reason" in told
    assert "geheime" not in told
