"""The figures as they are read, on both databases, beside what was counted by hand and case by case."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from catalogue.models import Activity
from core.clock import day_of
from core.db import db, transaction
from core.policy import Hours
from core.policy.hours import ZERO
from core.policy.model import Procedure
from core.spreadsheets import Cell
from tests.docket import docket
from tests.statements import count_statements
from tests.world import ACTOR, COMPLETE, NOW, World, judgement, member_identity
from validation.admission import decide_admission
from validation.deciding import decide
from validation.due import pauses_of
from validation.engine import provider_hand
from validation.judgement_models import Decision
from validation.models import Case, CaseEvent
from validation.opening import Subject, open_case
from validation.questions import answer
from validation.states import Outcome, State
from validation.statistics.afterwards import Afterwards, afterwards
from validation.statistics.figures import Fact, by_month, by_type
from validation.statistics.overview import overview
from validation.statistics.periods import Period, month_of, year_up_to
from validation.statistics.reading import happened
from validation.statistics.tables import Table
from validation.submitting import withdraw

DAY = timedelta(days=1)
WINTER = Period(date(2026, 12, 1), date(2027, 2, 1))
STUDY_DAY = replace(COMPLETE, type="studiedag")


def at(day: str, hour: int = 12, minute: int = 0) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).replace(hour=hour, minute=minute)


def decided(
    world: World, case: Case, now: datetime, outcome: Outcome = Outcome.APPROVED, hours: str = "20.5"
) -> Decision:
    policy = world.policies.named(case.policy_id)
    world.claimed(case)
    with transaction():
        db.session.refresh(case)
        granted = Hours(Decimal(hours) - Decimal("4.5"), Decimal("4.5"))
        return decide(case, judgement(policy, outcome, granted), policy, by=member_identity(), now=now)


def on_page(table: Table) -> dict[str, list[Cell]]:
    return {line.name: table.cells(line) for line in table.lines}


@pytest.fixture
def winter(world: World) -> World:
    """A case with a pause and a holiday, one at the edges of January, one that is late, one withdrawn, one open."""
    own = world.provider()
    paused = world.submitted(own, now=at("2026-11-17"))
    world.asked(paused, now=at("2026-11-30"))
    with transaction():
        db.session.refresh(paused)
        answer(paused, "Ja.", world.policies, seen=paused.questions[0].id, by=ACTOR, now=at("2026-12-03"))
    decided(world, paused, at("2027-01-11"), hours="14.5")
    at_the_edge = world.submitted(own, now=at("2026-12-31", 23, 30))  # in the Netherlands it is January
    decided(world, at_the_edge, at("2027-01-31", 22, 59), Outcome.REJECTED)
    late = world.submitted(own, STUDY_DAY, now=at("2026-12-01"))
    decided(world, late, at("2027-02-10"))
    gone = world.submitted(own, now=at("2026-12-10"))
    with transaction():
        withdraw(db.session.get_one(Activity, gone.activity_id), by=ACTOR, now=at("2026-12-20"))
    world.submitted(own, STUDY_DAY, now=at("2027-01-05"))
    return world


def test_the_months_are_as_counted_by_hand(winter: World) -> None:
    found = overview(Procedure.VALIDATION, WINTER, winter.policies)
    # Received, decided, open; calendar days for half and nine tenths, term days likewise, percent on time.
    # The first took 55 days: 13 + 28 + 14, of which 3 it waited and 16 were kerstvakantie. The one at the edge took 30,
    # of which 2 and 3 January do not count. The late one took 71, of which 16 do not.
    assert on_page(found.months) == {
        "december 2026": [2, 0, 2, None, None, None, None, None],
        "januari 2027": [2, 2, 2, 30, 55, 28, 36, 100],
        "februari 2027": [0, 1, 1, 71, 71, 55, 55, 0],
    }


def test_the_types_are_as_counted_by_hand(winter: World) -> None:
    found = overview(Procedure.VALIDATION, WINTER, winter.policies)
    assert on_page(found.types) == {
        "Cursus": [2, 2, 0, 30, 55, 28, 36, 100],
        "Studiedag": [2, 1, 1, 71, 71, 55, 55, 0],
        "Alles samen": [4, 3, 1, 55, 71, 36, 55, 67],
    }
    # Decided; goedgekeurd, tijdelijk afgewezen, afgewezen, met een vraag.
    assert on_page(found.outcomes) == {
        "Cursus": [2, 50, 0, 50, 50],
        "Studiedag": [1, 100, 0, 0, 0],
        "Alles samen": [3, 67, 0, 33, 33],
    }
    # Approved activities; hours, the median of them, and the share of what was declared: 20,5 each.
    assert found.hours
    assert on_page(found.hours) == {
        "Cursus": [1, Decimal("14.5"), Decimal("14.5"), 71],
        "Studiedag": [1, Decimal("20.5"), Decimal("20.5"), 100],
        "Alles samen": [2, 35, Decimal("14.5"), 85],
    }


def test_the_charts_draw_the_months_that_the_table_has(winter: World) -> None:
    found = overview(Procedure.VALIDATION, WINTER, winter.policies)
    received, decided = found.counts.series
    assert [point.text for point in decided.points][1:] == ["januari 2027: 2 besloten", "februari 2027: 1 besloten"]
    assert len(received.points) == 3
    half, nearly_all = found.days.series
    assert [point.text for point in half.points] == [
        "januari 2027: 30 dagen voor de helft",
        "februari 2027: 71 dagen voor de helft",
    ]
    assert len(nearly_all.joints) == 1


def test_another_procedure_has_its_own_outcomes_and_term(world: World) -> None:
    case = world.confirmed(world.provider(admitted=False))
    assert case
    world.claimed(case)
    with transaction():
        db.session.refresh(case)
        policy = world.policies.named(case.policy_id)
        decide_admission(case, Outcome.APPROVED, "", policy, by=member_identity(), now=NOW + 40 * DAY)
    world.submitted(case.provider)
    found = overview(Procedure.ADMISSION, Period(date(2026, 11, 1), date(2027, 1, 1)), world.policies)
    assert on_page(found.types) == {"Alles samen": [1, 1, 0, 40, 40, 40, 40, 0]}  # no school holiday stops it
    assert [column.label for column in found.outcomes.columns] == [
        "Besloten",
        "Goedgekeurd",
        "Afgewezen",
        "Met een vraag",
    ]
    assert found.hours is None
    objection = overview(Procedure.OBJECTION, WINTER, world.policies)
    assert [column.label for column in objection.outcomes.columns][1:4] == [
        "Gehandhaafd",
        "Herzien",
        "Niet-ontvankelijk",
    ]


def test_a_case_that_was_withdrawn_before_events_were_kept_is_open_no_more(winter: World) -> None:
    with transaction():
        db.session.execute(CaseEvent.__table__.delete())  # type: ignore[attr-defined]  # always a table
    found = overview(Procedure.VALIDATION, WINTER, winter.policies)
    assert [cells[2] for cells in on_page(found.months).values()] == [2, 2, 1]


def slowly(world: World, case: Case) -> Fact:
    """What is known of a decided case, counted day by day."""
    first, rule = case.decisions[0], world.policies.named(case.policy_id).terms[case.procedure]
    received, decided = day_of(case.received_at), day_of(first.decided_at)
    stops = [*world.policies.calendar.holidays_in(rule.school_holidays), *pauses_of(case)]
    ran = [received + DAY * number for number in range(1, (decided - received).days + 1)]
    counted = [day for day in ran if not any(stop.first <= day <= stop.last for stop in stops)]
    return Fact(
        type=case.type,
        received_on=received,
        decided_on=decided,
        due_on=case.due_on or decided,
        term_days=len(counted),
        outcome=first.outcome,
        is_asked=bool(case.questions),
        granted=first.hours.total,
        declared=case.submitted.hours.total,
    )


def test_what_is_read_equals_a_count_case_by_case(world: World) -> None:
    docket(world, world.provider(), 150, 12, days=500, now=NOW)
    period = year_up_to(date(2026, 10, 1))
    found = happened(Procedure.VALIDATION, period, world.policies)
    known = db.session.scalars(select(Case)).all()
    facts = [slowly(world, case) for case in known if case.decisions]
    within = [fact for fact in facts if month_of(fact.decided_on) in period.months]
    assert len(within) > 80
    assert sorted(found.facts) == sorted(within)
    ended = {event.case_id: event.at for event in db.session.scalars(select(CaseEvent).filter_by(action="withdraw"))}
    ended |= {case.id: case.decisions[0].decided_at for case in known if case.decisions}
    lines = by_month(period.months, found.facts, found.flows)
    for month, end in zip(period.months, period.bounds[1:], strict=True):
        came = [case for case in known if day_of(case.received_at) < end]
        left = [case for case in came if case.id not in ended or day_of(ended[case.id]) >= end]
        assert lines[month].open == len(left)
        assert lines[month].received == sum(day_of(case.received_at) >= month for case in came)
        assert lines[month].decided == sum(month_of(fact.decided_on) == month for fact in facts)
    types = by_type(12, found.facts, found.flows)
    for code, line in types.items():
        assert line.open == sum(case.type == code for case in left)


def test_the_first_decision_counts_and_what_came_afterwards_is_told_apart(world: World) -> None:
    own = world.provider()
    cases = [world.submitted(own, now=at("2026-09-01")) for _ in range(4)]
    made = [decided(world, case, at("2026-10-01"), Outcome.REJECTED) for case in cases]
    with transaction():
        db.session.add(later(made[0], corrects_id=made[0].id, correction="Het was een vergissing."))
        for decision, state, outcome in (
            (made[1], State.DECIDED, Outcome.REVISED),
            (made[2], State.RECEIVED, None),
            (made[3], State.WITHDRAWN, None),
        ):
            objected(world, decision, state, outcome)
    october = Period(date(2026, 10, 1), date(2026, 10, 1))
    found = happened(Procedure.VALIDATION, october, world.policies)
    assert [(fact.outcome, fact.days) for fact in found.facts] == [(Outcome.REJECTED, 30)] * 4
    told = afterwards(Procedure.VALIDATION, october)
    assert told == Afterwards(decisions=5, corrections=1, objections=2, answered=1, revised=1)
    assert (told.objected_share, told.revised_share) == (40, 100)
    assert afterwards(Procedure.VALIDATION, WINTER) == Afterwards(0, 0, 0, 0, 0)
    objections = overview(Procedure.OBJECTION, Period(date(2026, 10, 1), date(2026, 11, 1)), world.policies)
    assert on_page(objections.types)["Alles samen"][:3] == [3, 1, 1]


def later(decision: Decision, **facts: object) -> Decision:
    """Another decision, as that one is, a week later."""
    return Decision(
        **{
            "case_id": decision.case_id,
            "procedure": decision.procedure,
            "outcome": decision.outcome,
            "verdicts": {},
            "contact_hours": ZERO,
            "self_study_hours": ZERO,
            "reasons": "Omdat het zo is.",
            "decided_by": "staff:::ander",
            "decided_by_name": "Ander",
            "decided_at": decision.decided_at + 7 * DAY,
        }
        | facts
    )


def objected(world: World, decision: Decision, state: State, outcome: Outcome | None) -> None:
    """The provider objects after ten days; the objection is where it is said to be."""
    first = db.session.get_one(Case, decision.case_id)
    now = decision.decided_at + 10 * DAY
    subject = Subject(version=first.submitted, decision_id=decision.id)
    case = open_case(
        Procedure.OBJECTION, first.provider_id, world.policies, subject, by=provider_hand(ACTOR), now=now, state=state
    )
    if outcome:
        facts = {"case_id": case.id, "procedure": Procedure.OBJECTION, "outcome": outcome}
        db.session.add(later(decision, **facts, decided_at=now + 20 * DAY))


def test_four_statements_read_it_however_many_cases_there_are(world: World) -> None:
    own = world.provider()

    def read() -> int:
        return count_statements(
            lambda: (
                overview(Procedure.VALIDATION, WINTER, world.policies),
                afterwards(Procedure.VALIDATION, WINTER),
            )
        )

    docket(world, own, 5, 1, days=60, now=NOW)
    assert read() == 4
    docket(world, own, 60, 10, days=60, now=NOW)
    assert read() == 4
