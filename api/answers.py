"""What programs get, as it is documented: names, types and examples. `api.shapes` makes the answers themselves."""

from typing import Any

from marshmallow import Schema, fields, validate

from catalogue.states import Status


def _text(about: str, example: str = "", **more: Any) -> fields.String:
    return fields.String(metadata={"description": about} | ({"example": example} if example else {}), **more)


def _day(about: str, **more: Any) -> fields.Date:
    return fields.Date(metadata={"description": about}, **more)


def _number(about: str) -> fields.Float:
    return fields.Float(required=True, metadata={"description": about})


class Hours(Schema):
    """Register hours per part; together they are what counts in a dossier."""

    outside = "RegisterUren"

    contact = _number("Uren met de docent.")
    zelfstudie = _number("Uren zelfstudie.")
    totaal = _number("Wat telt in het registerdossier.")


class OfProvider(Schema):
    """Whose activity it is."""

    outside = "VanAanbieder"

    kvkNummer = _text("KvK-nummer.", "90100011", required=True)  # noqa: N815 -- outside it is camelCase
    naam = _text("Naam.", "Academie De Brug", required=True)
    geschorst = fields.Boolean(
        required=True,
        metadata={"description": "Een geschorste aanbieder dient niets nieuws in; wat gevalideerd is, blijft geldig."},
    )


class Links(Schema):
    """Where to read on."""

    outside = "Links"

    zelf = fields.Url(required=True, metadata={"description": "Dit onderdeel in deze API."})
    pagina = fields.Url(required=True, metadata={"description": "De pagina voor mensen."})


class Remains(Schema):
    """What is always said of an activity that was ever shown, whatever became of it."""

    outside = "WatBlijft"

    id = _text("Blijft altijd gelijk: de sleutel voor wie een kopie bijhoudt.", "4711", required=True)
    nummer = _text("Activiteitnummer; bij een nieuwe validatie kan het een ander worden.", "7K3F9Q2N", required=True)
    weergave = _text("Activiteitnummer zoals mensen het schrijven.", "7K3F-9Q2N", required=True)
    vroegerNummer = _text("Nummer in het oude register, als dat er ook is.", required=True, allow_none=True)  # noqa: N815
    register = _text("Het register dat de activiteit valideerde.", "lerarenregister", required=True)
    status = _text(
        "Wat ervan geworden is. Alleen wat `aangeboden` is, vinden leraren.",
        validate=validate.OneOf(list(Status)),
        required=True,
    )
    registerUren = fields.Nested(Hours, required=True)  # noqa: N815
    geldigVanaf = _day("Vanaf wanneer de validatie geldt.", required=True)  # noqa: N815
    ingetrokkenOp = _day("Vanaf wanneer de validatie niet meer telt.", required=True, allow_none=True)  # noqa: N815
    gewijzigdOp = fields.AwareDateTime(  # noqa: N815
        required=True, metadata={"description": "Wanneer voor het laatst iets wijzigde van wat leraren vinden, in UTC."}
    )
    aanbieder = fields.Nested(OfProvider, required=True)
    links = fields.Nested(Links, required=True)


class Activity(Remains):
    """An activity in a list. What is not `aangeboden` or `afgelopen` says no more than what remains."""

    outside = "Activiteit"

    titel = _text("Titel.", "Klassenmanagement voor starters")
    type = _text("Code van de soort.", "cursus")
    sectoren = fields.List(fields.String(), metadata={"description": "Codes van de sectoren.", "example": ["po"]})
    vakgebied = _text("Vakgebied.", "Pedagogiek")
    plaats = _text("Waar, in woorden.", "Utrecht")
    startdatum = _day("Vanaf wanneer de activiteit wordt aangeboden.", allow_none=True)
    einddatum = _day("Tot en met wanneer de activiteit wordt aangeboden.", allow_none=True)


