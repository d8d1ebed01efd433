"""The policy joins whatever shape a query of the staff has, and is no other member's."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import g
from sqlalchemy import Select, exists, func, literal, select, union_all
from sqlalchemy.orm import aliased, selectinload

from core.access import Identity
from core.db import db, transaction
from providers.models import Provider
from tests.world import NOW, World, member_identity
from validation.committee.members import arrive_member, member_of
from validation.committee.stepping_back import tie
from validation.judgement_models import Decision
from validation.models import Case, CaseEvent

OTHER = aliased(Case)
EVENT = aliased(CaseEvent)
Query = Select[*tuple[Any, ...]]
SHAPES: dict[str, Callable[[], Query]] = {
    "entity": lambda: select(Case.provider_id),
    "alias": lambda: select(OTHER.provider_id),
    "joined alias": lambda: (
        select(OTHER.provider_id).select_from(Provider).join(OTHER, OTHER.provider_id == Provider.id)
    ),
    "beside another": lambda: select(OTHER.provider_id).select_from(Case).join(OTHER, OTHER.id == Case.id),
    "outer join": lambda: select(Case.provider_id).select_from(Provider).join(Case, Case.provider_id == Provider.id),
    "nested": lambda: select(select(Case.provider_id).order_by(Case.id).limit(99).subquery().c.provider_id),
    "exists": lambda: select(Provider.id).where(exists().where(Case.provider_id == Provider.id)),
    "in": lambda: select(Provider.id).where(Provider.id.in_(select(Case.provider_id))),
    "with": lambda: select(select(Case.provider_id).cte("known").c.provider_id),
    "counted": lambda: select(Provider.id).where(
        select(func.count()).where(Case.provider_id == Provider.id).correlate(Provider).scalar_subquery() > 0
    ),
    "event": lambda: select(Case.provider_id).join(CaseEvent, CaseEvent.case_id == Case.id),
    "event alone": lambda: select(Provider.id).where(
        exists().where(EVENT.case_id == OTHER.id, OTHER.provider_id == Provider.id)
    ),
    "decision": lambda: select(Case.provider_id).join(Decision, Decision.case_id == Case.id),
}


@pytest.fixture
def providers(world: World) -> dict[str, int]:
    """Two companies with a decided case each; Jansen is tied to the first, Yilmaz to the second."""
    found = {}
    for name, kvk_number in (("jansen", "90100011"), ("yilmaz", "90100022")):
        provider = world.provider(kvk_number)
        world.decided(world.submitted(provider))
        who = member_identity(name)
        with transaction():
            tie(member_of(arrive_member(who, NOW)), kvk_number, NOW.date(), None, by=who, now=NOW)
        found[name] = provider.id
    return found


def seen_by(who: Identity | None, query: Query) -> set[int]:
    db.session.rollback()
    db.session.expunge_all()
    g.identity = who
    try:
        return set(db.session.scalars(query))
    finally:
        g.identity = None


@pytest.mark.parametrize("shape", SHAPES)
def test_whatever_is_asked_leaves_out_what_this_member_is_tied_to(
    world: World, providers: dict[str, int], shape: str
) -> None:
    everything = set(providers.values())
    assert seen_by(None, SHAPES[shape]()) == everything, "who is nobody of the staff is not asked"
    for _ in range(2):  # what was asked before for another member must not be answered again
        for name, tied in providers.items():
            assert seen_by(member_identity(name), SHAPES[shape]()) == everything - {tied}
        assert seen_by(member_identity("bos"), SHAPES[shape]()) == everything


def test_what_is_loaded_with_a_case_or_by_its_id_is_left_out(world: World, providers: dict[str, int]) -> None:
    g.identity = member_identity("jansen")
    try:
        loaded = db.session.scalars(select(Case).options(selectinload(Case.decisions))).all()
        assert [case.provider_id for case in loaded] == [providers["yilmaz"]]
        ids = {case.id for case in loaded}
        db.session.expunge_all()
        assert [known for known in range(1, 9) if db.session.get(Case, known)] == sorted(ids)
        both = union_all(select(Case.id), select(Case.id).where(literal(1) == 1))
        assert set(db.session.scalars(both)) == ids
    finally:
        g.identity = None
