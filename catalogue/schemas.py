"""The shape of the activity form. Checks what was typed, never whether it is enough: that is for `gaps`."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from core.form_fields import TOO_LONG, Form, Line, Text, Website
from core.formatting import dutch_number, parse_number
from core.texts import tidy_line

WRONG_PERIOD = "De einddatum ligt voor de startdatum. Pas een van beide aan."

DUTCH_DATE = re.compile(r"(?P<day>[0-9]{1,2})[-/. ](?P<month>[0-9]{1,2})[-/. ](?P<year>[0-9]{4})")
MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
WRITTEN_DATE = re.compile(r"(?P<day>[0-9]{1,2}) (?P<name>[a-z]{3,9})\.? (?P<year>[0-9]{4})", re.IGNORECASE)
ISO_DATE = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
FIRST_YEAR, LAST_YEAR = 1990, 2100
HOURS_WRITTEN_OUT = re.compile(r"\s*(uur|uren|u)$", re.IGNORECASE)
HALF = re.compile(r"([0-9]*) ?½")
MANY = ("sectors",)
FEW = validate.Length(max=40, error="Kies uit de lijst.")  # more than any policy names
LONGEST_TEXT, LONGEST_LINE = 20_000, 300


class DutchHours(fields.Field[Decimal | None]):
    """12, 12,5, 12.5 or 12½; nothing typed means still open."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal | None:  # noqa: ARG002
        text = HALF.sub(lambda found: f"{found[1] or 0},5", HOURS_WRITTEN_OUT.sub("", tidy_line(str(value))))
        if not text:
            return None
        number = parse_number(text)
        if number is None or number < 0:
            raise ValidationError("Vul het aantal uren in als getal, bijvoorbeeld 12 of 12,5.")
        if number >= 100_000 or number != round(number, 2):  # noqa: PLR2004 -- a column's size
            raise ValidationError("Vul hoogstens 99.999 uur in, met hoogstens 2 cijfers achter de komma.")
        return number


class DutchDate(fields.Field[date | None]):
    """01-02-2027, 1/2/2027, 1 februari 2027 or 2027-02-01; nothing typed means open."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date | None:  # noqa: ARG002
        text = _with_month_number(tidy_line(str(value)))
        found = DUTCH_DATE.fullmatch(text) or ISO_DATE.fullmatch(text)
        if not text:
            return None
        if not found:
            raise ValidationError("Vul een datum in als dag-maand-jaar, bijvoorbeeld 01-02-2027.")
        try:
            day = date(*(int(found[part]) for part in ("year", "month", "day")))
        except ValueError:
            raise ValidationError("Deze datum bestaat niet.") from None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(f"Vul een jaar in tussen {FIRST_YEAR} en {LAST_YEAR}.")
        return day


def _with_month_number(text: str) -> str:
    """1 februari 2027 as 1-2-2027; everything else as it is."""
    found = WRITTEN_DATE.fullmatch(text)
    month = found["name"].lower().replace("maart", "mrt")[:3] if found else ""
    return f"{found['day']}-{MONTHS.index(month) + 1}-{found['year']}" if found and month in MONTHS else text


def _text(most: int) -> fields.String:
    kind = Text if most > LONGEST_LINE else Line
    return kind(load_default="", validate=validate.Length(max=most, error=TOO_LONG.format(dutch_number(most))))


class ActivitySchema(Form):
    """Fields of the form → facts of a `Content`, by name; `only` those of a step."""

    title = _text(300)
    type = _text(40)
    sectors = fields.List(Line(validate=validate.Length(max=40)), load_default=list, validate=FEW)
    subject = _text(100)
    description = _text(LONGEST_TEXT)
    goal = _text(LONGEST_TEXT)
    programme = _text(LONGEST_TEXT)
    planning = _text(LONGEST_TEXT)
    contact_hours = DutchHours(load_default=None)
    self_study_hours = DutchHours(load_default=None)
    self_study_account = _text(LONGEST_TEXT)
    closing_test = _text(LONGEST_TEXT)
    prior_knowledge = _text(LONGEST_TEXT)
    place = _text(100)
    website = Website(load_default="", validate=validate.Length(max=300, error=TOO_LONG.format(300)))
    starts_on = DutchDate(load_default=None)
    ends_on = DutchDate(load_default=None)

    @post_load
    def _facts(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        return data | {name: tuple(data[name]) for name in MANY if name in data}

    @validates_schema(skip_on_field_errors=False)
    def _period(self, data: dict[str, Any], **_: object) -> None:
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            raise ValidationError(WRONG_PERIOD, "ends_on")
