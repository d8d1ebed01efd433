"""A procedure that no register has yet, as data alone: other states, other hands, a start that waits for two events."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.access import Identity, Role
from core.audit import AuditEntry
from core.db import db, transaction
from core.policy.hours import ZERO
from core.transitions import ActionNotAllowed
from providers.models import Provider
from tests.policies import under_rules
from tests.world import ACTOR, NOW, World, member_identity, text_of
from validation.engine import NotYours, actions_open_to, advance, provider_hand, staff_hand
from validation.handling import claim, release
from validation.judgement_models import Decision
from validation.models import Case
from validation.opening import arrived, open_case
from validation.procedures import TABLES, Hand, NotInYourHands, Step, Table
from validation.questions import answer, ask
from validation.states import ACTION_NAMES, Action, State
from validation.term_text import from_data, in_words

NAME = "certificering"
JANSEN, VISSER, BAKKER = (
    member_identity(),
    member_identity("visser", Role.CHAIR),
    member_identity("bakker", Role.BUREAU),
)
STATES: dict[str, str] = {
    "awaiting": "Wacht op stukken en betaling",
    State.RECEIVED: "Compleet ontvangen",
    "completeness": "Controle op volledigheid",
    "advice": "Bij de adviseur",
    State.WAITING: "Wacht op de aanbieder",
    "with_board": "Bij het bestuur",
    State.DECIDED: "Besloten",
    State.WITHDRAWN: "Ingetrokken",
}
ACTIONS: dict[str, str] = ACTION_NAMES | {
    "begin": "Controle beginnen",
    "complete": "Compleet verklaren",
    "advise": "Adviseren",
    "certify": "Certificeren",
}
STEPS: dict[tuple[str, str], Step] = {
    (State.RECEIVED, "begin"): Step("completeness", frozenset({Hand.BUREAU}), is_inner=True),
    ("completeness", "complete"): Step("advice", frozenset({Hand.BUREAU})),
    ("advice", Action.CLAIM): Step("advice", frozenset({Hand.MEMBER}), is_inner=True),
    ("advice", Action.RELEASE): Step("advice", frozenset({Hand.HANDLER, Hand.CLOCK}), is_inner=True),
    ("advice", Action.ASK): Step(State.WAITING, frozenset({Hand.HANDLER})),
    (State.WAITING, Action.RELEASE): Step(State.WAITING, frozenset({Hand.HANDLER, Hand.CLOCK}), is_inner=True),
    (State.WAITING, Action.ANSWER): Step("advice", frozenset({Hand.PROVIDER})),
    ("advice", "advise"): Step("with_board", frozenset({Hand.HANDLER}), is_inner=True),
    ("with_board", "certify"): Step(State.DECIDED, frozenset({Hand.CHAIR})),
    **{
        (state, Action.WITHDRAW): Step(State.WITHDRAWN, frozenset({Hand.PROVIDER}))
        for state in STATES
        if state not in {State.DECIDED, State.WITHDRAWN}
    },
}
FOURTH = Table(
    "de certificering",
    STEPS,
    STATES,
    ACTIONS,
    needs=frozenset({"payment", "papers"}),
    begins="awaiting",
    name="Certificering",
)
# Counted by hand from Wednesday 25 November 2026, the day after the second event, with 2 and 3 December paused.
TERMS = {
    "working_days = 10": (
        date(2026, 12, 10),
        "ontvangen 24 november 2026; 10 werkdagen + 2 wachten op u + 4 weekend = 10 december 2026",
    ),
    "weeks = 2": (
        date(2026, 12, 10),
        "ontvangen 24 november 2026; 2 weken (14 dagen) + 2 wachten op u = 10 december 2026",
    ),
    "months = 1": (
        date(2026, 12, 28),
        "ontvangen 24 november 2026; 1 maand (30 dagen) + 2 wachten op u + 2 weekend = 28 december 2026",
    ),
}


def on(day: int, month: int = 11) -> datetime:
    return NOW.replace(day=day, month=month)


@pytest.fixture(params=list(TERMS))
def length(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def fourth(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Provider]:
    """A register that has the procedure, with a term of ten working days; and somebody who asks for it."""
    yield declared(world, monkeypatch, tmp_path, "working_days = 10")
    db.session.rollback()


def declared(world: World, monkeypatch: pytest.MonkeyPatch, folder: Path, length: str) -> Provider:
    monkeypatch.setitem(TABLES, NAME, FOURTH)
    term = f"[terms.{NAME}]\n{length}\nschool_holidays = []\n\n[terms.validation]"
    under_rules(world, monkeypatch, folder / "rules", ("[terms.validation]", term))
    return world.provider()


def asked_for(world: World, provider: Provider, *events: str) -> Case:
    """Asked for on Sunday 22 November; each event comes a day later than the one before."""
    with transaction():
        case = open_case(NAME, provider.id, world.policies, by=provider_hand(ACTOR), now=NOW)
    for days, event in enumerate(events, start=1):
        with transaction():
            db.session.refresh(case)
            arrived(case, event, world.policies, by=provider_hand(ACTOR), now=NOW + timedelta(days=days))
    return case


def does(case: Case, action: str, who: Identity, now: datetime, text: str = "") -> None:
    with transaction():
        db.session.refresh(case)
        advance(case, action, staff_hand(case, who), now, text=text)


def with_board(world: World, case: Case) -> Case:
    """Checked by the bureau, claimed by a member who asks something, lets go and takes it back, and advises."""
    does(case, "begin", BAKKER, on(24))
    does(case, "complete", BAKKER, on(25))
    taken(world, case, on(26))
    with transaction():
        db.session.refresh(case)
        ask(case, "Welke norm?", date(2026, 12, 14), world.policies, by=JANSEN, now=on(1, 12))
    with transaction():
        db.session.refresh(case)
        release(case, JANSEN.account_key, by=staff_hand(case, JANSEN), now=on(2, 12))
    with transaction():
        db.session.refresh(case)
        answer(case, "NRTO.", world.policies, seen=case.questions[0].id, by=ACTOR, now=on(3, 12))
    assert (case.state, case.handler) == ("advice", ""), "it waits where a case is that somebody let go of"
    taken(world, case, on(4, 12))
    does(case, "advise", JANSEN, on(4, 12), "Ik adviseer om te certificeren.")
    return case


def taken(world: World, case: Case, now: datetime) -> None:
    with transaction():
        db.session.refresh(case)
        claim(case, world.policies.named(case.policy_id), by=JANSEN, now=now)


def certified(case: Case) -> Decision:
    with transaction():
        db.session.refresh(case)
        decision = Decision(
            case_id=case.id,
            procedure=case.procedure,
            outcome="certified",
            verdicts={},
            contact_hours=ZERO,
            self_study_hours=ZERO,
            reasons="Voldoet aan de norm.",
            decided_by=VISSER.account_key,
            decided_by_name=VISSER.name,
            decided_at=on(7, 12),
        )
        db.session.add(decision)
        advance(case, "certify", staff_hand(case, VISSER), on(7, 12), result="certified")
    return decision


def test_the_clock_starts_when_both_events_came_in_whatever_order(world: World, fourth: Provider) -> None:
    for events in (("payment", "papers"), ("papers", "payment"), ("payment", "payment", "papers")):
        case = asked_for(world, fourth, *events[:-1])
        assert (case.state, case.started_on, case.due_on, case.term) == ("awaiting", None, None, {})
        with transaction():
            db.session.refresh(case)
            arrived(case, events[-1], world.policies, by=provider_hand(ACTOR), now=on(24))
        assert (case.state, case.started_on, case.due_on) == ("received", date(2026, 11, 24), date(2026, 12, 8))


def test_it_goes_from_hand_to_hand_and_ends_with_an_outcome_of_its_own(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, length: str
) -> None:
    case = with_board(world, asked_for(world, declared(world, monkeypatch, tmp_path, length), "payment", "papers"))
    db.session.rollback()
    due_on, explained = TERMS[length]
    assert (case.state, case.due_on, in_words(from_data(case.term))) == ("with_board", due_on, explained)
    certified(case)
    db.session.rollback()
    found = db.session.get_one(Case, case.id)
    assert (found.state, found.is_open) == ("decided", False)
    assert found.decision
    assert found.decision.outcome == "certified"
    noted = select(AuditEntry.action).where(AuditEntry.object == f"case:{case.id}").order_by(AuditEntry.position)
    told = " ".join(action.removeprefix("case.") for action in db.session.scalars(noted))
    assert (
        told == "received payment papers begin complete claimed asked released answered released claimed advise certify"
    )


def test_each_step_is_for_its_own_hands_only(world: World, fourth: Provider) -> None:
    case = asked_for(world, fourth, "payment", "papers")
    for who in (JANSEN, VISSER):
        with pytest.raises(NotInYourHands):
            does(case, "begin", who, on(24))
    with pytest.raises(ActionNotAllowed, match="compleet ontvangen"):
        does(case, "advise", BAKKER, on(24))
    with_board(world, case)
    for who in (JANSEN, BAKKER):
        with pytest.raises(NotInYourHands):
            does(case, "certify", who, on(5, 12))
        assert actions_open_to(case, who) == set()
    assert actions_open_to(case, VISSER) == {"certify"}
    other = asked_for(world, fourth, "payment", "papers")
    does(other, "begin", BAKKER, on(24))
    does(other, "complete", BAKKER, on(25))
    with pytest.raises(NotYours):
        does(other, "advise", JANSEN, on(26))


def test_the_queue_lists_it_last_until_its_clock_runs(world: World, fourth: Provider) -> None:
    waiting, running = asked_for(world, fourth), asked_for(world, fourth, "payment", "papers")
    activity = world.submitted(fourth)
    member = world.person(JANSEN)
    page = member.get("/commissie")
    places = [page.text.find(f'href="/commissie/zaken/{case.id}"') for case in (running, activity, waiting)]
    assert -1 not in places
    assert places == sorted(places), "first due first, and what is not due yet last"
    assert text_of(page).count("Nog niet begonnen") == 1
    assert "Certificering (2)" in page.text
    only = member.get("/commissie", procedure=NAME)
    assert "2 zaken" in text_of(only)
    assert 'value="certificering" selected' in only.text
    for filtered in (
        {"termijn": "later"},
        {"wie": "nobody"},
        {"q": "aanbieder"},
        {"sector": "po"},
        {"soort": "cursus"},
    ):
        assert member.get("/commissie", **filtered).status_code == 200


def test_its_page_shows_where_it_stands(world: World, fourth: Provider) -> None:
    case = asked_for(world, fourth)
    address = f"/commissie/zaken/{case.id}"

    def page(who: Identity = JANSEN) -> str:
        response = world.person(who).get(address)
        assert response.status_code == 200
        return text_of(response)

    assert "Certificering van Aanbieder 90100011" in page()
    assert "Nog niet begonnen" in page()
    assert "Wacht op stukken en betaling" in page()
    for event in ("payment", "papers"):
        with transaction():
            db.session.refresh(case)
            arrived(case, event, world.policies, by=provider_hand(ACTOR), now=on(24))
    with_board(world, case)
    for who in (JANSEN, VISSER, BAKKER):
        assert "10 werkdagen + 2 wachten op de aanbieder + 4 weekend" in page(who)
        assert "Bij het bestuur" in page(who)
        assert "Jansen" in page(who)
        assert "Ik adviseer om te certificeren." in page(who)
    certified(case)
    assert "Certificeren" in page()
    for log in ("logboek", "logboek.csv"):
        assert world.person(BAKKER).get(f"{address}/{log}").status_code == 200


def test_its_pages_take_what_every_case_takes(world: World, fourth: Provider) -> None:
    case = asked_for(world, fourth, "payment", "papers")
    does(case, "begin", BAKKER, on(24))
    does(case, "complete", BAKKER, on(25))
    member, address = world.person(JANSEN), f"/commissie/zaken/{case.id}"
    refused = member.post(f"{address}/vraag", world.seen(Case, case.id) | {"question": "Een lange vraag."})
    assert refused.status_code in {403, 409}
    assert "Een lange vraag." in refused.text
    assert member.post(f"{address}/oppakken", world.seen(Case, case.id)).status_code == 303
    assert member.post(f"{address}/notitie", {"note": "Gebeld."}).status_code == 303
    assert "Gebeld." in member.get(address).text
    assert member.post(f"{address}/beoordeling", world.seen(Case, case.id)).status_code == 404
    assert member.post(f"{address}/loslaten", world.seen(Case, case.id)).status_code == 303
    assert member.post(f"{address}/oppakken", world.seen(Case, case.id)).status_code == 303
    gone = member.post(f"{address}/terugtrekken", world.seen(Case, case.id) | {"reason": "Familie."})
    assert gone.status_code == 303
    assert member.get(address).status_code == 404
