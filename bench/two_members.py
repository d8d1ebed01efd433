"""Two members decide one case at once, through the pages, 1,000 times in all on both databases.

A handler and a colleague who takes over, the chair and the handler of a case on which assessors do not agree, two
colleagues who confirm one proposal. Each goes on until they decided or were told who did and when. Every case must end
with one decision, nobody may meet an error, and what the slower one typed must stand on the page that refuses it.
Run by `make bench`, or alone: `python -m bench.two_members --tries 1000`.
"""

import argparse
import multiprocessing
import time
from collections import Counter
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from bench.approvals import next_tally
from bench.both import both
from core.access import Identity, Role
from core.audit import verify
from core.db import db, transaction
from tests.databases import settings_for
from tests.forms import form_of
from tests.world import NOW, POLICY, Person, World, judgement, member_identity, text_of
from validation.assessing import assess
from validation.deciding import propose
from validation.judgement_models import Decision
from validation.models import Case
from validation.states import Outcome, State
from wsgi import create_app

ATTEMPTS = 50
TOLD = "besloot al op"
MET = {f"criterion-{item.code}": "met" for item in POLICY.criteria}
JANSEN, YILMAZ, BOS = (member_identity(name) for name in ("jansen", "yilmaz", "bos"))
CHAIR = member_identity("visser", Role.CHAIR)
TWO = replace(POLICY, decision=replace(POLICY.decision, assessors=2))


@dataclass(frozen=True)
class Situation:
    """Who decides at once, and the state in which the case is then."""

    name: str
    state: str
    members: tuple[Identity, Identity]


SITUATIONS = (
    Situation("handler and who takes over", State.IN_REVIEW, (JANSEN, YILMAZ)),
    Situation("chair and handler", State.WITH_CHAIR, (CHAIR, JANSEN)),
    Situation("two who confirm a proposal", State.PROPOSED, (YILMAZ, BOS)),
)


@dataclass
class Tally:
    """How often one member decided, and how often they were told that the other one had."""

    won: int = 0
    told: int = 0


@dataclass
class Contender:
    """One member before one case."""

    world: World
    person: Person
    identity: Identity
    case_id: int
    is_told: bool = False

    @property
    def address(self) -> str:
        """The page of the case."""
        return f"/commissie/zaken/{self.case_id}"

    @property
    def words(self) -> str:
        """What this member types."""
        return f"Overwogen door {self.identity.name} in zaak {self.case_id}."

    def letter(self) -> dict[str, Any] | None:
        """The form that decides; None when this member cannot send the letter now."""
        page = self.person.get(f"{self.address}/besluit")
        if page.status_code == HTTPStatus.OK:
            return form_of(page)
        self.hear(text_of(self.person.get(self.address)))
        return None

    def send(self, letter: dict[str, Any]) -> bool:
        """Whether this member decided."""
        return self.does("besluit", letter) and not self.is_told

    def take_over(self, seen: dict[str, str]) -> bool:
        """Press the button of the page that was `seen`."""
        return self.does("oppakken", seen)

    def judge(self) -> bool:
        """Save a judgement."""
        form = MET | {"outcome": "approved", "contact_hours": "16", "self_study_hours": "4,5", "reasons": self.words}
        return self.does("beoordeling", form | self.world.seen(Case, self.case_id))

    def does(self, what: str, form: dict[str, Any]) -> bool:
        """Whether it was accepted; what was typed must come back with every refusal."""
        response = self.person.post(f"{self.address}/{what}", form)
        page = text_of(response)
        if response.status_code not in {HTTPStatus.SEE_OTHER, HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT}:
            raise SystemExit(f"{what}: status {response.status_code}: {page}")
        if response.status_code != HTTPStatus.SEE_OTHER and form.get("reasons") and form["reasons"] not in page:
            raise SystemExit(f"{what}: the typed text is gone: {page}")
        self.hear(page)
        return response.status_code == HTTPStatus.SEE_OTHER

    def hear(self, page: str) -> None:
        """Whether the page says who decided, and when."""
        self.is_told = self.is_told or TOLD in page


def go_on(contender: Contender, situation: Situation, letter: dict[str, Any] | None, seen: dict[str, str]) -> bool:
    """Try until the case is decided: whether by this member. `seen` and `letter` are of the page before them."""
    for _ in range(ATTEMPTS):
        if letter and contender.send(letter):
            return True
        if contender.is_told:
            return False
        if situation.state == State.IN_REVIEW:
            contender.take_over(seen)
        if situation.state != State.PROPOSED:
            contender.judge()
        letter = None if contender.is_told else contender.letter()
        seen = contender.world.seen(Case, contender.case_id)
    raise SystemExit(f"{contender.identity.name} never heard what became of case {contender.case_id}")


