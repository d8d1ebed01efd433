"""An activity as linked data: schema.org Course with its CourseInstances, for search engines. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from catalogue import numbers
from catalogue.content import Content
from catalogue.edition_facts import EditionFacts
from core.policy import Hours, Policy
from core.texts import folded

MINUTES = 60
Node = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Offered:
    """What of an activity is told: its number and hours, what it says, whose it is and when it is given."""

    number: str
    hours: Hours
    content: Content
    provider: str
    kvk_number: str
    editions: Sequence[EditionFacts]


def course(offered: Offered, policy: Policy, base: str) -> Node:
    """The Course; `base` is the public address of the site. What the provider left open is left out."""
    content, address = offered.content, f"{base}/activiteiten/{offered.number}"
    hours = f"{offered.hours.total.normalize():f}".replace(".", ",")
    return {
        "@context": "https://schema.org",
        "@type": "Course",
        "@id": address,
        "url": address,
        "name": content.title,
        "description": content.description,
        "courseCode": numbers.shown(offered.number),
        "provider": organisation(offered.provider, offered.kvk_number, base),
        "teaches": content.goal,
        "educationalLevel": [policy.sector_name(code) for code in content.sectors],
        "learningResourceType": policy.type_name(content.type),
        "timeRequired": duration(offered.hours.total),
        "educationalCredentialAwarded": f"{hours} {policy.unit_name} ({policy.unit}) in het {policy.name}",
        **_if({"about": content.subject, "coursePrerequisites": content.prior_knowledge}),
        "hasCourseInstance": list(_instances(offered)),
    }


def organisation(name: str, kvk_number: str, base: str, website: str = "") -> Node:
    """The provider."""
    address = f"{base}/aanbieders/{kvk_number}"
    company = {"@type": "PropertyValue", "propertyID": "KvK-nummer", "value": kvk_number}
    told = {"@type": "Organization", "@id": address, "url": address, "name": name, "identifier": company}
    return told | _if({"sameAs": website})


def duration(hours: Decimal) -> str:
    """As ISO 8601 writes it: PT20H30M."""
    whole, minutes = divmod(round(hours * MINUTES), MINUTES)
    return "PT" + (f"{whole}H" if whole or not minutes else "") + (f"{minutes}M" if minutes else "")


def _instances(offered: Offered) -> Iterator[Node]:
    """Each edition; without any one that says how much work it is, and where as far as that is known."""
    common = {"@type": "CourseInstance", "courseWorkload": duration(offered.hours.total)}
    for edition in offered.editions:
        yield common | {
            "courseMode": [mode for mode, is_so in (("online", edition.is_online), ("onsite", edition.place)) if is_so],
            "startDate": edition.starts_on.isoformat(),
            "endDate": edition.ends_on.isoformat(),
            "inLanguage": edition.language,
            **_if({"location": _place(edition.place), "offers": _offer(edition)}),
        }
    if not offered.editions:
        content = offered.content
        is_online = "online" in folded(content.place)
        mode = "online" if is_online else "onsite" if content.place else ""
        days = {"startDate": _day(content.starts_on), "endDate": _day(content.ends_on)}
        place = {} if is_online else _place(content.place)
        yield common | _if({"courseMode": [mode] if mode else [], **days, "location": place})


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _place(place: str) -> Node:
    return {"@type": "Place", "name": place, "address": place} if place else {}


def _offer(edition: EditionFacts) -> Node:
    price = {} if edition.price_in_cents is None else {"price": edition.price_in_cents / 100, "priceCurrency": "EUR"}
    told = price | _if({"url": edition.registration_link})
    return {"@type": "Offer", **told} if told else {}


def _if(told: Node) -> Node:
    return {name: value for name, value in told.items() if value}
