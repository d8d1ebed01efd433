"""What an activity says, and what keeps it from being submitted. No Flask, no database, no clock."""

import dataclasses
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.policy import Hours, Policy
from core.policy.hours import ZERO, step_in_words

HOUR_NAMES = {"contact_hours": "Contacturen", "self_study_hours": "Zelfstudie-uren"}


@dataclass(frozen=True, kw_only=True)
class Content:
    """Everything a provider says about an activity; a draft may leave all of it open."""

    title: str = ""
    type: str = ""
    sectors: tuple[str, ...] = ()
    subject: str = ""
    description: str = ""
    goal: str = ""
    programme: str = ""
    planning: str = ""
    contact_hours: Decimal | None = None
    self_study_hours: Decimal | None = None
    self_study_account: str = ""
    closing_test: str = ""
    prior_knowledge: str = ""
    place: str = ""
    website: str = ""
    starts_on: date | None = None
    ends_on: date | None = None

    @property
    def hours(self) -> Hours:
        """The declared hours, open parts counted as none."""
        return Hours(self.contact_hours or ZERO, self.self_study_hours or ZERO)


@dataclass(frozen=True)
class Gap:
    """One thing that keeps an activity from being submitted: the field, and the sentence that says how to fix it."""

    code: str
    field: str
    text: str = dataclasses.field(compare=False)


TEXT_FIELDS = {
    "title": "Vul de naam van de activiteit in.",
    "description": "Beschrijf de activiteit en waarom die belangrijk is voor de leraar.",
    "goal": "Beschrijf het doel: wat kan de leraar na afloop?",
    "programme": "Beschrijf het programma.",
    "planning": "Beschrijf de planning van de bijeenkomsten.",
}


def gaps(content: Content, policy: Policy, today: date) -> list[Gap]:
    """Everything that keeps this content from being submitted, in the order of the form; empty means ready."""
    found = [Gap("missing", name, text) for name, text in TEXT_FIELDS.items() if not getattr(content, name).strip()]
    found += _choice_gaps(content, policy) + _hour_gaps(content, policy) + _date_gaps(content, today)
    order = list(Content.__dataclass_fields__)
    return sorted(found, key=lambda gap: order.index(gap.field))


def _choice_gaps(content: Content, policy: Policy) -> list[Gap]:
    types, sectors = ({item.code for item in items} for items in (policy.types, policy.sectors))
    checks = {
        Gap("missing", "type", "Kies het soort activiteit."): content.type not in types,
        Gap("missing", "sectors", "Kies minstens 1 sector."): not content.sectors
        or not sectors.issuperset(content.sectors),
    }
    return [gap for gap, applies in checks.items() if applies]


def _hour_gaps(content: Content, policy: Policy) -> list[Gap]:
    found = [
        *_part_gaps("contact_hours", content.contact_hours, policy),
        *_part_gaps("self_study_hours", content.self_study_hours, policy),
    ]
    hours = content.hours
    account = "Leg uit waaraan de leraar de zelfstudie-uren besteedt."
    test = "Meer dan de helft is zelfstudie. Beschrijf de afsluitende toets, het tentamen of de opdracht."
    checks = {
        Gap("no-hours", "contact_hours", "Vul bij elkaar meer dan 0 uur in."): not found and not hours.total,
        Gap("no-account", "self_study_account", account): hours.self_study > 0
        and not content.self_study_account.strip(),
        Gap("no-closing-test", "closing_test", test): hours.self_study_share > policy.hours.closing_test_above_share
        and not content.closing_test.strip(),
    }
    return found + [gap for gap, applies in checks.items() if applies]


def _part_gaps(name: str, hours: Decimal | None, policy: Policy) -> list[Gap]:
    rule, part = policy.hours, HOUR_NAMES[name]
    if hours is None:
        return [Gap("missing", name, f"{part}: vul een getal in, bijvoorbeeld 12 of 12,5. Geen uren? Vul 0 in.")]
    checks = {
        Gap("out-of-range", name, f"{part}: vul een aantal tussen 0 en {rule.most_per_part} in."): not (
            0 <= hours <= rule.most_per_part
        ),
        Gap("step", name, f"{part}: rond af op {step_in_words(rule.step)}."): hours % rule.step != 0,
    }
    return [gap for gap, applies in checks.items() if applies]


def _date_gaps(content: Content, today: date) -> list[Gap]:
    if content.ends_on is None:
        return []
    checks = {
        Gap("ended", "ends_on", "De einddatum is voorbij. Pas die aan of maak het veld leeg."): content.ends_on < today,
        Gap("order", "ends_on", "De einddatum ligt voor de startdatum."): content.starts_on is not None
        and content.ends_on < content.starts_on,
    }
    return [gap for gap, applies in checks.items() if applies]
