"""The shapes of the forms around an objection."""

from typing import Any

from marshmallow import fields, validate

from catalogue.schemas import DutchDate
from core.form_fields import TOO_LONG, Form, Text
from validation.schemas import LONGEST_REASONS, needed_text
from validation.states import Outcome

CONCLUSIONS = (Outcome.UPHELD, Outcome.REVISED, Outcome.INADMISSIBLE)
NO_CONCLUSION = "Kies hoe het bezwaar eindigt."


class LodgingSchema(Form):
    """Why a provider does not agree, and why it says so late."""

    grounds = needed_text("Schrijf op waarom u het niet eens bent met het besluit.")
    late_reason = Text(
        load_default="", validate=validate.Length(max=LONGEST_REASONS, error=TOO_LONG.format(LONGEST_REASONS))
    )


class HearingSchema(Form):
    """What was said, and when; without a day, why nobody was heard."""

    heard_on = DutchDate(load_default=None)
    hearing = needed_text("Schrijf het verslag op, of waarom er geen hoorzitting was.")


class ConclusionSchema(Form):
    """How the objection ends, and why."""

    conclusion = fields.Enum(
        Outcome,
        by_value=True,
        required=True,
        error_messages={"required": NO_CONCLUSION, "unknown": NO_CONCLUSION},
        validate=validate.OneOf(CONCLUSIONS, error=NO_CONCLUSION),
    )
    why = needed_text("Leg uit waarom. De aanbieder krijgt dit te lezen.")


def load_conclusion(typed: dict[str, Any]) -> tuple[Outcome, str]:
    """How it ends and why. Raises `ValidationError`."""
    form: dict[str, Any] = ConclusionSchema().load(typed)
    return form["conclusion"], form["why"]
