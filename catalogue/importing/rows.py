"""From a row of the former register's export to an offer. Checks each column; knows no database."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate, validates_schema

from catalogue.content import Content
from catalogue.importing.texts import one_line, plain_text
from catalogue.schemas import LONGEST_TEXT, DutchDate, DutchHours
from core.company_numbers import KVK_NUMBER
from core.policy import Hours
from core.policy.hours import ZERO

MISSING: dict[str, Any] = {"required": "kolom ontbreekt"}
TYPES = {
    "opleiding": "opleiding",
    "cursus": "cursus",
    "studiedag": "studiedag",
    "conferentie": "conferentie",
    "overige activiteit binnen de school": "overig-binnen-school",
    "overige activiteit buiten de school": "overig-buiten-school",
}


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One offer of the former register, ready to become a draft."""

    kvk_number: str
    provider: str
    old_number: str
    old_total: Decimal | None
    content: Content
    source_key: str
    digest: str

    @property
    def old_hours(self) -> Hours | None:
        """What the former register granted; None when it never validated this offer."""
        return self.content.hours if self.old_number and self.old_total is not None else None


class _Text(fields.String):
    """Plain text, whatever markup it came in."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = plain_text(super()._deserialize(value, attr, data, **kwargs))
        if len(text) > LONGEST_TEXT:
            message = f"langer dan {LONGEST_TEXT} tekens"
            raise ValidationError(message)
        return text


class _Line(fields.String):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return one_line(super()._deserialize(value, attr, data, **kwargs))


def _line(most: int) -> _Line:
    return _Line(load_default="", validate=validate.Length(max=most, error=f"langer dan {most} tekens"))


def _required_line(most: int) -> _Line:
    limits = validate.Length(min=1, max=most, error=f"leeg, of langer dan {most} tekens")
    return _Line(required=True, error_messages=MISSING, validate=limits)


class OfferSchema(Schema):
    """The columns of the export, by their Dutch names; columns that are not here are ignored."""

    class Meta:
        unknown = EXCLUDE

    kvk_nummer = fields.String(required=True, error_messages=MISSING)
    aanbieder = _required_line(200)
    nummer_registerleraar = fields.String(
        load_default="", validate=validate.Regexp(r"[A-Za-z0-9-]{0,20}\Z", error="geen nummer van het oude register")
    )
    titel = _required_line(300)
    type = fields.String(required=True, error_messages=MISSING)
    omschrijving = _Text(load_default="")
    doel = _Text(load_default="")
    programma = _Text(load_default="")
    toetsing = _Text(load_default="")
    voorkennis = _Text(load_default="")
    contacturen = DutchHours(required=True, error_messages=MISSING)
    zelfstudie_uren = DutchHours(required=True, error_messages=MISSING)
    register_uren = DutchHours(load_default=None)
    startdatum = DutchDate(load_default=None)
    einddatum = DutchDate(load_default=None)
    vakgebied = _line(100)

    @validates_schema(skip_on_field_errors=False)
    def _facts(self, data: dict[str, Any], **_: object) -> None:
        problems = {}
        if not KVK_NUMBER.fullmatch(data.get("kvk_nummer", "").strip()):
            problems["kvk_nummer"] = ["geen KvK-nummer van 8 cijfers"]
        if one_line(data.get("type", "")).lower() not in TYPES:
            problems["type"] = [f"onbekend; bekend zijn: {', '.join(TYPES)}"]
        start, end = data.get("startdatum"), data.get("einddatum")
        if start and end and end < start:
            problems["einddatum"] = ["ligt voor de startdatum"]
        if problems:
            raise ValidationError(problems)

    @validates_schema(skip_on_field_errors=False)
    def _hours_add_up(self, data: dict[str, Any], **_: object) -> None:
        parts = [data.get("contacturen", ZERO), data.get("zelfstudie_uren", ZERO)]
        total = sum((part or ZERO for part in parts), ZERO)
        granted = data.get("register_uren")
        if granted is not None and {"contacturen", "zelfstudie_uren"} <= set(data) and granted != total:
            message = f"{granted} is niet de som van contacturen en zelfstudie-uren ({total})"
            raise ValidationError(message, "register_uren")

    @post_load(pass_original=True)
    def _offer(self, data: dict[str, Any], original: dict[str, str], **_: object) -> Offer:
        kvk_number = data["kvk_nummer"].strip()
        facts = json.dumps({name: original.get(name, "") for name in sorted(self.fields)}, ensure_ascii=False)
        return Offer(
            kvk_number=kvk_number,
            provider=data["aanbieder"],
            old_number=data["nummer_registerleraar"],
            old_total=data["register_uren"],
            content=_content(data),
            source_key=_source_key(kvk_number, data),
            digest=hashlib.sha256(facts.encode()).hexdigest(),
        )


def _content(data: dict[str, Any]) -> Content:
    return Content(
        title=data["titel"],
        type=TYPES[one_line(data["type"]).lower()],
        subject=data["vakgebied"],
        description=data["omschrijving"],
        goal=data["doel"],
        programme=data["programma"],
        closing_test=data["toetsing"],
        prior_knowledge=data["voorkennis"],
        contact_hours=data["contacturen"],
        self_study_hours=data["zelfstudie_uren"],
        starts_on=data["startdatum"],
        ends_on=data["einddatum"],
    )


def _source_key(kvk_number: str, data: dict[str, Any]) -> str:
    """The old number, or for an offer that never had one a fingerprint of what tells it apart."""
    if number := data["nummer_registerleraar"]:
        return f"{kvk_number}:{number}"
    start: date | None = data["startdatum"]
    told_apart = f"{data['titel']}\n{data['type']}\n{start}\n{data['omschrijving']}"
    return f"{kvk_number}:-{hashlib.sha256(told_apart.encode()).hexdigest()[:40]}"
