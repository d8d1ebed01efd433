"""What a later version changes, and whether the committee must see it. No Flask, no database, no clock."""

import hashlib
from dataclasses import dataclass
from typing import Any

from catalogue.content import Content
from core.policy import Policy

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


def fingerprint(content: Content, fields: tuple[str, ...]) -> str:
    """Stands for what a content says in some fields, so that a form can tell whether that is what it showed."""
    said = repr([(name, getattr(content, name)) for name in fields])
    return hashlib.sha256(said.encode()).hexdigest()[:24]


def _differs(before: Any, after: Any) -> bool:
    return bool(before != after) and _said(before) != _said(after)


def _said(value: Any) -> Any:
    if isinstance(value, str):
        return "\n".join(line.rstrip() for line in value.strip().splitlines())
    return frozenset(value) if isinstance(value, tuple) else value
