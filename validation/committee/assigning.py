"""Giving cases to members: one or many, to oneself, to somebody, or spread evenly. Called inside a transaction."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from core.access import Identity
from core.audit import revocable
from core.db import db
from core.errors import Refusal
from core.policy import Policies
from providers.models import FormerNumber, Provider
from validation.committee.members import loads, members
from validation.committee.models import CommitteeMember, Recusal, Tie
from validation.committee.spreading import ToSpread, spread
from validation.committee.ties import holds_on
from validation.engine import NotYours, staff_hand, took_part
from validation.handling import assign, claim, is_seat_free
from validation.judgement_models import Assessment
from validation.models import OPEN_STATES, Case
from validation.queries import locked_case


@dataclass(frozen=True)
class Plan:
    """Who could take the chosen cases on: each member with what they have and must not have, and the even spread."""

    cases: list[Case]
    members: list[CommitteeMember]
    loads: Mapping[str, int]
    excluded: Mapping[int, frozenset[str]]  # by case
    spread: Mapping[int, str | None]

    def unfit(self, member: str) -> int:
        """How many of the cases this member must not have."""
        return sum(member in self.excluded[case.id] for case in self.cases)


def plan(ids: Collection[int], policies: Policies, today: date) -> Plan:
    """What can become of these open cases. Reads only."""
    query = select(Case).where(OPEN_STATES, Case.id.in_(ids)).order_by(Case.due_on, Case.id)
    cases, everybody, held = list(db.session.scalars(query)), members(), loads()
    excluded = _excluded(cases, today)
    present = [member.account_key for member in everybody if not member.is_away(today)]
    available = {member: held.get(member, 0) for member in present}
    before = _assessors_before(cases)
    wanted = [
        ToSpread(case.id, excluded[case.id] | _sitting(case, policies), before.get(case.previous_id or 0, ()))
        for case in cases
    ]
    return Plan(cases, everybody, held, excluded, spread(wanted, available))


def take(ids: Sequence[int], policies: Policies, *, by: Identity, now: datetime) -> tuple[int, list[str]]:
    """Take cases on oneself; how many, and why the others not: from a colleague nobody takes many at once."""

    def one(case: Case) -> None:
        policy = policies.named(case.policy_id)
        if by.account_key in {case.handler, case.second}:
            return
        if not is_seat_free(case, policy):
            raise NotYours(case.handler_name)
        claim(case, policy, by=by, now=now)

    return _each(ids, one)


def give(
    given: Mapping[int, str | None], policies: Policies, *, by: Identity, today: date, now: datetime
) -> tuple[int, list[str]]:
    """Give each case to a member; how many, and why the others not. Nobody gets a case that they must not have."""
    known, fresh = {member.account_key: member for member in members()}, plan(list(given), policies, today)

    def one(case: Case) -> None:
        member = known.get(given[case.id] or "")
        if member is None or member.is_away(today) or member.account_key in fresh.excluded.get(case.id, frozenset()):
            raise NobodyFree
        assign(case, policies.named(case.policy_id), member, by=staff_hand(case, by), now=now)

    return _each(list(given), one)


class NobodyFree(Refusal):
    """The member is gone or away, or must not have this case."""

    code = "nobody-free"

    def __init__(self) -> None:
        super().__init__("Er is niemand die deze zaak mag beoordelen.")


def _each(ids: Sequence[int], act: Callable[[Case], None]) -> tuple[int, list[str]]:
    done, refused = 0, []
    for case_id in sorted(ids):
        try:
            with revocable():
                act(locked_case(case_id))
        except Refusal as refusal:
            refused.append(refusal.detail)
        else:
            done += 1
    return done, refused


def _excluded(cases: Sequence[Case], today: date) -> dict[int, frozenset[str]]:
    """Per case who must not have it: by a tie, because they stepped back, or because they took part before."""
    ids, providers = [case.id for case in cases], {case.provider_id for case in cases}
    former = select(FormerNumber.provider_id).where(FormerNumber.kvk_number == Tie.kvk_number)
    is_theirs = or_(Provider.kvk_number == Tie.kvk_number, Provider.id.in_(former))
    ties = select(Provider.id, Tie.member).join(Tie, is_theirs).where(holds_on(today), Provider.id.in_(providers))
    tied = list(db.session.execute(ties))
    recusals = list(db.session.execute(select(Recusal.case_id, Recusal.member).where(Recusal.case_id.in_(ids))))
    return {
        case.id: frozenset(member for provider_id, member in tied if provider_id == case.provider_id)
        | {member for case_id, member in recusals if case_id == case.id}
        | (took_part(case) if case.about_id else set())
        for case in cases
    }


def _sitting(case: Case, policies: Policies) -> frozenset[str]:
    """Who is no candidate for the free place, having the other one."""
    return frozenset({case.handler} if is_seat_free(case, policies.named(case.policy_id)) else ())


def _assessors_before(cases: Sequence[Case]) -> dict[int, tuple[str, ...]]:
    """By id of the case that another one follows on: who judged it."""
    ids = {case.previous_id for case in cases if case.previous_id and not case.about_id}
    query = select(Assessment.case_id, Assessment.member).where(Assessment.case_id.in_(ids)).order_by(Assessment.id)
    found: dict[int, tuple[str, ...]] = {}
    for case_id, member in db.session.execute(query):
        found[case_id] = (*found.get(case_id, ()), member)
    return found
