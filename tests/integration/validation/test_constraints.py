"""The database refuses what the rules refuse, for the procedures that it knows; and lets a further one be."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Index, Table, UniqueConstraint, insert, select
from sqlalchemy.exc import IntegrityError

from core.db import Base, db, transaction
from tests.world import ACTOR, NOW, World, member_identity
from validation.committee.members import arrive_member
from validation.engine import provider_hand
from validation.judgement_models import Decision
from validation.models import Case
from validation.opening import Subject, open_case
from validation.states import Outcome

DAY, KNOWN = date(2026, 12, 1), ("validation", "admission", "objection")
NO_ACTIVITY: dict[str, Any] = {"activity_id": None, "version_id": None, "type": "", "sectors": ""}
NOT_STARTED: dict[str, Any] = {"started_on": None, "due_on": None}
TABLES = (
    "case_file",
    "decision",
    "assessment",
    "case_question",
    "case_event",
    "tie",
    "committee_member",
    "recusal",
    "objection",
)


@dataclass
class Rows:
    """A right row of every kind, and ids of what is there already."""

    right: dict[str, dict[str, Any]]
    open_activity: dict[str, Any]
    open_provider: int
    objected: int


@pytest.fixture
def rows(world: World) -> Rows:
    provider, newcomer = world.provider(), world.provider("90100022", admitted=False)
    admission = world.confirmed(newcomer)
    assert admission
    decided = world.decided(world.submitted(provider))
    waiting = world.submitted(provider)
    with transaction():
        db.session.refresh(decided)
        assert decided.decision
        subject = Subject(version=decided.submitted, decision_id=decided.decision.id, previous_id=decided.id)
        objection = open_case("objection", provider.id, world.policies, subject, by=provider_hand(ACTOR), now=NOW)
        arrive_member(member_identity(), NOW)
    db.session.rollback()
    validation = row_of(Case, decided.id)
    decision = row_of(Decision, db.session.get_one(Case, decided.id).decisions[0].id)
    other, about = member_identity("bos").account_key, decision["case_id"]
    correction = {**decision, "corrects_id": objection.about_id, "correction": "Verkeerd geteld."}
    closed = {"state": "withdrawn"}
    db.session.rollback()
    return Rows(
        right={
            "validation": validation,
            "admission": validation | NO_ACTIVITY | closed | {"procedure": "admission"},
            "objection": validation | closed | {"procedure": "objection", "about_id": objection.about_id},
            "fourth": validation | NO_ACTIVITY | NOT_STARTED | {"procedure": "certificering", "state": "with_board"},
            "correction": correction,
            "assessment": {
                "case_id": about,
                "member": other,
                "member_name": "Bos",
                "verdicts": {},
                "notes": {},
                "carried": [],
                "advice": "approved",
                "contact_hours": Decimal(1),
                "self_study_hours": Decimal(0),
                "reason_codes": [],
                "reasons": "",
                "improve_by": None,
                "saved_at": NOW,
                "version": 1,
            },
            "question": {
                "case_id": about,
                "text": "Wie?",
                "asked_by": other,
                "asked_by_name": "Bos",
                "asked_at": NOW,
                "answer_by": DAY,
                "answer": "",
                "answered_by": "",
                "answered_at": None,
                "lapsed_on": None,
            },
            "event": {
                "case_id": about,
                "action": "remind",
                "at": NOW,
                "by": "",
                "by_name": "",
                "text": "",
                "data": {},
                "is_inner": True,
                "once": "remind 2026-12-01",
            },
            "tie": {
                "member": member_identity().account_key,
                "kvk_number": "90100011",
                "from_on": DAY,
                "until_on": None,
                "recorded_at": NOW,
            },
            "member": {
                "account_key": other,
                "name": "Bos",
                "email": "",
                "is_chair": False,
                "last_seen_at": NOW,
                "away_from": None,
                "away_until": None,
                "version": 1,
            },
            "recusal": {"case_id": about, "member": other, "reason": "Familie.", "recused_at": NOW},
            "grounds": {
                "case_id": objection.id,
                "grounds": "Onterecht.",
                "late_reason": "",
                "heard_on": None,
                "hearing": "",
            },
        },
        open_activity={"activity_id": waiting.activity_id, "version_id": waiting.version_id},
        open_provider=newcomer.id,
        objected=objection.about_id or 0,
    )


def row_of(kind: type[Case | Decision], id_: int) -> dict[str, Any]:
    table = Base.metadata.tables[kind.__tablename__]
    row = dict(db.session.execute(select(table).where(table.c.id == id_)).mappings().one())
    return {name: value for name, value in row.items() if name != "id"}


TABLE_OF = {
    **dict.fromkeys((*KNOWN, "fourth"), "case_file"),
    "correction": "decision",
    "assessment": "assessment",
    "question": "case_question",
    "event": "case_event",
    "tie": "tie",
    "member": "committee_member",
    "recusal": "recusal",
    "grounds": "objection",
}
TURNED_DOWN: dict[str, Any] = {"outcome": "rejected", "recognition_id": None}
Change = dict[str, Any] | Callable[[Rows], dict[str, Any]]
# Which row, what is wrong with it, and the constraint that says so.
WRONG: list[tuple[str, Change, str]] = [
    ("grounds", {"grounds": ""}, "ck_objection_has_grounds"),
    ("grounds", {"heard_on": DAY}, "ck_objection_hearing_has_report"),
    ("admission", {"state": "with_chair"}, "ck_case_file_admission_state"),
    ("admission", {"state": "late"}, "ck_case_file_admission_state"),
    ("validation", {"state": "late"}, "ck_case_file_validation_state"),
    ("validation", {"state": "with_board"}, "ck_case_file_validation_state"),
    ("objection", {"state": "proposed"}, "ck_case_file_objection_state"),
    *(
        ("validation", {"state": state, "handler": ""}, "ck_case_file_review_has_handler")
        for state in ("in_review", "with_chair", "proposed")
    ),
    ("validation", lambda rows: {"second": rows.right["validation"]["handler"]}, "ck_case_file_second_is_another"),
    ("validation", {"handler": "", "second": "staff:::bos"}, "ck_case_file_second_is_another"),
    ("validation", NO_ACTIVITY, "ck_case_file_validation_has_activity"),
    ("admission", lambda rows: rows.open_activity, "ck_case_file_admission_has_no_activity"),
    ("objection", {"version_id": None}, "ck_case_file_activity_has_version"),
    ("objection", {"about_id": None}, "ck_case_file_objection_has_decision"),
    ("admission", lambda rows: {"about_id": rows.objected}, "ck_case_file_objection_has_decision"),
    ("fourth", lambda rows: {"about_id": rows.objected}, "ck_case_file_objection_has_decision"),
    ("fourth", {"due_on": DAY}, "ck_case_file_started_has_term"),
    ("fourth", {"started_on": DAY}, "ck_case_file_started_has_term"),
    *((known, NOT_STARTED, "ck_case_file_starts_at_once") for known in KNOWN),
    ("validation", lambda rows: rows.open_activity | {"state": "received"}, "uq_case_file_open"),
    (
        "admission",
        lambda rows: {"provider_id": rows.open_provider, "state": "received"},
        "uq_case_file_open_admission",
    ),
    ("objection", {"state": "received"}, "uq_case_file_objection"),
    ("objection", {"state": "decided"}, "uq_case_file_objection"),
    ("correction", {"outcome": "certified", "recognition_id": None}, "ck_decision_outcome"),
    ("correction", {"outcome": "upheld", "recognition_id": None}, "ck_decision_outcome"),
    ("correction", {"procedure": "objection", "recognition_id": None}, "ck_decision_objection_outcome"),
    ("correction", {"recognition_id": None}, "ck_decision_recognition_iff_approved"),
    ("correction", {"outcome": "rejected"}, "ck_decision_recognition_iff_approved"),
    ("correction", {"procedure": "certificering"}, "ck_decision_recognition_iff_approved"),
    ("correction", TURNED_DOWN | {"reasons": "", "reason_codes": []}, "ck_decision_rejection_has_reasons"),
    ("correction", {"contact_hours": Decimal(-1)}, "ck_decision_hours_not_negative"),
    ("correction", {"self_study_hours": Decimal(-1)}, "ck_decision_hours_not_negative"),
    ("correction", {"improve_by": DAY}, "ck_decision_only_what_can_improve"),
    ("correction", lambda rows: {"drafted_by": rows.right["correction"]["decided_by"]}, "ck_decision_four_eyes"),
    ("correction", {"correction": ""}, "ck_decision_correction_says_why"),
    ("correction", {"id": 999, "corrects_id": 999}, "ck_decision_corrects_another"),
    ("correction", {"corrects_id": None, "correction": ""}, "uq_decision_first"),
    ("assessment", {"advice": "upheld"}, "ck_assessment_advice"),
    ("assessment", {"contact_hours": Decimal(-1)}, "ck_assessment_hours_not_negative"),
    ("assessment", {"self_study_hours": Decimal(-1)}, "ck_assessment_hours_not_negative"),
    ("assessment", {"improve_by": DAY}, "ck_assessment_only_what_can_improve"),
    ("question", {"answered_at": NOW, "answered_by": "somebody"}, "ck_case_question_answered_iff_answer"),
    ("question", {"answered_at": NOW, "answer": "Ik."}, "ck_case_question_answered_by_somebody"),
    (
        "question",
        {"answered_at": NOW, "answer": "Ik.", "answered_by": "somebody", "lapsed_on": DAY},
        "ck_case_question_answered_or_lapsed",
    ),
    ("event", {"action": "note", "is_inner": False}, "ck_case_event_notes_are_inner"),
    ("tie", {"until_on": date(2026, 11, 30)}, "ck_tie_in_order"),
    ("tie", {"kvk_number": "9010001"}, "ck_tie_kvk_number_length"),
    ("member", {"away_from": DAY}, "ck_committee_member_away_has_both_ends"),
    ("member", {"away_from": DAY, "away_until": date(2026, 11, 30)}, "ck_committee_member_away_in_order"),
]
# What is there already, a second time.
TWICE = {
    "uq_decision_corrects_id": "correction",
    "uq_assessment_case_id_member": "assessment",
    "uq_case_event_case_id_once": "event",
    "uq_recusal_case_id_member": "recusal",
    "pk_committee_member": "member",
}


def put(kind: str, row: dict[str, Any]) -> None:
    with db.engine.begin() as connection:
        connection.execute(insert(Base.metadata.tables[TABLE_OF[kind]]).values(row))


def named(table: Table) -> dict[str, set[str]]:
    """Checks and unique keys by name, the latter with their columns: SQLite names only those."""
    checks: dict[str, set[str]] = {
        str(one.name): {str(one.name)} for one in table.constraints if isinstance(one, CheckConstraint)
    }
    keys: list[UniqueConstraint | Index] = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    keys += [one for one in table.indexes if one.unique]
    columns = {str(one.name): {", ".join(f"{table.name}.{each.name}" for each in one.columns)} for one in keys}
    return checks | {name: found | {name} for name, found in columns.items()}


CONSTRAINTS = {name: texts for table in TABLES for name, texts in named(Base.metadata.tables[table]).items()} | {
    "pk_committee_member": {"pk_committee_member", "committee_member.account_key"}
}


def refuses(work: Callable[[], None], constraint: str) -> bool:
    with pytest.raises(IntegrityError) as refused:
        work()
    said = str(refused.value.orig)
    return any(said.endswith((text, f'"{text}"')) for text in CONSTRAINTS[constraint])


@pytest.mark.parametrize("kind", TABLE_OF)
def test_a_right_row_is_taken(rows: Rows, kind: str) -> None:
    put(kind, rows.right[kind])


@pytest.mark.parametrize(("kind", "change", "constraint"), WRONG)
def test_a_wrong_row_is_refused_by_the_constraint_that_says_why(
    rows: Rows, kind: str, change: Change, constraint: str
) -> None:
    wrong = change(rows) if callable(change) else change
    assert refuses(lambda: put(kind, rows.right[kind] | wrong), constraint)


@pytest.mark.parametrize(("constraint", "kind"), TWICE.items())
def test_nothing_is_there_twice(rows: Rows, constraint: str, kind: str) -> None:
    put(kind, rows.right[kind])
    assert refuses(lambda: put(kind, rows.right[kind]), constraint)


def test_every_constraint_of_a_case_has_a_row_that_it_refuses() -> None:
    assert {constraint for _, _, constraint in WRONG} | set(TWICE) == set(CONSTRAINTS)


def test_a_further_procedure_has_as_many_cases_and_states_and_outcomes_as_it_wants(rows: Rows) -> None:
    fourth = rows.right["fourth"]
    for state in ("received", "awaiting", "with_board", "decided"):
        put("fourth", fourth | {"state": state, "handler": ""})
    put("fourth", fourth | {"started_on": DAY, "due_on": DAY})
    facts = {"procedure": "certificering", "outcome": "certified", "recognition_id": None}
    put("correction", rows.right["correction"] | facts)


@pytest.mark.parametrize("outcome", [Outcome.UPHELD, Outcome.REVISED, Outcome.INADMISSIBLE])
def test_an_objection_has_outcomes_of_its_own(rows: Rows, outcome: str) -> None:
    facts = {"procedure": "objection", "outcome": outcome, "recognition_id": None}
    put("correction", rows.right["correction"] | facts)
