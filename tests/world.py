"""People who click through the application without a browser, and shortcuts to what they would have made."""

import contextvars
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.test import TestResponse

from catalogue.content import Content
from catalogue.drafts import create_draft
from catalogue.models import Activity
from catalogue.publication import move
from catalogue.states import Action
from core import clock
from core.access import Audience, Identity, Role
from core.audit import Actor
from core.db import db, transaction
from core.policy import Hours, Policies
from core.policy.loading import load_policies
from core.sign_in.sessions import Lifetime, start
from core.worker import deliver_due
from providers.admitting import admit
from providers.arriving import add_provider
from providers.contacts import Contact, save_contact
from providers.declaring import declare
from providers.details import details_of, save_details
from providers.models import Member, Provider
from providers.rules import Origin
from validation.admission import register
from validation.deciding import decide
from validation.handling import claim
from validation.judgement import Judgement, Verdict
from validation.models import Case
from validation.questions import ask
from validation.states import Outcome
from validation.submitting import submit

ACTOR = Actor("test", "test")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANSWER_BY = date(2026, 12, 7)
POLICY = load_policies(Path("policies")).on(NOW.date())
COMPLETE = Content(
    title="Klassenmanagement voor starters",
    type="cursus",
    sectors=("po", "vo"),
    subject="Pedagogiek",
    description="Starters leren rust in de klas te brengen.",
    goal="De leraar geeft rustig les.",
    programme="- Regels\n- Routines",
    planning="Vier middagen van vier uur.",
    contact_hours=Decimal(16),
    self_study_hours=Decimal("4.5"),
    self_study_account="Lezen en een eigen plan maken.",
)
CONTACT = Contact("A. de Boer", "coördinator", "info@debrug.example", "030 123 45 67")
HOURS = Hours(Decimal(16), Decimal("4.5"))


def provider_identity(
    kvk_number: str = "90100011", subject: str = "acting", branch: str = "", *, editor: bool = False
) -> Identity:
    roles = frozenset({Role.PROVIDER} if editor else {Role.PROVIDER, Role.ADMINISTRATOR})
    return Identity(
        audience=Audience.EHERKENNING,
        subject=subject,
        name=f"Aanbieder {kvk_number}",
        roles=roles,
        kvk_number=kvk_number,
        branch=branch,
    )


def member_identity(subject: str = "jansen", role: Role = Role.COMMITTEE) -> Identity:
    roles = {Role.CHAIR: {Role.CHAIR, Role.COMMITTEE}}.get(role, {role})
    return Identity(audience=Audience.STAFF, subject=subject, name=subject.title(), roles=frozenset(roles))


def teacher_identity(subject: str = "devries") -> Identity:
    return Identity(audience=Audience.TEACHER, subject=subject, name="S. de Vries", roles=frozenset({Role.TEACHER}))


def told(response: TestResponse) -> dict[str, Any]:
    """What an answer says to a program."""
    shape: dict[str, Any] = json.loads(response.text)
    return shape


class Person:
    """Somebody with a browser that keeps cookies and sends the token of every form."""

    def __init__(self, app: Flask, identity: Identity | None) -> None:
        self.client: FlaskClient = app.test_client()
        self._app = app
        with self.client.session_transaction() as session:
            session["csrf_token"] = "raw"
            if identity:
                with transaction():
                    session["token"] = start(identity, clock.now(), Lifetime(timedelta(minutes=15), timedelta(hours=8)))

    def get(self, address: str, **query: Any) -> TestResponse:
        return self._send(lambda: self.client.get(address, query_string=query or None, buffered=True))

    def read(self, address: str, **query: Any) -> dict[str, Any]:
        """As a program reads."""
        return told(self.get(address, **query))

    def post(self, address: str, data: dict[str, Any] | None = None) -> TestResponse:
        return self._send(lambda: self.client.post(address, data={"csrf_token": self.token} | (data or {})))

    def ask(self, address: str, data: dict[str, Any]) -> TestResponse:
        """As the script of a page asks."""
        form, accept = {"csrf_token": self.token} | data, {"Accept": "application/json"}
        return self._send(lambda: self.client.post(address, data=form, headers=accept))

    def send(self, address: str, body: bytes, kind: str) -> TestResponse:
        """A body as it stands."""
        return self._send(lambda: self.client.post(address, data=body, content_type=kind))

    @property
    def token(self) -> str:
        """What every form of this person carries."""
        token: str = URLSafeTimedSerializer(str(self._app.secret_key), salt="wtf-csrf-token").dumps("raw")
        return token

    def _send(self, request: Callable[[], TestResponse]) -> TestResponse:
        """In a context of its own, as a server would: nothing of the test's session or `g` is shared."""
        db.session.rollback()
        return contextvars.Context().run(request)


