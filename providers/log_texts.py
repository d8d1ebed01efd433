"""What the audit trail says, in words for the people whom it concerns. Pure."""

import json
from collections.abc import Mapping
from typing import Any, Protocol

from providers.rules import ROLE_NAMES

TEXTS = {
    "sign-in.started": "Ingelogd",
    "sign-in.ended": "Uitgelogd",
    "sign-in.refused": "Inloggen geweigerd",
    "sign-in.ended-by-provider": "Uitgelogd door het inlogmiddel",
    "sign-in.logout-refused": "Uitloggen door het inlogmiddel geweigerd",
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
    "provider.set-aside": "Aanmelding niet verder behandeld",
    "provider.suspended": "Geschorst",
    "provider.reinstated": "Schorsing opgeheven",
    "provider.number-linked": "Nieuw KvK-nummer gekoppeld",
    "provider.number-released": "Eerder KvK-nummer losgelaten",
    "provider.newcomer-taken-in": "Aanmelding onder het nieuwe nummer overgenomen",
    "member.added": "Medewerker voor het eerst ingelogd",
    "member.named": "Naam van een medewerker gewijzigd",
    "member.role-changed": "Rol van een medewerker gewijzigd",
    "activity.created": "Concept gemaakt",
    "activity.copied": "Kopie gemaakt",
    "activity.edited": "Activiteit gewijzigd",
    "activity.submit": "Activiteit ingediend",
    "activity.withdraw": "Indiening ingetrokken",
    "activity.publish": "Activiteit gepubliceerd",
    "activity.unpublish": "Publicatie ingetrokken",
    "edition.added": "Uitvoering toegevoegd",
    "edition.changed": "Uitvoering gewijzigd",
    "edition.removed": "Uitvoering verwijderd",
    "activity.approve": "Activiteit gevalideerd",
    "activity.reject": "Activiteit afgewezen",
    "activity.reinstated": "Gevalideerd door een nieuw besluit",
    "activity.turned-back": "Goedkeuring van een wijziging ingetrokken door een nieuw besluit",
    "activity.revoked": "Validatie ingetrokken door een nieuw besluit",
    "activity.take-over": "Gepubliceerd zoals in het oude register",
    "activity.give-back": "Overname uit het oude register ongedaan gemaakt",
    "activity.release": "Wijziging gepubliceerd",
    "activity.discard": "Wijziging weggegooid",
    "activity.delete": "Activiteit verwijderd",
    "activity.period": "Begin- of einddatum gewijzigd",
    "activity.moved": "Activiteit van organisatie veranderd",
    "job.started": "Taak voor meer activiteiten begonnen",
    "job.cancelled": "Taak voor meer activiteiten gestopt",
    "job.resumed": "Taak voor meer activiteiten voortgezet",
    "job.stated": "Verklaard dat de ingediende gegevens kloppen",
    "case.received": "Zaak ontvangen door de commissie",
    "case.claimed": "Zaak opgepakt",
    "case.asked": "Vraag van de commissie gesteld",
    "case.answered": "Vraag van de commissie beantwoord",
    "case.assigned": "Zaak toegewezen",
    "case.released": "Zaak losgelaten",
    "case.lapsed": "Vraag van de commissie niet op tijd beantwoord",
    "case.closed": "Zaak gesloten zonder antwoord",
    "case.extended": "Termijn verlengd",
    "case.recomputed": "Uiterste datum opnieuw berekend",
    "case.reminded": "Herinnering verstuurd",
    "case.assessed": "Beoordeling bewaard",
    "case.referred": "Zaak voorgelegd aan de voorzitter",
    "case.proposed": "Besluit voorgelegd aan een tweede commissielid",
    "case.given-back": "Voorgelegd besluit teruggegeven",
    "case.heard": "Verslag van een hoorzitting bewaard",
    "case.admitted-late": "Te laat bezwaar toch in behandeling genomen",
    "case.decided": "Besluit genomen",
    "case.corrected": "Besluit gecorrigeerd",
    "case.noted": "Notitie voor collega’s bewaard",
    "case.recused": "Commissielid heeft zich teruggetrokken",
    "committee.tied": "Belang gemeld",
    "committee.untied": "Belang beëindigd",
    "committee.away-changed": "Afwezigheid gewijzigd",
    "committee.reach-changed": "E-mailadres voor herinneringen gewijzigd",
    "case.withdrawn": "Zaak gesloten zonder besluit",
    "dossier.added": "Activiteit aan een dossier toegevoegd",
    "dossier.removed": "Activiteit uit een dossier gehaald",
}


def action_in_words(action: str) -> str:
    """The Dutch words for an action of the audit trail; the action itself for one that has none."""
    return TEXTS.get(action, action)


class Entry(Protocol):
    """What is read of an entry of the audit trail; `data` is JSON."""

    action: Any
    actor: Any
    data: Any


def who_in_words(entry: Entry, labels: Mapping[str, str]) -> str:
    """Which colleague it was, or who else."""
    return labels.get(entry.actor) or ("De contactpersoon" if entry.actor == "contact" else "Het register")


def more_in_words(entry: Entry, names: Mapping[str, str]) -> str:
    """Which requirement, whose role, which number; '' when the action says it all."""
    data: dict[str, Any] = json.loads(entry.data)
    told = [names.get(data["requirement"], data["requirement"])] if "requirement" in data else []
    if "number" in data:
        told.append(data["number"])
    if "ordinal" in data:
        told.append(f"medewerker {data['ordinal']}")
    if data.get("role") in ROLE_NAMES:
        told.append(ROLE_NAMES[data["role"]])
    if _is_about_a_number(data):
        told.append(f"{data['before']} → {data['after']}")
    return f": {', '.join(told)}" if told else ""


def _is_about_a_number(data: Mapping[str, Any]) -> bool:
    """Whether a KvK number took another's place."""
    return all(str(data.get(name, "")).isdigit() for name in ("before", "after"))
