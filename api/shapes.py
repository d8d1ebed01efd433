"""Rows of the catalogue as programs get them; documented in `api.answers`. Made by hand: this is where speed counts."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from api.sending import BASE
from catalogue import numbers
from catalogue.content import Content
from catalogue.models import Edition
from catalogue.states import Status
from catalogue.summaries import Summary
from core.clock import day_of
from core.policy import Hours
from providers.models import Provider

TELLING = frozenset({Status.OFFERED, Status.ENDED})  # whose texts teachers can still read
Shape = dict[str, Any]


def remains_shape(summary: Summary, base: str) -> Shape:
    """What is said of any activity that was ever shown; `base` is the public address of the site."""
    number = summary.number
    return {
        "id": str(summary.activity_id),
        "nummer": number,
        "weergave": numbers.shown(number),
        "vroegerNummer": summary.former_number or None,
        "register": summary.register,
        "status": summary.status,
        "registerUren": hours_shape(summary.hours),
        "geldigVanaf": summary.valid_from.isoformat(),
        "ingetrokkenOp": _day(summary.withdrawn_on),
        "gewijzigdOp": moment_shape(summary.changed_at),
        "aanbieder": {
            "kvkNummer": summary.kvk_number,
            "naam": summary.provider,
            "geschorst": summary.is_suspended,
        },
        "links": {"zelf": f"{base}{BASE}/activiteiten/{number}", "pagina": f"{base}/activiteiten/{number}"},
    }


def activity_shape(summary: Summary, base: str) -> Shape:
    """An activity in a list; of what is no longer offered only what remains."""
    shape = remains_shape(summary, base)
    if summary.status in TELLING:
        shape |= {
            "titel": summary.title,
            "type": summary.type,
            "sectoren": summary.sectors,
            "vakgebied": summary.subject,
            "plaats": summary.place,
            "startdatum": _day(summary.starts_on),
            "einddatum": _day(summary.ends_on),
        }
    return shape


def whole_shape(summary: Summary, content: Content, editions: Sequence[Edition], base: str) -> Shape:
    """An activity with all its texts and coming editions."""
    return activity_shape(summary, base) | {
        "beschrijving": content.description,
        "doel": content.goal,
        "programma": content.programme,
        "planning": content.planning,
        "verantwoordingZelfstudie": content.self_study_account,
        "afsluitendeToets": content.closing_test,
        "voorkennis": content.prior_knowledge,
        "website": content.website,
        "uitvoeringen": [_edition(edition) for edition in editions],
    }


def hours_shape(hours: Hours) -> Shape:
    """Hours as numbers: the policy's steps are exact in them."""
    return {"contact": float(hours.contact), "zelfstudie": float(hours.self_study), "totaal": float(hours.total)}


def provider_shape(providers: Sequence[Provider], count: int, base: str) -> Shape:
    """A company with its admitted parts, of which there is at least one."""
    first = providers[0]
    return {
        "kvkNummer": first.kvk_number,
        "naam": first.name,
        "vestigingen": [_branch(provider) for provider in providers],
        "aantalActiviteiten": count,
        "links": {
            "zelf": f"{base}{BASE}/aanbieders/{first.kvk_number}",
            "pagina": f"{base}/aanbieders/{first.kvk_number}",
        },
    }


def page_links(address: str, args: Mapping[str, Any], page: int, last: int) -> dict[str, str]:
    """Where the other pages of a list are; `args` are the parameters that were given, without the page."""
    pages = {"zelf": page, "eerste": 1, "laatste": last}
    if page > 1:
        pages["vorige"] = min(page - 1, last)
    if page < last:
        pages["volgende"] = page + 1
    given = f"{urlencode(args)}&" if args else ""
    return {name: f"{address}?{given}pagina={number}" for name, number in pages.items()}


def moment_shape(moment: datetime) -> str:
    """A moment in UTC: 2026-11-30T09:00:00Z; parts of a second are of no use to anybody."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _edition(edition: Edition) -> Shape:
    return {
        "startdatum": edition.starts_on.isoformat(),
        "einddatum": edition.ends_on.isoformat(),
        "online": edition.is_online,
        "plaats": edition.place,
        "taal": edition.language,
        "prijsInCenten": edition.price_in_cents,
        "aanmelden": edition.registration_link,
    }


def _branch(provider: Provider) -> Shape:
    admitted_at = provider.admitted_at
    return {
        "vestigingsnummer": provider.branch,
        "naam": provider.name,
        "website": provider.website,
        "toegelatenOp": _day(day_of(admitted_at)) if admitted_at else None,
        "geschorst": provider.suspended_at is not None,
    }
