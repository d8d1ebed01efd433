"""The shapes of the provider's forms."""

from dataclasses import dataclass
from typing import Any

from marshmallow import fields, post_load, validate

from core.form_fields import TOO_LONG, Email, Form, Line, Phone, Postcode, Text, Website
from providers.contacts import Contact
from providers.details import Details
from providers.rules import MemberRole

LONGEST_REASON = 2000
NO_REASON = "Geef een reden. De aanbieder krijgt die te lezen."


def _line(what: str, most: int, missing: str = "") -> Line:
    """A line of at most so many symbols; with `missing`, the sentence for when nothing was typed, it is required."""
    checks = [validate.Length(max=most, error=f"Maak {what} korter: hoogstens {most} tekens.")]
    if missing:
        checks.append(validate.Length(min=1, error=missing))
    return Line(required=bool(missing), validate=checks, error_messages={"required": missing})


@dataclass(frozen=True)
class DeclarationForm:
    """Which requirements were ticked."""

    requirements: frozenset[str]


class DeclarationSchema(Form):
    """Ticks of the declaration page."""

    requirement = fields.List(fields.String(), load_default=list)

    @post_load
    def _form(self, data: dict[str, Any], **_: object) -> DeclarationForm:
        return DeclarationForm(frozenset(data["requirement"]))


class DetailsSchema(Form):
    """The company details."""

    name = _line("de naam", 200, "Vul de naam van uw organisatie in.")
    street = _line("de straat", 200)
    postcode = Postcode()
    place = _line("de plaats", 100)
    website = Website(validate=validate.Length(max=300, error="Maak het webadres korter: hoogstens 300 tekens."))

    @post_load
    def _details(self, data: dict[str, Any], **_: object) -> Details:
        return Details(**data)


class ContactSchema(Form):
    """The contact person."""

    name = _line("de naam", 200, "Vul de naam van de contactpersoon in.")
    function = _line("de functie", 200, "Vul de functie in, bijvoorbeeld opleidingscoördinator.")
    email = Email(required=True, error_messages={"required": "Vul een e-mailadres in."})
    phone = Phone(required=True, error_messages={"required": "Vul een telefoonnummer in."})

    @post_load
    def _contact(self, data: dict[str, Any], **_: object) -> Contact:
        return Contact(**data)


class MemberNameSchema(Form):
    """How a member wants to be called."""

    name = _line("de naam", 200, "Vul een naam in.")


class RoleSchema(Form):
    """The role that a member gets."""

    role = fields.Enum(MemberRole, by_value=True, required=True)


class ReasonSchema(Form):
    """Why the bureau does something."""

    reason = Text(
        required=True,
        error_messages={"required": NO_REASON},
        validate=[
            validate.Length(min=1, error=NO_REASON),
            validate.Length(max=LONGEST_REASON, error=TOO_LONG.format(LONGEST_REASON)),
        ],
    )
