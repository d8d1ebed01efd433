"""Two companies with the same kinds of cases, one of which somebody is tied to; and everything that they see."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any

from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from catalogue.models import Recognition
from catalogue.numbers import shown
from core import clock
from core.access import Identity, Role, roles_of
from core.db import db, transaction
from providers.admitting import admit
from providers.arriving import add_provider
from providers.declaring import declare
from providers.models import FormerNumber, Provider
from providers.rules import Origin
from tests.world import ACTOR, COMPLETE, NOW, POLICY, Person, World, judgement, member_identity
from validation.assessing import assess
from validation.deciding import propose
from validation.models import Case
from validation.states import Outcome

COMPANY, FORMER, PRESENT, BRANCH = "90100011", "90100044", "90100055", "000012345678"
TWIN = ("90100022", "90100066", "90100077")
PEOPLE = {
    "member": member_identity(),
    "chair": member_identity(role=Role.CHAIR),
    "member and bureau": replace(member_identity(), roles=frozenset({Role.COMMITTEE, Role.BUREAU})),
}
UNKNOWN = 999_999
# For trying out only: it shows everybody's mail to anybody, and is not there in production.
DEMONSTRATION = ("demo.", "demo_mail.", "static")
LISTS = ("committee.", "statistics.", "bureau.", "search.")  # what tells of cases, or finds by words


@dataclass
class Company:
    """What one company has here: made-up words of its name and of every title, its providers, cases and numbers."""

    name: str
    word: str
    cases: dict[str, int] = field(default_factory=dict)
    providers: list[int] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)

    @property
    def ids(self) -> list[int]:
        return list(self.cases.values())

    def of_cases(self) -> re.Pattern[str]:
        """What only its cases say: a title, a number, an address or an entry."""
        numbers = [form for number in self.numbers for form in (number, shown(number))]
        ids = "|".join(map(str, self.ids))
        words = "|".join(map(re.escape, (self.word, *numbers)))
        return re.compile(rf"{words}|\b(?:zaken/|case:|zaak[ -])(?:{ids})\b", re.IGNORECASE)

    def of_anything(self) -> re.Pattern[str]:
        return re.compile(f"{self.name}|{self.of_cases().pattern}", re.IGNORECASE)


def settle(world: World, name: str, word: str, kvk_numbers: tuple[str, str, str], mine: Identity) -> Company:
    """A company with a branch and a firm that it took over; `mine` is who has some of its cases in hand.

    The rules must want two assessors. What is decided was so by others.
    """
    made, (number, former, present) = Company(name, word), kvk_numbers
    company, firm, branch = (
        named(world, number, f"{name} BV"),
        named(world, present, f"{name} Groep", is_admitted=False),
        named(world, number, f"{name} Oost", branch=BRANCH),
    )
    made.providers = [company.id, firm.id, branch.id]
    with transaction():
        db.session.add(formerly(firm, former))
    two = (member_identity("yilmaz"), member_identity("bos"))

    def submitted(of: Provider, kind: str, days: int = 0) -> Case:
        case = world.submitted(of, replace(COMPLETE, title=f"{word} {kind}"), now=clock.now() - timedelta(days=days))
        made.cases[kind] = case.id
        return case

    submitted(company, "open")
    submitted(company, "late", 120)
    submitted(branch, "branch")
    world.claimed(submitted(company, "in hand"), mine)
    world.claimed(world.claimed(submitted(company, "second"), two[0]), mine)
    world.asked(submitted(company, "asked"))
    judged(world, submitted(company, "with chair"), (mine, two[0]), (Outcome.APPROVED, Outcome.REJECTED))
    judged(world, submitted(company, "proposed"), two, (Outcome.REJECTED, Outcome.REJECTED))
    with transaction():
        propose(db.session.get_one(Case, made.cases["proposed"]), POLICY, by=two[0], now=NOW)
    judged(world, submitted(company, "decided"), two, (Outcome.APPROVED, Outcome.APPROVED))
    sent = Person(world.app, two[0]).post(
        f"/commissie/zaken/{made.cases['decided']}/besluit",
        world.seen(Case, made.cases["decided"]) | {"assessment": "1"},
    )
    assert sent.status_code == 303
    admission = world.confirmed(firm)
    assert admission
    made.cases["admission"] = admission.id
    db.session.rollback()
    made.numbers = list(
        db.session.scalars(select(Recognition.number).join(Recognition.version).filter_by(title=f"{word} decided"))
    )
    assert made.numbers
    return made


def named(world: World, kvk_number: str, name: str, *, branch: str = "", is_admitted: bool = True) -> Provider:
    with transaction():
        provider = add_provider(kvk_number, name, Origin.NEW, branch=branch, by=ACTOR, now=NOW)
        if is_admitted:
            declare(provider, POLICY, {item.code for item in POLICY.requirements}, by=ACTOR, now=NOW)
            admit(provider, by=ACTOR, now=NOW)
    return provider


def formerly(provider: Provider, kvk_number: str) -> FormerNumber:
    return FormerNumber(provider_id=provider.id, kvk_number=kvk_number, replaced_at=NOW)


def judged(world: World, case: Case, by: tuple[Identity, Identity], outcomes: tuple[Outcome, Outcome]) -> None:
    for who in by:
        world.claimed(case, who)
    for who, outcome in zip(by, outcomes, strict=True):
        with transaction():
            db.session.refresh(case)
            policy = world.policies.named(case.policy_id)
            assess(case, judgement(policy, outcome), policy, by=who, now=NOW)


@dataclass(frozen=True)
class Answer:
    """What came back from one address, and under which endpoint it is."""

    address: str
    endpoint: str
    is_public: bool
    response: TestResponse

    @property
    def said(self) -> str:
        """Everything that it says, in its head and inside a workbook, too."""
        head, body = "\n".join(f"{name}: {value}" for name, value in self.response.headers), self.response.data
        if zipfile.is_zipfile(BytesIO(body)):
            with zipfile.ZipFile(BytesIO(body)) as parts:
                body = b"\n".join(parts.read(name) for name in parts.namelist())
        return f"{head}\n{unescape(body.decode(errors='replace'))}"


def visit(world: World, who: Identity, known: dict[str, list[Any]], queries: list[dict[str, Any]]) -> Iterator[Answer]:
    """Every page that the person may enter, with each of the known ids, and without one with each of the queries.

    Pages that list no cases are asked all that the queries say at once, instead of query by query.
    """
    together = {name: text for query in queries for name, text in query.items()}
    person = world.person(who)
    for rule in pages_of(world, who, "GET"):
        for address in addresses(world, rule, known):
            asked = queries if rule.endpoint.startswith(LISTS) else [together]
            for query in [{}] if rule.arguments else [{}, *asked]:
                response = person.get(address, **query)
                is_public = Role.ANYONE in roles_of(rule.endpoint)
                yield Answer(f"{address} {query}", rule.endpoint, is_public, response)


def pages_of(world: World, who: Identity, method: str) -> list[Rule]:
    return [
        rule
        for rule in world.app.url_map.iter_rules()
        if method in (rule.methods or set())
        and not rule.endpoint.startswith(DEMONSTRATION)
        and roles_of(rule.endpoint) & (who.roles | {Role.ANYONE})
    ]


def addresses(world: World, rule: Rule, known: dict[str, list[Any]]) -> list[str]:
    """With every known value of the first argument; the others are the first known one, or 1."""
    first, rest = min(rule.arguments, default=""), {name: known.get(name, [1])[0] for name in rule.arguments}
    adapter = world.app.url_map.bind("localhost")
    values = known.get(first, [1]) if first else [None]
    made = [rest | ({first: value} if first else {}) for value in values]
    return [adapter.build(rule.endpoint, one, method=None, force_external=False) for one in made]
