"""The one list of columns of an import: reading, templates and explanations all follow it. Pure."""

import re
from dataclasses import dataclass

EXAMPLE = "VOORBEELD:"  # how the title of a template's example row begins; such a row is never imported
NUMBERS, DATES = {"contacturen", "zelfstudie_uren", "register_uren"}, {"startdatum", "einddatum"}
TEXTS = {"omschrijving", "doel", "programma", "planning", "verantwoording_zelfstudie", "toetsing", "voorkennis"}


@dataclass(frozen=True)
class Column:
    """One column: what it means, how it may be filled, and which list of the policy its values come from."""

    name: str
    explanation: str
    example: str
    needed: str = ""  # "always", or "in exports" of the former register
    choices: str = ""  # the list of the policy: "types" or "sectors"
    is_own: bool = True  # whether it is in a provider's own file


COLUMNS = (
    Column("kvk_nummer", "Het KvK-nummer van de aanbieder: 8 cijfers.", "12345678", "in exports", is_own=False),
    Column("aanbieder", "De naam van de aanbieder.", "Academie De Brug", "in exports", is_own=False),
    Column(
        "eigen_sleutel",
        "Uw eigen nummer of code voor de activiteit, hoogstens 60 tekens. Daaraan herkennen wij de activiteit als u het"
        " bestand nog eens aanlevert.",
        "KM-2027-01",
    ),
    Column(
        "nummer_registerleraar",
        "Het nummer dat de activiteit in het oude register (registerleraar.nl) had. Was er geen nummer? Laat dit leeg.",
        "",
    ),
    Column(
        "titel",
        "De naam van de activiteit, hoogstens 300 tekens. Zo zien leraren de activiteit in het register.",
        f"{EXAMPLE} Rust in de klas",
        "always",
    ),
    Column("type", "Het soort activiteit. Kies 1 van de mogelijkheden.", "", "in exports", choices="types"),
    Column(
        "sectoren",
        "Voor welke sector de activiteit is. Zet een komma tussen meer sectoren.",
        "",
        choices="sectors",
    ),
    Column("vakgebied", "Het vakgebied, hoogstens 100 tekens.", "Pedagogiek"),
    Column(
        "omschrijving",
        "Waar de activiteit over gaat en waarom die belangrijk is voor de leraar.",
        "Starters leren hoe zij rust in de klas brengen. Daardoor leren leerlingen beter.",
    ),
    Column("doel", "Wat de leraar na afloop kan.", "De leraar geeft rustig en duidelijk les."),
    Column("programma", "Wat aan bod komt, per bijeenkomst of dagdeel.", "Dag 1: regels. Dag 2: routines."),
    Column("planning", "Hoe de contacturen verdeeld zijn.", "2 dagen van 6 uur, met 4 weken ertussen."),
    Column("contacturen", "Uren met een docent of begeleider, bijvoorbeeld 12 of 12,5.", "12"),
    Column("zelfstudie_uren", "Uren die de leraar zelf werkt. Geen zelfstudie? Vul 0 in.", "4,5"),
    Column("register_uren", "De uren die het oude register toekende.", "16,5", is_own=False),
    Column(
        "verantwoording_zelfstudie",
        "Waaraan de leraar de zelfstudie-uren besteedt. Nodig als er zelfstudie is.",
        "Lezen (2 uur) en een eigen plan maken (2,5 uur).",
    ),
    Column(
        "toetsing",
        "De toets of opdracht aan het eind. Nodig als meer dan de helft van de uren zelfstudie is.",
        "De leraar bespreekt het eigen plan met een collega.",
    ),
    Column("voorkennis", "Wat de leraar al moet kunnen of weten.", "Geen"),
    Column("plaats", "De plaatsnaam, of Online.", "Utrecht"),
    Column("website", "De pagina van de activiteit op uw website.", "https://www.voorbeeld.nl/rust-in-de-klas"),
    Column("startdatum", "De eerste dag, als dag-maand-jaar.", "01-02-2027"),
    Column(
        "einddatum",
        "De laatste dag, als dag-maand-jaar. Daarna vinden leraren de activiteit niet meer.",
        "31-12-2028",
    ),
)
KNOWN = frozenset(column.name for column in COLUMNS)
LONGEST_NAME = 100


def column_name(heading: str) -> str:
    """The column that a heading means, forgiving case, spaces and dashes; its own text when no column is known."""
    name = " ".join(heading.split()).strip("* \ufeff").lower()
    plain = re.sub("[ -]+", "_", name)
    return plain if plain in KNOWN else name[:LONGEST_NAME]
