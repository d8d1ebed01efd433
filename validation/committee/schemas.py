"""The shapes of the forms about a member."""

from datetime import date
from typing import Any

from marshmallow import ValidationError, post_load, validate, validates_schema

from catalogue.schemas import DutchDate
from core.company_numbers import KVK_NUMBER
from core.form_fields import Email, Form, Line

NOT_A_NUMBER = "Vul de 8 cijfers van het KvK-nummer in."


class _OptionalEmail(Email):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return super()._deserialize(value, attr, data, **kwargs) if str(value).strip() else ""


class ReachSchema(Form):
    """Where reminders go; nothing typed is nowhere."""

    email = _OptionalEmail(load_default="", validate=validate.Length(max=254))


class AwaySchema(Form):
    """The first and the last day of an absence, or neither."""

    away_from = DutchDate(load_default=None)
    away_until = DutchDate(load_default=None)

    @validates_schema
    def _is_whole(self, data: dict[str, Any], **_: object) -> None:
        first, last = data["away_from"], data["away_until"]
        if bool(first) != bool(last):
            raise ValidationError("Vul beide dagen in, of geen van beide.", "away_until" if first else "away_from")
        if first and last < first:
            raise ValidationError("De laatste dag ligt voor de eerste.", "away_until")


class TieSchema(Form):
    """A company and the days on which it is a conflict of interest; from today unless said otherwise."""

    kvk_number = Line(required=True, error_messages={"required": NOT_A_NUMBER})
    from_on = DutchDate(load_default=None)
    until_on = DutchDate(load_default=None)

    def __init__(self, *, context_day: date) -> None:
        super().__init__()
        self._today = context_day

    @validates_schema
    def _fits(self, data: dict[str, Any], **_: object) -> None:
        if not KVK_NUMBER.fullmatch(data["kvk_number"].replace(" ", "").replace(".", "")):
            raise ValidationError(NOT_A_NUMBER, "kvk_number")
        if data["until_on"] and data["until_on"] < (data["from_on"] or self._today):
            raise ValidationError("De laatste dag ligt voor de eerste.", "until_on")

    @post_load
    def _complete(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        number = data["kvk_number"].replace(" ", "").replace(".", "")
        return data | {"kvk_number": number, "from_on": data["from_on"] or self._today}
