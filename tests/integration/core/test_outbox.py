from collections.abc import Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import db, transaction
from core.outbox import (
    BACK_OFF,
    LEASE,
    MOST_ATTEMPTS,
    Handler,
    Hopeless,
    Message,
    MessageState,
    OutboxMessage,
    Together,
    awake,
    deliver_one,
    enqueue,
    enqueue_once,
    waiting_count,
)
from core.worker import prepared
from tests.world import NOW


def ask(subject: str = "1", occasion: str = "a", kind: str = "test") -> None:
    with transaction():
        enqueue(kind, subject, occasion=occasion, due=NOW)


def row() -> OutboxMessage:
    db.session.expire_all()
    return db.session.scalars(select(OutboxMessage)).one()


def test_a_message_is_delivered_once_and_in_order(app: Flask) -> None:
    seen: list[str] = []
    ask("1")
    ask("2")
    handlers = {"test": lambda message: seen.append(message.subject)}
    while deliver_one(handlers, NOW):
        pass
    assert seen == ["1", "2"]
    assert waiting_count() == 0


def test_a_rolled_back_change_sends_nothing(app: Flask) -> None:
    def fail() -> None:
        with transaction():
            enqueue("test", "1", occasion="a", due=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert waiting_count() == 0


def test_a_failing_message_comes_back_later_and_is_parked_in_the_end(app: Flask) -> None:
    def fail(_: Message) -> None:
        raise OSError("weg")

    ask()
    now = NOW
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert row().state == MessageState.WAITING
        assert deliver_one({"test": fail}, now)
        assert not deliver_one({"test": fail}, now)
        assert row().attempts == attempt
        now += BACK_OFF * 2**attempt
    assert row().state == MessageState.PARKED
    assert "weg" in row().last_error


def test_a_message_of_a_worker_that_died_comes_back_when_its_lease_ends(app: Flask) -> None:
    def die(_: Message) -> None:
        raise SystemExit

    ask()
    with pytest.raises(SystemExit):
        deliver_one({"test": die}, NOW)
    seen: list[int] = []
    handlers = {"test": lambda message: seen.append(message.attempts)}
    assert not deliver_one(handlers, NOW + LEASE - timedelta(seconds=1))
    assert deliver_one(handlers, NOW + LEASE + timedelta(seconds=1))
    assert seen == [2]


def test_the_same_occasion_twice_is_an_error(app: Flask) -> None:
    ask()
    with pytest.raises(Exception, match=r"(?i)unique"):
        ask()


def test_what_several_ask_for_once_is_there_once(app: Flask) -> None:
    for _ in range(2):
        with transaction():
            enqueue_once("test", "1", occasion="a", due=NOW)
    assert row().state == MessageState.WAITING
    assert deliver_one({"test": lambda _: None}, NOW)
    with transaction():
        enqueue_once("test", "1", occasion="a", due=NOW)
    assert row().state == MessageState.DONE, "nor is it had a second time"


def test_a_commit_wakes_the_worker_and_a_rollback_does_not(app: Flask) -> None:
    awake.clear()
    with transaction():
        pass
    assert not awake.is_set()
    ask()
    assert awake.is_set()


def test_a_worker_that_outlived_its_lease_does_not_undo_what_another_did(app: Flask) -> None:
    def slow(_: Message) -> None:
        later = NOW + LEASE + timedelta(seconds=1)
        assert deliver_one({"test": lambda _: None}, later)
        raise OSError("te laat")

    ask()
    assert deliver_one({"test": slow}, NOW)
    assert (row().state, row().last_error, row().attempts) == (MessageState.DONE, "", 2)


def test_a_message_that_ends_its_worker_each_time_is_parked(app: Flask) -> None:
    def die(_: Message) -> None:
        raise SystemExit

    ask()
    now = NOW
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(SystemExit):
            deliver_one({"test": die}, now)
        now += LEASE + timedelta(seconds=1)
    assert not deliver_one({"test": die}, now)
    assert row().state == MessageState.PARKED


def test_a_preparation_that_fails_keeps_no_message_waiting(app: Flask) -> None:
    before = app.extensions["before_work"]
    app.extensions["before_work"] = [lambda: 1 / 0]
    try:
        with prepared(app):
            pass
    finally:
        app.extensions["before_work"] = before


def test_messages_that_go_together_come_in_batches_of_their_kind(app: Flask) -> None:
    seen: list[list[str]] = []
    for number in range(5):
        ask(str(number), kind="many" if number != 2 else "test")
    handlers: dict[str, Handler] = {
        "many": Together(lambda messages: seen.append([message.subject for message in messages]), most=3),
        "test": lambda message: seen.append([message.subject]),
    }
    while deliver_one(handlers, NOW):
        pass
    assert seen == [["0", "1", "3"], ["2"], ["4"]]
    assert waiting_count() == 0


def test_one_that_spoils_a_batch_is_parked_alone(app: Flask) -> None:
    done: list[str] = []

    def handle(messages: Sequence[Message]) -> None:
        if "2" in {message.subject for message in messages}:
            raise RuntimeError("no")
        done.extend(message.subject for message in messages)

    for number in range(4):
        ask(str(number))
    now = NOW
    for _ in range(40):
        while deliver_one({"test": Together(handle, most=10)}, now):
            pass
        now += timedelta(minutes=30)
    assert sorted(done) == ["0", "1", "3"]
    parked = db.session.scalars(select(OutboxMessage).filter_by(state=MessageState.PARKED)).one()
    assert (parked.subject, parked.attempts) == ("2", MOST_ATTEMPTS)


def test_one_that_is_hopeless_parks_no_other(app: Flask) -> None:
    done: list[str] = []

    def handle(messages: Sequence[Message]) -> None:
        if "1" in {message.subject for message in messages}:
            raise Hopeless("no such place")
        done.extend(message.subject for message in messages)

    for number in range(3):
        ask(str(number))
    for now in (NOW, NOW + timedelta(hours=1)):
        while deliver_one({"test": Together(handle, most=10)}, now):
            pass
    assert sorted(done) == ["0", "2"]
    assert db.session.scalars(select(OutboxMessage.subject).filter_by(state=MessageState.PARKED)).all() == ["1"]


def test_a_kind_that_nobody_knows_is_parked_in_the_end_and_holds_up_nothing(app: Flask) -> None:
    done: list[str] = []
    ask("1", kind="unknown")
    ask("2")
    now = NOW
    for _ in range(20):
        while deliver_one({"test": lambda message: done.append(message.subject)}, now):
            pass
        now += timedelta(minutes=30)
    assert done == ["2"]
    assert db.session.scalars(select(OutboxMessage.kind).filter_by(state=MessageState.PARKED)).all() == ["unknown"]