def compete(  # noqa: PLR0913, PLR0917 -- a process has no other way to be told
    folder: str, url: str, situation: Situation, who: Identity, case_ids: list[int], start: Any, tallies: Any
) -> None:
    """One process: one member, case by case, at the same moment as the other one."""
    app, tally = create_app(settings_for(Path(folder), url)), Tally()
    with app.app_context():
        world, person = World(app), Person(app, who)
        for case_id in case_ids:
            contender = Contender(world, person, who, case_id)
            takes_over = situation.state == State.IN_REVIEW and who != JANSEN
            letter, seen = None if takes_over else contender.letter(), world.seen(Case, case_id)
            start.wait(timeout=120)
            if go_on(contender, situation, letter, seen):
                tally.won += 1
            else:
                tally.told += 1
        db.session.remove()
        db.engine.dispose()
    tallies.put(tally)


def race(folder: Path, url: str, situation: Situation, case_ids: list[int]) -> list[Tally]:
    """Both members on every case; what each saw."""
    spawn = multiprocessing.get_context("spawn")
    start, tallies = spawn.Barrier(len(situation.members)), spawn.Queue()
    workers = [
        spawn.Process(target=compete, args=(str(folder), url, situation, who, case_ids, start, tallies))
        for who in situation.members
    ]
    for worker in workers:
        worker.start()
    found: list[Any] = [next_tally(workers, tallies) for _ in workers]
    for worker in workers:
        worker.join()
    return found


def prepare(app: Flask, kvk_number: str, situation: Situation, count: int) -> list[int]:
    """So many cases of this situation."""
    world, ids = World(app), []
    with app.app_context():
        provider = world.provider(kvk_number)
        for _ in range(count):
            case = world.submitted(provider)
            bring(world, case, situation.state)
            ids.append(case.id)
            db.session.expunge_all()
            db.session.add(provider)
        db.session.rollback()
        db.engine.dispose()
    return ids


def bring(world: World, case: Case, state: str) -> None:
    """Into a state in which its handler, who saved a judgement, does not decide alone."""
    outcome = Outcome.REJECTED if state == State.PROPOSED else Outcome.APPROVED
    world.claimed(case, JANSEN)
    if state == State.WITH_CHAIR:
        take_second_seat(case)
    with transaction():
        db.session.refresh(case)
        assess(case, judgement(POLICY, outcome), POLICY, by=JANSEN, now=NOW)
    with transaction():
        db.session.refresh(case)
        if state == State.PROPOSED:
            propose(case, POLICY, by=JANSEN, now=NOW)
        if state == State.WITH_CHAIR:
            assess(case, judgement(POLICY, Outcome.REJECTED), TWO, by=YILMAZ, now=NOW)
    db.session.refresh(case)
    if case.state != state:
        raise SystemExit(f"case {case.id} is {case.state} and not {state}")


def take_second_seat(case: Case) -> None:
    """A second assessor, as where the policy wants two."""
    with transaction():
        db.session.refresh(case)
        case.second, case.second_name = YILMAZ.account_key, YILMAZ.name


def check(app: Flask, case_ids: list[int], tallies: list[Tally]) -> None:
    """Every case decided once, one winner and one who was told each time, the audit trail unbroken."""
    seen = Counter(won=sum(tally.won for tally in tallies), told=sum(tally.told for tally in tallies))
    with app.app_context():
        decisions = db.session.scalar(select(func.count()).where(Decision.case_id.in_(case_ids)))
        decided = db.session.scalar(select(func.count()).where(Case.id.in_(case_ids), Case.state == State.DECIDED))
        verdict = verify()
        db.session.remove()
        db.engine.dispose()
    if not decisions == decided == seen["won"] == seen["told"] == len(case_ids):
        raise SystemExit(f"{len(case_ids)} cases, {decided} decided, {decisions} decisions, {dict(seen)}")
    if verdict.broken_at is not None:
        raise SystemExit("the audit trail is broken")


def run(name: str, folder: Path, url: str, app: Flask, tries: int) -> None:
    """Every situation on one database."""
    for place, situation in enumerate(SITUATIONS):
        count = tries // len(SITUATIONS) + (place < tries % len(SITUATIONS))
        case_ids = prepare(app, f"9010{place:04}", situation, count)
        begin = time.perf_counter()
        tallies = race(folder, url, situation, case_ids)
        seconds = time.perf_counter() - begin
        check(app, case_ids, tallies)
        won = " and ".join(str(tally.won) for tally in tallies)
        print(f"{name}, {situation.name}: {count} tries, {won} won, 0 errors in {seconds:.1f} s", flush=True)


def main() -> None:
    """Half of the tries on SQLite, half on PostgreSQL."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tries", type=int, default=1000, help="in all")
    each = options.parse_args().tries // 2
    for one in both():
        run(one.name, one.folder, one.url, one.app, each)


if __name__ == "__main__":
    main()
