"""What the audit trail says, in words for the people whom it concerns. Pure."""

TEXTS = {
    "sign-in.started": "Ingelogd",
    "sign-in.ended": "Uitgelogd",
    "provider.added": "Aanbieder bekend geworden",
    "provider.declared": "Kwaliteitseis bevestigd",
    "provider.declaration-withdrawn": "Bevestiging van een kwaliteitseis ingetrokken",
    "provider.details-checked": "Gegevens gecontroleerd",
    "provider.details-prefilled": "Gegevens uit het Handelsregister opgehaald",
    "provider.contact-changed": "Contactpersoon gewijzigd",
    "provider.contact-confirmed": "E-mailadres van de contactpersoon bevestigd",
    "provider.confirmed": "Aanmelding bevestigd",
    "provider.recognised": "Herkend als aanbieder uit het oude register",
    "provider.admitted": "Toegelaten",
    "provider.rejected": "Niet toegelaten",
    "provider.suspended": "Geschorst",
    "provider.reinstated": "Schorsing opgeheven",
    "provider.number-linked": "Nieuw KvK-nummer gekoppeld",
    "provider.newcomer-taken-in": "Aanmelding onder het nieuwe nummer overgenomen",
    "member.added": "Medewerker voor het eerst ingelogd",
    "member.named": "Naam van een medewerker gewijzigd",
    "member.role-changed": "Rol van een medewerker gewijzigd",
    "activity.created": "Concept gemaakt",
    "activity.edited": "Activiteit gewijzigd",
    "activity.submit": "Activiteit ingediend",
    "activity.withdraw": "Indiening ingetrokken",
    "activity.publish": "Activiteit gepubliceerd",
    "activity.unpublish": "Publicatie ingetrokken",
    "case.received": "Zaak ontvangen door de commissie",
    "case.withdrawn": "Zaak gesloten zonder besluit",
    "case.answered": "Vraag van de commissie beantwoord",
}


def action_in_words(action: str) -> str:
    """The Dutch words for an action of the audit trail; the action itself for one that has none."""
    return TEXTS.get(action, action)
