"""Fields that several forms have: what people type or paste, cleaned, with a fix for what does not fit."""

import re
from typing import Any
from urllib.parse import urlsplit

from marshmallow import EXCLUDE, Schema, ValidationError, fields
from stdnum.exceptions import ValidationError as NumberError
from stdnum.nl import postcode

from core.mail.addresses import is_address
from core.texts import tidy, tidy_line

TOO_LONG = "Maak deze tekst korter: hoogstens {} tekens."
BARE_ADDRESS = re.compile(r"[\w-]+(\.[\w-]+)+([/?#:][^ ]*)?")  # www.voorbeeld.nl/cursus, as people type it
PHONE = re.compile(r"(\+|00)?[0-9][0-9() -]{7,20}")


class Form(Schema):
    """What a page sends, of which a schema reads what it knows: a form has buttons and hidden fields, too."""

    class Meta:
        unknown = EXCLUDE


class Text(fields.String):
    """What people type or paste, cleaned."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return tidy(str(super()._deserialize(value, attr, data, **kwargs)))


class Line(fields.String):
    """The same on one line."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return tidy_line(str(super()._deserialize(value, attr, data, **kwargs)))


class Website(fields.String):
    """An address of a page; people leave out the beginning, so it is added."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = tidy_line(str(super()._deserialize(value, attr, data, **kwargs)))
        address = f"https://{text}" if BARE_ADDRESS.fullmatch(text) else text
        if address and not _is_web_address(address):
            raise ValidationError("Vul een volledig webadres in, bijvoorbeeld https://www.voorbeeld.nl/cursus.")
        return address


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    is_plain = " " not in address and "@" not in parts.netloc  # before an @ stands whatever should look like a host
    return parts.scheme in {"http", "https"} and "." in parts.netloc and is_plain


class Email(Line):
    """An address to which mail can be sent."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        address = super()._deserialize(value, attr, data, **kwargs)
        if not is_address(address):
            raise ValidationError("Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl.")
        return address


class Phone(Line):
    """A telephone number in any usual notation."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        number = super()._deserialize(value, attr, data, **kwargs)
        if not PHONE.fullmatch(number):
            raise ValidationError("Vul een telefoonnummer in, bijvoorbeeld 030 123 45 67.")
        return number


class Postcode(Line):
    """A Dutch postcode, or nothing."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        typed = super()._deserialize(value, attr, data, **kwargs)
        try:
            return str(postcode.validate(typed)) if typed else ""
        except NumberError:
            raise ValidationError("Vul een postcode in, bijvoorbeeld 1234 AB.") from None
