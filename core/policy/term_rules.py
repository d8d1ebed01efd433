"""Reads how long the terms of a policy are, and refuses what says it twice or not at all."""

import re
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from core.policy.holiday_table import REGIONS
from core.policy.model import Length, Procedure, TermRule, TermUnit

PROCEDURE = re.compile(r"[a-z][a-z-]*")


def _amount(most: int) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(1, most))


class _Length(Schema):
    days = _amount(366)
    working_days = _amount(260)
    weeks = _amount(52)
    months = _amount(12)

    @validates_schema
    def _is_stated_once(self, data: dict[str, Any], **_: object) -> None:
        if len(set(TermUnit) & set(data)) != 1:
            raise ValidationError(f"state exactly one of {', '.join(TermUnit)}")


class TermSchema(_Length):
    """One term: its length, the regions whose school holidays stop the clock, and perhaps an extension."""

    school_holidays = fields.List(fields.String(validate=validate.OneOf(REGIONS)), required=True)
    extension = fields.Nested(_Length)


class TermsField(fields.Field[dict[str, Any]]):
    """Terms by procedure: those that every register has, and any others."""

    def _deserialize(self, value: Any, *_: object, **__: object) -> Any:
        procedures = {*Procedure, *value} if isinstance(value, dict) else set(Procedure)
        return Schema.from_dict({name: _term_of(name) for name in procedures})().load(value)


def _term_of(procedure: str) -> fields.Field[Any]:
    if PROCEDURE.fullmatch(procedure):
        return fields.Nested(TermSchema, required=True)
    return fields.Raw(validate=_refuse_name)


def _refuse_name(_: object) -> None:
    raise ValidationError("name a procedure with small letters and dashes")


def term_rule(data: dict[str, Any]) -> TermRule:
    """What `TermSchema` read, as a rule."""
    extension = _length(data["extension"]) if "extension" in data else None
    return TermRule(_length(data), tuple(data["school_holidays"]), extension)


def _length(data: dict[str, Any]) -> Length:
    return next(Length(data[unit], unit) for unit in TermUnit if unit in data)
