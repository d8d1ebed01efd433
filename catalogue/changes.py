"""What a later version changes, and what of two writers is kept. No Flask, no database, no clock."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from catalogue.content import Content
from catalogue.steps import PERIOD
from core.policy import Policy

Facts = Mapping[str, Any]  # values of a `Content` by name
Marks = Mapping[str, str]
FORM_ORDER = tuple(Content.__dataclass_fields__)


@dataclass(frozen=True)
class Changes:
    """The fields in which a later version says otherwise, and those of them that are under the decision."""

    fields: tuple[str, ...]
    decided: tuple[str, ...]

    @property
    def free(self) -> tuple[str, ...]:
        """The fields that nobody judges."""
        return tuple(name for name in self.fields if name not in self.decided)

    @property
    def is_free(self) -> bool:
        """Whether this can go live without the committee."""
        return bool(self.fields) and not self.decided


def changes_between(before: Content, after: Content, policy: Policy) -> Changes:
    """In the order of the form; white space at the ends of lines says nothing."""
    fields = tuple(name for name in FORM_ORDER if _differs(getattr(before, name), getattr(after, name)))
    return Changes(fields, tuple(name for name in fields if name in policy.decided_fields))


def marks(facts: Facts) -> Marks:
    """A mark per fact, so that a form can tell later what it showed. The days of a period hang together."""
    period = [facts.get(name) for name in PERIOD]
    return {name: _mark(period if name in PERIOD else value) for name, value in facts.items()}


def own_changes(facts: Facts, seen: Marks) -> Facts:
    """Of what a form says, the facts that its writer changed since it showed them."""
    return {name: facts[name] for name, mark in marks(facts).items() if mark != seen.get(name)}


def merged(stored: Content, facts: Facts, seen: Marks) -> Content | None:
    """What one writer changed, over what is stored by now; None when both changed one fact, and not to the same."""
    there, here, own = _marks_of(stored, facts), marks(facts), own_changes(facts, seen)
    if any(there[name] not in {seen.get(name), here[name]} for name in own):
        return None
    return replace(stored, **own)


def changed_by_others(stored: Content, facts: Facts, seen: Marks) -> tuple[str, ...]:
    """The facts that this writer left alone and somebody else changed since the form showed them."""
    own = own_changes(facts, seen)
    return tuple(name for name, mark in _marks_of(stored, facts).items() if name not in own and mark != seen[name])


def _marks_of(content: Content, names: Iterable[str]) -> Marks:
    return marks({name: getattr(content, name) for name in names})


def _differs(before: Any, after: Any) -> bool:
    return bool(before != after) and _said(before) != _said(after)


def _mark(value: Any) -> str:
    return hashlib.sha256(repr(_said(value)).encode()).hexdigest()[:12]


def _said(value: Any) -> Any:
    if isinstance(value, str):
        return "\n".join(line.rstrip() for line in value.strip().splitlines())
    if isinstance(value, Decimal):
        return value.normalize()
    return sorted(set(value)) if isinstance(value, tuple) else value
