"""The shape of the committee's decision form."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from catalogue.schemas import TOO_LONG, DutchHours, Text
from core.policy import Policy
from validation.judgement import Judgement, Verdict
from validation.states import Outcome

LONGEST_REASONS = 5000


class DecisionSchema(Schema):
    """Verdicts are fields named criterion-<code>; which codes exist is up to the policy of the case."""

    class Meta:
        unknown = EXCLUDE

    outcome = fields.Enum(Outcome, by_value=True, load_default=None)
    contact_hours = DutchHours(load_default=None)
    self_study_hours = DutchHours(load_default=None)
    reasons = Text(
        load_default="", validate=validate.Length(max=LONGEST_REASONS, error=TOO_LONG.format(LONGEST_REASONS))
    )


def load_judgement(form: Mapping[str, str], policy: Policy) -> Judgement:
    """What the form says. Raises `ValidationError`."""
    given = {name: value for name, value in form.items() if name != "outcome" or value in set(Outcome)}
    data: dict[str, Any] = DecisionSchema().load(given)
    verdicts = {item.code: _verdict(form.get(f"criterion-{item.code}", "")) for item in policy.criteria}
    return Judgement(verdicts=verdicts, **data)


def _verdict(value: str) -> Verdict | None:
    return Verdict(value) if value in set(Verdict) else None
