"""How the bureau reads the codes of the audit trail. Tables only; for actions see `providers.log_texts`."""

from collections.abc import Mapping

from catalogue.states import CHANGE_NAMES, STATE_NAMES
from providers.rules import ROLE_NAMES
from validation.states import STATE_NAMES as CASE_STATES
from validation.states import Outcome

KINDS = {
    "activity": "Activiteit",
    "case": "Zaak",
    "job": "Taak",
    "provider": "Aanbieder",
    "member": "Commissielid",
    "tie": "Belang",
}
RESULTS = {
    "done": "Gedaan",
    Outcome.APPROVED.value: "Goedgekeurd",
    Outcome.TEMPORARILY_REJECTED.value: "Tijdelijk afgewezen",
    Outcome.REJECTED.value: "Afgewezen",
    Outcome.UPHELD.value: "Gehandhaafd",
    Outcome.REVISED.value: "Herzien",
    Outcome.INADMISSIBLE.value: "Niet-ontvankelijk",
}
NOT_PEOPLE = {"contact": "De contactpersoon", "operator": "De beheerder van de server"}
AUDIENCES = {"staff": "Iemand van het register", "eherkenning": "Iemand van een aanbieder", "teacher": "Een leraar"}
HANDED_ON = ("claimed", "assigned", "released")  # of a case, from one member to another
# In the order in which they are shown.
LABELS = {
    "before": "Status daarvoor",
    "after": "Status daarna",
    "procedure": "Procedure",
    "state_before": "Status daarvoor",
    "state_after": "Status daarna",
    "seat": "Plaats",
    "to": "Nieuwe beoordelaar",
    "kvk_number": "KvK-nummer",
    "decision": "Besluit",
    "corrects": "In plaats van besluit",
    "due_before": "Uiterste datum daarvoor",
    "change_before": "Wijziging daarvoor",
    "change_after": "Wijziging daarna",
    "starts_before": "Startdatum daarvoor",
    "starts_after": "Startdatum daarna",
    "ends_before": "Einddatum daarvoor",
    "ends_after": "Einddatum daarna",
    "kind": "Soort",
    "owner": "Van",
    "cursor": "Stappen gedaan",
    "provider": "Aanbieder",
    "newcomer": "Overgenomen aanbieder",
    "origin": "Bekend uit",
    "ordinal": "Medewerker",
    "member": "Kenmerk van de medewerker",
    "role": "Rol",
    "level": "Niveau",
    "intermediary": "Via tussenpersoon",
    "requirement": "Kwaliteitseis",
    "set": "Versie van de eisen",
    "activity": "Activiteit",
    "version": "Versie",
    "copy": "Kopie is activiteit",
    "edition": "Uitvoering",
    "starts_on": "Begindatum",
    "changed": "Gewijzigd",
    "taken": "Opgehaald",
    "question": "Vraag",
    "due": "Uiterste datum",
    "number": "Nummer",
    "contact": "Contacturen",
    "self_study": "Zelfstudie-uren",
    "policy": "Beleid",
    "stated": "Verklaring",
    "statement": "Verklaring",
}
# Where it depends on what happened.
LABELS_OF = {
    ("activity.moved", "before"): "Eerst van aanbieder",
    **{(f"case.{action}", "before"): "Beoordelaar daarvoor" for action in HANDED_ON},
    ("provider.number-released", "number"): "KvK-nummer",
    ("provider.number-linked", "before"): "Nummer daarvoor",
    ("provider.number-linked", "after"): "Nummer daarna",
}
FIELDS = {
    "name": "naam",
    "street": "straat",
    "postcode": "postcode",
    "place": "plaats",
    "website": "website",
    "starts_on": "begindatum",
    "ends_on": "einddatum",
    "is_online": "online",
    "language": "taal",
    "price_in_cents": "prijs",
    "registration_link": "link om aan te melden",
}
JOBS = {
    "bulk": "Actie met meer activiteiten",
    "bulk-undo": "Actie terugdraaien",
    "import-check": "Controle van een import",
    "import": "Import",
    "import-undo": "Import terugdraaien",
}
STATES = {state.value: name for state, name in STATE_NAMES.items()}
CHANGES = {change.value: name for change, name in CHANGE_NAMES.items()}
WORDS: dict[str, Mapping[str, str]] = {
    "before": STATES,
    "after": STATES,
    "change_before": CHANGES,
    "change_after": CHANGES,
    "kind": JOBS,
    "origin": {"new": "nieuw", "migrated": "het oude register"},
    "role": ROLE_NAMES,
    "procedure": {"admission": "toelating", "validation": "validatie", "objection": "bezwaar"},
    "seat": {"handler": "beoordelaar", "second": "tweede beoordelaar"},
    "state_before": CASE_STATES,
    "state_after": CASE_STATES,
}
