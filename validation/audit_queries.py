"""Reading the audit trail of one case or one provider, and what the people in it are called. Never writes."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, cast, literal, select, union
from sqlalchemy.orm import InstrumentedAttribute

from catalogue.models import Activity
from core.access import Audience
from core.audit import AuditEntry
from core.db import db
from core.jobs import Job
from core.sign_in.sessions import SignInSession
from providers.models import Member
from providers.rules import member_label
from validation.committee.models import CommitteeMember
from validation.judgement_models import Decision
from validation.models import Case, Question

PAGE = 50
AT_A_TIME = 500
LAST = 2**63 - 1  # position that a column can hold
Parts = list[ColumnElement[bool]]  # an entry that any of them holds for is shown; each is found by an index


@dataclass(frozen=True)
class Section:
    """A page of entries, newest first, and whether there are newer and older ones."""

    entries: list[AuditEntry]
    has_newer: bool
    has_older: bool


def about_case(case: Case) -> Parts:
    """The case, and what it is about: its activity, or the provider that wants to be admitted."""
    about = f"provider:{case.provider_id}" if case.activity_id is None else f"activity:{case.activity_id}"
    return [AuditEntry.object.in_([f"case:{case.id}", about])]


def about_provider(provider_id: int) -> Parts:
    """The provider and whoever it took in, their jobs, its activities, its cases, and whatever its members did."""
    ids = [provider_id, *_taken_in(provider_id)]
    names = [f"provider:{id_}" for id_ in ids]
    return [
        AuditEntry.object.in_(names),
        AuditEntry.object.in_(_named("job", Job.id).where(Job.owner.in_(names))),
        AuditEntry.object.in_(_named("activity", Activity.id).where(Activity.provider_id == provider_id)),
        AuditEntry.object.in_(_named("case", Case.id).where(Case.provider_id == provider_id)),
        AuditEntry.actor.in_(select(Member.account_key).where(Member.provider_id == provider_id)),
    ]


def section(parts: Parts, *, before: int | None = None, after: int | None = None) -> Section:
    """The entries just before a position, or just after one, or else the newest."""
    position = AuditEntry.position
    beyond = position > after if after else position < (before or LAST)
    # Each part is cut to a page by itself, so that nobody sorts all that a large provider ever did. What is not the
    # column itself is not read from its index backwards: PostgreSQL hopes to find a page soon that way, and may not.
    first = (position + 0).asc() if after else (position + 0).desc()
    nearest = [select(position).where(part, beyond).order_by(first).limit(PAGE + 1).subquery() for part in parts]
    query = select(AuditEntry).where(position.in_(union(*(select(part.c.position) for part in nearest))))
    order = position.asc() if after else position.desc()
    found = list(db.session.scalars(query.order_by(order).limit(PAGE + 1)))
    entries, is_more = found[:PAGE], len(found) > PAGE
    if after:
        return Section(entries[::-1], has_newer=is_more, has_older=True)
    return Section(entries, has_newer=before is not None, has_older=is_more)


def every_entry(parts: Parts) -> Iterator[Row[Any]]:
    """All of them in the order of the chain, however many."""
    positions = union(*(select(AuditEntry.position).where(part) for part in parts))
    query = select(AuditEntry.__table__).where(AuditEntry.position.in_(positions)).order_by(AuditEntry.position)
    with db.session.execute(query, execution_options={"yield_per": AT_A_TIME}) as rows:
        yield from rows


def names_of(accounts: Collection[str], provider_id: int) -> dict[str, str]:
    """How these people are called, by account key: members as colleagues see them, staff as they signed a case.

    Of the staff who never belonged to the committee nor had a case of this provider, the last session knows.
    """
    of_provider, no_ordinal = Case.provider_id == provider_id, literal(0)
    sessions = select(SignInSession.account_key, SignInSession.identity["name"].as_string(), no_ordinal)
    decisions = select(Decision.decided_by, Decision.decided_by_name, no_ordinal).join(Decision.case)
    questions = select(Question.asked_by, Question.asked_by_name, no_ordinal).join(Question.case)
    query = union(
        select(Member.account_key, Member.name, Member.ordinal).where(Member.account_key.in_(accounts)),
        select(CommitteeMember.account_key, CommitteeMember.name, no_ordinal).where(
            CommitteeMember.account_key.in_(accounts)
        ),
        select(Case.handler, Case.handler_name, no_ordinal).where(of_provider, Case.handler.in_(accounts)),
        decisions.where(of_provider, Decision.decided_by.in_(accounts)),
        questions.where(of_provider, Question.asked_by.in_(accounts)),
        sessions.where(SignInSession.audience == Audience.STAFF, SignInSession.account_key.in_(accounts)),
    )
    rows = db.session.execute(query)
    return {key: member_label(name, ordinal) if ordinal else name for key, name, ordinal in rows}


def _named(kind: str, id_: InstrumentedAttribute[int]) -> Select[str]:
    """How the audit trail names things of this kind."""
    return select(literal(f"{kind}:") + cast(id_, String))


def _taken_in(provider_id: int) -> list[int]:
    """The newcomers that went up in this provider: their rows are gone, but not what happened to them."""
    query = select(AuditEntry.data).where(AuditEntry.object == f"provider:{provider_id}")
    found = db.session.scalars(query.where(AuditEntry.action == "provider.newcomer-taken-in"))
    return [json.loads(data)["newcomer"] for data in found]
