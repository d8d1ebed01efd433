"""The shape of the form of an edition, and back: an edition as somebody would type it."""

import re
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from catalogue.edition_facts import AS_TYPED, EditionFacts
from catalogue.schemas import DutchDate
from core.form_fields import TOO_LONG, Form, Line, Website
from core.formatting import parse_number, typed_price
from core.texts import tidy_line

CENTS = 100
HIGHEST_PRICE = 1_000_000  # euro
AROUND_A_PRICE = re.compile(r"^(€|eur|euro)\s*|,[-–—=]{1,2}$|\s*(€|eur|euro)$", re.IGNORECASE)
NO_PRICE = "Vul de prijs in euro's in, bijvoorbeeld 95 of 1.250,00. Gratis? Vul 0 in."


class Price(fields.Field[int | None]):
    """95, 1.250,00, € 95,- or gratis, in cents; nothing typed means not stated."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int | None:  # noqa: ARG002
        text = AROUND_A_PRICE.sub("", tidy_line(str(value)))
        if not text:
            return None
        number = parse_number("0" if text.casefold() == "gratis" else text)
        # Three digits after a comma are somebody's thousands, so they are asked again rather than rounded.
        if number is None or not 0 <= number <= HIGHEST_PRICE or number.as_tuple().exponent not in {0, -1, -2}:
            raise ValidationError(NO_PRICE)
        return int(number * CENTS)


class EditionSchema(Form):
    """Form → `EditionFacts`."""

    starts_on = DutchDate(load_default=None)
    ends_on = DutchDate(load_default=None)
    is_online = fields.Boolean(
        load_default=False, falsy={""}, error_messages={"invalid": "Kruis ‘Online’ aan, of laat het leeg."}
    )
    place = Line(load_default="", validate=validate.Length(max=100, error=TOO_LONG.format(100)))
    language = Line(load_default="")
    price_in_cents = Price(data_key="price", load_default=None)
    registration_link = Website(load_default="", validate=validate.Length(max=300, error=TOO_LONG.format(300)))

    @validates_schema(skip_on_field_errors=False)
    def _check_together(self, data: dict[str, Any], **_: object) -> None:
        """Fields that already have a fault of their own are not in `data`."""
        begin, end = data.get("starts_on"), data.get("ends_on")
        found = {}
        if "starts_on" in data and begin is None:
            found["starts_on"] = "Vul de begindatum in, bijvoorbeeld 01-02-2027."
        if begin and end and end < begin:
            found["ends_on"] = "De einddatum ligt voor de begindatum."
        if data.get("place") == "" and data.get("is_online") is False:
            found["place"] = "Vul een plaats in, of kruis ‘Online’ aan."
        if found:
            raise ValidationError({name: [text] for name, text in found.items()})

    @post_load
    def _facts(self, data: dict[str, Any], **_: object) -> EditionFacts:
        return EditionFacts(**data | {"ends_on": data["ends_on"] or data["starts_on"]})


def as_typed(facts: EditionFacts) -> dict[str, str]:
    """What somebody would type into the form to say this."""
    return {
        "starts_on": facts.starts_on.strftime(AS_TYPED),
        "ends_on": facts.ends_on.strftime(AS_TYPED) if facts.ends_on != facts.starts_on else "",
        "is_online": "1" if facts.is_online else "",
        "place": facts.place,
        "language": facts.language,
        "price": typed_price(facts.price_in_cents),
        "registration_link": facts.registration_link,
    }
