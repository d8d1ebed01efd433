"""The shape of the committee's decision form."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from catalogue.schemas import DutchHours
from core.policy import Hours, Policy
from validation.judgement import Judgement, Verdict
from validation.states import Outcome

TOO_LONG = "Maak deze tekst korter: hoogstens 5000 tekens."


class DecisionSchema(Schema):
    """Verdicts are fields named criterion-<code>; which codes exist is up to the policy of the case."""

    class Meta:
        unknown = EXCLUDE

    outcome = fields.Enum(Outcome, by_value=True, load_default=None)
    contact_hours = DutchHours(load_default=None)
    self_study_hours = DutchHours(load_default=None)
    reasons = fields.String(load_default="", validate=validate.Length(max=5000, error=TOO_LONG))
    version = fields.Integer(load_default=0)


def load_judgement(form: Mapping[str, str], policy: Policy) -> tuple[Judgement, int]:
    """The judgement and the version of the case that the member saw. Raises `ValidationError`."""
    given = {name: value for name, value in form.items() if not (name == "outcome" and not value)}
    data: dict[str, Any] = DecisionSchema().load(given)
    hours = Hours(data["contact_hours"] or Decimal(0), data["self_study_hours"] or Decimal(0))
    verdicts = {item.code: _verdict(form.get(f"criterion-{item.code}", "")) for item in policy.criteria}
    judgement = Judgement(verdicts=verdicts, outcome=data["outcome"], hours=hours, reasons=data["reasons"])
    return judgement, data["version"]


def _verdict(value: str) -> Verdict | None:
    return Verdict(value) if value in set(Verdict) else None
