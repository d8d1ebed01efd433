"""The shape of the activity form. Checks what was typed, never whether it is enough: that is for `content.gaps`."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate

from catalogue.content import Content
from core.formatting import parse_number

DATE_FORMS = ("%Y-%m-%d", "%d-%m-%Y")
LONGEST_TEXT = 20_000


class DutchHours(fields.Field[Decimal | None]):
    """12, 12,5 or 12.5; nothing typed means still open."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal | None:  # noqa: ARG002
        text = str(value).strip()
        if not text:
            return None
        number = parse_number(text)
        if number is None or not 0 <= number < 100_000 or number != round(number, 2):  # noqa: PLR2004 -- a column's size
            message = "Vul het aantal uren in als getal, bijvoorbeeld 12 of 12,5."
            raise ValidationError(message)
        return number


class DutchDate(fields.Field[date | None]):
    """2027-02-01, as browsers send it, or 01-02-2027, as people type it; nothing typed means open."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date | None:  # noqa: ARG002
        text = str(value).strip()
        for form in DATE_FORMS if text else ():
            try:
                return datetime.strptime(text, form).date()  # noqa: DTZ007 -- a day has no zone
            except ValueError:
                continue
        if text:
            message = "Vul een datum in als dag-maand-jaar, bijvoorbeeld 01-02-2027."
            raise ValidationError(message)
        return None


def _text(most: int) -> fields.String:
    error = f"Maak deze tekst korter: hoogstens {most} tekens."
    return fields.String(load_default="", validate=validate.Length(max=most, error=error))


def _website(value: str) -> None:
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.netloc):
        message = "Vul een volledig webadres in, bijvoorbeeld https://www.voorbeeld.nl/cursus."
        raise ValidationError(message)


class ActivitySchema(Schema):
    """Form → `Content`. Line ends become plain, spaces around go, control characters go."""

    class Meta:
        unknown = EXCLUDE

    title = _text(300)
    type = _text(40)
    sectors = fields.List(fields.String(validate=validate.Length(max=40)), load_default=list)
    subject = _text(100)
    description = _text(LONGEST_TEXT)
    goal = _text(LONGEST_TEXT)
    programme = _text(LONGEST_TEXT)
    planning = _text(LONGEST_TEXT)
    contact_hours = DutchHours(load_default=None)
    self_study_hours = DutchHours(load_default=None)
    self_study_account = _text(LONGEST_TEXT)
    assessment = _text(LONGEST_TEXT)
    prior_knowledge = _text(LONGEST_TEXT)
    place = _text(100)
    website = fields.String(load_default="", validate=[validate.Length(max=300), _website])
    starts_on = DutchDate(load_default=None)
    ends_on = DutchDate(load_default=None)

    @pre_load
    def _tidy(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        return {name: _tidied(value) if isinstance(value, str) else value for name, value in data.items()}

    @post_load
    def _content(self, data: dict[str, Any], **_: object) -> Content:
        return Content(**data | {"sectors": tuple(data["sectors"])})


def _tidied(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(symbol for symbol in lines if symbol in "\n\t" or symbol.isprintable()).strip()
