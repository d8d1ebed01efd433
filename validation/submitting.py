"""Handing in and taking back. Called inside a transaction."""

from datetime import datetime

from catalogue.changes import changes_between
from catalogue.drafts import freeze, live_version, newest_version
from catalogue.gaps import Gap, gaps
from catalogue.models import Activity, ActivityVersion
from catalogue.publication import move
from catalogue.states import Action as ActivityAction
from core.audit import Actor
from core.clock import day_of
from core.errors import Refusal
from core.policy import Policies, Policy, Procedure
from providers.queries import standing_of
from providers.rules import Standing
from validation.engine import advance, provider_hand
from validation.models import Case
from validation.opening import Subject, open_case
from validation.queries import last_decided, open_case_of
from validation.states import Action

STATEMENT = "Ik heb deze gegevens gecontroleerd en ze zijn juist."
NOT_STATED = "Controleer de gegevens en zet een vinkje als ze juist zijn."
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


class NothingToDecide(Refusal):
    """Only free facts changed: those go live without the committee."""

    code = "nothing-to-decide"

    def __init__(self) -> None:
        super().__init__("De commissie hoeft dit niet te beoordelen. U kunt de wijziging meteen publiceren.")


def submission_gaps(activity: Activity, policy: Policy, now: datetime) -> list[Gap]:
    """Everything that keeps the activity from being submitted, about the provider and about what was written."""
    standing = STANDING_GAPS.get(standing_of(activity.provider, policy))
    content_gaps = gaps(newest_version(activity).content, policy, day_of(now))
    return [standing, *content_gaps] if standing else content_gaps


def submit(activity: Activity, policies: Policies, *, stated: str = "", by: Actor, now: datetime) -> Case:
    """Freeze what was written and open a case with its term; what the person `stated` goes on record.

    Raises `NotReady`, `NothingToDecide` or `ActionNotAllowed`.
    """
    policy = policies.on(day_of(now))
    move(activity, ActivityAction.SUBMIT, told={"stated": stated} if stated else {}, by=by, now=now)
    if found := submission_gaps(activity, policy, now):
        raise NotReady(found)
    version, judged = newest_version(activity), last_decided(activity.id)
    baseline = _baseline(activity, judged)
    if activity.change and baseline and not changes_between(baseline.content, version.content, policy).decided:
        raise NothingToDecide
    freeze(version, now)
    subject = Subject(
        version=version,
        baseline_id=baseline.id if baseline else None,
        previous_id=judged.id if judged else None,
    )
    return open_case(Procedure.VALIDATION, activity.provider_id, policies, subject, by=provider_hand(by), now=now)


def _baseline(activity: Activity, judged: Case | None) -> ActivityVersion | None:
    """What the committee compares with: the live version, or else what it judged last."""
    if activity.change:
        return live_version(activity)
    return judged.submitted if judged else None


def withdraw(activity: Activity, *, by: Actor, now: datetime) -> None:
    """Take a submission back; the activity is a draft again. Raises `ActionNotAllowed` when nothing is open."""
    move(activity, ActivityAction.WITHDRAW, by=by, now=now)
    case = open_case_of(activity.id)
    if case is None:
        message = f"activity {activity.id} is submitted without an open case"
        raise LookupError(message)
    advance(case, Action.WITHDRAW, provider_hand(by), now)
