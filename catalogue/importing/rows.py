"""From a row of an export or of a provider's own file to an offer. Checks each column; knows no database."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate, validates_schema

from catalogue.content import Content
from catalogue.importing.offers import Offer, digest_of_row, fingerprint
from catalogue.importing.row_fields import MISSING, MarkedLine, MarkedText
from catalogue.importing.texts import one_line
from catalogue.schemas import DutchDate, DutchHours
from core.company_numbers import KVK_NUMBER
from core.form_fields import TOO_LONG, Website
from core.formatting import dutch_number
from core.policy import Policy
from core.policy.hours import ZERO
from core.policy.model import Item

__all__ = ["Offer", "OfferSchema", "OwnOfferSchema"]

NO_KVK_NUMBER = "Vul een KvK-nummer van 8 cijfers in."
NOT_YOURS = "Dit is niet uw KvK-nummer. Vul {} in of laat deze kolom leeg."
NO_OLD_NUMBER = "Vul een nummer van het oude register in: alleen letters, cijfers en streepjes."
NO_TYPE = "Onbekend soort activiteit. Kies uit: {}."
NO_SECTOR = "Onbekende sector: {}. Kies uit: {}."
NO_SUM = "{} is niet de som van contacturen en zelfstudie-uren ({}). Pas de uren aan."
TOO_EARLY = "De einddatum ligt voor de startdatum. Pas een van beide aan."
SHORT = 100
BETWEEN_SECTORS = re.compile(r"[,;|\n]")
FORMER_TYPES = (
    Item("opleiding", "Opleiding"),
    Item("cursus", "Cursus"),
    Item("studiedag", "Studiedag"),
    Item("conferentie", "Conferentie"),
    Item("overig-binnen-school", "Overige activiteit binnen de school"),
    Item("overig-buiten-school", "Overige activiteit buiten de school"),
)


class OfferSchema(Schema):
    """The columns of the former register's export, by their Dutch names; columns that are not here are ignored.

    Without a policy no sector is known, and the types are those of the former register.
    """

    class Meta:
        unknown = EXCLUDE

    kvk_nummer = fields.String(required=True, error_messages=MISSING)
    aanbieder = MarkedLine(200, required=True)
    eigen_sleutel = MarkedLine(60)
    nummer_registerleraar = MarkedLine(20, validate=validate.Regexp(r"[A-Za-z0-9-]*\Z", error=NO_OLD_NUMBER))
    titel = MarkedLine(300, required=True)
    type = fields.String(required=True, error_messages=MISSING)
    sectoren = fields.String(load_default="")
    vakgebied = MarkedLine(100)
    omschrijving = MarkedText()
    doel = MarkedText()
    programma = MarkedText()
    planning = MarkedText()
    contacturen = DutchHours(required=True, error_messages=MISSING)
    zelfstudie_uren = DutchHours(required=True, error_messages=MISSING)
    register_uren = DutchHours(load_default=None)
    verantwoording_zelfstudie = MarkedText()
    toetsing = MarkedText()
    voorkennis = MarkedText()
    plaats = MarkedLine(100)
    website = Website(load_default="", validate=validate.Length(max=300, error=TOO_LONG.format(300)))
    startdatum = DutchDate(load_default=None)
    einddatum = DutchDate(load_default=None)

    def __init__(self, policy: Policy | None = None) -> None:
        super().__init__()
        self._types, self._sectors = (policy.types, policy.sectors) if policy else (FORMER_TYPES, ())
        self._type_codes, self._sector_codes = _codes(self._types), _codes(self._sectors)

    @validates_schema(skip_on_field_errors=False)
    def _facts(self, data: dict[str, Any], **_: object) -> None:
        start, end = data.get("startdatum"), data.get("einddatum")
        found = {
            "kvk_nummer": self._company_fault(data.get("kvk_nummer", "").strip()),
            "type": self._type_fault(data.get("type", "")),
            "sectoren": self._sector_fault(data.get("sectoren", "")),
            "einddatum": TOO_EARLY if start and end and end < start else "",
        }
        if faults := {column: [fault] for column, fault in found.items() if fault}:
            raise ValidationError(faults)

    @validates_schema(skip_on_field_errors=False)
    def _hours_add_up(self, data: dict[str, Any], **_: object) -> None:
        granted = data.get("register_uren")
        if granted is None or not {"contacturen", "zelfstudie_uren"} <= set(data):
            return
        total = (data["contacturen"] or ZERO) + (data["zelfstudie_uren"] or ZERO)
        if granted != total:
            raise ValidationError(NO_SUM.format(dutch_number(granted), dutch_number(total)), "register_uren")

    def _company_fault(self, number: str) -> str:
        return "" if KVK_NUMBER.fullmatch(number) else NO_KVK_NUMBER

    def _type_fault(self, typed: str) -> str:
        if _key(typed) in self._type_codes:
            return ""
        return NO_TYPE.format(", ".join(item.name for item in self._types))

    def _sector_fault(self, typed: str) -> str:
        unknown = [word for word in _words(typed) if _key(word) not in self._sector_codes]
        if not unknown:
            return ""
        return NO_SECTOR.format(unknown[0][:40], ", ".join(item.code for item in self._sectors))

    @post_load(pass_original=True)
    def _offer(self, data: dict[str, Any], original: dict[str, str], **_: object) -> Offer:
        kvk_number, content = self._company(data), self._content(data)
        key, older = (self._known_by(data, type_) for type_ in (content.type, data["type"]))
        return Offer(
            kvk_number=kvk_number,
            provider=self._provider(data),
            own_key=data["eigen_sleutel"],
            old_number=data["nummer_registerleraar"],
            old_total=data.get("register_uren"),
            content=content,
            source_key=f"{kvk_number}:{key}",
            older_key=f"{kvk_number}:{older}",
            sent=digest_of_row(original, self.fields),
        )

    def _company(self, data: dict[str, Any]) -> str:
        return str(data["kvk_nummer"].strip())

    def _provider(self, data: dict[str, Any]) -> str:
        return str(data["aanbieder"])

    def _known_by(self, data: dict[str, Any], type_: str) -> str:
        """The old number, or for an offer that never had one a fingerprint of what tells it apart."""
        told_apart = (data["titel"], type_, str(data["startdatum"]), data["omschrijving"])
        return data["nummer_registerleraar"] or fingerprint(*told_apart)

    def _content(self, data: dict[str, Any]) -> Content:
        chosen = {self._sector_codes[_key(word)] for word in _words(data["sectoren"])}
        return Content(
            title=data["titel"],
            type=self._type_codes.get(_key(data["type"]), ""),
            sectors=tuple(item.code for item in self._sectors if item.code in chosen),
            subject=data["vakgebied"],
            description=data["omschrijving"],
            goal=data["doel"],
            programme=data["programma"],
            planning=data["planning"],
            contact_hours=data["contacturen"],
            self_study_hours=data["zelfstudie_uren"],
            self_study_account=data["verantwoording_zelfstudie"],
            closing_test=data["toetsing"],
            prior_knowledge=data["voorkennis"],
            place=data["plaats"],
            website=data["website"],
            starts_on=data["startdatum"],
            ends_on=data["einddatum"],
        )


class OwnOfferSchema(OfferSchema):
    """The columns of a provider's own file: all but the title may be empty. It grants itself no register hours."""

    class Meta(OfferSchema.Meta):
        exclude = ("register_uren",)

    kvk_nummer = fields.String(load_default="")
    aanbieder = MarkedLine(200)
    type = fields.String(load_default="")
    contacturen = DutchHours(load_default=None)
    zelfstudie_uren = DutchHours(load_default=None)

    def __init__(self, policy: Policy, *, own_kvk: str) -> None:
        super().__init__(policy)
        self._own_kvk = own_kvk

    def _company_fault(self, number: str) -> str:
        return "" if number in {"", self._own_kvk} else NOT_YOURS.format(self._own_kvk)

    def _type_fault(self, typed: str) -> str:
        return super()._type_fault(typed) if typed.strip() else ""

    def _company(self, _: dict[str, Any]) -> str:
        return self._own_kvk

    def _provider(self, _: dict[str, Any]) -> str:
        return ""  # nothing is done with what stands there

    def _known_by(self, data: dict[str, Any], type_: str) -> str:
        """The provider's own key if there is one; the equals sign keeps it apart from old numbers."""
        return f"={data['eigen_sleutel']}" if data["eigen_sleutel"] else super()._known_by(data, type_)


def _codes(items: Iterable[Item]) -> dict[str, str]:
    """What people may write for each code: the code itself, or its name."""
    return {_key(written): item.code for item in items for written in (item.code, item.name)}


def _key(typed: str) -> str:
    return _short_key(typed) if len(typed) < SHORT else one_line(typed).casefold()


@lru_cache(maxsize=1000)
def _short_key(typed: str) -> str:
    """The same types and sectors come back in every row."""
    return one_line(typed).casefold()


def _words(typed: str) -> list[str]:
    return [word.strip() for word in BETWEEN_SECTORS.split(typed) if word.strip()]
