"""Mail to members of the committee: one a day to each, about all that is due for them at the moment of sending."""

import hashlib
from datetime import date, datetime

from flask import current_app

from core import clock
from core.db import db
from core.mail.letter import Letter, as_email
from core.mail.transport import Transport, Undeliverable
from core.outbox import Hopeless, Message, enqueue_once
from core.policy.loading import current_policies
from core.web import current_settings
from validation.committee.models import CommitteeMember
from validation.daily.digest import DueCase, digest
from validation.daily.due_cases import due_for, reachable
from validation.models import Case

COMMITTEE_MAIL = "committee.mail"


def ask_for_mail(member: CommitteeMember, day: date, now: datetime) -> None:
    """The member gets its mail of this day, however often somebody asks. Called inside a transaction."""
    enqueue_once(COMMITTEE_MAIL, f"{day} {_mark(member)}", occasion="day", due=now)


def send_digest(message: Message) -> None:
    """Outbox handler: nothing is sent to who has no address any more, or has nothing due by now."""
    day, mark = message.subject.split(" ")
    member = next((known for known in reachable() if _mark(known) == mark), None)
    letter = letter_to(member, max(date.fromisoformat(day), clock.today()), f"{day}-{mark}") if member else None
    if letter is None:
        return
    transport: Transport = current_app.extensions["mail"]
    settings = current_settings()
    db.session.rollback()  # no transaction is held open while the mail server thinks
    try:
        transport.send(as_email(letter, settings.mail_from, settings.base_url, clock.now()))
    except Undeliverable as refused:
        raise Hopeless(f"the mail server refused it for good: {str(refused)[:3]}") from None


def letter_to(member: CommitteeMember, today: date, reference: str) -> Letter | None:
    """What a member is reminded of on a day; None when that is nothing."""
    base_url = current_settings().base_url
    cases, count = due_for(member, today, current_policies())
    named = [_named(case, base_url) for case in cases]
    return digest(member.email, named, count, base_url, f"committee-{reference}", today) if named else None


def _named(case: Case, base_url: str) -> DueCase:
    whom = " en ".join(filter(None, (case.handler_name, case.second_name)))
    assert case.due_on  # noqa: S101 -- the query asks for it
    return DueCase(case.title, case.provider.name, case.due_on, whom, f"{base_url}/commissie/zaken/{case.id}")


def _mark(member: CommitteeMember) -> str:
    """Stands for a member in a subject, which is shorter than an account key may be."""
    return hashlib.sha256(member.account_key.encode()).hexdigest()[:24]