class Edition(Schema):
    """One time that it is given."""

    outside = "Uitvoering"

    startdatum = _day("Eerste dag.", required=True)
    einddatum = _day("Laatste dag.", required=True)
    online = fields.Boolean(required=True)
    plaats = _text("Waar; leeg als die alleen online is.", required=True)
    taal = _text("Code van de taal.", "nl", required=True)
    prijsInCenten = fields.Integer(  # noqa: N815
        required=True, allow_none=True, metadata={"description": "Leeg als de aanbieder geen prijs noemt; 0 is gratis."}
    )
    aanmelden = _text("Webadres om aan te melden; leeg als dat er niet is.", required=True)


class WholeActivity(Activity):
    """An activity with all that its provider tells teachers."""

    outside = "HeleActiviteit"

    beschrijving = _text("Beschrijving.", required=True)
    doel = _text("Doel.", required=True)
    programma = _text("Programma.", required=True)
    planning = _text("Planning.", required=True)
    verantwoordingZelfstudie = _text("Verantwoording van de zelfstudie-uren.", required=True)  # noqa: N815
    afsluitendeToets = _text("Afsluitende toets of opdracht.", required=True)  # noqa: N815
    voorkennis = _text("Wat deelnemers al moeten weten.", required=True)
    website = _text("Webadres bij de aanbieder.", required=True)
    uitvoeringen = fields.List(fields.Nested(Edition), required=True)


class ActivityList(Schema):
    """A page of activities."""

    outside = "Activiteiten"

    activiteiten = fields.List(fields.Nested(Activity), required=True)
    pagina = fields.Integer(required=True)
    paginaGrootte = fields.Integer(required=True)  # noqa: N815
    totaal = fields.Integer(
        required=True, metadata={"description": "Hoeveel er in alle zijn; bij een deel van een nummer hoogstens 500."}
    )
    bijgewerktTot = fields.AwareDateTime(  # noqa: N815
        metadata={"description": "Alleen bij `gewijzigdSinds`: het moment om de volgende keer mee te vragen."}
    )
    links = fields.Dict(
        keys=fields.String(),
        values=fields.Url(),
        required=True,
        metadata={"description": "`zelf`, en waar het kan `eerste`, `vorige`, `volgende` en `laatste`."},
    )


class Branch(Schema):
    """One admitted part of a company."""

    outside = "Vestiging"

    vestigingsnummer = _text("Vestigingsnummer; leeg voor het hele bedrijf.", required=True)
    naam = _text("Naam.", required=True)
    website = _text("Website; leeg als die er niet is.", required=True)
    toegelatenOp = _day("Sinds wanneer de aanbieder is toegelaten.", required=True)  # noqa: N815
    geschorst = fields.Boolean(required=True)


class WholeProvider(Schema):
    """An admitted provider."""

    outside = "Aanbieder"

    kvkNummer = _text("KvK-nummer.", "90100011", required=True)  # noqa: N815
    naam = _text("Naam.", required=True)
    vestigingen = fields.List(fields.Nested(Branch), required=True)
    aantalActiviteiten = fields.Integer(  # noqa: N815
        required=True, metadata={"description": "Hoeveel activiteiten leraren nu van deze aanbieder vinden."}
    )
    links = fields.Nested(Links, required=True)


class Place(Schema):
    """Where in the address a fault is."""

    outside = "Plek"

    name = _text("Naam van de parameter.", required=True)


class Fault(Schema):
    """One fault in a question."""

    outside = "Fout"

    # `in` is a word of Python.
    in_ = fields.String(data_key="in", required=True, metadata={"example": "query"})
    location = fields.Nested(Place, required=True)
    detail = _text("Wat er niet klopt en hoe het wel moet.", required=True)


class Problem(Schema):
    """What is wrong, by RFC 9457."""

    outside = "Probleem"

    type = _text("Altijd `about:blank`; zie `code`.", required=True)
    status = fields.Integer(required=True)
    title = _text("Kort, voor mensen.", required=True)
    detail = _text("Wat er aan de hand is en wat u kunt doen.", required=True)
    code = _text("Kort, voor programma's; blijft gelijk.", "unknown-number", required=True)
    errors = fields.List(fields.Nested(Fault), metadata={"description": "Bij status 400: alle fouten."})
    activiteit = fields.Nested(Remains, metadata={"description": "Wat er nog over de activiteit te zeggen valt."})
