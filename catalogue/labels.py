"""How the fields of an activity are called on every page, in the order of the form. No Flask, no database, no clock."""

from catalogue.content import HOUR_NAMES

FIELD_LABELS = {
    "title": "Naam van de activiteit",
    "type": "Soort activiteit",
    "sectors": "Sector",
    "subject": "Vakgebied",
    "description": "Omschrijving",
    "goal": "Doel",
    "programme": "Programma",
    "planning": "Planning",
    **HOUR_NAMES,
    "self_study_account": "Verantwoording van de zelfstudie",
    "closing_test": "Afsluitende toets of opdracht",
    "prior_knowledge": "Voorkennis",
    "place": "Plaats",
    "website": "Webpagina van de activiteit",
    "starts_on": "Startdatum",
    "ends_on": "Einddatum",
}

# The same in the middle of a sentence.
NAMES = {
    "title": "de naam",
    "type": "het soort activiteit",
    "sectors": "de sector",
    "subject": "het vakgebied",
    "description": "de omschrijving",
    "goal": "het doel",
    "programme": "het programma",
    "planning": "de planning",
    "contact_hours": "de contacturen",
    "self_study_hours": "de zelfstudie-uren",
    "self_study_account": "de verantwoording van de zelfstudie",
    "closing_test": "de afsluitende toets",
    "prior_knowledge": "de voorkennis",
    "place": "de plaats",
    "website": "de webpagina",
    "starts_on": "de startdatum",
    "ends_on": "de einddatum",
}
