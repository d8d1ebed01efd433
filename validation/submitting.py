"""Handing in and taking back. Called inside a transaction."""

from datetime import datetime

from catalogue.content import Gap, gaps
from catalogue.drafts import freeze, newest_version
from catalogue.models import Activity
from catalogue.publication import move
from catalogue.states import Action as ActivityAction
from core.audit import Actor, record
from core.clock import day_of
from core.errors import Refusal
from core.policy import Policies, Policy, Procedure
from providers.queries import standing_of
from providers.rules import Standing
from validation.models import Case
from validation.opening import open_case
from validation.queries import open_case_of
from validation.states import VALIDATION, Action, State

STANDING_GAPS = {
    Standing.INCOMPLETE: Gap("not-registered", "registration", "Rond eerst uw aanmelding af."),
    Standing.UNDECLARED: Gap("undeclared", "declaration", "Bevestig eerst de kwaliteitseisen."),
    Standing.AWAITING_ADMISSION: Gap(
        "not-admitted", "admission", "Wacht tot het register uw organisatie heeft toegelaten."
    ),
    Standing.REJECTED: Gap(
        "not-admitted", "registration", "Uw organisatie is niet toegelaten. Verbeter uw gegevens en meld u opnieuw aan."
    ),
    Standing.SUSPENDED: Gap("suspended", "registration", "Uw organisatie is geschorst. U kunt nu niets indienen."),
}


class NotReady(Refusal):
    """The activity cannot be submitted yet; `gaps` says why."""

    code = "not-ready"

    def __init__(self, found: list[Gap]) -> None:
        self.gaps = found
        super().__init__("De activiteit is nog niet klaar om in te dienen.")


def submission_gaps(activity: Activity, policy: Policy, now: datetime) -> list[Gap]:
    """Everything that keeps the activity from being submitted, about the provider and about what was written."""
    standing = STANDING_GAPS.get(standing_of(activity.provider, policy))
    content_gaps = gaps(newest_version(activity).content, policy, day_of(now))
    return [standing, *content_gaps] if standing else content_gaps


def submit(activity: Activity, policies: Policies, *, by: Actor, now: datetime) -> Case:
    """Freeze what was written and open a case with its term. Raises `NotReady` or `ActionNotAllowed`."""
    policy = policies.on(day_of(now))
    move(activity, ActivityAction.SUBMIT, by=by, now=now)
    if found := submission_gaps(activity, policy, now):
        raise NotReady(found)
    version = freeze(newest_version(activity), now)
    return open_case(Procedure.VALIDATION, activity.provider_id, policies, version, by=by, now=now)


def withdraw(activity: Activity, *, by: Actor, now: datetime) -> None:
    """Take a submission back; the activity is a draft again. Raises `ActionNotAllowed` when nothing is open."""
    move(activity, ActivityAction.WITHDRAW, by=by, now=now)
    case = open_case_of(activity.id)
    if case is None:
        message = f"activity {activity.id} is submitted without an open case"
        raise LookupError(message)
    case.state = VALIDATION.after(State(case.state), Action.WITHDRAW)
    record("case.withdrawn", f"case:{case.id}", by=by, at=now)
