"""How the fields of an activity are called on every page, in the order of the form. No Flask, no database, no clock."""

from catalogue.content import HOUR_NAMES

FIELD_LABELS = {
    "title": "Naam van de activiteit",
    "type": "Soort",
    "sectors": "Sector",
    "subject": "Vakgebied",
    "description": "Omschrijving",
    "goal": "Doel",
    "programme": "Programma",
    "planning": "Planning",
    **HOUR_NAMES,
    "self_study_account": "Verantwoording zelfstudie",
    "closing_test": "Toetsing",
    "prior_knowledge": "Voorkennis",
    "place": "Plaats",
    "website": "Website",
    "starts_on": "Startdatum",
    "ends_on": "Einddatum",
}
