"""The day as a whole: who asks for it, what a fault or a kill leaves behind, and what it asks of the database."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from core import clock
from core.access import Role
from core.db import db
from core.outbox import Message, OutboxMessage, deliver_one
from core.worker import prepared
from providers.messages import tell
from providers.models import ProviderMessage
from tests.daily import arrived, count_of_everything, daily, events_of, morning
from tests.statements import count_statements
from tests.world import COMPLETE, World, member_identity
from validation.daily import scheduling
from validation.daily.running import SLICE, Today
from validation.daily.scheduling import DAILY, do_turn, ensure_today
from validation.daily.steps import STEPS
from validation.models import Case
from validation.questions import lapse

AFTER = date(2026, 12, 8)  # the last day to answer is over
DAY = timedelta(days=1)


class Killed(BaseException):
    """As abrupt as the end of a process."""


def messages() -> list[tuple[str, datetime]]:
    db.session.rollback()
    query = select(OutboxMessage).filter_by(kind=DAILY).order_by(OutboxMessage.due_at)
    return [(row.subject, row.due_at) for row in db.session.scalars(query)]


def at_six(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 6, tzinfo=clock.AMSTERDAM)


def asked(world: World, count: int) -> list[Case]:
    provider = world.provider()
    return [world.asked(world.submitted(provider, replace(COMPLETE, title=f"Klas {n}"))) for n in range(count)]


def states() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Case.state).order_by(Case.id)))


def late_messages() -> int:
    query = select(ProviderMessage.id).where(ProviderMessage.subject.contains("niet op tijd"))
    return len(db.session.scalars(query).all())


def turn(subject: str, attempts: int = 1) -> None:
    db.session.rollback()
    do_turn(Message(1, DAILY, subject, attempts))


def test_a_worker_asks_for_today_and_today_for_tomorrow(world: World) -> None:
    today = clock.today()
    for _ in range(2):
        with prepared(world.app):
            pass
        ensure_today()
    assert messages() == [(str(today), at_six(today))]
    turn(str(today))
    turn(str(today), 2)
    assert messages() == [(str(day), at_six(day)) for day in (today, today + DAY)]


def test_days_that_were_missed_are_made_up_by_today(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(world, 1)
    monkeypatch.setattr(clock, "now", lambda: morning(AFTER))
    turn("2026-12-01")
    assert states() == ["waiting_for_provider"]
    assert [subject for subject, _ in messages()] == ["2026-12-08", "2026-12-09"]
    while deliver_one(world.app.extensions["outbox_handlers"], morning(AFTER)):
        pass
    assert states() == ["in_review"]


def test_a_long_day_lets_other_messages_pass_and_goes_on_where_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: morning(AFTER))
    monkeypatch.setattr(scheduling, "SECONDS", 0.0)
    monkeypatch.setattr("validation.daily.running.SLICE", 2)
    asked(world, 5)
    turn("2026-12-08")
    assert states().count("in_review") == 2
    (left,) = [subject for subject, _ in messages() if " " in subject]
    turn("2026-12-08")
    assert states().count("in_review") == 4
    assert len([subject for subject, _ in messages() if " " in subject]) == 2, "of one and the same place once"
    turn(left)
    while deliver_one(world.app.extensions["outbox_handlers"], morning(AFTER)):
        pass
    assert set(states()) == {"in_review"}
    assert late_messages() == 5


def test_a_fault_in_one_case_stops_no_other_and_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cases = asked(world, 3)

    def fail(case: Case, *arguments: Any, **facts: Any) -> None:
        lapse(case, *arguments, **facts)
        if case.id == cases[1].id:
            raise RuntimeError("kapot")

    with monkeypatch.context() as broken:
        broken.setattr("validation.daily.unanswered.lapse", fail)
        assert daily(AFTER) == [f"unanswered {cases[1].id}"]
        assert states() == ["in_review", "waiting_for_provider", "in_review"]
        assert f"case {cases[1].id}" in caplog.text
        broken.setattr(clock, "now", lambda: morning(AFTER))
        with pytest.raises(scheduling.Unfinished, match=f"unanswered {cases[1].id}"):
            turn("2026-12-08")
    assert daily(AFTER) == []
    assert states() == ["in_review"] * 3
    assert [len(events_of(case, "lapse")) for case in cases] == [1, 1, 1]


def test_a_step_that_cannot_look_stops_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(world, 1)
    (first, *rest) = STEPS

    def fail(today: Today, after: int) -> Any:
        raise RuntimeError("kapot")

    monkeypatch.setattr(scheduling, "STEPS", (replace(rest[0], name="broken", find=fail), first, *rest))
    assert daily(AFTER) == ["broken"]
    assert states() == ["in_review"]


@pytest.mark.parametrize("calls", range(1, 4))
def test_a_kill_in_the_middle_loses_nothing_and_nothing_happens_twice(
    world: World, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    cases, seen = asked(world, 3), list[int]()

    def die(*arguments: Any) -> None:
        tell(*arguments)
        seen.append(1)
        if len(seen) == calls:
            raise Killed

    with monkeypatch.context() as doomed:
        doomed.setattr("validation.daily.unanswered.tell", die)
        with pytest.raises(Killed):
            daily(AFTER)
    assert states().count("in_review") == calls - 1
    assert daily(AFTER) == []
    assert [len(events_of(case, "lapse")) for case in cases] == [1, 1, 1]
    assert late_messages() == 3


@pytest.mark.race
def test_two_workers_with_the_same_day_do_nothing_twice_and_fail_at_nothing(world: World) -> None:
    arrived(AFTER, member_identity("visser", Role.CHAIR), email="visser@register.example")
    cases, late = asked(world, 6), date(2027, 3, 1)
    barrier = Barrier(2)

    def work() -> list[str]:
        with world.app.app_context():
            barrier.wait()
            try:
                return daily(late)
            finally:
                db.session.remove()

    db.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        outcomes = [pool.submit(work) for _ in range(2)]
        assert [outcome.result() for outcome in outcomes] == [[], []]
    assert [len(events_of(case, "lapse")) for case in cases] == [1] * 6
    assert [len(events_of(case, "remind")) for case in cases] == [1] * 6
    assert late_messages() == 6


def test_more_cases_than_a_slice_are_all_done(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert SLICE > 3
    monkeypatch.setattr("validation.daily.running.SLICE", 3)
    asked(world, 7)
    assert daily(AFTER) == []
    assert states() == ["in_review"] * 7


def test_cases_to_which_nothing_happens_cost_no_statement(world: World) -> None:
    day = date(2026, 11, 24)
    arrived(day, email="jansen@register.example")
    provider = world.provider()
    for number in range(2):
        world.claimed(world.submitted(provider, replace(COMPLETE, title=f"Klas {number}")))
    daily(day)
    for later in (day, date(2027, 1, 12)):
        daily(later)
    few = [count_statements(partial(daily, later)) for later in (day, date(2027, 1, 12))]
    for number in range(10):
        world.claimed(world.submitted(provider, replace(COMPLETE, title=f"School {number}")))
    daily(date(2027, 1, 12))
    before = count_of_everything()
    assert [count_statements(partial(daily, later)) for later in (day, date(2027, 1, 12))] == few
    assert count_of_everything() == before


def test_the_command_says_what_was_done_and_what_failed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: morning(AFTER))
    asked(world, 2)
    result = world.run("cases", "daily")
    assert (result.exit_code, result.output) == (0, "2 gedaan, 0 mislukt\n")
    assert world.run("cases", "daily").output == "0 gedaan, 0 mislukt\n"


def test_the_operator_is_warned_once_a_day_when_the_table_of_holidays_ends_within_a_year(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    last = world.policies.calendar.known_until
    day = date(last.year - 1, last.month, last.day)
    caplog.set_level(logging.WARNING)
    for today, count in ((day, 0), (day + DAY, 1)):
        monkeypatch.setattr(clock, "now", partial(morning, today))
        turn(str(today))
        turn(str(today), 2)
        turn(f"{today} due 0 0")
        assert caplog.text.count("the table of school holidays ends on") == count
