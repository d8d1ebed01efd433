"""What is worth a second look and keeps nothing from being submitted. No Flask, no database, no clock."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from catalogue.content import Content
from catalogue.numbers import shown
from catalogue.reasons import sentence
from catalogue.spread import Spread
from catalogue.states import STATE_NAMES, State
from core.policy import Policy

Figures = Mapping[str, Spread]  # per type of activity, the total hours that the register recognised


@dataclass(frozen=True)
class Namesake:
    """Another activity of the same provider with the same title; the number is '' until it has one."""

    activity_id: int
    state: State
    number: str


@dataclass(frozen=True)
class Hint:
    """One thing to look at again: the field and the sentence, and the other activity when it is about one."""

    code: str
    field: str
    text: str = dataclasses.field(compare=False)
    other_id: int | None = dataclasses.field(default=None, compare=False)


def hints(content: Content, figures: Figures, namesake: Namesake | None, policy: Policy) -> list[Hint]:
    """Everything to look at again, in the order of the form."""
    found = [
        _of_title(content, namesake, policy),
        _of_description(content, policy),
        _of_hours(content, figures, policy),
    ]
    return [hint for hint in found if hint]


def _of_title(content: Content, namesake: Namesake | None, policy: Policy) -> Hint | None:
    if namesake is None:
        return None
    facts = [STATE_NAMES[namesake.state].lower(), *([f"nummer {shown(namesake.number)}"] if namesake.number else [])]
    text = f"{sentence('title:duplicate', policy)} Het gaat om ‘{content.title}’ ({', '.join(facts)})."
    return Hint("duplicate", "title", text, namesake.activity_id)


def _of_description(content: Content, policy: Policy) -> Hint | None:
    if not 0 < len(content.description.strip()) < policy.hints.shortest_description:
        return None
    return Hint("short", "description", sentence("description:short", policy))


def _of_hours(content: Content, figures: Figures, policy: Policy) -> Hint | None:
    known, total = figures.get(content.type, Spread(())), content.hours.total
    if not total or known.known < policy.hints.least_known:
        return None
    usual = known.usual(policy.hints.unusual_share)
    if usual.holds(total):
        return None
    lowest, highest = _number(usual.lowest), _number(usual.highest)
    text = (
        f"{sentence('contact_hours:unusual', policy)} Van de {_number(known.known)} gevalideerde activiteiten van het"
        f" soort ‘{policy.type_name(content.type)}’ heeft {usual.percent}%"
        f" {f'tussen {lowest} en {highest}' if lowest != highest else lowest} uur."
    )
    return Hint("unusual", "contact_hours", text)


def _number(number: Decimal | int) -> str:
    """1.200 or 12,5."""
    return f"{Decimal(number).normalize():,f}".translate(str.maketrans(",.", ".,"))