class World:
    """The register as a test wants it."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def run(self, *arguments: str) -> Result:
        """A command, in a context of its own."""
        db.session.rollback()
        return contextvars.Context().run(lambda: self.app.test_cli_runner().invoke(args=arguments))

    def seen(self, kind: type[Activity | Case | Provider | Member], id_: int | None) -> dict[str, str]:
        """The hidden field that a page of this thing would send now."""
        db.session.rollback()
        return {"version": str(db.session.scalars(select(kind.version).filter_by(id=id_)).one())}

    def checked(self, activity_id: int | None) -> dict[str, str]:
        """What the check page of an activity would send now, with the statement."""
        return self.seen(Activity, activity_id) | {"statement": "1"}

    @property
    def policies(self) -> Policies:
        policies: Policies = self.app.extensions["policies"]
        return policies

    def person(self, identity: Identity | None = None) -> Person:
        return Person(self.app, identity)

    def provider(self, kvk_number: str = "90100011", *, origin: Origin = Origin.NEW, admitted: bool = True) -> Provider:
        policy = self.policies.on(NOW.date())
        with transaction():
            provider = add_provider(kvk_number, f"Aanbieder {kvk_number}", origin, by=ACTOR, now=NOW)
            if admitted:
                declare(provider, policy, {item.code for item in policy.requirements}, by=ACTOR, now=NOW)
                admit(provider, by=ACTOR, now=NOW)
        return provider

    def confirmed(self, provider: Provider, *, by: Actor = ACTOR) -> Case | None:
        """The provider did all four parts; a new one waits in a case of admission, which is returned."""
        with transaction():
            db.session.refresh(provider)
            declare(provider, POLICY, {item.code for item in POLICY.requirements}, by=by, now=NOW)
            save_details(provider, details_of(provider), by=by, now=NOW)
            save_contact(provider, CONTACT, seen=0, by=by, now=NOW)
            db.session.expire(provider, ["contact"])
            contact = provider.contact
            assert contact
            contact.confirmed_email = contact.email
            return register(provider, self.policies, by=by, now=NOW)

    def draft(self, provider: Provider, content: Content = COMPLETE) -> Activity:
        with transaction():
            return create_draft(provider.id, content, by=ACTOR, now=NOW)

    def submitted(self, provider: Provider, content: Content = COMPLETE, now: datetime = NOW) -> Case:
        activity = self.draft(provider, content)
        with transaction():
            return submit(activity, self.policies, by=ACTOR, now=now)

    def claimed(self, case: Case, by: Identity | None = None) -> Case:
        with transaction():
            db.session.refresh(case)
            claim(case, self.policies.named(case.policy_id), by=by or member_identity(), now=NOW)
        return case

    def asked(self, case: Case, text: str = "Wie geeft de cursus?", now: datetime = NOW) -> Case:
        self.claimed(case)
        with transaction():
            db.session.refresh(case)
            ask(case, text, POLICY.questions.last_day(clock.day_of(now)), self.policies, by=member_identity(), now=now)
        return case

    def decided(self, case: Case, outcome: Outcome = Outcome.APPROVED, hours: Hours = HOURS) -> Case:
        policy = self.policies.named(case.policy_id)
        self.claimed(case)
        with transaction():
            db.session.refresh(case)
            decide(case, judgement(policy, outcome, hours), policy, by=member_identity(), now=NOW)
        return case

    def published(self, provider: Provider, content: Content = COMPLETE, *, is_indexed: bool = True) -> Activity:
        """With `is_indexed` off, for who makes many, the search is told when the outbox is delivered next."""
        case = self.decided(self.submitted(provider, content))
        with transaction():
            activity = db.session.get_one(Activity, case.activity_id)
            move(activity, Action.PUBLISH, by=ACTOR, now=clock.now())
        if is_indexed:
            deliver_due(self.app, self.app.extensions["outbox_handlers"])
        return activity

    def number(self, activity: Activity) -> str:
        db.session.refresh(activity)
        return activity.recognitions[-1].number


def judgement(policy: Any, outcome: Outcome, hours: Hours = HOURS, reasons: str = "Omdat het zo is.") -> Judgement:
    verdict = Verdict.MET if outcome is Outcome.APPROVED else Verdict.NOT_MET
    verdicts = {item.code: verdict for item in policy.criteria}
    return Judgement(
        verdicts=verdicts,
        outcome=outcome,
        contact_hours=hours.contact,
        self_study_hours=hours.self_study,
        reasons=reasons,
        improve_by=NOW.date() + timedelta(days=56),
    )


def text_of(response: TestResponse) -> str:
    """What a reader sees, on one line."""
    return plain(response.text)


def plain(html: str) -> str:
    """The same of a part of a page; what is for scripts and machines is not seen."""
    html = re.sub(r"<(template|script).*?</\1>", "", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
