"""The shapes of the forms around a case."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from catalogue.schemas import DutchDate, DutchHours
from core.form_fields import TOO_LONG, Form, Text
from core.policy import Policy
from core.texts import tidy
from validation.judgement import ADVICES, Judgement, Verdict
from validation.states import Outcome

LONGEST_REASONS = 5000
NO_OUTCOME = "Kies toelaten of niet toelaten."


class JudgementSchema(Form):
    """Verdicts are fields named criterion-<code>, notes note-<code>; which codes exist is up to the policy."""

    outcome = fields.Enum(Outcome, by_value=True, load_default=None)
    contact_hours = DutchHours(load_default=None)
    self_study_hours = DutchHours(load_default=None)
    reasons = Text(
        load_default="", validate=validate.Length(max=LONGEST_REASONS, error=TOO_LONG.format(LONGEST_REASONS))
    )
    reason_codes = fields.List(fields.String(), load_default=list)
    improve_by = DutchDate(load_default=None)


def needed_text(missing: str) -> Text:
    """A text that has to be there; `missing` is the sentence for when it is not."""
    checks = [
        validate.Length(min=1, error=missing),
        validate.Length(max=LONGEST_REASONS, error=TOO_LONG.format(LONGEST_REASONS)),
    ]
    return Text(required=True, validate=checks, error_messages={"required": missing})


class QuestionSchema(Form):
    """What the committee asks."""

    question = needed_text("Schrijf uw vraag op.")
    answer_by = DutchDate(load_default=None)


class NoteSchema(Form):
    """A note for colleagues."""

    note = needed_text("Schrijf uw notitie op.")


class ReasonSchema(Form):
    """Why somebody does this."""

    reason = needed_text("Schrijf op waarom.")


class WhySchema(Form):
    """Why a decision is replaced."""

    why = needed_text("Leg uit waarom er een nieuw besluit komt.")


class ExtensionSchema(Form):
    """Why the term is extended."""

    extension = needed_text("Schrijf op waarom.")


class AnswerSchema(Form):
    """What the provider answers."""

    answer = needed_text("Schrijf uw antwoord op.")


class AdmissionSchema(Form):
    """Whether a provider is admitted; a refusal needs reasons."""

    outcome = fields.Enum(
        Outcome, by_value=True, required=True, error_messages={"required": NO_OUTCOME, "unknown": NO_OUTCOME}
    )
    reasons = Text(
        load_default="", validate=validate.Length(max=LONGEST_REASONS, error=TOO_LONG.format(LONGEST_REASONS))
    )

    @validates_schema
    def _fits(self, data: dict[str, Any], **_: object) -> None:
        if data["outcome"] is Outcome.TEMPORARILY_REJECTED:
            raise ValidationError(NO_OUTCOME, "outcome")
        if data["outcome"] is Outcome.REJECTED and not data["reasons"]:
            raise ValidationError("Geef de redenen. De aanbieder krijgt die te lezen.", "reasons")


def load_judgement(form: Mapping[str, Any], policy: Policy) -> Judgement:
    """What the form says. Raises `ValidationError`."""
    given = {name: value for name, value in form.items() if name != "outcome" or value in ADVICES}
    data: dict[str, Any] = JudgementSchema().load(given)
    verdicts = {item.code: _verdict(form.get(f"criterion-{item.code}", "")) for item in policy.criteria}
    codes = tuple(dict.fromkeys(data.pop("reason_codes")))
    notes = {item.code: tidy(str(form.get(f"note-{item.code}", "")))[:LONGEST_REASONS] for item in policy.criteria}
    return Judgement(verdicts=verdicts, reason_codes=codes, notes=notes, **data)


def _verdict(value: str) -> Verdict | None:
    return Verdict(value) if value in set(Verdict) else None
