"""The steps of the form: which field is asked where, and in which words. No Flask, no database, no clock."""

from dataclasses import dataclass

from catalogue.content import HOUR_NAMES

PERIOD = ("starts_on", "ends_on")


@dataclass(frozen=True)
class Step:
    """One page of the form."""

    code: str
    title: str
    fields: tuple[str, ...]


STEPS = (
    Step("over", "Over de activiteit", ("title", "type", "sectors", "subject", "description", "goal")),
    Step(
        "opzet",
        "Opzet, uren en toetsing",
        (
            *("programme", "planning", "contact_hours", "self_study_hours"),
            *("self_study_account", "closing_test", "prior_knowledge"),
        ),
    ),
    Step("praktisch", "Plaats, data en praktische zaken", ("place", "website", *PERIOD)),
)
CODES = tuple(step.code for step in STEPS)
# In the summary of errors a sentence must say which field it is about.
LABELS = {"website": "Webpagina", "starts_on": "Startdatum", "ends_on": "Einddatum"} | HOUR_NAMES


def step_of(field: str) -> Step:
    """Where a field is asked; the first step for what is no field of the form."""
    return next((step for step in STEPS if field in step.fields), STEPS[0])


def field_address(activity_id: int, field: str) -> str:
    """Where on the site a field of an activity is written."""
    return f"/aanbieder/activiteiten/{activity_id}/bewerken/{step_of(field).code}#{field}"


def step_named(code: str) -> Step:
    """KeyError when there is no such step."""
    return {step.code: step for step in STEPS}[code]


def step_after(step: Step) -> Step | None:
    """The next page of the form; None when the answers are checked next."""
    following = STEPS[STEPS.index(step) + 1 :]
    return following[0] if following else None


def asked_in(step: Step, *, is_live: bool) -> tuple[str, ...]:
    """The fields of a step. Of what is live the period is set by itself, because it holds at once."""
    return tuple(name for name in step.fields if not (is_live and name in PERIOD))
