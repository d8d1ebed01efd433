"""What programs may ask for, and in which form. A parameter that does not exist is a fault: it would narrow nothing."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, pre_load, validate, validates_schema
from werkzeug.datastructures import MultiDict

from core.policy import Policies
from core.policy.loading import current_policies
from core.texts import tidy_line
from search.words import LONGEST_QUERY

LAST_PAGE, LARGEST_PAGE, USUAL_PAGE = 1_000_000, 100, 20
# Three symbols or more, with any dash, dot, slash or space between them; numbers of the former register are longer.
NUMBER = r"^[0-9A-Za-z]([ ._/\-\u2010-\u2015\u2212]?[0-9A-Za-z]){2,19}$"
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)  # nothing is older
MOMENT = "Geef een moment met tijdzone, zoals 2026-11-30T09:00:00Z. Schrijf een + in een adres als %2B."
FILTERS = ("q", "nummer", "sector", "type", "aanbieder")
ALONE = "Vraag dit zonder q, nummer, sector, type of aanbieder: wat uit zo'n selectie verdwijnt, zou u missen."
TWICE = "Geef deze parameter één keer."
ONE_WAY = "Zoek op woorden of op een nummer, niet op beide."


class Whole(validate.Regexp):
    """The whole text must fit: `$` alone lets a line end through."""

    def __call__(self, value: Any) -> Any:
        """Raises `ValidationError`."""
        if not self.regex.fullmatch(value):
            raise ValidationError(self._format_error(value))
        return value


def codes(policies: Policies) -> dict[str, list[str]]:
    """What `sector` and `type` may be: whatever any policy knew, because what was validated under it stays."""
    kinds = {
        "sector": (item.code for policy in policies.all for item in policy.sectors),
        "type": (item.code for policy in policies.all for item in policy.types),
    }
    return {name: list(dict.fromkeys(found)) for name, found in kinds.items()}


def _known(name: str) -> Callable[[str], None]:
    def check(value: str) -> None:
        known = codes(current_policies())[name]
        if value not in known:
            raise ValidationError(f"Kies een van deze codes: {', '.join(known)}.")

    return check


def _text(about: str, **more: Any) -> fields.String:
    return fields.String(metadata={"description": about, **more.pop("metadata", {})}, **more)


class Question(Schema):
    """What is asked by an address alone."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "Deze parameter bestaat niet."}

    @pre_load
    def _each_once(self, data: MultiDict[str, str], **_: object) -> MultiDict[str, str]:
        """Two values of one parameter are no "or": only one of them would count."""
        if twice := {name: [TWICE] for name in data if len(data.getlist(name)) > 1}:
            raise ValidationError(twice)
        return data


class ActivityQuestion(Question):
    """The parameters of the list of activities."""

    q = _text(
        "Woorden uit titel, aanbieder, vakgebied of beschrijving.",
        validate=validate.Length(max=LONGEST_QUERY, error="Geef hoogstens {max} tekens."),
    )
    nummer = _text(
        "Een activiteitnummer of een deel ervan, minstens 3 tekens; ook een nummer van het oude register.",
        validate=Whole(NUMBER, error="Geef minstens 3 letters of cijfers van een nummer, hoogstens 20."),
        metadata={"example": "7K3"},
    )
    sector = _text("Code van een onderwijssector.", validate=_known("sector"))
    type = _text("Code van een soort activiteit.", validate=_known("type"))
    aanbieder = _text(
        "KvK-nummer van de aanbieder.",
        validate=Whole(r"^[0-9]{8}$", error="Geef het KvK-nummer, 8 cijfers."),
    )
    gewijzigdSinds = fields.AwareDateTime(  # noqa: N815 -- as it stands in the address
        format="iso",
        error_messages={
            "invalid": MOMENT,
            "invalid_awareness": MOMENT,
        },
        metadata={
            "description": "Alles waarvan sinds dit moment iets is gewijzigd, ook wat niet meer wordt aangeboden. Gaat"
            " niet samen met andere filters. Neem voor de volgende keer `bijgewerktTot` uit het antwoord op de eerste"
            " pagina over.",
            "example": "2026-11-30T09:00:00Z",
        },
    )
    pagina = fields.Integer(
        load_default=1,
        validate=validate.Range(1, LAST_PAGE, error="Geef een getal van {min} tot en met {max}."),
        error_messages={"invalid": "Geef een heel getal."},
        metadata={"description": "Welke pagina, vanaf 1."},
    )
    paginaGrootte = fields.Integer(  # noqa: N815
        load_default=USUAL_PAGE,
        validate=validate.Range(1, LARGEST_PAGE, error="Geef een getal van {min} tot en met {max}."),
        error_messages={"invalid": "Geef een heel getal."},
        metadata={"description": "Hoeveel activiteiten op een pagina."},
    )

    @validates_schema(skip_on_field_errors=False)
    def _fits_together(self, data: Mapping[str, Any], **_: object) -> None:
        """All faults are told at once: also when a parameter cannot be read."""
        faults = {}
        if data.get("gewijzigdSinds") and any(data.get(name) for name in FILTERS):
            faults["gewijzigdSinds"] = [ALONE]
        if data.get("q") and data.get("nummer"):
            faults["nummer"] = [ONE_WAY]
        if faults:
            raise ValidationError(faults)


def words_in(question: Mapping[str, Any]) -> str:
    """The words that were asked for, cleaned."""
    return tidy_line(question.get("q", ""))


def moment_in(question: Mapping[str, Any], now: datetime) -> datetime | None:
    """Since when changes are asked for, if at all; as far as there can have been any."""
    since: datetime | None = question.get("gewijzigdSinds")
    return min(max(since, BEGINNING), now) if since else None
