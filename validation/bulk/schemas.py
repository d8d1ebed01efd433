"""The shape of the forms about many activities: what is chosen, and what was seen. Never queries."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from catalogue.schemas import DutchDate
from core.form_fields import Form
from core.formatting import parse_number
from core.requests import LARGEST_ID
from validation.bulk.actions import ACTIONS, BulkAction

CHOSEN, ALL = "gekozen", "alle"
NO_ACTION = "Kies wat u met de activiteiten wilt doen."
NO_DATE = "Vul een einddatum in, bijvoorbeeld 01-02-2027."
PAIR = re.compile(r"([0-9]{1,9}):([0-9]{1,9})")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What to do, with all of the list or with the ones in `ids`. Whoever has to give a date may not have done so."""

    name: str
    is_all: bool
    ids: list[int]
    ends_on: date | None

    @property
    def action(self) -> BulkAction:
        """The action with that name."""
        return ACTIONS[self.name]

    @property
    def is_complete(self) -> bool:
        """Whether nothing has to be asked any more."""
        return not self.action.asks_date or self.ends_on is not None


@dataclass(frozen=True, kw_only=True)
class Confirmation:
    """What was shown and is to be done: the version of each activity."""

    name: str
    ends_on: date | None
    seen: dict[int, int]
    typed_count: Decimal | None

    @property
    def is_meant(self) -> bool:
        """Whether it was asked for twice, where there is no way back."""
        return not ACTIONS[self.name].is_final or self.typed_count == len(self.seen)


class _ActionSchema(Form):
    action = fields.String(
        required=True, validate=validate.OneOf(list(ACTIONS), error=NO_ACTION), error_messages={"required": NO_ACTION}
    )
    ends_on = DutchDate()

    @validates_schema
    def _dated(self, data: dict[str, Any], **_: object) -> None:
        if ACTIONS[data["action"]].asks_date and "ends_on" in data and data["ends_on"] is None:
            raise ValidationError(NO_DATE, "ends_on")


class ChoiceSchema(_ActionSchema):
    """Form of the list → `Choice`."""

    scope = fields.String(load_default=CHOSEN)
    activity = fields.List(fields.Integer(validate=validate.Range(1, LARGEST_ID)), load_default=list)

    @validates_schema(skip_on_field_errors=False)
    def _some(self, data: dict[str, Any], **_: object) -> None:
        if data.get("scope") != ALL and not data.get("activity"):
            raise ValidationError("Vink minstens 1 activiteit aan, of kies voor alle activiteiten.", "scope")

    @post_load
    def _choice(self, data: dict[str, Any], **_: object) -> Choice:
        return Choice(
            name=data["action"], is_all=data["scope"] == ALL, ids=data["activity"], ends_on=data.get("ends_on")
        )


class ConfirmationSchema(_ActionSchema):
    """Form of the preview → `Confirmation`; `seen` is written as 12:3 15:1, so that thousands fit into one field."""

    seen = fields.String(required=True)
    count = fields.String(load_default="")

    @validates_schema
    def _complete(self, data: dict[str, Any], **_: object) -> None:
        if ACTIONS[data["action"]].asks_date and "ends_on" not in data:
            raise ValidationError(NO_DATE, "ends_on")

    @post_load
    def _confirmation(self, data: dict[str, Any], **_: object) -> Confirmation:
        seen = {int(id_): int(version) for id_, version in PAIR.findall(data["seen"])}
        count = parse_number(data["count"])
        return Confirmation(name=data["action"], ends_on=data.get("ends_on"), seen=seen, typed_count=count)
